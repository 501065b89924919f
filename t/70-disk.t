# A full disk and a map that another process outgrew: the right answer, reads
# go on, posting works again by itself.

use strict;
use warnings;

use Comments::Fault;
use Comments::Nginx;
use JSON::PP;
use Test::More;

plan skip_all => 'a small file system needs root' if $> != 0;

my $fault = Comments::Fault->new;
my $nginx = Comments::Nginx->new(
    preload  => [ -e $fault->library ? $fault->library : () ],
    env      => { $fault->env },
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("wait", 1, true) then return hold() end
      end)' },
    location => 'comments_rules %%DIR%%/rules.lua; comments_text_max 60000;
                 comments_limit_author off; comments_limit_address off;',
);
my $store = $nginx->dir . '/store';
mkdir $store;
system('mount', '-t', 'tmpfs', '-o', 'size=2m', 'none', $store) == 0
    or plan skip_all => 'no file system can be mounted here';

my $n = 0;

sub post {
    my ($text) = @_;
    $n++;
    return $nginx->post_json('/comments/comment', { page => '/', name => 'N',
        email => 'n@example.org', text => "$n $text" });
}

$nginx->start;
is(post('small')->{status}, 201, 'a comment fits');

my ($got, $stored) = ({ status => 201 }, 1);
for (1 .. 200) {
    $got = post('x' x 50_000);
    last if $got->{status} != 201;
    $stored++;
}
is($got->{status}, 507, 'when the disk is full it is 507');
is($got->{json}{error}{code}, 'store_full', 'with its code');
cmp_ok($stored, '>', 3, "after $stored comments");
is(post('wait' x 12_500)->{json}{error}{message},
   'There is no room for new comments right now. Please try again later.',
   'also one that would wait is told why');
is($nginx->get('/comments/count?page=/')->{json}{counts}{'/'}, $stored,
   'reads go on');

system('mount', '-o', 'remount,size=32m', $store);
is(post('x' x 50_000)->{status}, 201, 'with room again a post is taken');
is($nginx->tool('check', '--store', $store)->{exit}, 0, 'the store is whole');

# Were a full disk not told, it would be seen: this one hides it.
SKIP: {
    skip $fault->library . ' is not built: make test', 1
        unless -e $fault->library;
    $fault->arm('pwrite', 1, sticky => 1, error => 0);
    my @told = map { post('x' x 50_000) } 1 .. 5;
    $fault->disarm;
    my $whole = $nginx->tool('check', '--store', $store)->{exit} == 0;
    my @there = grep { $_->{status} != 201
        || !$nginx->tool('show', $_->{json}{id}, '--store', $store)->{exit} }
        @told;
    ok(!$whole || @there < @told, 'a disk that hides that it is full is found');
    $nginx->kill9_all;
}
$nginx->stop;
system('umount', $store);


# map=

my $small = Comments::Nginx->new(
    files    => { 'rules.lua' => '' },
    conf     => <<'END');
events { }
http {
    comments_store %%DIR%%/store map=1m;
    comments_key   %%DIR%%/comments.key;
    comments_pages any;
    comments_rules %%DIR%%/rules.lua;
    server {
        listen 127.0.0.1:%%PORT%%;
        location /comments/ {
            comments test;
            comments_limit_author off;
            comments_limit_address off;
        }
    }
}
END
$small->start;
$nginx = $small;
my @at = ('--store', $small->dir . '/store');
is(post('one')->{status}, 201, 'a comment in a store with a small map');

for ($stored = 1; $stored < 500; $stored++) {
    $got = post('x' x 9_000);
    last if $got->{status} != 201;
}
is($got->{status}, 507, 'when the map is full it is 507');
is($got->{json}{error}{code}, 'store_full', 'with its code');
is($small->get('/comments/count?page=/')->{json}{counts}{'/'}, $stored,
   'reads go on');
is($small->tool('check', @at)->{exit}, 0, 'the store is whole');

# What one transaction frees, the next but one may use.
my $half = int $stored / 2;
is($small->tool('delete', @$_, @at)->{exit}, 0,
   'the tool takes comments away, though there is no room in that map')
    for [2 .. $half], [$half + 1 .. $stored - 1];
ok($small->until(sub { post('y' x 9_000)->{status} == 201 }, 5),
   'posting goes on without a restart');

$small->write('lines.jsonl', join '', map { encode_json({ id => $_,
    page => "/p$_", status => 'approved', created => '2013-01-08T09:40:00Z',
    name => 'N', text => 'x' x 5000 }) . "\n" } 1 .. 500);
is($small->tool('import', 'jsonl', $small->dir . '/lines.jsonl', '--site',
   'test', '--key', $small->dir . '/comments.key', @at)->{exit}, 0,
   'the tool makes it outgrow that map');
is($small->get('/comments/count?page=/p500')->{json}{counts}{'/p500'}, 1,
   'nginx reads on');
$got = post('two');
like($got->{status}, qr/^(201|507)$/, "and answers posts ($got->{status})");
is($small->get('/comments/count?page=/')->{status}, 200, 'and reads again');
is($small->tool('check', @at)->{exit}, 0, 'the store is whole');

$small->stop;
done_testing();

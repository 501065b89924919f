# The tool while nginx serves the same store.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("hold") then return hold("Wait.") end
    end)' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my @store = ('--store', $nginx->dir . '/store');
my @site  = (@store, '--site', 'test');
my @key   = (@site, '--key', $nginx->dir . '/comments.key');


my $got = post('hold this');
is($got->{status}, 202, 'a comment is held');
my $id = $got->{json}{id};

my $list = $nginx->tool('list', '--status', 'pending', @site, '--json');
is(decode_json($list->{out})->{id}, $id, 'the tool lists it');
is(count(), 0, 'readers do not see it');

is($nginx->tool('approve', $id, @store)->{out}, "$id approved\n",
   'the tool approves it');
is(count(), 1, 'readers see it at once');
is($nginx->get("/comments/comment/$id")->{json}{status}, 'approved',
   'by its id as well');

is($nginx->tool('spam', $id, @store)->{exit}, 0, 'the tool takes it back');
is(count(), 0, 'and it is gone at once');
$nginx->tool('approve', $id, @store);


# Imports and posts at the same time.

my $lines = join '', map {
    encode_json({ id => $_, page => '/p', status => 'approved',
                  created => '2013-01-08T09:40:00Z', name => 'Old',
                  email => 'old@example.org', text => "Imported $_." }) . "\n"
} 1 .. 3000;
my $file = $nginx->write('old.jsonl', $lines);

my $import = fork // die "fork: $!";
if ($import == 0) {
    my $done = $nginx->tool('import', 'jsonl', $file, @key);
    POSIX::_exit($done->{exit});
}

my $posted = 0;
do {
    $posted++ if post("Posted $posted.")->{status} == 201;
} until waitpid($import, POSIX::WNOHANG());
is($?, 0, 'an import while nginx serves');
cmp_ok($posted, '>', 0, 'posts go on meanwhile');
is(count(), 1 + 3000 + $posted, 'nothing is lost of either');

my $one = Comments::Nginx::run($Comments::Nginx::BUILD . '/ngx-comments',
    'export', 'jsonl', @key);
is(scalar(() = $one->{out} =~ /\n/g), 1 + 3000 + $posted,
   'an export has all of it');
unlike($one->{out}, qr/\@example\.org/, 'and no address');


# Checks and copies of a store that changes.

my $writer = fork // die "fork: $!";
if ($writer == 0) {
    while (1) { post('More of it.') }
}
for my $n (1 .. 3) {
    my $copy = $nginx->dir . "/copy$n";
    is($nginx->tool('copy', $copy, @store)->{exit}, 0,
       'a copy while others write');
    is($nginx->tool('check', '--store', $copy)->{out}, "no problems\n",
       'is whole');
    is($nginx->tool('check', @store)->{out}, "no problems\n",
       'as is the store itself');
}
kill 'KILL', $writer;
waitpid $writer, 0;

$nginx->stop;
is($nginx->tool('check', @store)->{out}, "no problems\n", 'also at the end');

done_testing();


sub post {
    my ($text) = @_;
    return $nginx->post_json('/comments/comment',
        { page => '/p', text => "$text " . rand, name => 'N',
          email => 'n@example.org' });
}

sub count {
    return $nginx->get('/comments/count?page=/p')->{json}{counts}{'/p'};
}

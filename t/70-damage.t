# Bytes of the store are flipped, anywhere: no process dies of it again and
# again, `check` finds what matters, and a copy can be put in its place.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $cases = $ENV{TEST_CASES} || 150;
my $seed  = $ENV{TEST_SEED} || time ^ $$;

srand $seed;
note("TEST_SEED=$seed");

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => '' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
);
my $dir   = $nginx->dir;
my $store = "$dir/store";


# A store of some hundred pages, in which all tables have something.

$nginx->write('lines.jsonl', join '', map { encode_json({ id => $_,
    page => '/p' . $_ % 7, status => $_ % 9 ? 'approved' : 'spam',
    created => '2013-01-08T09:40:00Z', name => "N$_",
    email => "n$_\@example.org", text => join ' ', ("word$_") x ($_ % 40) })
    . "\n" } 1 .. 1200);
$nginx->write('long.jsonl', join '', map { encode_json({ id => $_,
    page => '/long', status => 'approved', created => '2014-01-08T09:40:00Z',
    name => 'N', text => 'long ' x (400 * $_) }) . "\n" } 1 .. 12);

$nginx->start;
my $got = $nginx->post_json('/comments/comment', { page => '/p1', name => 'N',
    email => 'n@example.org', text => 'by HTTP' });
is($got->{status}, 201, 'a comment');
$nginx->post_json("/comments/comment/$got->{json}{id}/vote", { value => 1 });
$nginx->post_json("/comments/comment/$got->{json}{id}/report",
                  { reason => 'spam' });
$nginx->stop;
is($nginx->tool('import', 'jsonl', "$dir/$_.jsonl", '--site', 'test', '--key',
    "$dir/comments.key", '--store', $store)->{exit} > 1, '', "$_ are imported")
    for qw(lines long);
is($nginx->tool('check', '--store', $store)->{exit}, 0, 'the store is whole');
is($nginx->tool('copy', "$dir/copy", '--store', $store)->{exit}, 0,
   'it is copied');

my $whole = $nginx->read('store/data.mdb');
my $pages = length($whole) / 4096;
cmp_ok($pages, '>', 150, "it has $pages pages");


# Damages a copy of the bytes: some bytes anywhere; a whole sector; a head of
# a page; two pages change places.

sub damage {
    my ($bytes) = @_;

    my $page = int rand $pages;
    my $kind = int rand 5;

    if ($kind == 0) {
        substr($bytes, rand length $bytes, 1) ^= chr 1 + rand 255 for 1 .. 4;
    } elsif ($kind == 1) {
        substr($bytes, $page * 4096 + rand 16, 1) ^= chr 1 + rand 255;
    } elsif ($kind == 2) {
        substr($bytes, 512 * int(rand length($bytes) / 512), 512)
            = join '', map { chr rand 256 } 1 .. 512;
    } elsif ($kind == 3) {
        my $other = int rand $pages;
        my $kept  = substr $bytes, $page * 4096, 4096;
        substr($bytes, $page * 4096, 4096) = substr $bytes, $other * 4096,
                                                    4096;
        substr($bytes, $other * 4096, 4096) = $kept;
    } else {
        # where a page's places of nodes are, or what metas say
        substr($bytes, $page * 4096 + 16 + rand 120, 1) ^= chr 1 + rand 255;
    }

    return $bytes;
}

sub put {
    my ($name, $bytes) = @_;
    File::Path::remove_tree("$dir/$name");
    $nginx->write("$name/data.mdb", $bytes);
}

my $export = sub { $nginx->tool('export', 'jsonl', '--site', 'test', '--key',
                   "$dir/comments.key", '--store', $_[0]) };
my $right = $export->($store)->{out};

my ($found, $harmless, @died, @silent) = (0, 0);
for my $case (1 .. $cases) {
    put('bad', damage($whole));

    my $check = $nginx->tool('check', '--store', "$dir/bad");
    push @died, "$case: check: $check->{exit}" if $check->{exit} > 1;
    if ($check->{exit}) {
        $found++;
    } else {
        my $out = $export->("$dir/bad");
        push @died, "$case: export: $out->{exit}" if $out->{exit} > 1;
        $out->{out} eq $right ? $harmless++ : push @silent, $case;
    }

    next if $case % 5;
    for (['list', '--site', 'test', '--status', 'approved'], ['show', 5],
         ['spam', 3], ['stats'])
    {
        my $out = $nginx->tool(@$_, '--store', "$dir/bad");
        push @died, "$case: $_->[0]: $out->{exit}" if $out->{exit} > 1;
    }
}

is(join("\n", @died), '', 'the tool never dies of it');
is(join(' ', @silent), '', "check finds it ($found), or it hit what nobody "
   . "reads ($harmless)");
cmp_ok($found, '>', $cases / 3, 'most of it matters');


# A wrong key in a branch would lead searches back to where they came from, or
# past what is there.

sub number { my ($bytes, $at, $n) = @_;
             return unpack 'Q<', substr($bytes, $at, $n) . "\0" x (8 - $n) }

sub nodes {
    my ($bytes, $page) = @_;
    return map { 4096 * $page + number($bytes, 4096 * $page + 16 + 2 * $_, 2) }
           0 .. (number($bytes, 4096 * $page + 12, 2) - 16) / 2 - 1;
}

my ($meta) = sort { number($whole, 4096 * $b + 144, 8)
                    <=> number($whole, 4096 * $a + 144, 8) } 0, 1;
my ($tree) = grep { substr($whole, $_ + 8, 8) eq 'comments' }
             nodes($whole, number($whole, 4096 * $meta + 128, 8));
my @branch = nodes($whole, number($whole, $tree + 16 + 40, 8));
cmp_ok(scalar @branch, '>', 10, 'the comments have a branch');
my $middle = $branch[@branch / 2] + 8;
my $own    = unpack 'Q>', substr $whole, $middle, 8;
for (['above its child', $own + 1], ['far above', ~0],
     ['in the child before', $own - 1], ['far below', 0])
{
    my ($where, $key) = @$_;
    put('bad', do { my $bytes = $whole;
                    substr($bytes, $middle, 8) = pack 'Q>', $key;
                    $bytes });
    $got = $nginx->tool('check', '--store', "$dir/bad");
    is($got->{exit}, 1, "a branch's key $where is found");
    like($got->{err}, qr/page \d+ is damaged: the order of its keys/,
         '... by its page');
}


# The worker.

for my $what ('a page of a tree', 'the first pages') {
    my $bytes = $whole;
    $what =~ /tree/ ? substr($bytes, 4096 * $_, 64) = "\xff" x 64 : 1
        for 2 .. $pages - 1;
    substr($bytes, 16 + 24, 4) = "\0\0\0\0" if $what =~ /first/;
    put('store', $bytes);

    $nginx->start;
    my $pid = ($nginx->workers)[0];
    is($nginx->get('/comments/count?page=/p1')->{status}, 503,
       "with $what damaged reads are refused");
    $got = $nginx->post_json('/comments/comment', { page => '/p1',
        name => 'N', email => 'n@example.org', text => 'into ruins' });
    is($got->{status}, 503, '... and posts');
    is($got->{json}{error}{code}, 'store_unavailable', '... with the code');
    ok($nginx->log_has(qr/cannot be opened.*page \d.*store_corrupt/),
       '... the log says why');
    is(($nginx->workers)[0], $pid, '... the worker lives');

    $got = $nginx->tool('restore', $store, '--from', "$dir/copy");
    is($got->{exit}, 0, 'a copy is put in its place') or diag $got->{err};
    ok($nginx->until(sub { $nginx->get('/comments/count?page=/p1')->{status}
                           == 200 }, 15), '... which nginx finds by itself');
    is($nginx->post_json('/comments/comment', { page => '/p1',
        name => 'N', email => 'n@example.org', text => "after $what" })
        ->{status}, 201, '... and posting goes on');
    is(($nginx->workers)[0], $pid, '... in the same worker');

    my ($old) = glob "$store/data.mdb.old-*";
    is(-s $old, length $bytes, '... what was there is kept');
    unlink $old;
    $nginx->stop;
}


# restore refuses what would do harm.

$nginx->start;
$got = $nginx->tool('restore', $store, '--from', "$dir/copy");
is($got->{exit}, 1, 'a store that is open is not replaced');
like($got->{err}, qr/process \d+ has the store open/, '... and says by whom');
$nginx->stop;

put('bad', do { my $bytes = $whole; substr($bytes, 4096 * $_ + 10, 2) = 'zz'
                    for 2 .. $pages - 1; $bytes });
$got = $nginx->tool('restore', $store, '--from', "$dir/bad");
is($got->{exit}, 1, 'a damaged copy is refused');
like($got->{err}, qr/page \d+ is damaged/, '... and says where');
is($nginx->tool('check', '--store', $store)->{exit}, 0,
   '... the store is as it was');
is_deeply([ grep { !m{/(data|lock)\.mdb$} } glob "$store/*" ], [],
          '... and nothing is left beside it');

$got = $nginx->tool('restore', "$dir/fresh", '--from', "$dir/copy", '--json');
is($got->{exit}, 0, 'a store that is not there is made');
is($export->("$dir/fresh")->{out}, $right, '... with all that was copied');
is((stat "$dir/fresh/data.mdb")[2] & 07777, 0600, '... for its owner alone');

done_testing();

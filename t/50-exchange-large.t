# A large import: 70 000 lines, forward, from a pipe and backward; and what a
# terminal sees of it.

use strict;
use warnings;

use Comments::Tool;
use Test::More;
use Time::HiRes qw(time);

my $n       = 70_000;
my $seconds = 60;              # far more than a slow machine takes
my $t       = Comments::Tool->new;

my @lines = map { line($_) } 1 .. $n;
$t->write('forward', join '', @lines);
$t->write('backward', join '', reverse @lines);

my $began = time;
my $got = $t->run('import', 'jsonl', '%%DIR%%/forward');
my $took = time - $began;
is($got->{out}, "lines $n, added $n, known 0, refused 0\n", "$n lines");
is($got->{err}, '', 'without a word about progress');
cmp_ok($took, '<', $seconds, 'in reasonable time');
note(sprintf '%.1f s, %.0f lines a second', $took, $n / $took);

$began = time;
is($t->run('import', 'jsonl', '%%DIR%%/forward')->{out},
   "lines $n, added 0, known $n, refused 0\n", 'once more');
note(sprintf '%.1f s', time - $began);
is($t->run('check')->{out}, "no problems\n", 'the store is whole');

$began = time;
is($t->run('import', 'jsonl', '%%DIR%%/backward', '--store', '%%DIR%%/back')
     ->{out}, "lines $n, added $n, known 0, refused 0\n",
   'backward, every answer before what it answers');
note(sprintf '%.1f s', time - $began);
is($t->run('check', '--store', '%%DIR%%/back')->{out}, "no problems\n",
   'the store is whole');

is($t->run({ in => Comments::Tool::slurp($t->dir . '/backward'), pipe => 1 },
           'import', 'jsonl', '-', '--store', '%%DIR%%/pipe')->{out},
   "lines $n, added $n, known 0, refused 0\n", 'and through a pipe');

my $out = $t->run('export', 'jsonl');
is(scalar(() = $out->{out} =~ /\n/g), $n, 'all of it is exported');


# On a terminal, which `script` makes, work of more than a second is seen.

SKIP: {
    skip 'no terminal can be made', 2
        if system('script -qec true /dev/null </dev/null >/dev/null 2>&1');

    my $dir = $t->dir;
    my $command = "sleep 2.5 | $Comments::Tool::TOOL import jsonl - "
                . "--store $dir/tty --site test --key $dir/key";
    my $seen = `script -qec "$command" /dev/null </dev/null`;
    like($seen, qr/importing: 1 s/, 'a terminal sees that work goes on');
    like($seen, qr/\r\e\[Klines 0, /, 'and the result in its place');
}

done_testing();


# Threads of five comments, each answering the one before.
sub line {
    my ($i) = @_;

    my $parent = $i % 5 == 1 ? '' : sprintf '"parent":%d,', $i - 1;
    return sprintf '{"id":%d,%s"page":"/p/%d","status":"approved",'
                 . '"created":"%04d-01-08T09:40:%02dZ","name":"Reader %d",'
                 . '"email":"reader%d@example.org","text":"Comment %d.\\n'
                 . 'With a link, http://example.org/%d, and so on."}' . "\n",
                   $i, $parent, int(($i - 1) / 50), 2000 + $i % 20, $i % 60,
                   $i % 1000, $i % 1000, $i, $i;
}

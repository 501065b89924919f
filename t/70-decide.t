# The tool is killed in the middle of many decisions, while nginx serves: each
# thousand of them is made as a whole or not at all.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $many = 4000;                 # four changes of 1000
my $nginx = Comments::Nginx->new->start;
my @store = ('--store', $nginx->dir . '/store');
my @key   = ('--site', 'test', '--key', $nginx->dir . '/comments.key');

my $file = $nginx->write('old.jsonl', join '', map {
    encode_json({ id => $_, page => '/p', status => 'pending',
                  created => '2013-01-08T09:40:00Z', name => 'Old',
                  text => "Waits $_." }) . "\n"
} 1 .. $many);
is($nginx->tool('import', 'jsonl', $file, @store, @key)->{exit}, 0,
   'many comments wait');

# How long it takes undisturbed, to kill within that time.
my $began = time;
is($nginx->tool('hold', 1 .. $many, @store)->{exit}, 0, 'all are decided');
my $took = time - $began;

my (%parts, $problems);
for my $round (1 .. 12) {
    my ($verb, $status) = $round % 2 ? qw(approve approved) : qw(hold pending);

    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        open STDOUT, '>', '/dev/null';
        exec "$Comments::Nginx::BUILD/ngx-comments", $verb, 1 .. $many, @store
            or POSIX::_exit(127);
    }
    sleep $took * $round / 13;
    kill 'KILL', $pid;
    waitpid $pid, 0;

    $parts{$_}++ for part($status);
    $problems .= $nginx->tool('check', @store)->{out};
    $nginx->tool($verb, 1 .. $many, @store);
}

is(join(' ', sort keys %parts), '0', 'never a part of a thousand, nor a hole');
is($problems, "no problems\n" x 12, 'and the store is whole each time');
is($nginx->get('/comments/count?page=/p')->{json}{counts}{'/p'}, 0,
   'readers see what was decided last');

# A part of a thousand, and one with a hole, would be seen.
$nginx->tool('approve', 1 .. 999, @store);
is(join(' ', part('approved')), 999, 'a thousand that lacks one is found out');
$nginx->tool('approve', 1001, @store);
is(join(' ', part('approved')), '0 hole', '... and a hole, too');

done_testing();


# How many beyond whole thousands have the status, and whether there is a hole:
# the first one that has it not tells.
sub part {
    my ($status) = @_;
    my $n = told('stats')->{status}{$status};
    return ($n % 1000, $n < $many && told('show', $n + 1)->{status} eq $status
            ? 'hole' : ());
}

sub told {
    return decode_json($nginx->tool(@_, @store, '--json')->{out});
}

# A worker is killed in the middle of a thousand decisions: all of them are
# made or none is, and the same batch sent again makes each of them once.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $many  = 1000;
my $nginx = Comments::Nginx->new(
    workers  => 1,
    location => 'comments_moderator $http_x_who;',
)->start;
my @store = ('--store', $nginx->dir . '/store');
my $who   = [ 'X-Who' => 'kari', Origin => 'http://localhost:' . $nginx->port,
              'Content-Type' => 'application/json' ];

my $file = $nginx->write('old.jsonl', join '', map {
    encode_json({ id => $_, page => '/p', status => 'pending',
                  created => '2013-01-08T09:40:00Z', name => 'Old',
                  text => "Waits $_." }) . "\n"
} 1 .. $many);
is($nginx->tool('import', 'jsonl', $file, @store, '--site', 'test', '--key',
                $nginx->dir . '/comments.key')->{exit}, 0, 'many wait');

my $token = $nginx->get('/comments/moderate/session', $who)->{json}{token};
push @$who, 'X-Comments-Token' => $token;

sub body {
    my ($what) = @_;
    return encode_json({ decisions => [
        map { { id => $_, decision => $what } } 1 .. $many ] });
}

sub counts {
    my $got = decode_json($nginx->tool('stats', @store, '--json')->{out});
    return $got->{status};
}

# How long one batch takes, to kill within that time.
my $began = time;
my $got = $nginx->request('POST', '/comments/moderate/decisions', $who,
                          body('hold'));
is($got->{status}, 200, 'a batch is taken');
$got = $nginx->request('POST', '/comments/moderate/decisions', $who,
                       body('spam'));
is(scalar @{ $got->{json}{results} }, $many, 'each has its answer');
my $took = (time - $began) / 2;
$nginx->request('POST', '/comments/moderate/decisions', $who, body('hold'));

my (%seen, $problems);
for my $round (1 .. 8) {
    my ($what, $status, $before) = $round % 2
        ? qw(reject rejected pending) : qw(hold pending rejected);
    my $bytes  = body($what);
    my $socket = $nginx->connect;
    my %header = @$who;
    syswrite $socket, "POST /comments/moderate/decisions HTTP/1.1\r\n"
        . 'Host: localhost:' . $nginx->port . "\r\n"
        . join('', map { "$_: $header{$_}\r\n" } sort keys %header)
        . 'Content-Length: ' . length($bytes) . "\r\n\r\n" . $bytes;
    sleep $took * $round / 9;
    $nginx->kill9;
    close $socket;

    my $counts = counts();
    $seen{ $counts->{$status} }++;
    $problems .= $nginx->tool('check', @store)->{out};

    my $again = $nginx->request('POST', '/comments/moderate/decisions', $who,
                                $bytes);
    is(scalar(grep { $_->{status} && $_->{status} eq $status }
              @{ $again->{json}{results} }), $many,
       "round $round: sent again, all are $status");
}

sub halves { return join ' ', grep { $_ != 0 && $_ != $many } @_ }

is(halves(keys %seen), '', 'a batch is made as a whole or not at all');
is($problems, "no problems\n" x 8, 'and the store is sound each time');

my %made;
my $log = $nginx->tool('log', @store, '--json', '--actor', 'moderator:kari');
$made{ $_->{comment} }++ for map { decode_json($_) } split /\n/, $log->{out};
is(join(' ', grep { $_ != 11 } values %made), '',
   'and no decision was made twice');

# Undo brings back exactly what was, also when the worker is killed in the
# middle of it and it is sent again.
sub all_of_it {
    my @site = (@store, '--site', 'test', '--key',
                $nginx->dir . '/comments.key');
    my @got = map { $nginx->tool(@$_)->{out} } [ 'export', 'jsonl', @site ],
        [ 'list', '--status', 'pending', '--limit', 1000, '--json', @site ];
    s/"(?:version|decision)": ?(?:\d+|\{[^}]*\}|null),?//g for @got;
    return join "\n", @got;
}

my $was = all_of_it();
$got = $nginx->request('POST', '/comments/moderate/decisions', $who,
                       body('spam'));
isnt(all_of_it(), $was, 'all become something else');
my $undo = encode_json({ decisions => [
    map { { id => $_->{id}, decision => 'undo', undo => $_->{version} } }
    @{ $got->{json}{results} } ] });
for my $round (1 .. 3) {
    my $socket = $nginx->connect;
    my %header = @$who;
    syswrite $socket, "POST /comments/moderate/decisions HTTP/1.1\r\n"
        . 'Host: localhost:' . $nginx->port . "\r\n"
        . join('', map { "$_: $header{$_}\r\n" } sort keys %header)
        . 'Content-Length: ' . length($undo) . "\r\n\r\n" . $undo;
    sleep $took * $round / 4;
    $nginx->kill9;
    close $socket;
    my $n = counts()->{pending};
    ok($n == 0 || $n == $many, "undo $round: all or nothing, $n");
}
$nginx->request('POST', '/comments/moderate/decisions', $who, $undo);
is(all_of_it(), $was, 'and all of it can be undone, to the last letter');
is($nginx->tool('check', @store)->{out}, "no problems\n",
   'and the store is sound');

# A batch that was made by half would be seen.
is($nginx->tool('approve', 1 .. $many / 2, @store)->{exit}, 0, 'half of it');
is(halves(counts()->{pending}), $many / 2, '... is found out');

$nginx->stop;
done_testing();

package Bench::Memory;

# What a worker has in memory of its own: not the store, which is mapped and
# shared, and not what it shares with its master.

use strict;
use warnings;

use Bench::Machine;
use Bench::Site;
use Bench::Table;
use IO::Socket::INET;
use Time::HiRes qw(sleep);

use constant { STREAMS => 1000 };


sub table {
    my ($class, $site) = @_;

    return Bench::Table->new(
        title   => 'Memory of a worker, cache of 16 MB',
        columns => [ [ 'of its own, MB', mb => '%.1f' ],
                     [ 'a stream, KB', kb => '%.1f' ] ],
        rows    => [
            { key => 'now', name => 'after what was measured above',
              goals => { 'of its own, MB' => 'at most 41' },
              run => sub { { mb => own($site) } } },
            { key => 'streams', name => STREAMS . ' idle streams more',
              goals => { 'a stream, KB' => 'at most 10' },
              run => sub { streams($site) } },
        ],
        notes   => [ 'RssAnon of the worker.' ]);
}

# In MB.
sub own {
    my ($site) = @_;
    my ($kb) = Bench::Machine::slurp("/proc/$site->{nginx}{bench_worker}"
                                     . '/status') =~ /^RssAnon:\s*(\d+)/m;
    return $kb / 1024;
}

sub streams {
    my ($site) = @_;

    my $before = own($site);
    my @sockets;

    for (1 .. STREAMS) {
        my $socket = $site->nginx->connect or die "stream $_: $!\n";
        print $socket "GET /comments/stream?page=/thread HTTP/1.1\r\n"
            . "Host: localhost\r\n\r\n";
        $socket->flush;
        sysread $socket, my $got, 65536;
        die "stream $_: $got\n" if $got !~ m{^HTTP/1.1 200 };
        push @sockets, $socket;
    }
    sleep 0.2;
    my $after = own($site);
    close $_ for @sockets;
    sleep 0.5;                 # nginx closes its side

    return { mb => $after, kb => 1024 * ($after - $before) / STREAMS };
}

1;

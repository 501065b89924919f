# A thousand idle streams cost little: memory of the worker for each, and its
# processor time while nothing happens.  The numbers are printed.

use strict;
use warnings;

use Comments::Nginx;
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $STREAMS = 1000;
my $SECONDS = 2;

plan skip_all => 'too few open files are allowed here'
    if POSIX::sysconf(POSIX::_SC_OPEN_MAX()) < 2 * $STREAMS + 200;

my $nginx = Comments::Nginx->new(
    main => "worker_rlimit_nofile 8192;\nevents { worker_connections 4096; }\n",
);
$nginx->write('nginx.conf', $nginx->read('nginx.conf')
    =~ s/^events \{ worker_connections 512; \}\n//mr);
$nginx->start;
my ($worker) = $nginx->workers;


sub rss_kb {
    my ($status) = slurp("/proc/$worker/status") =~ /^VmRSS:\s+(\d+)/m;
    return $status;
}

# Ticks in user and system mode.
sub cpu_seconds {
    my @fields = split ' ', slurp("/proc/$worker/stat") =~ s/.*\) //r;
    return ($fields[11] + $fields[12]) / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!";
    local $/;
    return <$in>;
}

my @streams;
sub listen_to {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $nginx->port)
        or die "connect: $!";
    print {$socket} 'GET /comments/stream?page=/p HTTP/1.1', "\r\n",
                    "Host: localhost\r\n\r\n";
    push @streams, $socket;
}

# What came for all streams until each has seen the pattern.
sub all_see {
    my ($pattern) = @_;
    my $end = time + 60;
    my ($select, %got, $n) = (IO::Select->new(@streams));

    while ($select->count && time < $end) {
        for my $socket ($select->can_read(1)) {
            my $read = sysread $socket, my $bytes, 65536;
            $got{$socket} .= $bytes // '';
            if (!$read || $got{$socket} =~ $pattern) {
                $n++ if $read;
                $select->remove($socket);
            }
        }
    }
    return $n // 0;
}

# One post and ten streams, so that what is made once is there.
my %comment = (page => '/p', text => 'Hello', name => 'Kari',
               email => 'kari@example.org');
is($nginx->post_json('/comments/comment', \%comment)->{status}, 201,
   'a comment');
listen_to() for 1 .. 10;
is(all_see(qr/event: count/), 10, 'ten streams');

my $before = rss_kb();
listen_to() for 1 .. $STREAMS;
splice @streams, 0, 10;
is(all_see(qr/event: count/), $STREAMS, "$STREAMS more");
my $each = (rss_kb() - $before) / $STREAMS;

my $cpu = cpu_seconds();
sleep $SECONDS;
$cpu = (cpu_seconds() - $cpu) / $SECONDS;

my $start = time;
$comment{text} = 'News';
is($nginx->post_json('/comments/comment', \%comment)->{status}, 201, 'news');
is(all_see(qr/event: comment/), $STREAMS, 'all hear of it');
my $news = time - $start;

diag(sprintf('%d idle streams: %.1f KB each, %.2f %% of a processor; news'
             . ' is with all after %.0f ms', $STREAMS, $each, 100 * $cpu,
             1000 * $news));
my $most = $ENV{TEST_PRELOAD} ? 64 : 16;      # sanitizers take their part
cmp_ok($each, '<', $most, "a stream costs less than $most KB");
cmp_ok($cpu, '<', 0.05, 'and all of them less than a twentieth of a processor');

close $_ for @streams;
$nginx->stop;
done_testing();

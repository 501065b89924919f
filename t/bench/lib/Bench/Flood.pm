package Bench::Flood;

# Spam: what a refused post costs, and how readers fare beside many of them
# and beside posters who take their time.  Not among what runs unless told.

use strict;
use warnings;

use Bench::Client;
use Bench::Site;
use Bench::Table;
use Time::HiRes qw(sleep);

use constant { SLOW => 100, SLOW_BYTES => 1000, HEAD_START => 0.5,
               FLOODERS => 100, PAUSE_MS => 9, TOO_LARGE => 10_000_000,
               JUST_TOO_LARGE => 300_000 };

my @json = ('Content-Type: application/json');
my @form = ('Content-Type: application/x-www-form-urlencoded',
            'Accept: text/html');


sub table {
    my ($class, $site) = @_;

    my $nginx = $site->nginx;
    my $text  = 'Buy+cheap+pills+here:+http://spam.example/';

    my %body = (
        json => '{"page":"/thread","name":"N","email":"n@example.org",'
                . qq("text":"$text"}),
        form => "page=/thread&name=N&email=n\@example.org&text=$text");
    $body{large} = 'x' x JUST_TOO_LARGE;
    my %file = map { $_ => $nginx->write("flood.$_", $body{$_}) } keys %body;
    fill_limit($site, $body{json});

    return (refused($site, %file), readers($site, $file{json}));
}

# The one post a day that /limited/ takes.
sub fill_limit {
    my ($site, $json) = @_;

    my $got = $site->nginx->post_json('/limited/comment',
                                      $json =~ s/Buy/First, buy/r);
    die "$got->{status} $got->{body}\n" if $got->{status} != 201;
    $site->count({ requests => 1 }, 0);
}


sub refused {
    my ($site, %file) = @_;

    my $nginx = $site->nginx;
    my %json  = (body => $file{json}, headers => \@json);
    my %form  = (body => $file{form}, headers => \@form);
    my %large = (body => $file{large}, headers => \@json);
    my %goal  = (goals => { 'CPU, times the file' => 'at most 3' });

    return Bench::Table->new(
        title   => 'Refused posts; 16 connections',
        columns => [ [ 'worker CPU, us', cpu => '%.1f' ],
                     [ 'requests/s', rate => '%.0f' ],
                     [ 'CPU, times the file', cpu => '%.2f', 'file' ] ],
        rows    => [
            { key => 'file', name => 'nginx, a file of 4 KB',
              run => sub { $site->get($nginx, '/static/small.html',
                                      bytes => Bench::Site::SMALL) } },
            { key => 'limit', name => 'too many from an address', %goal,
              run => sub { $site->refused($nginx, '/limited/comment', %json,
                                          status => 429) } },
            { key => 'form', name => '... by the form, which comes back',
              run => sub { $site->refused($nginx, '/limited/comment', %form,
                                          status => 429) } },
            { key => 'queue', name => 'comments_queue is full', %goal,
              run => sub { full($site, %json) } },
            { key => 'large', name => 'a body too large', %goal,
              run => sub { $site->refused($nginx, '/comments/comment', %json,
                              status => 413, length => TOO_LARGE) } },
            { key => 'own', name => 'nginx, by client_max_body_size',
              run => sub { $site->refused($nginx, '/small', %json,
                              status => 413, length => TOO_LARGE) } },
            { key => 'sent', name => 'a body of 300 KB, all of it sent',
              run => sub { $site->refused($nginx, '/comments/comment', %large,
                              status => 413) } },
            { key => 'sent-own', name => '... nginx, by client_max_body_size',
              run => sub { $site->refused($nginx, '/small', %large,
                              status => 413) } },
            { key => 'trap', name => 'the hidden field is filled: kept as spam',
              run => sub { trapped($site) } },
        ],
        notes   => [ 'Bodies that are far too large end their connections, '
                     . 'so each has one of its own; of 10 MB nothing but the '
                     . 'length is sent. What is kept as spam is '
                     . 'judged and stored like any post; the limit of the '
                     . 'address stands before it, and is off here.' ]);
}

# While the disk stands still one post waits, and there is no room for others.
sub full {
    my ($site, %json) = @_;

    my $nginx = $site->still;
    $nginx->write('still', '');
    my $first = $nginx->connect or die "$!\n";
    my $body  = '{"page":"/thread","name":"N","email":"n@example.org",'
        . '"text":"waits ' . rand . '"}';
    print $first "POST /comments/comment HTTP/1.1\r\nHost: localhost\r\n"
        . "Content-Type: application/json\r\nConnection: close\r\n"
        . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
    $first->flush;
    sleep 0.2;

    my $said = $site->refused($nginx, '/comments/comment', %json,
                              status => 503);
    unlink $nginx->dir . '/still';
    my ($answer) = $nginx->answers($nginx->raw('', socket => $first));
    die "the post that waited: $answer->{status}\n"
        if $answer->{status} != 201;

    return $said;
}

# Posts to a page whose form is known, with what no person sees filled in.
sub trapped {
    my ($site) = @_;

    my $nginx  = $site->nginx;
    my $html   = Bench::Site::expect($nginx, 200,
                     '/ruled/thread.html?page=/thread')->{body};
    my ($trap) = $html =~ /comments-extra.*?<input[^>]* name="([^"]+)"/s
        or die "the form has no hidden field\n";

    my $n = 0;
    my $posts = join '', map {
        s/"page":"[^"]*"/"page":"\/thread","$trap":"x"/r . "\n"
    } grep { $n++ < 100 } split /\n/, Bench::Machine::slurp($site->posts);

    return $site->post('/ruled/comment', 16,
                       posts => $nginx->write('flood.trapped', $posts));
}


sub readers {
    my ($site, $file) = @_;

    my $bytes = length
        Bench::Site::expect($site->nginx, 200, Bench::Site::THREAD)->{body};
    my $read  = sub { $site->get($site->nginx, Bench::Site::THREAD,
                                 connections => 1, bytes => $bytes) };
    my %goals = (goals => { 'p99, us' => 'at most 10 000',
                            'p50, times idle' => 'at most 5' });

    return Bench::Table->new(
        title   => 'GET of the thread, one connection, beside spam',
        columns => [ [ 'p50, us', p50 => '%.0f' ], [ 'p99, us', p99 => '%.0f' ],
                     [ 'longest, us', max => '%.0f' ],
                     [ 'GETs/s', rate => '%.0f' ],
                     [ 'refused/s', posts => '%.0f' ],
                     [ 'worker CPU, %', share => '%.0f' ],
                     [ 'p50, times idle', p50 => '%.2f', 'idle' ] ],
        rows    => [
            { key => 'idle', name => 'idle',
              run => sub { share($read->()) } },
            { key => 'slow', name => SLOW . ' posters, a byte a second', %goals,
              run => sub { beside_slow($site, $read) } },
            { key => 'flood', name => 'spam, aimed at 10 000 a second', %goals,
              run => sub { beside($site, $read, $file, PAUSE_MS) } },
            { key => 'most', name => 'spam, as much as the client can',
              run => sub { beside($site, $read, $file, 0) } },
        ],
        notes   => [ FLOODERS . ' connections post what the limit of their '
                     . 'address refuses. As much as it can: it yields '
                     . 'their core to the client that reads (nice 10).' ]);
}

# How much of its core the worker had.
sub share {
    my ($said) = @_;
    return { %$said, share => $said->{cpu} * $said->{rate} / 1e4 };
}

# Spam begins before the reading and ends after it.
sub beside {
    my ($site, $read, $file, $pause) = @_;

    my $flood = Bench::Client::flood_start(
        url => Bench::Site::url($site->nginx, '/limited/comment'),
        body => $file, headers => \@json, status => 429, quiet => !$pause,
        connections => FLOODERS, pause_ms => $pause,
        seconds => Bench::Client::seconds() + 1);
    sleep HEAD_START;
    my $said  = share($read->());
    my $spam  = Bench::Client::finish($flood);

    return { %$said, posts => $spam->{requests} / $spam->{seconds} };
}

sub beside_slow {
    my ($site, $read) = @_;

    my @sockets = map { slow_poster($site->nginx) } 1 .. SLOW;
    my $pid     = fork // die "fork: $!";

    if ($pid == 0) {
        $SIG{TERM} = $SIG{INT} = 'DEFAULT';
        for my $round (1 .. SLOW_BYTES - 1) {
            for my $socket (@sockets) {
                sleep 1 / SLOW;
                syswrite $socket, 'x';
            }
        }
        POSIX::_exit(0);
    }

    sleep HEAD_START;
    my $said = share($read->());
    kill 'TERM', $pid;
    waitpid $pid, 0;
    close $_ for @sockets;

    return $said;
}

sub slow_poster {
    my ($nginx) = @_;

    my $socket = $nginx->connect or die "a slow poster: $!\n";
    syswrite $socket, "POST /comments/comment HTTP/1.1\r\nHost: localhost\r\n"
        . "Content-Type: application/json\r\nContent-Length: "
        . SLOW_BYTES . "\r\n\r\n{";

    return $socket;
}

1;

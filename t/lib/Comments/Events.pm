package Comments::Events;

# One client of C/stream for a test: a socket, and what came over it.
#
#   my $events = Comments::Events->new($nginx, 'page=/p', last => 12);
#   my @got = $events->wait('comment');      # up to the first of that kind
#   $events->all;                            # what has come so far
#   $events->close;
#
# An event is {event, id, data}; data is decoded.

use strict;
use warnings;

use Comments::Nginx;
use IO::Select;
use JSON::PP;
use Time::HiRes qw(time);

my $SECONDS = 10 * $Comments::Nginx::LONGER;

sub new {
    my ($class, $nginx, $query, %o) = @_;

    my $self = bless { bytes => '', text => '', head => undef, events => [],
                       id => undef },
               $class;
    my $path = $o{path} // "/comments/stream?$query";

    $self->{socket} = $nginx->connect or die 'no connection';
    syswrite $self->{socket}, "GET $path HTTP/1.1\r\nHost: localhost:"
        . $nginx->port . "\r\n"
        . (defined $o{last} ? "Last-Event-ID: $o{last}\r\n" : '')
        . ($o{headers} // '') . "\r\n";
    $self->until(sub { defined $self->{head} });
    $self->until(sub { @{ $self->{events} } || $self->{closed} })
        if $self->status == 200 && !$o{head};

    return $self;
}

sub status { ($_[0]{head} // '') =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0 }
sub header { $_[0]{head} =~ /^\Q$_[1]\E:\s*(.*?)\r?$/mi ? $1 : undef }
sub all    { $_[0]->until(sub { 0 }, 0); @{ $_[0]{events} } }
sub id     { $_[0]{id} }
sub socket { $_[0]{socket} }
sub close  { close delete $_[0]{socket} if $_[0]{socket} }

# The events up to the first of that kind, which are taken.
sub wait {
    my ($self, $kind, $seconds) = @_;

    my $found;
    $self->until(sub {
        for my $i (0 .. $#{ $self->{events} }) {
            $found = $i + 1, return 1 if $self->{events}[$i]{event} eq $kind;
        }
        return 0;
    }, $seconds);

    return $found ? splice @{ $self->{events} }, 0, $found : ();
}

# Whether the server has closed it by then.
sub closed {
    my ($self, $seconds) = @_;
    return $self->until(sub { $self->{closed} }, $seconds);
}

# "comment 12, delete 7, count 3" of events, in short.
sub short {
    return join ', ', map { join ' ', $_->{event},
        $_->{data}{id} // $_->{data}{count} // () } @_;
}

sub until {
    my ($self, $condition, $seconds) = @_;

    my $end    = time + ($seconds // $SECONDS);
    my $select = IO::Select->new($self->{socket});

    while (1) {
        while (!$self->{closed} && $select->can_read(0)) {
            my $n = sysread $self->{socket}, $self->{bytes}, 65536,
                            length $self->{bytes};
            $self->{closed} = 1 unless $n;
        }
        $self->parse;
        return 1 if $condition->();
        my $left = $end - time;
        return 0 if $left <= 0 || $self->{closed};
        $select->can_read($left);
    }
}

sub parse {
    my ($self) = @_;

    if (!defined $self->{head}) {
        $self->{bytes} =~ s/^(.*?)\r\n\r\n//s or return;
        $self->{head} = $1;
    }

    while ($self->{bytes} =~ /^([0-9a-f]+)\r\n/) {
        my ($n, $at) = (hex $1, $+[0]);
        last if length $self->{bytes} < $at + $n + 2;
        $self->{text} .= substr $self->{bytes}, $at, $n;
        substr $self->{bytes}, 0, $at + $n + 2, '';
    }

    while ($self->{text} =~ s/^(.*?)\n\n//s) {
        my %event = (event => 'message');
        for (split /\n/, $1) {
            $self->{comments}++, next if /^:/;
            my ($name, $value) = /^(\w+): ?(.*)$/ or next;
            $event{$name} = $value;
        }
        $self->{retry} = $event{retry} if defined $event{retry};
        next unless defined $event{data};
        $self->{id}  = $event{id};
        $event{data} = decode_json($event{data});
        push @{ $self->{events} }, \%event;
    }
}

1;

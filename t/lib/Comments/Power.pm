package Comments::Power;

# Power cuts, made from what t/fault/record.c wrote down.
#
#   my $power = Comments::Power->new('/tmp/x/log');
#   $power->cut(200, $seed, sub {
#       my ($cut) = @_;       # { at, named, bytes, answers }
#       ...
#   });
#
# A cut is a place in the log.  What was synced before it is there; of the
# rest each sector is, or is not, as a disk pleases that has a queue: nothing,
# everything, the last write without those before it, or any sectors.  bytes
# is the store's file as it is found then, undef when it has no name yet;
# answers are all that had left by then, in their order.

use strict;
use warnings;

my $HEAD   = 32;
my $SECTOR = 512;

sub new {
    my ($class, $path) = @_;

    open my $file, '<:raw', $path or die "$path: $!";
    my $log = do { local $/; <$file> // '' };
    my (@records, $ino);

    for (my $at = 0; $at < length $log; ) {
        my %r;
        @r{qw(kind len id ino offset)} = unpack 'a1 x3 L Q Q Q',
                                                substr $log, $at, $HEAD;
        $r{data} = substr $log, $at + $HEAD, $r{len};
        $at += $HEAD + $r{len};
        $ino = $r{ino} if $r{kind} eq 'n';
        push @records, \%r;
    }

    die "$path: no store was made" unless defined $ino;

    return bless { records => \@records, ino => $ino }, $class;
}

# How many there are of a kind.
sub count {
    my ($self, $kind) = @_;
    return scalar grep { $_->{kind} eq $kind } @{ $self->{records} };
}


# Half of the cuts come right behind an answer, where a lie is found out.

sub places {
    my ($self, $n) = @_;

    my @records = @{ $self->{records} };
    my @answers = grep { $records[$_]{kind} eq 'a' } 0 .. $#records;

    return sort { $a <=> $b } map {
        $_ % 2 && @answers ? 1 + $answers[rand @answers]
                           : 1 + int rand @records
    } 1 .. $n;
}

sub cut {
    my ($self, $n, $seed, $found) = @_;

    srand $seed;
    my @places = $self->places($n);
    my %state  = (safe => '', open => [], syncs => {}, answers => [],
                  named => 0, name_safe => 0);

    for my $at (0 .. $#{ $self->{records} }) {
        $self->happens(\%state, $self->{records}[$at]);
        while (@places && $places[0] == $at + 1) {
            $found->({ at => shift @places, bytes => $self->crash(\%state),
                       answers => $state{answers} });
        }
    }
}

sub happens {
    my ($self, $state, $r) = @_;

    my $kind = $r->{kind};
    my $ours = $r->{ino} == $self->{ino};

    if ($kind eq 'a') {
        push @{ $state->{answers} }, $r->{data};
    } elsif ($kind eq 'n') {
        $state->{named} = 1;
    } elsif ($kind =~ /[wt]/) {
        push @{ $state->{open} }, $r if $ours;
    } elsif ($kind eq 'b') {
        $state->{syncs}{ $r->{id} } = { named => $state->{named},
            ids => { map { $_->{id} => 1 } @{ $state->{open} } } };
    } elsif ($kind eq 'e') {
        my $sync = delete $state->{syncs}{ $r->{id} };
        $ours ? settle($state, $sync->{ids})
              : ($state->{name_safe} ||= $sync->{named});
    } elsif ($kind eq 'd') {
        settle($state, { $r->{id} => 1 }) if $ours;
    }
}

# Writes that are safe now become part of the file, in their order.
sub settle {
    my ($state, $ids) = @_;

    put(\$state->{safe}, $_, 1) for grep { $ids->{ $_->{id} } }
                                    @{ $state->{open} };
    $state->{open} = [ grep { !$ids->{ $_->{id} } } @{ $state->{open} } ];
}

# Does a write: all of it, or each sector with this probability.
sub put {
    my ($bytes, $r, $chance) = @_;

    if ($r->{kind} eq 't') {
        return if rand() >= $chance;
        $$bytes .= "\0" x ($r->{offset} - length $$bytes)
            if length $$bytes < $r->{offset};
        substr($$bytes, $r->{offset}) = '';
        return;
    }

    my $end = $r->{offset} + $r->{len};
    for (my $at = $r->{offset}; $at < $end; ) {
        my $next = $at - $at % $SECTOR + $SECTOR;
        $next = $end if $next > $end || $chance == 1;
        if ($chance == 1 || rand() < $chance) {
            $$bytes .= "\0" x ($next - length $$bytes)
                if length $$bytes < $next;
            substr($$bytes, $at, $next - $at) =
                substr $r->{data}, $at - $r->{offset}, $next - $at;
        }
        $at = $next;
    }
}

sub crash {
    my ($self, $state) = @_;

    return undef unless $state->{name_safe}
                        || ($state->{named} && rand() < 0.5);

    my @open  = @{ $state->{open} };
    my $lucky = (0, 1, 0.5, 0.9, 'last')[rand 5];
    my $bytes = $state->{safe};

    for my $i (0 .. $#open) {
        my $chance = $lucky eq 'last' ? $i == $#open : $lucky;
        put(\$bytes, $open[$i], $chance);
    }

    return $bytes;
}

1;

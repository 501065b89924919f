package Bench::Table;

# One table: rows that take turns for some rounds, then medians.
#
#   Bench::Table->new(
#       title   => '...',
#       columns => [ [ 'CPU, us', 'cpu', '%.1f' ],
#                    [ 'times the file', 'cpu', '%.2f', 'file' ], ... ],
#       rows    => [ { key => 'file', name => '...', run => sub { ... } },
#                    { key => 'ours', ..., goals => {
#                        'times the file' => 'at most 1.5' } }, ... ],
#       notes   => [ '...' ])
#
# run gives { cpu => number, ... }; what it does not give stays empty.  A
# column with a fourth word divides by that row's figure of the same round; a
# row that has another one to compare with says so: by => { one => 'ruled' }.

use strict;
use warnings;

use Bench::Client;
use Bench::Machine;
use Time::HiRes qw(sleep time);

# In percent of a core: what others may have before and during a measurement
# of which we can choose the time.  (The kernel's own work for the disk is
# in the second one.)
use constant { QUIET_BEFORE => 10, QUIET_DURING => 30, LOOK_SECONDS => 0.3 };

my $patience = $ENV{BENCH_PATIENCE} || 0;

sub new {
    my ($class, %o) = @_;
    return bless { notes => [], %o, got => {}, foreign => [], again => 0 },
                 $class;
}


sub run {
    my ($self) = @_;

    $self->{load} = Bench::Machine::load();

    for my $round (1 .. Bench::Client::rounds()) {
        for my $row (@{ $self->{rows} }) {
            progress("$self->{title}: round $round, $row->{name}");
            $self->measure($row);
        }
    }
    progress('');

    return $self;
}

# While there is patience, waits for a quiet machine, and does not take what
# was measured on a busy one.
sub measure {
    my ($self, $row) = @_;

    while (1) {
        my $began = time;
        sleep LOOK_SECONDS
            while time - $began < $patience
                  && Bench::Machine::foreign(sub { sleep LOOK_SECONDS })
                     > QUIET_BEFORE;

        my $got;
        my $foreign = Bench::Machine::foreign(sub { $got = $row->{run}->() });
        $patience -= time - $began if $patience > 0;

        if ($foreign <= QUIET_DURING || $patience <= 0) {
            push @{ $self->{got}{ $row->{key} } }, $got;
            push @{ $self->{foreign} }, $foreign;
            return;
        }
        $self->{again}++;
    }
}

# Where we are, on a terminal only.
sub progress {
    my ($text) = @_;
    print STDERR "\r\e[K", substr $text, 0, 78 if -t STDERR;
}


sub text {
    my ($self) = @_;

    my @columns = @{ $self->{columns} };
    my @lines   = [ '', map { $_->[0] } @columns ];
    for my $row (@{ $self->{rows} }) {
        push @lines, [ $row->{name},
                       map { $self->cell($row, @$_) } @columns ];
    }

    return "## $self->{title}\n\n" . grid(@lines)
           . join '', map { "\n$_\n" } $self->circumstances,
                                        @{ $self->{notes} };
}

sub cell {
    my ($self, $row, $name, $key, $format, $of) = @_;

    my @values = map { $_->{$key} } @{ $self->{got}{ $row->{key} } };
    if (defined $of) {
        $of = $row->{by}{$of} // $of;
        return '' if $of eq $row->{key};
        my @by = map { $_->{$key} } @{ $self->{got}{$of} };
        @values = map { $values[$_] && $by[$_] ? $values[$_] / $by[$_] : undef }
                  0 .. $#values;
    }

    my $goal = $row->{goals}{$name};

    return spread($format, @values) . ($goal ? ", goal: $goal" : '');
}

sub circumstances {
    my ($self) = @_;

    my @foreign = sort { $a <=> $b } @{ $self->{foreign} };

    return sprintf 'Medians of %d rounds of %d s (lowest-highest). Load '
        . 'before: %s. Others had %.0f %% of a core, at most %.0f %%%s.',
        Bench::Client::rounds(), Bench::Client::seconds(), $self->{load},
        median(@foreign), $foreign[-1], $self->{again}
            ? "; $self->{again} times more was measured and not taken" : '';
}

# "17.2 (16.9-18.0)"
sub spread {
    my ($format, @values) = @_;

    @values = sort { $a <=> $b } grep { defined } @values or return '';
    my ($median, $low, $high)
        = map { thousands(sprintf $format, $_) }
              median(@values), @values[0, -1];

    return $low eq $high ? $median : "$median ($low-$high)";
}

sub median {
    my (@values) = sort { $a <=> $b } @_;
    return $values[$#values / 2] if @values % 2;
    return ($values[@values / 2 - 1] + $values[@values / 2]) / 2;
}

sub thousands {
    my ($number) = @_;
    1 while $number =~ s/^(-?\d+)(\d{3})(?=\D|$)/$1 $2/;
    return $number;
}

# Markdown that is a table in a terminal, too.
sub grid {
    my (@lines) = @_;

    my @width = (2) x @{ $lines[0] };
    for my $line (@lines) {
        for (0 .. $#$line) {
            my $n = length $line->[$_];
            $width[$_] = $n if $n > $width[$_];
        }
    }

    my @text = map {
        my $line = $_;
        '| ' . join(' | ', map { sprintf "%-$width[$_]s", $line->[$_] }
                    0 .. $#width) . " |\n";
    } @lines;
    splice @text, 1, 0, '|' . join('|', map { '-' x ($_ + 2) } @width) . "|\n";

    return join '', @text;
}

1;

package Bench::Table;

# One table: rows that take turns for some rounds, then medians.
#
#   Bench::Table->new(
#       title   => '...',
#       columns => [ [ 'CPU us', cpu => '%.1f' ], ... ],
#       ratios  => [ [ 'times the file', cpu => 'file' ], ... ],
#       rows    => [ { key => 'file', name => '...', run => sub { ... },
#                      goals => [ 'at most 1.5' ] }, ... ],
#       notes   => [ '...' ])
#
# run gives { cpu => number, ... }.  A ratio divides by another row's figure
# of the same round; the row itself has none.  "goals" are those of its
# ratios, in order.  A figure that a row does not give is left empty.

use strict;
use warnings;

use Bench::Client;
use Bench::Machine;

sub new {
    my ($class, %o) = @_;
    return bless { ratios => [], notes => [], rounds => undef, %o,
                   got => {}, foreign => [] }, $class;
}


sub run {
    my ($self) = @_;

    my $rounds = $self->{rounds} // Bench::Client::rounds();
    $self->{load} = Bench::Machine::load();
    $self->{rounds} = $rounds;

    for my $round (1 .. $rounds) {
        for my $row (@{ $self->{rows} }) {
            progress("$self->{title}: round $round, $row->{name}");
            push @{ $self->{foreign} }, Bench::Machine::foreign(sub {
                push @{ $self->{got}{ $row->{key} } }, $row->{run}->();
            });
        }
    }
    progress('');

    return $self;
}

# Where we are, on a terminal only.
sub progress {
    my ($text) = @_;
    print STDERR "\r\e[K", substr $text, 0, 78 if -t STDERR;
}


sub text {
    my ($self) = @_;

    my @lines = ([ '', map({ $_->[0] } @{ $self->{columns} }),
                   map { $_->[0] } @{ $self->{ratios} } ]);
    for my $row (@{ $self->{rows} }) {
        push @lines, [ $row->{name}, $self->figures($row),
                       $self->ratios($row) ];
    }

    my @foreign = sort { $a <=> $b } @{ $self->{foreign} };
    my $busy = sprintf 'Median of %d rounds of %d s (lowest-highest). '
        . 'Load before: %s; others had %.0f %% of a core, at most %.0f %%.',
        $self->{rounds}, Bench::Client::seconds(), $self->{load},
        median(@foreign), $foreign[-1];

    return "## $self->{title}\n\n" . grid(@lines)
           . join '', map { "\n$_\n" } $busy, @{ $self->{notes} };
}

sub figures {
    my ($self, $row) = @_;

    return map {
        my (undef, $key, $format) = @$_;
        spread($format, map { $_->{$key} } @{ $self->{got}{ $row->{key} } });
    } @{ $self->{columns} };
}

sub ratios {
    my ($self, $row) = @_;

    my @goals = @{ $row->{goals} || [] };
    return map {
        my (undef, $key, $of) = @$_;
        my $goal = shift @goals;
        my @own  = map { $_->{$key} } @{ $self->{got}{ $row->{key} } };
        my @by   = map { $_->{$key} } @{ $self->{got}{$of} };
        my @each = grep { defined } map {
            $own[$_] && $by[$_] ? $own[$_] / $by[$_] : undef } 0 .. $#own;
        my $text = $row->{key} eq $of ? '' : spread('%.2f', @each);
        $text .= " **goal: $goal**" if $goal;
        $text;
    } @{ $self->{ratios} };
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

    my @width;
    for my $line (@lines) {
        for (0 .. $#$line) {
            my $n = length $line->[$_];
            $width[$_] = $n if $n > ($width[$_] // 2);
        }
    }

    my @text = map {
        my $line = $_;
        '| ' . join(' | ', map { sprintf "%-$width[$_]s", $line->[$_] // '' }
                    0 .. $#width) . " |\n";
    } @lines;
    splice @text, 1, 0, '|' . join('|', map { '-' x ($_ + 2) } @width) . "|\n";

    return join '', @text;
}

1;

package Bench::Rules;

# What one evaluation of the rules costs, by the receipts' own figures.

use strict;
use warnings;

use Bench::Client;
use Bench::Posts;
use Bench::Site;
use Bench::Table;

use constant { WARM => 500, COLD => 5 };


sub table {
    my ($class, $site) = @_;

    my $comment = Bench::Posts::comment();
    my @rules = ([ 'no rules', $site->rules ], [ 'the built-in rules', '-' ],
                 map { [ $_, $_ ] } 'lua/standard.lua',
                                    sort glob 'lua/policies/*.lua');

    return Bench::Table->new(
        title   => 'Rules: one evaluation of a comment of 300 bytes',
        columns => [ [ 'us', warm => '%.0f' ],
                     [ 'us, first in a process', cold => '%.0f' ],
                     [ 'steps', steps => '%.0f' ] ],
        rows    => [ map {
            my ($name, $file) = @$_;
            { key => $name, name => $name,
              run => sub { evaluate($site, $file, $comment) } }
        } @rules ],
        notes   => [ 'In a round: ' . WARM . ' evaluations in a process, and '
                     . COLD . ' runs of `ngx-comments rules run`; medians.' ]);
}

sub evaluate {
    my ($site, $rules, $comment) = @_;

    my ($us, $steps) = figures(Bench::Client::program('rules', $rules,
                                                      $comment, WARM));
    return { warm => $us, steps => $steps } if $rules eq '-';

    my $receipts = '';
    for (1 .. COLD) {
        my $ran = $site->nginx->tool('rules', 'run', $rules,
                                     '--comment', $comment);
        die "rules run $rules: $ran->{err}" if $ran->{exit};
        $receipts .= $ran->{out};
    }
    my ($cold) = figures($receipts);

    return { warm => $us, steps => $steps, cold => $cold };
}

# Medians over receipts, without reading all of each.
sub figures {
    my ($receipts) = @_;

    my @us    = $receipts =~ /"us":\s*(\d+)/g;
    my @steps = $receipts =~ /"steps":\s*(\d+)/g;
    die "No receipts: $receipts\n" unless @us && @steps;

    return (Bench::Table::median(@us), Bench::Table::median(@steps));
}

1;

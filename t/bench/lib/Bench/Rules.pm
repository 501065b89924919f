package Bench::Rules;

# What one evaluation of the rules costs, by the receipts' own figures.

use strict;
use warnings;

use Bench::Client;
use Bench::Posts;
use Bench::Site;
use Bench::Table;

use constant { WARM => 500, COLD => 5, PACK => 't/bench/pack.lua' };


sub table {
    my ($class, $site) = @_;

    my $comment = Bench::Posts::comment(300);
    my @rules = ([ 'no rules', $site->rules ], [ 'the built-in rules', '-' ],
                 map { [ $_, $_ ] } 'lua/standard.lua',
                                    sort glob 'lua/policies/*.lua');

    return Bench::Table->new(
        title   => 'Rules: one evaluation of a comment of 300 bytes',
        columns => [ [ 'us', warm => '%.0f' ],
                     [ 'us, first in a process', cold => '%.0f' ],
                     [ 'steps', steps => '%.0f' ],
                     [ 'memory, KB', kb => '%.0f' ] ],
        rows    => [ (map {
            my ($name, $file) = @$_;
            { key => $name, name => $name,
              run => sub { evaluate($site, $file, $comment) } }
        } @rules),
        pack_of_20($site, '600 bytes', Bench::Posts::stranger(600),
                   us => 'at most 200', steps => 'at most 10 000',
                   'memory, KB' => 'at most 256'),
        pack_of_20($site, '8 KB', Bench::Posts::stranger(8192),
                   us => 'at most 1 500') ],
        notes   => [ 'In a round: ' . WARM . ' evaluations in a process, and '
                     . COLD . ' runs of `ngx-comments rules run`; medians. '
                     . 'Memory is what it takes at least, the files loaded.' ]);
}

sub pack_of_20 {
    my ($site, $size, $comment, %goals) = @_;

    my $name = '20 rules, ' . PACK . ", $size";
    return { key => $name, name => $name, goals => \%goals,
             run => sub { evaluate($site, PACK, $comment) } };
}

sub evaluate {
    my ($site, $rules, $comment) = @_;

    my ($us, $steps) = figures(Bench::Client::program('rules', $rules,
                                                      $comment, WARM));
    my %got = (warm => $us, steps => $steps,
               kb   => least_memory($rules, $comment) / 1024);
    return \%got if $rules eq '-';

    my $receipts = '';
    for (1 .. COLD) {
        my $ran = $site->nginx->tool('rules', 'run', $rules,
                                     '--comment', $comment);
        die "rules run $rules: $ran->{err}" if $ran->{exit};
        $receipts .= $ran->{out};
    }
    ($got{cold}) = figures($receipts);

    return \%got;
}

# The smallest limit in bytes, to 1 KB, with which all is as without one.
sub least_memory {
    my ($rules, $comment) = @_;

    my ($low, $high) = (0, 4096);
    while ($high - $low > 1) {
        my $kb = int(($low + $high) / 2);
        my $got = eval { Bench::Client::program('rules', $rules, $comment, 1,
                                                $kb * 1024) } // '';
        if ($got =~ /"errors":\[\]/) { $high = $kb } else { $low = $kb }
    }

    return $high * 1024;
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

package Bench::Search;

# What moderators wait for: a page of the queue and searches, of a store of a
# million comments.  Not among what runs unless told, since to make the store
# takes some minutes:
#
#   BENCH_COMMENTS=1000000   how many
#
# Once in the core alone, and once as moderators have it, by HTTP.

use strict;
use warnings;

use Bench::Client;
use Bench::Desk;
use Bench::Table;
use File::Temp ();
use JSON::PP;

use constant { TIMES => 200, GOAL => { 'p99, ms' => 'at most 50' },
               HTTP_GOAL => { 'CPU p99, ms' => 'at most 50' } };

# What search.c calls it, and what it is.
my @queries = (
    [ 'queue',          'the queue: what waits' ],
    [ 'queue-page',     '... on a page' ],
    [ 'queue-author',   '... by an author' ],
    [ 'queue-rule',     '... by a rule' ],
    [ 'none',           'a word that is nowhere' ],
    [ 'rare',           'a rare word' ],
    [ 'common',         'a common word' ],
    [ 'two',            'two words' ],
    [ 'three',          'three words, one of them common' ],
    [ 'phrase',         'a phrase of two words' ],
    [ 'prefix',         'the begin of a word' ],
    [ 'pending-rare',   'a rare word in the queue' ],
    [ 'pending-common', 'a common word in the queue' ],
    [ 'page-common',    'a common word on a page' ],
    [ 'author-common',  'a common word by an author' ],
    [ 'rule-two',       'two words, by a rule' ],
    [ 'week-common',    'a common word in a week of ten years' ],
);


sub table {
    my ($class) = @_;

    my $comments = $ENV{BENCH_COMMENTS} || 1_000_000;
    my $dir      = File::Temp::tempdir(CLEANUP => 1);
    my $made     = decode_json(Bench::Client::program(
        'search', 'make', "$dir/store", $comments));

    return (core($made, "$dir/store"), http($made, "$dir/store"));
}

sub core {
    my ($made, $store) = @_;

    return Bench::Table->new(
        title   => "Search: $made->{comments} comments, one in 100 waits",
        columns => [ [ 'median, ms', median => '%.2f' ],
                     [ 'p99, ms', p99 => '%.1f' ],
                     [ 'longest call, ms', most => '%.1f' ],
                     [ 'found, of 50', found => '%.1f' ] ],
        rows    => [ map {
            my ($key, $name) = @$_;
            { key => $key, name => $name, goals => GOAL,
              run => sub { ask($store, $key) } }
        } @queries ],
        notes   => [
            'CPU time until 50 comments, or all, are found and printed as '
            . 'JSON; ' . TIMES . ' queries in a round, each with words, pages '
            . 'and authors of its own. A call may end before all is found: '
            . 'the longest one is told apart.',
            sprintf('The index: %.0f us of CPU time and %.0f bytes for each '
                    . 'comment, of %.0f bytes that the store has for it.',
                    $made->{index} / $made->{comments} * 1e6,
                    $made->{words} / $made->{comments},
                    $made->{store} / $made->{comments}) ]);
}

sub http {
    my ($made, $store) = @_;

    my $desk;

    return Bench::Table->new(
        title   => "The same by HTTP: C/moderate/queue, $made->{comments} "
                   . 'comments',
        columns => [ [ 'CPU, ms', cpu => '%.2f' ],
                     [ 'CPU p99, ms', cpu_p99 => '%.1f' ],
                     [ 'p50, ms', wall => '%.1f' ],
                     [ 'p99, ms', wall_p99 => '%.1f' ],
                     [ 'found, of 50', found => '%.1f' ] ],
        rows    => [ map {
            my ($key, $name) = @$_;
            { key => $key, name => $name, goals => HTTP_GOAL,
              run => sub {
                  $desk //= Bench::Desk->new($store);
                  $desk->ask(split /\n/, Bench::Client::program(
                      'search', 'print', $key, TIMES)) } }
        } @queries ],
        notes   => [
            'CPU time is the worker\'s, with its threads. One request at a '
            . 'time, each on a connection of its own, by a moderator who is '
            . 'signed in; its answer has the first page and says where to go '
            . 'on.' ]);
}

sub ask {
    my ($store, $query) = @_;

    my $said = decode_json(Bench::Client::program('search', 'ask', $store,
                                                  $query, TIMES));

    return { found => $said->{found},
             map { $_ => $said->{$_} / 1000 } qw(median p99 most) };
}

1;

package Bench::Post;

# Posting: 201 and 202 come after the disk has it.  Beside it, what the disk
# does alone, and the same posts one transaction each, without HTTP.

use strict;
use warnings;

use Bench::Client;
use Bench::Site;
use Bench::Table;
use JSON::PP;

my @connections = (1, 16, 64);
my %goals       = (1  => { 'p50, times a transaction' => 'at most 1.5' },
                   16 => { 'times one by one' => 'at least 3' },
                   '64, no rules' => { 'times the disk'   => 'at least 2',
                                       'times one by one' => 'at least 8' });


sub table {
    my ($class, $site) = @_;

    return Bench::Table->new(
        title   => 'Durable posts: 300 bytes, 1000 pages',
        columns => [ [ 'posts/s', rate => '%.0f' ],
                     [ 'CPU, us', cpu => '%.1f' ],
                     [ 'KB written', kb => '%.1f' ],
                     [ 'posts a commit', batch => '%.1f' ],
                     [ 'p50, ms', p50_ms => '%.2f' ],
                     [ 'p99, ms', p99_ms => '%.2f' ],
                     [ 'times the disk', rate => '%.2f', 'disk' ],
                     [ 'times one by one', rate => '%.2f', 'one' ],
                     [ 'p50, times a transaction', p50_ms => '%.2f', 'one' ] ],
        rows    => [
            { key => 'disk', name => '4 KB and fdatasync, alone',
              run => \&sync_only },
            { key => 'one', name => 'one by one, no HTTP, no rules',
              run => sub { one_by_one($site, $site->rules) } },
            rows($site, '/comments/comment', 'no rules', 'one'),
            { key => 'ruled', name => 'one by one, no HTTP, default rules',
              by => { one => 'ruled' },
              run => sub { one_by_one($site, '-') } },
            rows($site, '/ruled/comment', 'default rules', 'ruled'),
        ],
        notes   => [ 'Each post has a text and a token of its own and an '
                     . 'e-mail. Limits are off. Every answer was 201 or 202. '
                     . 'CPU and KB written are the worker\'s with all its '
                     . 'threads, answers included, or the program\'s. p50 one '
                     . 'by one is that of the transaction alone, as LMDB does '
                     . 'it with the same puts.' ]);
}

# The same posts over HTTP, for each number of connections.
sub rows {
    my ($site, $path, $rules, $one) = @_;

    return map {
        my $n = $_;
        { key => "$rules $n", by => { one => $one },
          goals => $goals{$n} || $goals{"$n, $rules"},
          name => "$n connection" . ($n == 1 ? '' : 's') . ", $rules",
          run => sub { $site->post($path, $n) } }
    } @connections;
}

sub sync_only { program('sync', $ENV{TMPDIR}) }

sub one_by_one {
    my ($site, $rules) = @_;

    my $said = program('posts', $site->store, $site->key, Bench::Site::SITE,
                       $rules, $site->posts, Bench::Client::numbers());
    $site->count({ requests => $said->{n} }, 0);

    return $said;
}

sub program {
    my $said = decode_json(Bench::Client::program(
        'disk', @_, Bench::Client::seconds() . 's'));

    return { %$said, rate => $said->{n} / $said->{seconds},
             cpu => 1e6 * $said->{cpu} / $said->{n},
             kb  => $said->{written} / 1024 / $said->{n},
             p50_ms => $said->{p50} };
}

1;

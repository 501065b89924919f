package Bench::Latency;

# How long one reader waits, alone and while 64 connections post.

use strict;
use warnings;

use Bench::Client;
use Bench::Site;
use Bench::Table;
use Time::HiRes qw(sleep);

use constant { POSTERS => 64, HEAD_START => 0.3 };

my %goals = ('p99, us' => 'at most 10 000', 'p50, times idle' => 'at most 5');


sub table {
    my ($class, $site) = @_;

    my $bytes = length
        Bench::Site::expect($site->nginx, 200, Bench::Site::THREAD)->{body};

    return Bench::Table->new(
        title   => 'GET of the thread, one connection, while '
                   . POSTERS . ' post',
        columns => [ [ 'p50, us', p50 => '%.0f' ], [ 'p99, us', p99 => '%.0f' ],
                     [ 'longest, us', max => '%.0f' ],
                     [ 'GETs/s', rate => '%.0f' ],
                     [ 'posts/s', posts => '%.0f' ],
                     [ 'p50, times idle', p50 => '%.2f', 'idle' ] ],
        rows    => [
            { key => 'idle', name => 'idle',
              run => sub { reader($site, $bytes) } },
            { key => 'none', name => 'posting, no rules',
              goals => \%goals,
              run => sub { beside($site, $bytes, '/comments/comment') } },
            { key => 'ruled', name => 'posting, default rules',
              goals => \%goals,
              run => sub { beside($site, $bytes, '/ruled/comment') } },
        ],
        notes   => [ 'The client that posts has its core only while the one '
                     . 'that reads leaves it (SCHED_IDLE). The kernel\'s work '
                     . 'for the disk may still run there.' ]);
}

sub reader {
    my ($site, $bytes) = @_;
    return $site->get($site->nginx, Bench::Site::THREAD, connections => 1,
                      bytes => $bytes);
}

# The posts begin before the reading and end after it.
sub beside {
    my ($site, $bytes, $path) = @_;

    my $posting = Bench::Client::post_start($site->post_options(
        path => $path, connections => POSTERS, quiet => 1,
        seconds => Bench::Client::seconds() + 1));
    sleep HEAD_START;
    my $read  = reader($site, $bytes);
    my $posts = $site->count(Bench::Client::post_finish($posting), POSTERS);

    return { %$read, posts => $posts->{requests} / $posts->{seconds} };
}

1;

package Bench::Latency;

# How long one reader waits, alone and while 64 connections post.

use strict;
use warnings;

use Bench::Client;
use Bench::Site;
use Bench::Table;
use Time::HiRes qw(sleep time);

use constant { POSTERS => 64, BEGIN_SECONDS => 10 };

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
        notes   => [ 'posts/s are those while it reads. The client that posts '
                     . 'shares a core with the one that reads, and yields to '
                     . 'it (nice 10). The kernel\'s work for the disk may '
                     . 'run there, too.' ]);
}

sub reader {
    my ($site, $bytes) = @_;
    return $site->get($site->nginx, Bench::Site::THREAD, connections => 1,
                      bytes => $bytes);
}

# The posts begin before the reading and end after it; those are counted that
# came meanwhile.
sub beside {
    my ($site, $bytes, $path) = @_;

    my $posting = Bench::Client::post_start($site->post_options(
        path => $path, connections => POSTERS, quiet => 1,
        seconds => Bench::Client::seconds() + BEGIN_SECONDS));
    my $commits = $site->commits;
    for (1 .. 20 * BEGIN_SECONDS) {
        last if $site->commits > $commits;
        sleep 0.05;
    }
    my $before = $site->comments;
    my $began  = time;
    my $read   = reader($site, $bytes);
    my $posts  = ($site->comments - $before) / (time - $began);
    kill INT => $posting->{pid};
    $site->count(Bench::Client::post_finish($posting), POSTERS);

    return { %$read, posts => $posts };
}

1;

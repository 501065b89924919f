package Bench::Read;

# Reading: everything that many ask for, beside what nginx does with the same
# bytes by itself.

use strict;
use warnings;

use Bench::Site;
use Bench::Table;

my @gzip = ('Accept-Encoding: gzip');


# Each row is ours, or what `by` of ours names: its yardstick.
#
#   key   path                     headers, cache off, yardstick, at most
my @rows = (
    [ 'thread, cached',            Bench::Site::THREAD, [], 'file', '1.0' ],
    [ 'file',                      '/static/thread.json', [] ],
    [ 'thread, gzip',              Bench::Site::THREAD, \@gzip, 'gz', '1.0' ],
    [ 'gz',                        '/static/thread.json', \@gzip ],
    [ 'thread, 304',               Bench::Site::THREAD, 'tag', '304', '1.1' ],
    [ '304',                       '/static/thread.json', 'tag' ],
    [ 'page with the thread',      '/page.html', [], 'page', '1.3' ],
    [ 'page',                      '/static/page.html', [] ],
    [ 'counts of 50 pages',        Bench::Site::COUNTS, [], 'text', '5' ],
    [ 'text',                      '/text', [] ],
    [ 'feed of the thread',        '/comments/thread.atom?page=/thread', [] ],
    [ '204',                       '/nothing', [] ],
    [ 'thread, made anew',         Bench::Site::THREAD, 'off', 'file' ],
    [ 'counts, made anew',         Bench::Site::COUNTS, 'off', 'text' ],
);

my %names = (
    file => 'nginx, the same bytes as a file',
    gz   => 'nginx, the same gzip by gzip_static',
    304  => 'nginx, 304 of the file',
    page => 'nginx, the final page as a file',
    text => 'nginx, the same bytes by return 200',
    204  => 'nginx, return 204',
);


sub table {
    my ($class, $site) = @_;

    my $bytes = length
        Bench::Site::expect($site->nginx, 200, Bench::Site::THREAD)->{body};

    return Bench::Table->new(
        title   => 'Reading: a thread of ' . Bench::Site::ENTRIES
                   . ' comments, ' . Bench::Table::thousands($bytes)
                   . ' bytes; 16 connections',
        columns => [ [ 'bytes', bytes => '%.0f' ],
                     [ 'worker CPU, us', cpu => '%.1f' ],
                     [ 'requests/s', rate => '%.0f' ],
                     [ 'CPU, times nginx\'s', cpu => '%.2f', 'own' ] ],
        rows    => [ map { row($site, @$_) } @rows ],
        notes   => [ 'Files have open_file_cache, sendfile, tcp_nopush, and '
                     . 'the headers of our answer by add_header. Made anew: '
                     . 'with comments_cache off.' ]);
}

sub row {
    my ($site, $key, $path, $how, $by, $goal) = @_;

    my $nginx   = $how eq 'off' ? $site->uncached : $site->nginx;
    my @headers = ref $how ? @$how : ();
    my $status  = $key eq '204' ? 204 : 200;
    my $got     = Bench::Site::expect($nginx, $status, $path,
                                      [ map { split /: / } @headers ]);

    if ($how eq 'tag') {
        @headers = "If-None-Match: $got->{headers}{etag}";
        $got = Bench::Site::expect($nginx, 304, $path,
                                   [ map { split /: / } @headers ]);
    }
    same($site, $got, $by) if $by && $how ne 'tag';

    my $bytes = length $got->{body};

    return { key => $key, name => $names{$key} || "comments: $key",
             by => { own => $by || $key },
             $goal ? (goals => { 'CPU, times nginx\'s' => "at most $goal" })
                   : (),
             run => sub {
                 my $said = $site->get($nginx, $path, bytes => $bytes,
                                       headers => \@headers);
                 return { %$said, bytes => $bytes };
             } };
}

# A yardstick of other bytes would be none.
sub same {
    my ($site, $ours, $by) = @_;

    my ($row) = grep { $_->[0] eq $by } @rows;
    my (undef, $path, $headers) = @$row;
    my $theirs = Bench::Site::expect($site->nginx, 200, $path,
                                     [ map { split /: / } @$headers ]);

    my ($a, $b) = map { $_->{body} =~ s/(name="token" value=")[^"]+/$1/gr }
                      $ours, $theirs;
    die "$path is not what it stands beside\n" if $a ne $b;
}

1;

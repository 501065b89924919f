package Bench::Read;

# Reading: a thread beside nginx's own file of the same bytes.

use strict;
use warnings;

use Bench::Site;
use Bench::Table;

my $thread = Bench::Site::THREAD;
my $file   = '/static/thread.json';


sub table {
    my ($class, $site) = @_;

    my ($nginx, $off) = ($site->nginx, $site->uncached);

    my $ours   = Bench::Site::expect($nginx, 200, $thread);
    my $theirs = Bench::Site::expect($nginx, 200, $file);
    my $slow   = Bench::Site::expect($off, 200, $thread);
    die "The file has other bytes than the thread\n"
        if $ours->{body} ne $theirs->{body} || $ours->{body} ne $slow->{body};

    my $bytes = length $ours->{body};
    my ($our_tag, $their_tag) = map { $_->{headers}{etag} } $ours, $theirs;
    for ([ $thread, $our_tag ], [ $file, $their_tag ]) {
        my ($path, $tag) = @$_;
        Bench::Site::expect($nginx, 304, $path, [ 'If-None-Match', $tag ]);
    }

    my $get = sub {
        my ($from, $path, $size, $tag) = @_;
        my @headers = $tag ? "If-None-Match: $tag" : ();
        return sub {
            $site->get($from, $path, bytes => $size, headers => \@headers);
        };
    };

    return Bench::Table->new(
        title   => 'GET of a thread: ' . Bench::Site::ENTRIES . ' comments, '
                   . Bench::Table::thousands($bytes)
                   . ' bytes, 16 connections',
        columns => [ [ 'worker CPU, us', cpu => '%.1f' ],
                     [ 'requests/s', rate => '%.0f' ],
                     [ 'CPU, times the file', cpu => '%.2f', 'file' ],
                     [ 'CPU, times nginx\'s 304', cpu => '%.2f', 'same' ] ],
        rows    => [
            { key => 'ours', name => 'comments, cache on',
              goals => { 'CPU, times the file' => 'at most 1.5' },
              run => $get->($nginx, $thread, $bytes) },
            { key => 'file', name => 'nginx, the same bytes as a file',
              run => $get->($nginx, $file, $bytes) },
            { key => 'off', name => 'comments, cache off',
              run => $get->($off, $thread, $bytes) },
            { key => 'ours same', name => 'comments, 304',
              goals => { 'CPU, times nginx\'s 304' => 'at most 1.1' },
              run => $get->($nginx, $thread, 0, $our_tag) },
            { key => 'same', name => 'nginx, 304',
              run => $get->($nginx, $file, 0, $their_tag) },
            { key => 'least', name => 'nginx, return 204',
              run => $get->($nginx, '/nothing', 0) },
        ],
        notes   => [ 'The file has open_file_cache, sendfile, tcp_nopush, and '
                     . 'the headers of our answer by add_header.' ]);
}

1;

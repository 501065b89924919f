# Slow clients keep the bodies they are being sent, whatever becomes of them
# in the cache meanwhile, and give the memory back.

use strict;
use warnings;

use Comments::Nginx;
use IO::Socket::INET;
use IO::Uncompress::Gunzip qw(gunzip);
use Test::More;

use constant { PAGES => 8, POSTS => 22, MANY => 24 };

# The kernel takes a part of each answer of 200 KB; nginx holds the rest.
my $narrow = Comments::Nginx->free_port;
my $nginx  = Comments::Nginx->new(
    workers => 1,
    http    => 'comments_cache 600k; sendfile on; tcp_nopush on;
                comments_rules %%DIR%%/rules.lua;',
    files   => { 'rules.lua' => '' },
    location => 'comments_limit_author off; comments_limit_address off;',
    server  => "listen 127.0.0.1:$narrow sndbuf=16k;
                location /copied/ { sendfile off; comments test; }",
)->start;

my $n = 0;

sub post {
    my ($page) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => "/$page", name => 'N', email => "n\@example.org",
          text => ++$n . ' ' . join ' ', map { int rand 1e9 } 1 .. 950 });
    BAIL_OUT("post: $got->{body}") if $got->{status} !~ /^20[12]$/;
}

for my $page (1 .. PAGES) { post($page) for 1 .. POSTS }


# Asks for a thread and takes nothing of the answer but what the kernel does.
sub ask {
    my ($path, $headers) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $narrow);
    syswrite $socket, "GET $path HTTP/1.1\r\nHost: localhost\r\n$headers"
        . "Connection: close\r\n\r\n";

    return $socket;
}

sub body_of {
    my ($socket) = @_;

    my ($head, $body) = split /\r\n\r\n/, $nginx->raw('', socket => $socket),
                        2;
    return $body if $head !~ /^Content-Encoding: gzip/m;

    gunzip(\$body => \my $text, TrailingData => \my $rest) or return 'no gzip';
    return $text;
}

# Private memory of the worker, KB.
sub memory {
    my ($pid) = $nginx->workers;
    open my $status, '<', "/proc/$pid/status" or die $!;
    my ($kb) = join('', <$status>) =~ /^RssAnon:\s+(\d+)/m;
    return $kb;
}

sub touch_all {
    $nginx->request('HEAD', "/comments/thread?page=/$_") for 1 .. PAGES;
}


for (['with sendfile', '/comments/'], ['without it', '/copied/']) {
    my ($how, $prefix) = @$_;

    touch_all();
    my (@sockets, @want);
    for my $page (1 .. PAGES) {
        my $path = "${prefix}thread?page=/$page";
        push @want, (body_of(ask($path, ''))) x 2;
        push @sockets, ask($path, ''), ask($path, "Accept-Encoding: gzip\r\n");
    }

    # The cache has room for a few of them; and then all are others.
    touch_all();
    post($_) for 1 .. PAGES;
    touch_all();

    my @got = map { body_of($_) } @sockets;
    is(scalar(grep { $got[$_] ne $want[$_] } 0 .. $#want), 0,
       "what was asked for before comes whole, $how");
    ok(length($want[0]) > 200_000, 'which is more than the kernel keeps');
}


# What nobody waits for any more is given back.  A round keeps 1.6 MB at the
# least; malloc() may hold some MB for the next one.

my @after;
for my $round (1 .. 16) {
    my @sockets = map { ask('/comments/thread?page=/' . (1 + $_ % PAGES), '') }
                  1 .. MANY;
    touch_all();
    post(1 + $_ % PAGES) for 1 .. 4;
    if ($round % 2) { body_of($_) for @sockets }
    close $_ for @sockets;
    touch_all();
    push @after, memory();
}
SKIP: {
    skip 'a sanitizer keeps what is freed', 1 if $ENV{TEST_PRELOAD};
    cmp_ok($after[-1], '<', $after[0] + 12 * 1024,
           'rounds of slow clients, and of some that leave, leak nothing: '
           . "@after KB");
}

$nginx->stop;
done_testing();

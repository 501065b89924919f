# What sanitizers say of a worker makes a test fail: where nginx has them, too,
# also what is written past a piece of a pool, and what is never given back.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

plan skip_all => 'for ./dev test-asan-nginx'
    unless $ENV{TEST_STATIC} && $ENV{TEST_ASAN_OPTIONS};


# Whatever a test would fail for, when a worker made this mistake and ended.

sub said {
    my ($mistake) = @_;

    my $nginx = Comments::Nginx->new(
        server => 'location /mistake { mistake; }')->start;
    $nginx->get("/mistake?$mistake") for 1 .. 8;
    my $pid = delete $nginx->{pid};
    kill 'QUIT', $pid;
    waitpid $pid, 0;

    return join "\n", $nginx->alarming;
}

is(said('none'), '', 'a worker without mistakes ends without a word');
like(said('pool'), qr/AddressSanitizer: heap-buffer-overflow/,
     'a byte past the end of a piece of a pool is told');
like(said('leak'), qr/LeakSanitizer: detected memory leaks/,
     'and so is what a worker has lost');

done_testing();

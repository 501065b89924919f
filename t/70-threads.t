# What threads share, seen by ThreadSanitizer in the files where they meet; and
# that it would see a lock that is missing.  `./dev test-tsan` sees all files.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $dir = "$Comments::Nginx::BUILD/threads";
plan skip_all => "$dir is not built: make test" unless -e "$dir/no_locks";

my $got = Comments::Nginx::run('timeout', 300, "$dir/test");
plan skip_all => 'ThreadSanitizer cannot run here'
    if $got->{err} =~ /FATAL: ThreadSanitizer/;
is($got->{exit}, 0, 'threads that share a store, rules and keys');
is($got->{err}, '', '... do not race');

$got = Comments::Nginx::run('timeout', 300, "$dir/no_locks");
isnt($got->{exit}, 0, 'without their locks');
like($got->{err}, qr/WARNING: ThreadSanitizer: data race/, '... they do');

done_testing();

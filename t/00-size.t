# What a reader's browser fetches for a thread stays small.

use strict;
use warnings;

use Compress::Zlib;
use Test::More;

my $bytes_max = 10 * 1024;
my $sum       = 0;

for my $name ('comments.js', 'comments.css') {
    open my $in, '-|', $^X, 'web/join.pl', "web/$name"    # as it is compiled in
        or die "web/$name: $!";
    my $bytes = length Compress::Zlib::memGzip(do { local $/; <$in> });
    note("$name: $bytes bytes, gzipped");
    $sum += $bytes;
}

cmp_ok($sum, '<=', $bytes_max,
       "script and stylesheet have $sum bytes, gzipped");

done_testing();

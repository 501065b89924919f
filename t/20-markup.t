# docs/markup.md: what its tables say is typed, and what becomes of it.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Encode qw(decode_utf8 encode_utf8);
use Test::More;

my @modes  = qw(html markdown plain);
my $nginx = Comments::Nginx->new(
    location => 'comments_require none;',
    server   => join '', map {
        "location /$_/ { comments test; comments_markup $_; }\n" } @modes,
)->start;

sub lines { return $_[0] =~ s/⏎/\n/gr }

open my $file, '<', "$Comments::Nginx::ROOT/docs/markup.md" or die $!;
my ($mode, $n);
while (my $line = decode_utf8(<$file>)) {
    $mode = $1 if $line =~ /^## (.*)/;
    my ($typed, $html) = $line =~ /^\| `+(.+?)`+ \| `(.*<.*)` \|$/ or next;
    ($typed) = $line =~ /^\| ` (.+?) ` \|/ if $line =~ /^\| ` `/;

    for (grep { $mode eq 'All three' || $mode eq $_ } @modes) {
        my $got = $nginx->post_json("/$_/preview", { text => lines($typed) });
        is($got->{json}{html}, lines($html), encode_utf8("$_: $typed"));
        $n++;
    }
}

cmp_ok($n, '>', 30, 'the page has examples');
$nginx->stop;
done_testing();

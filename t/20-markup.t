# docs/markup.md: what its tables say is typed, and what becomes of it.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Encode qw(decode_utf8 encode_utf8);
use Test::More;

my @modes  = qw(html markdown plain);
my $nginx = Comments::Nginx->new(
    files    => { 'none.lua' => '-- Everything is published.' },
    location => 'comments_require none;',
    server   => 'location /more/ { comments test; comments_markup markdown;
                   comments_rules %%DIR%%/none.lua; comments_require none;
                   comments_mailto on; comments_images on; }' . join '', map {
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

for ([ more => '![a](https://a.no/b)', qr/^<p><img src="https:/ ],
     [ markdown => '![a](https://a.no/b)', qr/^<p><a href="https:/ ],
     [ more => '[a](mailto:b@a.no)', qr/^<p><a href="mailto:b\@a\.no"/ ],
     [ markdown => '[a](mailto:b@a.no)', qr/^<p>a \(mailto:/ ])
{
    my ($at, $typed, $html) = @$_;
    like($nginx->post_json("/$at/preview", { text => $typed })->{json}{html},
         $html, "$at: $typed");
}

# What is there stays as it was made.
my $id = $nginx->post_json('/more/comment', { page => '/p',
    text => '![a](https://a.no/b)' })->{json}{id};
like($nginx->get("/markdown/comment/$id")->{json}{html}, qr/<img /,
     'an image stays when none are allowed any more');

cmp_ok($n, '>', 30, 'the page has examples');
$nginx->stop;
done_testing();

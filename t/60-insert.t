# comments_insert: the thread in the page, every other byte as it was.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $marker = '<!-- comments -->';
my $bare = qr{<section id="comments".*</section>\n}s;
my $thread = qr{<link[ ]rel="stylesheet"[ ]
                href="/[a-z]+/comments\.css\?v=[0-9a-f]{8}">\n$bare
                <script[ ]src="/[a-z]+/comments\.js\?v=[0-9a-f]{8}"[ ]async>
                </script>\n}sx;

# A large page: the marker in the middle, much that looks like one.
my $part  = "<p>line <!-- no --> <!-- comment --> <b>\xc3\xb8</b></p>\n";
my $large = ($part x 10000) . $marker . ($part x 10000);

my $app = Comments::Nginx->free_port;
my $pid = serve($app);

my $nginx = Comments::Nginx->new(
    files  => {
        'site/page.html'   => "<p>before</p>\n$marker\n<p>after</p>\n",
        'site/twice.html'  => "$marker|$marker",
        'site/none.html'   => "<p>no marker <!-- here -->",
        'site/open.html'   => '<p>cut off <!-- comm',
        'site/count.html'  => 'n=<!-- comments-count -->, page: '
                            . '<!--comments-count /page.html-->.',
        'site/many.html'   => '<!-- comments-count -->' x 202,
        'site/large.html'  => $large,
        'site/nb.html'     => qq{<!DOCTYPE html>\n<HTML class="a" lang='nb-NO'>}
                            . "<body>$marker</body></html>",
        'site/tlh.html'    => "<html lang=tlh><body>$marker</body></html>",
        'site/style.css'   => "/* $marker */",
        'site/ssi.html'    => 'a<!--# include virtual='
                            . '"/comments/thread.html?page=/page.html" -->b'
                            . '<!--# echo var="comments_count" -->',
        'site/both.html'   => "<!--# echo var=\"uri\" -->$marker",
        'site/404.html'    => "gone $marker",
        'site/deep/index.html' => "deep $marker",
    },
    http   => 'types { text/html html; text/css css; }',
    server => <<"END",
        error_page 404 /404.html;
        comments_insert /comments/;
        location = /gz.html   { gzip on; gzip_min_length 1;
                                try_files /page.html =404; }
        location = /sub.html  { sub_filter before BEFORE;
                                try_files /page.html =404; }
        location = /ssi.html  { ssi on; }
        location = /both.html { ssi on; }
        location = /off.html  { comments_insert off;
                                try_files /page.html =404; }
        location /fixed/      { comments localhost; comments_language sv; }
        location = /as.html   { comments_insert /comments page=/page.html;
                                try_files /page.html =404; }
        location = /bare.html { comments_insert /comments/ assets=off
                                                page=/page.html;
                                try_files /page.html =404; }
        location = /fixed.html { comments_insert /fixed/;
                                try_files /nb.html =404; }
        location /small/      { output_buffers 2 100; alias %%DIR%%/site/; }
        location /app/        { proxy_pass http://127.0.0.1:$app; }
        location /direct/     { proxy_buffering off; proxy_buffer_size 4k;
                                proxy_pass http://127.0.0.1:$app; }
        location /front/      { try_files \$uri /page.html; }
END
)->start;


sub post {
    my ($page, $text) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => $page, text => $text, name => 'N',
          email => 'n@example.org' },
        [ Origin => 'http://localhost:' . $nginx->port ]);
    die "$got->{status} $got->{body}" if $got->{status} > 202;
    return $got;
}

# The page around the thread; the thread is left in $1.
sub around {
    my ($body) = @_;
    return $body =~ s/$thread/{T}/r;
}


# Static pages.

my $got  = $nginx->get('/page.html');
my $tag0 = $got->{headers}{etag};
like($got->{body}, $thread, 'the thread is in the page');
is(around($got->{body}), "<p>before</p>\n{T}\n<p>after</p>\n",
   'in the place of the marker, between the bytes of the page');
like($got->{body}, qr/data-page="\/page\.html"/, 'and is that of the page');
ok(!defined $got->{headers}{'accept-ranges'}, 'ranges are not offered');
ok(!defined $got->{headers}{'last-modified'}, 'nor is a date');
ok(!defined $got->{headers}{'content-length'}, 'nor a length');
like($tag0, qr/^W\/"/, 'but a weak tag');

my $posted = post('/page.html', 'the first comment');
$got = $nginx->get('/page.html');
like($got->{body}, qr/the first comment/, 'a comment is in the page at once');
is(around($nginx->get('/twice.html')->{body}), "{T}|$marker",
   'only the first marker is one');
is($nginx->get('/none.html')->{body}, '<p>no marker <!-- here -->',
   'a page without a marker keeps its bytes');
is($nginx->get('/open.html')->{body}, '<p>cut off <!-- comm',
   'so does one that ends in the begin of one');
is($nginx->get('/count.html')->{body}, 'n=0, page: 1.', 'numbers are put in');
is($nginx->get('/many.html')->{body},
   ('0' x 200) . ('<!-- comments-count -->' x 2), '200 in a page at most');
is($nginx->get('/style.css')->{body}, "/* $marker */",
   'what is not HTML is left alone');
ok($nginx->get('/style.css')->{headers}{'accept-ranges'},
   'and keeps its headers');
is($nginx->get('/off.html')->{body} =~ /\Q$marker/ ? 1 : 0, 1,
   'so is a page where it is off');
$got = $nginx->get('/missing.html');
is("$got->{status} $got->{body}", "404 gone $marker", 'and a page of an error');
like($nginx->get('/as.html')->{body}, qr/the first comment/,
     'another page can be named');
$got = $nginx->get('/bare.html')->{body};
like($got, qr/the first comment/, 'or the thread comes alone');
is($got =~ s/$bare/{T}/r, "<p>before</p>\n{T}\n<p>after</p>\n",
   'without stylesheet and script');
for my $asset ($nginx->get('/page.html')->{body}
               =~ /(?:href|src)="([^"]*\?v=[^"]*)"/g)
{
    like($nginx->get($asset)->{headers}{'cache-control'}, qr/immutable/,
         "a browser keeps $asset");
}
like($nginx->get('/front/x?y=1&comments_sort=newest')->{body},
     qr{data-page="/front/x\?y=1"}, 'the page is what was asked for, '
     . 'without what speaks to the thread');
like($nginx->get('/deep/index.html')->{body}, qr{data-page="/deep/"},
     'by its canonical path');
ok(around($nginx->get('/large.html')->{body}) eq $large =~ s/$marker/{T}/r,
   'a large page comes out whole');
ok(around($nginx->get('/small/large.html')->{body})
   eq $large =~ s/$marker/{T}/r, 'also through small buffers');


# Validators.

$got = $nginx->get('/page.html');
my $tag = $got->{headers}{etag};
isnt($tag, $tag0, 'a comment changes the tag');
is($nginx->get('/page.html')->{headers}{etag}, $tag, 'nothing does not');
$got = $nginx->get('/page.html', [ 'If-None-Match' => $tag ]);
is("$got->{status} $got->{body}", '304 ', 'who has the page gets no other');
is($got->{headers}{etag}, $tag, 'but its tag');
is($nginx->get('/page.html', [ 'If-None-Match' => $tag0 ])->{status}, 200,
   'the tag before the comment is old');
my $off = $nginx->get('/off.html')->{headers};
is($nginx->get('/page.html', [ 'If-None-Match' => $off->{etag} ])->{status},
   200, "the file's own tag does not do");
is($nginx->get('/page.html', [ 'If-Modified-Since' =>
   $off->{'last-modified'} ])->{status}, 200, 'nor does its date');
is($nginx->get('/style.css', [ 'If-Modified-Since' => $nginx->get(
   '/style.css')->{headers}{'last-modified'} ])->{status}, 304,
   'elsewhere dates do');
post('/other', 'elsewhere');
is($nginx->get('/page.html', [ 'If-None-Match' => $tag ])->{status}, 200,
   'a number of another page may be in the page');

my $head = $nginx->request('HEAD', '/page.html');
is($head->{status}, 200, 'HEAD is answered');
is($head->{headers}{etag}, $nginx->get('/page.html')->{headers}{etag},
   'with the same tag');
$got = $nginx->get('/page.html', [ Range => 'bytes=0-3' ]);
is("$got->{status} " . around($got->{body}),
   "200 <p>before</p>\n{T}\n<p>after</p>\n", 'a range gets the whole page');


# The language is that of the page, or else of the browser.

post('/nb.html', 'to be counted');
$got = $nginx->get('/nb.html', [ 'Accept-Language' => 'en' ]);
like($got->{body}, qr/lang="nb"[^>]*>.*1 kommentar\b/s,
     'a Norwegian page has a Norwegian thread for English browsers');
unlike($got->{body}, qr/1 comment\b/, 'and no other');
like($got->{body}, qr/name="lang"\s+value="nb"/, 'so has its form');
like($got->{headers}{vary}, qr/Accept-Language/, 'Vary is as elsewhere');
is($nginx->get('/nb.html', [ 'Accept-Language' => 'en', 'If-None-Match' =>
   $got->{headers}{etag} ])->{status}, 304, 'and so is its tag');
like($nginx->get('/small/nb.html')->{body}, qr/Ingen kommentarer/,
     'it is found in small buffers, too');
like($nginx->get('/tlh.html', [ 'Accept-Language' => 'sv' ])->{body},
     qr/name="lang"\s+value="sv"/, 'an unknown one leaves the browser');
like($nginx->get('/page.html', [ 'Accept-Language' => 'sv' ])->{body},
     qr/name="lang"\s+value="sv"/, 'so does none');
like($nginx->get('/fixed.html')->{body}, qr/name="lang"\s+value="sv"/,
     'a fixed one goes before that of the page');
my %field = $nginx->get('/nb.html', [ 'Accept-Language' => 'en' ])->{body}
            =~ /<input type="hidden" name="(\w+)"\s+value="([^"]*)"/g;
is($field{page}, '/nb.html', 'the fields of the form are there');
$got = $nginx->post_form('/comments/comment', { %field, text => '' },
    [ Accept => 'text/html', 'Accept-Language' => 'en',
      Origin => 'http://localhost:' . $nginx->port ]);
is($got->{status}, 422, 'a form without a text is refused');
like($got->{body}, qr/<html lang="nb"/, 'in the language of the page');
like($nginx->get('/comments/thread.html?page=/nb.html',
                 [ 'Accept-Language' => 'en' ])->{body},
     qr/1 comment\b/, 'thread.html knows of no page');


# An author.

my $cookie = $nginx->cookies($posted);
like($posted->{headers}{'set-cookie'}, qr{; Path=/;},
     'the cookie also goes to the page');
$got = $nginx->get('/page.html', [ Cookie => $cookie ]);
is($got->{headers}{'cache-control'}, 'private', 'what it shows is private');
isnt($got->{headers}{etag}, $nginx->get('/page.html')->{headers}{etag},
     'and has a tag of its own');


# One file, one store: what the configuration makes of them is told apart.

$got = $nginx->get('/page.html');
isnt($nginx->get('/bare.html')->{headers}{etag}, $got->{headers}{etag},
     'a page without our script has a tag of its own');
is($nginx->get('/as.html')->{headers}{etag}, $got->{headers}{etag},
   'what is the same has the same tag');


# Neighbours.

$got = $nginx->get('/gz.html', [ 'Accept-Encoding' => 'gzip' ]);
is($got->{headers}{'content-encoding'}, 'gzip', 'gzip comes behind it');
like($nginx->get('/sub.html')->{body}, qr/<p>BEFORE<.*the first|BEFORE/s,
     'so does sub_filter');
like($nginx->get('/ssi.html')->{body}, qr{^a$bare.*b0$}s,
     'SSI includes the thread');
like($nginx->get('/both.html')->{body}, qr{^/both\.html$thread},
     'SSI works beside it');


# Proxied pages.

for my $way ('app', 'direct') {
    for my $at (0 .. length $marker) {
        my $body = $nginx->get("/$way/split/$at")->{body};
        is(around($body), '<p>{T}</p>', "$way: a marker that is cut at $at")
            if $at % 4 == 0 || around($body) ne '<p>{T}</p>';
    }
    is(around($nginx->get("/$way/bytes")->{body}), '<p>{T}</p>',
       "$way: a page that comes byte by byte");
    my $body = $nginx->get("/$way/large")->{body};
    ok(around($body) eq $large =~ s/$marker/{T}/r,
       "$way: a large page in odd pieces comes out whole")
        or diag(length $body);
    is($nginx->get("/$way/gzip")->{body}, "packed $marker",
       "$way: what is encoded is left alone");
    is($nginx->get("/$way/latin1")->{body}, "other $marker",
       "$way: what is not UTF-8 as well");
    $got = $nginx->get("/$way/range");
    is("$got->{status} $got->{body}", "206 part $marker",
       "$way: so is a part of a page");
    is($nginx->get("/$way/tag")->{headers}{etag} =~ s/-.*//r, 'W/"abc',
       "$way: a tag of the page is in that of both");
    ok(!defined $nginx->get("/$way/bytes")->{headers}{etag},
       "$way: no tag makes none");
}
my $told = qr{\[info\].*"/app/gzip" is left as it is.*Encoding "gzip"};
ok($nginx->log_has($told),
   'what is left alone for its encoding is told');


# A form that stands in the page proves it.

my ($token) = $nginx->get('/page.html')->{body}
              =~ /name="token"\s+value="([^"]+)"/;
ok($token, 'the form in the page has a token');

$nginx->stop;


# What nginx -t says.

for (["comments_insert /nowhere/;", qr/needs "location \/nowhere\/" with/],
     ["comments_insert comments;", qr/needs the location of the comments/],
     ["comments_insert /comments/ \$uri;", qr/such as "page=\$uri"/],
     ["comments_insert /comments/; comments_insert off;", qr/is duplicate/])
{
    my ($lines, $said) = @$_;
    like(Comments::Nginx->refusal(server => $lines), $said,
         "refused: $lines");
}

done_testing();


sub serve {
    my ($port) = @_;

    return Comments::Nginx::application($port, sub {
        my ($socket, $head) = @_;
        my ($what, $at) = $head =~ m{^\S+ /\w+/(\w+)/?(\d*)};
        answer($socket, $what, $at);
    });
}

sub answer {
    my ($socket, $what, $at) = @_;

    $socket->autoflush(1);
    binmode $socket;
    print $socket 'HTTP/1.0 ', $what eq 'range' ? '206 Part' : '200 OK',
        "\r\nContent-Type: text/html",
        $what eq 'latin1' ? '; charset=iso-8859-1' : '', "\r\n",
        $what eq 'gzip' ? "Content-Encoding: gzip\r\n" : '',
        $what eq 'tag' ? "ETag: \"abc\"\r\n" : '', "\r\n";

    my $page = $what eq 'gzip'   ? "packed $marker"
             : $what eq 'latin1' ? "other $marker"
             : $what eq 'range'  ? "part $marker"
             : $what eq 'large'  ? $large : "<p>$marker</p>";
    my @pieces = $what eq 'split' ? unpack('a' . (3 + $at) . ' a*', $page)
               : $what eq 'bytes' ? split(//, $page) : ();
    my $n = 1;
    while (!@pieces && length $page) {
        last if $what ne 'large' && push @pieces, $page;
        print $socket substr $page, 0, $n, '';
        $n = ($n * 7 + 13) % 9973 + 1;
    }
    for my $piece (@pieces) {
        print $socket $piece;
        select undef, undef, undef, @pieces > 1 ? 0.005 : 0;
    }
}

END { kill 'KILL', $pid if $pid }

# The newest comments of a site as a list: by its address, and in a page that
# says <!-- comments-recent -->.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => {
        'rules.lua' => 'rule("held", function(c)
            if c.text:find("hold") then return hold() end
          end)',
        'site/index.html' => "<html lang=nb><ul>\n<!-- comments-recent -->",
        'site/two.html'   => 'a<!--comments-recent 2-->b'
                           . '<!-- comments-recent -->',
        'site/odd.html'   => '<!-- comments-recent 0 --><!-- comments-recent'
                           . ' 51 --><!-- comments-recent x -->',
    },
    location => 'comments_rules %%DIR%%/rules.lua; comments_pages any;
                 comments_markup markdown; comments_page_size 3;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location / { comments_insert /comments/; }',
)->start;

sub post {
    my (%fields) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => '/a', name => 'N', email => 'n@example.org',
          title => 'About A & B', %fields });
    die "$got->{status} $got->{body}" if $got->{status} > 202;
    return $got->{json}{id};
}

sub recent {
    my ($query) = @_;
    my $got = $nginx->get("/comments/recent.html$query");
    utf8::decode($got->{body});
    return $got->{status} == 200 ? $got->{body}
           : "$got->{status} $got->{json}{error}{field}";
}

sub ids { return join ' ', $_[0] =~ /#comment-(\d+)"/g }


is(recent(''), "\n", 'nobody has said anything');
is($nginx->get('/index.html')->{body}, "<html lang=nb><ul>\n\n",
   'and a page has nothing there');

my @ids = map { post(text => "number $_") } 1 .. 6;
post(text => 'hold this');
is(ids(recent('')), "@ids[5, 4, 3, 2, 1]", 'five of them, the newest first');
is(ids(recent('?limit=2')), "@ids[5, 4]", 'or as many as one wants');
is(recent('?limit=0'), '400 limit', 'at least one');
is(recent('?limit=50') =~ tr/\n// > 6, 1, 'at most fifty');
is(recent('?limit=51'), '400 limit', 'and no more');

my $list = recent('?lang=nb&limit=1');
like($list, qr{^<ul class="comments-recent" lang="nb" dir="ltr">}, 'a list');
like($list, qr{<bdi class="comments-recent-name">N</bdi>}, 'with the name');
like($list, qr{<a\ href="/a\?comments_at=$ids[5]\#comment-$ids[5]"><bdi>About
               \ A\ &amp;\ B</bdi></a>}x, 'the title, and a link to it');
like($list, qr{<time datetime="[^"]*Z">\d+\. \S+ \d+}, 'the date');
like($list, qr{<p dir="auto">number 6</p>}, 'and the text');

post(page => '/b', title => '', name => '<b>', text => "one **two**\n\n> <i>x"
     . ' & y [z](https://z.example/?a=%3E&b="c)' . "\n\n" . 'ø' x 300);
like(recent('?limit=1'), qr{<bdi>/b</bdi>}, 'without a title, the path');
like(recent('?limit=1'), qr{">&lt;b&gt;</bdi>}, 'what was typed is no HTML');
like(recent('?limit=1'),
     qr{<p dir="auto">one two x &amp; y z ø{100,130} …</p>},
     'of a long text the begin, without its tags');

my $got = $nginx->get('/comments/recent.html?limit=2');
like($got->{headers}{'content-type'}, qr{^text/html; charset=utf-8}i, 'HTML');
is($nginx->get('/comments/recent.html?limit=2',
               [ 'If-None-Match' => $got->{headers}{etag} ])->{status}, 304,
   'who has it gets no other');
post(text => 'another');
isnt($nginx->get('/comments/recent.html?limit=2')->{headers}{etag},
     $got->{headers}{etag}, 'until somebody says something');


# In a page.

my $body = $nginx->get('/index.html')->{body};
like($body, qr{<ul>\n<ul class="comments-recent" lang="nb"},
     'a page has it in its language');
is(ids($body) =~ tr/ //, 4, 'five of them');
like($nginx->get('/two.html')->{body},
     qr{^a<ul.*</ul>\nb<!-- comments-recent -->$}s, 'once in a page');
is(ids($nginx->get('/two.html')->{body}) =~ tr/ //, 1,
   'as many as it says');
is($nginx->get('/odd.html')->{body}, '<!-- comments-recent 0 -->'
   . '<!-- comments-recent 51 --><!-- comments-recent x -->',
   'no number, no list');
my $tag = $nginx->get('/index.html')->{headers}{etag};
post(text => 'and another');
isnt($nginx->get('/index.html')->{headers}{etag}, $tag,
     'a new comment changes the tag of the page');


# Records that are damaged: the page comes with its markers, and the log says
# why, once.

post(page => '/zebra', title => 'Zebras', text => 'seen at dawn');
$nginx->stop;
my $bytes = $nginx->read('store/data.mdb');
$bytes =~ s/.{56}(?=\/zebraZebras|Nseen at dawn)/"\xff" x 56/ges;
$nginx->write('store/data.mdb', $bytes);

my $page = '<!-- comments-recent 1 --> <!-- comments-count /zebra -->'
         . ' <!-- comments-count /a -->';
$nginx->write('site/three.html', $page);
$nginx->start;
is($nginx->get('/three.html')->{body}, $page =~ s/<!-- [^>]* .a -->/8/r,
   'what cannot be read leaves its marker') for 1 .. 3;
my @lines = $nginx->log =~ /^.*\[error\].*comments_insert: (.*?), client/mg;
is_deeply([ map { s/: store_corrupt.*//r } @lines ],
          [ 'no newest comments of "test"', 'no number of "/zebra"' ],
          'a line of the log says so, and of what')
    or diag join "\n", @lines;
like($lines[1], qr/store_corrupt: .*zebra/, '... and why');
ok($nginx->log_has(qr/store_corrupt: .*zebra.*: 2 more/),
   '... and once more, how often');

$nginx->stop;
done_testing();

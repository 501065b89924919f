# GET thread.html: the fragment parses strictly, escapes what people typed,
# and is enough to read, answer, be refused and turn pages without JavaScript.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => <<'END',
rule("held", function(c)
  if c.text:find("hold") then return hold() end
  if c.form.honeypot then return spam("honeypot") end
  if c.text:find("seconds") and c.form.seconds == nil then
    return reject("no seconds")
  end
end)
END
        'site/ssi.html' =>
            '<!--# include virtual="/comments/thread.html?page=/ssi.html" -->',
    },
    location => 'comments_rules %%DIR%%/rules.lua; comments_depth 3;
                 comments_page_size 4; comments_timezone Europe/Oslo;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location = /ssi.html { ssi on; }
                 location /share/ { comments test;
                   comments_base_url https://www.example.org;
                   comments_share copy x email mastodon bluesky linkedin
                                  facebook; }',
)->start;

my $html = [ Accept => 'text/html', Origin => 'http://localhost:'
                                              . $nginx->port ];


sub share_row {
    my ($nginx, $at) = @_;
    my $body = $nginx->get("$at/thread.html?page=/p%3Fa=1%26b")->{body};
    return $body =~ m{<nav class="comments-share".*?</nav>}s ? $& : '';
}

sub fragment {
    my ($query, $headers) = @_;
    my $got = $nginx->get('/comments/thread.html?page=/p' . ($query // ''),
                          $headers);
    utf8::decode($got->{body});
    return $got;
}

sub post {
    my (%fields) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => '/p', name => 'N', email => 'n@example.org', %fields });
    die "$got->{status} $got->{body}" if $got->{status} > 202;
    return $got->{json}{id};
}

my %entity = (lt => '<', gt => '>', quot => '"', amp => '&', '#39' => "'");

# The fields of the form, as a browser would send them.
sub form {
    my ($body) = @_;
    my %fields;
    while ($body =~ /<(?:input|textarea)[^>]* name="([^"]+)"([^>]*)>
                     (?:([^<]*)<\/textarea>)?/gx) {
        my ($name, $rest, $text) = ($1, $2, $3);
        $text //= $rest =~ / value="([^"]*)"/ ? $1 : '';
        $text =~ s/^\n//;
        $text =~ s/&(lt|gt|quot|amp|\#39);/$entity{$1}/g;
        $fields{$name} = $text;
    }
    return %fields;
}

# Every element closes in order, attributes are quoted and stand once.
sub faults {
    my ($body) = @_;
    my (@open, @bad, %ids);
    my $void = qr/^(?:img|input|br|meta|link)$/;

    pos($body) = 0;
    while (pos($body) < length $body) {
        if ($body =~ /\G[^<>]+/gc) { next }
        if ($body =~ m{\G</([a-z0-9]+)>}gc) {
            my $top = pop @open // '';
            push @bad, "</$1> closes <$top>" if $top ne $1;
            next;
        }
        if ($body =~ /\G<([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)>/gc) {
            my ($tag, $attributes) = ($1, $2);
            my %seen;
            while ($attributes =~ /([a-z-]+)(?:="([^"]*)")?/g) {
                push @bad, "$tag: $1 twice" if $seen{$1}++;
                push @bad, "$tag: $1" if $1 eq 'style' || $1 =~ /^on/;
                push @bad, "id $2 twice" if $1 eq 'id' && $ids{$2}++;
            }
            push @bad, $tag if $tag =~ /^(script|style|iframe)$/;
            push @open, $tag unless $tag =~ $void;
            next;
        }
        push @bad, substr $body, pos($body), 40;
        last;
    }

    return join '; ', @bad, map { "<$_> is open" } @open;
}


my $got = fragment();
is($got->{status}, 200, 'a page without comments has a fragment');
is($got->{headers}{'content-type'}, 'text/html; charset=utf-8', 'of HTML');
is(faults($got->{body}), '', 'that is well formed');
like($got->{body}, qr/<p class="comments-none">/, 'and says that it is empty');
like($got->{body}, qr/<form id="comment-form"[^>]* method="post"/,
     'and has the form');
unlike($got->{body}, qr/comments-sort/, 'without an order of nothing');
is(fragment('&reply_to=x&sort=&after=99&lang=&limit=zzz')->{status}, 200,
   'what a page hands on may be wrong');
is($nginx->get('/comments/thread.html')->{status}, 422,
   'only the page must be told');


# The whole way without JavaScript.

my %form = form($got->{body});
is($form{page}, '/p', 'the form knows its page');
is(length $form{token}, 43, 'and has a token');
my ($trap) = grep { /^phone_/ } keys %form;
ok($trap, 'there is a field for machines');
my %typed = (name => 'Kari <b>"', email => 'kari@example.org',
             website => 'https://example.org/?a=1&b=2');

$got = $nginx->post_form('/comments/comment',
    { %form, %typed, text => 'First, within seconds' }, $html);
is($got->{status}, 303, 'a comment is taken');
my ($first) = $got->{headers}{location} =~ m{^/p#comment-(\d+)$};
ok($first, 'the browser is led to it');

$got = fragment();
is(faults($got->{body}), '', 'hostile names leave it well formed');
like($got->{body}, qr/<article id="comment-$first"/, 'and there it stands');
like($got->{body}, qr/>Kari &lt;b&gt;&quot;</, 'with its name escaped');
like($got->{body}, qr{<time [^>]*datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ">},
     'and its time');
like($got->{body}, qr{href="/p\?reply_to=$first#comment-form"},
     'and a link to answer');
like($got->{body}, qr{<article\ id="comment-$first"[^>]*
                      aria-label="Comment\ by\ Kari\ &lt;b&gt;&quot;"}x,
     'who hears the page is told whose it is');
like($got->{body}, qr{class="comment-(?:vote|edit)"[^>]*
                      aria-label="(Like|Edit)\ –\ Comment\ by\ Kari\ &lt;b&gt;
                      &quot;">\1<}x, 'and what a control is for');
like($got->{body}, qr/<h2 class="comments-title">1 comment</, 'one is counted');

$got = $nginx->post_form('/comments/comment',
    { %form, %typed, text => 'Second, the same form' }, $html);
is($got->{status}, 303, 'other words with the same token are another one');
my ($second) = $got->{headers}{location} =~ /(\d+)$/;
isnt($second, $first, 'with a number of its own');
$got = $nginx->post_form('/comments/comment',
    { %form, %typed, text => 'Second, the same form' }, $html);
like($got->{headers}{location}, qr/#comment-$second$/,
     'while the same words are the same comment');

$got = fragment("&reply_to=$first&lang=nb");
is(faults($got->{body}), '', 'a form that answers is well formed');
%form = form($got->{body});
is($form{parent}, $first, 'and knows whom');
like($got->{body}, qr/<h3 [^>]*>Svar på Kari &lt;b&gt;/, 'and says so');
like($got->{body}, qr{class="comments-cancel"><a href="/p#comment-$first"},
     'and can be left');
is(fragment('&reply_to=9999')->{body} =~ /name="parent"/, '',
   'an answer to nothing is none');

$got = $nginx->post_form('/comments/comment',
    { %form, %typed, email => 'nobody', text => "Æ <i>\nkept</textarea>" },
    $html);
utf8::decode($got->{body});
is($got->{status}, 422, 'a wrong field is refused');
is(faults($got->{body} =~ s/<!DOCTYPE html>//r), '',
   'with a page that is well formed');
like($got->{body}, qr/<html lang="nb">/, 'in the language of the form');
like($got->{body}, qr/id="comment-email-error">Det ser ikke ut/,
     'with the message beside the field');
my %again = form($got->{body});
is($again{text}, "Æ <i>\nkept</textarea>", 'and every word');
is($again{$_}, $form{$_}, "and $_") for qw(parent token page lang);
is($again{name}, $typed{name}, 'and the name');

$got = $nginx->post_form('/comments/comment',
    { %again, email => 'kari@example.org' }, $html);
is($got->{status}, 303, 'and once corrected it is taken');
my ($reply) = $got->{headers}{location} =~ /(\d+)$/;
like(fragment()->{body}, qr{<ol\ class="comments-list\ comments-replies">\s*
     <li\ class="comments-item">\s*<article\ id="comment-$reply"}x,
     'below the one that it answers');


# Machines.

%form = form(fragment()->{body});
$got = $nginx->post_form('/comments/comment',
    { %form, %typed, $trap => 'x', text => 'buy' }, $html);
is($got->{status}, 303, 'a machine is told nothing');
unlike(fragment()->{body}, qr/>buy</, 'but is not published');
is($nginx->post_form('/comments/comment',
       { %form, %typed, token => '', text => 'no seconds known' },
       $html)->{status}, 422, 'without a token the seconds are unknown');
is($nginx->post_form('/comments/comment',
       { %form, %typed, page => '/q', text => 'seconds of another page' },
       $html)->{status}, 422, 'nor does another page\'s token tell them');


# Order and pages.

post(text => "more $_") for 1 .. 4;
my $deep = $reply;
$deep = post(text => "deep $_", parent => $deep) for 1 .. 3;

for my $sort ('', '&sort=newest') {
    my ($next, @seen) = ('');
    for (1 .. 8) {
        $got = fragment("$sort$next");
        is(faults($got->{body}), '', "a page is well formed: $sort$next");
        push @seen, $got->{body} =~ /<article id="comment-(\d+)"/g;
        last unless $got->{body} =~ /class="comments-more"[^>]*
                                     data-after="(\d+)"/x;
        $next = "&after=$1";
    }
    my %once = map { $_ => 1 } @seen;
    is(scalar @seen, 10, 'all are seen by the links');
    is(scalar keys %once, 10, 'each once');
}
like($got->{body}, qr/class="comments-first"/, 'the last leads to the first');
like(fragment('&limit=50')->{body}, qr/<p class="comment-answers">/,
     'what is nested no deeper says whom it answers');
like(fragment('&sort=newest')->{body},
     qr{href="/p\?comments_sort=newest&amp;comments_after=\d+#comments"},
     'the links of the pager keep the order');


# Its feed.

my ($feed) = fragment()->{body} =~ /<p class="comments-feed">[^>]*href="(.*?)"/;
is($feed, '/comments/thread.atom?page=/p', 'the thread leads to its feed');
is($nginx->get($feed)->{status}, 200, 'which is there');
my $odd = $nginx->get('/comments/thread.html?page=/p%3Fa=1%26b')->{body};
like($odd, qr{thread\.atom\?page=/p%3Fa%3D1%26b"}, 'whatever the page is');


# Own comments that wait.

$got = $nginx->post_json('/comments/comment',
    { page => '/p', name => 'N', email => 'n@example.org', text => 'hold' });
my ($cookie) = $nginx->cookies($got);
$got = fragment('&limit=50', [ Cookie => $cookie ]);
like($got->{body}, qr/comment-is-pending comment-is-mine/,
     'its author sees one that waits');
is(faults($got->{body}), '', 'in a page that is well formed');
like($got->{headers}{'cache-control'}, qr/private/, 'that is for them alone');
unlike(fragment('&limit=50')->{body}, qr/comment-is-pending/,
       'others do not see it');


# A page that asks for the thread must see the author's cookie.

my ($alone, $inside) = map { { form($nginx->get($_)->{body}) } }
    '/comments/thread.html?page=/ssi.html', '/ssi.html';
my $said = 0;
my $path = sub {
    my ($form, @headers) = @_;
    my $got = $nginx->post_form('/comments/comment',
        { %$form, name => 'N', email => 's@example.org',
          text => 'hold this ' . $said++ }, [ @$html, @headers ]);
    return ($got->{headers}{'set-cookie'} // 'none') =~ /(Path=[^;]+|none)/
           && $1;
};
is($path->($alone), 'Path=/comments/', 'the cookie is for the comments');
is($path->($inside), 'Path=/', 'but for the page that has them by SSI');
is($path->($alone, Cookie => $cookie), 'none', 'who has one gets no other');
is($path->($inside, Cookie => $cookie), 'Path=/',
   'but the same once more, in case the page has not seen it');
is($path->({ %$inside, page => '/p' }), 'Path=/comments/',
   'a form of another page does not count');
like($nginx->get('/ssi.html', [ Cookie => $cookie ])->{body},
     qr/comment-is-pending/, 'so the page shows its author what waits');
unlike($nginx->get('/ssi.html')->{body}, qr/comment-is-pending/,
       'and nobody else');


# Gaps.

is($nginx->tool('delete', $first, '--store', $nginx->dir . '/store')->{exit},
   0, 'one with answers is deleted');
$got = fragment('&limit=50');
like($got->{body}, qr/comment-is-deleted" data-id="$first"/, 'a gap stays');
unlike($got->{body}, qr/Kari[^<]*<.*First, within/s, 'without its author');
is(faults($got->{body}), '', 'and all is well formed');


# Languages.

for (['&lang=nb', undef, 'nb', 'ltr'], ['', 'de-AT,de;q=0.9', 'de', 'ltr'],
     ['&lang=ar', 'de', 'ar', 'rtl'], ['&lang=xx', 'he', 'he', 'rtl'],
     ['', undef, 'en', 'ltr'])
{
    my ($query, $accept, $lang, $dir) = @$_;
    $got = fragment($query, $accept ? [ 'Accept-Language' => $accept ] : []);
    like($got->{body}, qr/<section [^>]*lang="$lang" dir="$dir"/,
         "$query " . ($accept // '-') . " is $lang");
    is(faults($got->{body}), '', '... well formed');
}
$got = $nginx->post_json('/comments/comment', { page => '/p', lang => 'sv' });
is($got->{json}{error}{message}, 'Skriv ditt namn.',
   'a script is refused in the language that it names');
like(fragment('', [ 'Accept-Language' => 'nb' ])->{body},
     qr/<time[^>]*>\d+\. \w+ \d{4} kl\. \d\d:\d\d</, 'dates are in words');


# Validators and the cache.

$got = fragment('&lang=en');
my $etag = $got->{headers}{etag};
ok($etag, 'a fragment has an ETag');
is(fragment('&lang=en', [ 'If-None-Match' => $etag ])->{status}, 304,
   'it is not sent again');
is(fragment('&lang=nb', [ 'If-None-Match' => $etag ])->{status}, 200,
   'but in another language');
isnt($nginx->get('/comments/thread?page=/p')->{headers}{etag}, $etag,
     'JSON has a tag of its own');
post(text => 'changes it');
is(fragment('&lang=en', [ 'If-None-Match' => $etag ])->{status}, 200,
   'and until there is a new comment');
my (%one, %two);
for (1 .. 10) {
    %one = form(fragment('&lang=en')->{body});
    %two = form(fragment('&lang=en')->{body});
    last if $one{token} eq $two{token};
}
is($one{token}, $two{token}, 'readers of one second share a token');
my %other = form($nginx->get('/comments/thread.html?page=/other')->{body});
isnt($other{token}, $two{token}, 'but not that of another page');
sleep 1;
isnt({ form(fragment('&lang=en')->{body}) }->{token}, $one{token},
     'and a second later it is another one');
my $head = $nginx->request('HEAD', '/comments/thread.html?page=/p&lang=en');
is($head->{headers}{'content-length'},
   $nginx->get('/comments/thread.html?page=/p&lang=en')
         ->{headers}{'content-length'}, 'HEAD tells the length');


# Stylesheet and pictures.

$got = $nginx->get('/comments/comments.css');
is("$got->{status} $got->{headers}{'content-type'}",
   '200 text/css; charset=utf-8', 'the stylesheet');
($etag) = $got->{headers}{etag};
is($nginx->get('/comments/comments.css', [ 'If-None-Match' => $etag ])
         ->{status}, 304, 'is not sent twice');
my ($version) = $etag =~ /"(\w+)"/;
like($nginx->get("/comments/comments.css?v=$version")
           ->{headers}{'cache-control'}, qr/immutable/,
     'by its version it is kept for ever');
unlike($nginx->get('/comments/comments.css?v=other')
             ->{headers}{'cache-control'}, qr/immutable/,
       'by another it is not');

my ($words) = fragment('&lang=nb')->{body} =~ / data-words="(\w+)"/;
like($nginx->get("/comments/words?lang=nb&v=$words")
           ->{headers}{'cache-control'}, qr/immutable/,
     'so are the words of its language, whose version a thread tells');
unlike($nginx->get("/comments/words?lang=nn&v=$words")
             ->{headers}{'cache-control'}, qr/immutable/,
       'and each language has its own');

my ($picture) = fragment()->{body} =~ /class="comment-avatar" src="([^"]+)"/;
$got = $nginx->get($picture);
is("$got->{status} $got->{headers}{'content-type'}",
   '200 image/svg+xml; charset=utf-8', 'an author has a picture');
like($got->{headers}{'cache-control'}, qr/immutable/, 'that never changes');
is(faults($got->{body} =~ s/viewBox/viewbox/r =~ s{/>}{></path>}gr
          =~ s{(<rect[^>]*>)</path>}{$1</rect>}r), '', 'and is well formed');
is($nginx->get("/comments/avatar/$_")->{status}, 404, "there is no $_")
    for 'x.svg', '0123456789abcdef', '0123456789ABCDEF.svg';

# A row to share the page.

is(share_row($nginx, '/comments'), '', 'nothing to share unless it is wanted');
my $row = share_row($nginx, '/share');
my $url = 'https%3A%2F%2Fwww.example.org%2Fp%3Fa%3D1%26b';
is(join(' ', $row =~ /class="comments-share-(\w+)"/g),
   'copy x email mastodon bluesky linkedin facebook', 'in the order wanted');
like($row, qr{-copy" [^>]*href="https://www\.example\.org/p\?a=1&amp;b"},
     'the address of the page');
like($row, qr{-x" [^>]*href="https://x\.com/intent/post\?url=\Q$url\E"},
     'which others get whole');
unlike($row, qr/<(?!\/?(?:nav|a)\b)/, 'links and nothing else');

$nginx->stop;
done_testing();

# What the cache of a worker gives is what would be made anew, to the byte,
# whatever happened to the store in between; compressed and not.

use strict;
use warnings;

use Comments::Nginx;
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use Test::More;

my $page = "<!doctype html><html><body><h1>Page</h1>\n<!-- comments -->\n"
    . "<p><!-- comments-count --> of <!-- comments-count /empty --></p>\n"
    . '</body></html>';

my $limits = 'comments_limit_author off; comments_limit_address off;';
my $rules  = 'rule("held", function(c)
    if c.text:find("hold", 1, true) then return hold("Wait.") end
end)';

# Both read the same store; the second one keeps nothing.
my $nginx = server('comments_cache 4m;')->start;
my $plain = server('comments_cache off;', $nginx)->start;

sub server {
    my ($cache, $beside) = @_;

    return Comments::Nginx->new(
        beside   => $beside,
        files    => { 'site/p' => $page, 'site/q' => $page,
                      'rules.lua' => $rules },
        http     => "comments_require name;
                     comments_base_url https://example.org; $cache",
        server   => 'comments_insert /comments/;
                     location /flat/ { comments test; comments_gzip off; }',
        location => "comments_rules %%DIR%%/rules.lua; $limits",
    );
}

my $own = [ Origin => 'http://localhost:' . $nginx->port ];
my ($n, %cookie) = (0);

sub post {
    my ($who, %fields) = @_;

    my $got = $nginx->post_json('/comments/comment',
        { page => '/p', text => 'text ' . ++$n, name => $who, %fields },
        [ @$own, $cookie{$who} ? (Cookie => $cookie{$who}) : () ]);
    BAIL_OUT("post: $got->{body}") if $got->{status} !~ /^20[12]$/;
    $cookie{$who} = $nginx->cookies($got) if $got->{headers}{'set-cookie'};

    return $got->{json}{id};
}

sub change {
    my ($method, $id, $body, $who) = @_;

    my $path = "/comments/comment/$id" . ($method eq 'VOTE' ? '/vote' : '');
    my $got = $nginx->request(
        $method eq 'VOTE' ? 'POST' : $method, $path,
        [ @$own, 'Content-Type' => 'application/json',
          $cookie{$who} ? (Cookie => $cookie{$who}) : () ], $body);
    BAIL_OUT("$method: $got->{status} $got->{body}") if $got->{status} > 299;
}

sub moderate {
    my ($verb, $id) = @_;

    my $said = $nginx->tool($verb, $id, '--store', $nginx->dir . '/store');
    BAIL_OUT("$verb: $said->{err}") if $said->{exit};
}


my %tags;                      # what was said under a tag must stay the same

# All that can be read, as one, as plain bytes and compressed, twice each.
sub same {
    my ($what, $first) = @_;

    my @paths = ('thread?page=/p', 'thread?page=/p&sort=newest',
        'thread?page=/p&limit=2', "thread?page=/p&limit=2&after=$first",
        "thread?page=/p&parent=$first", 'thread?page=/q', 'thread?page=/empty',
        'thread.html?page=/p', 'thread.html?page=/p&lang=nb',
        "thread.html?page=/p&reply_to=$first", 'thread.atom?page=/p',
        'site.atom', 'count?page=/p&page=/q&page=/empty',
        'count?page=/q&page=/p');

    my @readers = ([], [ 'Accept-Language' => 'ar' ],
                   [ Cookie => $cookie{kari} || 'comments_author=x' ]);
    my (@wrong, $compressed);

    for my $path ((map { "/comments/$_" } @paths), '/p', '/q') {
        for my $headers (@readers) {
            my $want = masked($plain->get($path, [ @$headers ]));

            for my $gzip (0, 1, 0, 1) {
                my $got = $nginx->get($path, [ @$headers,
                    $gzip ? ('Accept-Encoding' => 'gzip') : () ]);
                my $by = join ' ', $path, @$headers, $gzip ? 'gzip' : ();

                $compressed++ if unpacked($got);
                push @wrong, $by if masked($got) ne $want;

                my $tag = $got->{headers}{etag} // '';
                my $known = $tags{"$path @$headers $tag"} //= $want;
                push @wrong, "$by: $tag stayed" if $tag && $known ne $want;
                push @wrong, "$by: no 304"
                    if $tag && $path =~ /comments/
                       && $nginx->get($path, [ @$headers,
                              'If-None-Match' => $tag ])->{status} != 304;
            }
        }
    }

    is(join("\n", @wrong), '', "all is as if made anew $what");
    ok($compressed, 'and some of it came compressed');
}

# Tokens are new each time.
sub masked {
    my ($got) = @_;
    return "$got->{status} "
           . $got->{body} =~ s/(name="token" value=")[^"]+/$1/gr;
}

# Unpacks an answer that came as gzip.
sub unpacked {
    my ($got) = @_;

    return 0 if ($got->{headers}{'content-encoding'} // '') ne 'gzip';

    my $text;
    gunzip(\$got->{body} => \$text, TrailingData => \my $rest)
        or die "gunzip: $GunzipError";
    die 'something behind the gzip' if length($rest // '');
    $got->{body} = $text;

    return 1;
}


my $a = post('kari', text => 'The first. ' . 'Words, and more words. ' x 30);
post('ola') for 1 .. 3;
post('ola', page => '/q');
same('after the first posts', $a);

my $answer = post('ola', parent => $a);
same('after an answer', $a);

change('PATCH', $answer, '{"text":"Other words"}', 'ola');
same('after an edit', $a);

change('VOTE', $a, '{"value":"1"}', 'ola');
same('after a vote', $a);

my $held = post('kari', text => 'please hold this');
same('when one waits, which its author sees', $a);

moderate(approve => $held);
same('when it was approved', $a);

moderate(hold => $answer);
same('when another was taken back', $a);

change('DELETE', $held, '', 'kari');
same('when its author deleted it', $a);

moderate(spam => $a);
same('when the first one is spam', $a);
moderate(approve => $a);


# A post changes its own thread alone.

my $other = $nginx->get('/comments/thread?page=/q');
my $count = $nginx->get('/comments/count?page=/q');
post('ola');
for (['thread?page=/q', $other], ['count?page=/q', $count]) {
    my ($path, $before) = @$_;
    is($nginx->get("/comments/$path", [ 'If-None-Match',
           $before->{headers}{etag} ])->{status}, 304,
       "a post elsewhere changes nothing of $path");
}


# Whoever writes, the very next answer shows it: through another nginx here,
# which shares nothing but the store, and the tool.  Addresses of 216 bytes are
# remembered, longer ones are not; several share a place.

sub shown {
    my ($page) = @_;
    my %got = map { $_ => $nginx->get("/comments/$_?page=$page") }
              qw(thread thread.html thread.atom count);
    my ($count) = values %{ $got{count}{json}{counts} };
    return join ' ', $got{thread}{json}{count}, $count,
        scalar(() = $got{'thread.html'}{body} =~ /<article id="comment-/g),
        scalar(() = $got{'thread.atom'}{body} =~ /<entry>/g);
}

my $there = [ Origin => 'http://localhost:' . $plain->port ];
for my $page ('/fresh', map { '/' . 'f' x $_ } 214 .. 217) {
    my (@seen, @want);
    for my $n (1 .. 5) {
        shown($page) for 1 .. 2;
        my $posted = $plain->post_json('/comments/comment',
            { page => $page, text => "n $n", name => 'Eli' }, $there);
        push @seen, shown($page);
        moderate(hold => $posted->{json}{id});
        push @seen, shown($page);
        moderate(approve => $posted->{json}{id});
        push @seen, shown($page);
        push @want, join(' ', ($n) x 4), join(' ', ($n - 1) x 4),
                    join(' ', ($n) x 4);
    }
    is("@seen", "@want", 'what other processes write is seen at once, '
       . length($page) . ' bytes');
}

my (@seen, @want);
for my $n (1 .. 5) {
    $nginx->get('/q');
    my $id = $plain->post_json('/comments/comment',
        { page => '/q', text => "in $n", name => 'Eli' }, $there)->{json}{id};
    push @seen, scalar $nginx->get('/q')->{body} =~ /comment-$id"/;
}
is("@seen", '1 1 1 1 1', 'in a page, too');


# The clock alone closes a thread, in a page as well.

$nginx->stop;
$nginx->{location} .= ' comments_close_after 4s;';
$nginx->configure->start;
$own = [ Origin => 'http://localhost:' . $nginx->port ];
post('ola', page => '/old/');
$nginx->write('site/old/index.html', $page);
my @open = map { $nginx->get($_)->{body} }
           '/old/', '/comments/thread.html?page=/old/';
is(scalar(grep { /name="token"/ } @open), 2, 'a thread is open');
my $tag = $nginx->get('/comments/thread?page=/old/')->{headers}{etag};
ok($nginx->until(sub {
    $nginx->get('/comments/thread?page=/old/')->{json}{closed} }),
   'until it is old');
my @closed = map { $nginx->get($_)->{body} }
             '/old/', '/comments/thread.html?page=/old/';
is(scalar(grep { /name="token"/ } @closed), 0, 'then it has no form any more');
is(scalar(grep { /class="comments-closed"/ } @closed), 2, 'and says so');
is($nginx->get('/comments/thread?page=/old/', [ 'If-None-Match' => $tag ])
         ->{status}, 200, 'under another tag');
$nginx->stop;
$nginx->{location} =~ s/ comments_close_after 4s;//;
$nginx->configure->start;
$own = [ Origin => 'http://localhost:' . $nginx->port ];


# The form of a compressed answer has a token of this second that works.

my @tokens;
for (1 .. 2) {
    my $got = $nginx->get('/comments/thread.html?page=/p',
                          [ 'Accept-Encoding' => 'gzip' ]);
    ok(unpacked($got), 'a form comes compressed');
    push @tokens, $got->{body} =~ /name="token" value="([^"]+)/;
    sleep 1;
}
is(scalar(@tokens), 2, 'with a token');
isnt($tokens[0], $tokens[1], 'which is another one a second later');
my $posted = $nginx->post_form('/comments/comment',
    { page => '/p', text => 'by a form', name => 'Ola', token => $tokens[1] },
    $own);
is($posted->{status}, 201, 'and may be sent');

# Whoever comes in the same second gets the same, and it serves both.
sub forms {
    my ($server) = @_;

    return map { $server->get('/comments/thread.html?page=/p')->{body}
                 =~ /name="token" value="([^"]+)/ } 1 .. 2;
}

for (1 .. 5) {
    @tokens = forms($nginx);
    last if $tokens[0] eq $tokens[1];
}
is($tokens[0], $tokens[1], 'readers of one second share it');
my @shared = map { post($_, text => "by $_", token => $tokens[0]) } 'a', 'b';
isnt($shared[0], $shared[1], 'and what each sends is there');
@tokens = forms($plain);
isnt($tokens[0], $tokens[1], 'where nothing is kept each has another');


# Headers.

my %asked = ('Accept-Encoding' => 'gzip');
my $got = $nginx->get('/comments/thread?page=/p', [ %asked ]);
is($got->{headers}{'content-encoding'}, 'gzip', 'gzip is told');
is($got->{headers}{'content-length'} // 0, length $got->{body},
   'its length too');
is($got->{headers}{vary}, 'Accept-Encoding, Cookie', 'Vary names both');
is($got->{headers}{'cache-control'}, 'no-cache', 'it may be kept, not used '
   . 'unasked');
my $size = length $got->{body};

my $head = $nginx->request('HEAD', '/comments/thread?page=/p', [ %asked ]);
is("$head->{status} $head->{headers}{'content-length'} "
   . $head->{headers}{'content-encoding'}, "200 $size gzip",
   'HEAD tells the same');
is($head->{headers}{etag}, $got->{headers}{etag}, 'with the same tag');

my $whole = $nginx->get('/comments/thread?page=/p');
is($whole->{headers}{etag}, $got->{headers}{etag},
   'what is not compressed has the same weak tag');
is($whole->{headers}{vary}, 'Accept-Encoding, Cookie', 'and the same Vary');
ok($size < length $whole->{body}, 'gzip is smaller');

my $same = $nginx->get('/comments/thread?page=/p',
    [ %asked, 'If-None-Match', $got->{headers}{etag} ]);
is("$same->{status} $same->{headers}{vary}", '304 Accept-Encoding, Cookie',
   'so has a 304');
ok(!$same->{headers}{'content-encoding'}, 'which has no encoding');

is($nginx->get('/comments/thread?page=/p',
               [ 'Accept-Encoding' => 'gzip;q=0' ])
         ->{headers}{'content-encoding'}, undef, 'who refuses gzip gets none');
$got = $nginx->get('/flat/thread?page=/p', [ %asked ]);
is($got->{headers}{'content-encoding'}, undef, 'comments_gzip off makes none');
is($got->{headers}{vary}, 'Cookie', 'and does not vary by it');
like($nginx->get('/p')->{headers}{vary}, qr/Cookie/,
     'a page with a thread is another one for its authors');
$got = $nginx->get('/comments/thread?page=/p',
                   [ %asked, Cookie => $cookie{kari} ]);
is("$got->{headers}{'cache-control'} "
   . ($got->{headers}{'content-encoding'} // 'plain'), 'private, no-cache '
   . 'plain', 'what an author gets is private, and nothing of it is kept');


# Files that are compiled in are compressed there.

for my $path (qw(comments.css comments.js work.js words?lang=nb)) {
    my $plain  = $nginx->get("/comments/$path");
    my $packed = $nginx->get("/comments/$path", [ %asked ]);
    my $size   = length $packed->{body};
    my $head   = $nginx->request('HEAD', "/comments/$path", [ %asked ]);

    is($plain->{headers}{'content-encoding'}, undef, "$path comes as it is");
    is($packed->{headers}{'content-encoding'}, 'gzip', 'or compressed');
    is("$packed->{headers}{'content-length'} "
       . $head->{headers}{'content-length'}, "$size $size", 'by its length');
    ok(unpacked($packed), 'it is unpacked');
    is($packed->{body}, $plain->{body}, 'to the same bytes');
    ok($size < 0.6 * length $plain->{body}, 'which are much less');
    is($packed->{headers}{etag}, $plain->{headers}{etag}, 'under one weak tag');
    is("$_->{headers}{vary}", 'Accept-Encoding', 'and Vary tells')
        for $plain, $packed, $nginx->get("/comments/$path",
            [ 'If-None-Match' => $plain->{headers}{etag} ]);
}
$got = $nginx->get('/flat/comments.js', [ %asked ]);
is($got->{headers}{'content-encoding'} // $got->{headers}{vary}, undef,
   'comments_gzip off is for them, too');


# The limits of what is compressed.

sub thread_of {
    my ($page) = @_;
    return $nginx->get("/comments/thread?page=$page&limit=200", [ %asked ]);
}

# {"counts":{"/aaa":0}} and what of it is not the page
for ([ 511, undef ], [ 512, 'gzip' ]) {
    my ($bytes, $want) = @$_;
    my $got = $nginx->get('/comments/count?page=/'
        . 'a' x ($bytes - length '{"counts":{"/":0}}'), [ %asked ]);
    is($got->{headers}{'content-encoding'}, $want,
       "a body of $bytes bytes is " . ($want || 'not compressed'));
    unpacked($got);
    is(length $got->{body}, $bytes, 'which is its length');
}

my $last;
$last = post('ola', page => '/big', text => "$_ " . 'x' x 9000) for 1 .. 29;
change('PATCH', $last, '{"text":"' . 'y' x 4000 . '"}', 'ola');
$got = thread_of('/big');
unpacked($got);
my $fill = 4000 + 256 * 1024 - length $got->{body};
for ([ $fill, 1, '256 KB are compressed' ], [ $fill + 1, 0, 'one more is not' ])
{
    my ($chars, $compressed, $sentence) = @$_;
    change('PATCH', $last, '{"text":"' . 'y' x $chars . '"}', 'ola');
    my $got = thread_of('/big');
    is(unpacked($got), $compressed, $sentence);
    is(length $got->{body}, 256 * 1024 + $chars - $fill, 'it is that long');
}


# A small cache is bounded and still right.

$nginx->stop;
$nginx->{http} =~ s/comments_cache 4m/comments_cache 40k/;
$nginx->configure->start;
$own = [ Origin => 'http://localhost:' . $nginx->port ];
post('ola', page => "/many/$_", text => 'words ' x 300) for 1 .. 8;

my @wrong;
for my $round (1 .. 3) {
    for my $gzip (1, 0) {
        for (1 .. 8) {
            my $path = "/comments/thread?page=/many/$_";
            my $got = $nginx->get($path, $gzip ? [ %asked ] : []);
            push @wrong, $path if unpacked($got) != $gzip
                || $got->{body} ne $plain->get($path)->{body};
        }
    }
}
is("@wrong", '', 'a cache for a few bodies gives the right ones of many');

# From 16640 bytes on one page is remembered.

for my $bytes (1, 100, 16639, 16640) {
    $nginx->stop;
    $nginx->{http} =~ s/comments_cache \w+/comments_cache $bytes/;
    $nginx->configure->start;
    $own = [ Origin => 'http://localhost:' . $nginx->port ];

    my @wrong;
    for my $page ('/many/1', '/many/2') {
        post('ola', page => $page);
        push @wrong, $page for grep {
            $nginx->get("/comments/thread?page=$page")->{body}
                ne $plain->get("/comments/thread?page=$page")->{body} } 1 .. 3;
    }
    is("@wrong", '', "a cache of $bytes bytes does no harm");
}

$_->stop for $nginx, $plain;
done_testing();

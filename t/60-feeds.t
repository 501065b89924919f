# GET thread.atom and site.atom: valid Atom, validators, nothing that is not
# public.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Comments::XML;
use Test::More;

my $atom = '{http://www.w3.org/2005/Atom}';
my $thr  = '{http://purl.org/syndication/thread/1.0}';
my $base = '{http://www.w3.org/XML/1998/namespace}base';

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("hold") then return hold("Wait.") end
    end)' },
    server   => 'location /named/ { comments test;
                                    comments_base_url https://www.Example.org; }
                 location /other/ { comments other; }',
    location => 'comments_rules %%DIR%%/rules.lua; comments_require none;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my $host = 'http://localhost:' . $nginx->port;


sub post {
    my ($text, %fields) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => '/p', title => 'A & B', text => $text, name => 'Kari',
          %fields });
    die "$got->{status} $got->{body}" if $got->{status} > 202;
    return $got;
}

sub feed {
    my ($path, $headers) = @_;
    my $got = $nginx->get("/comments/$path", $headers);
    $got->{feed} = eval { Comments::XML::parse($got->{body}) };
    fail("$path is XML: $@"), diag $got->{body} if $@ && $got->{body};
    return $got;
}

# Children of a name; their texts.
sub all_of {
    my ($element, $name) = @_;
    return grep { $_->{name} eq ($name =~ /^\{/ ? $name : "$atom$name") }
           @{ $element->{children} };
}
sub text_of { join '|', map { $_->{text} } all_of(@_) }
sub link_of {
    my ($element, $rel) = @_;
    return join '|', map { $_->{attributes}{href} }
           grep { $_->{attributes}{rel} eq $rel } all_of($element, 'link');
}

# What RFC 4287 asks of every feed and entry.
sub valid {
    my ($feed, $sentence) = @_;

    my (@bad, %ids);
    for my $e ($feed, all_of($feed, 'entry')) {
        for my $name (qw(id title updated)) {
            push @bad, "$name: " . all_of($e, $name) if all_of($e, $name) != 1;
        }
        my $id = text_of($e, 'id');
        push @bad, "id $id" if $ids{$id}++ || $id !~
            /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}
             -[0-9a-f]{12}$/x;
        push @bad, "$_ in $id" for grep {
            !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
        } map { $_->{text} } map { all_of($e, $_) } qw(updated published);
        push @bad, "link $_->{attributes}{href}" for grep {
            $_->{attributes}{href} !~ m{^https?://[^/]+/[!-~]*$}
        } all_of($e, 'link');
        push @bad, "alternates of $id" if grep({
            $_->{attributes}{rel} eq 'alternate' } all_of($e, 'link')) != 1;
    }
    for my $e (all_of($feed, 'entry')) {
        my ($author) = all_of($e, 'author');
        push @bad, 'author' unless $author && length text_of($author, 'name');
        push @bad, 'content' if all_of($e, 'content') != 1;
    }
    push @bad, $feed->{name} if $feed->{name} ne "${atom}feed";

    is(join("\n", @bad), '', $sentence);
}


# Nothing yet.

my $got = feed('thread.atom?page=/p');
is($got->{status}, 200, 'a page without comments has a feed');
is($got->{headers}{'content-type'}, 'application/atom+xml; charset=utf-8',
   'of its type');
is($got->{headers}{'cache-control'}, 'no-cache', 'to be asked for each time');
valid($got->{feed}, 'that is valid');
is(scalar all_of($got->{feed}, 'entry'), 0, 'and empty');
my $feed_id = text_of($got->{feed}, 'id');
valid(feed('site.atom')->{feed}, 'so is that of the site');


# Two comments and an answer.

my $first = post('First <b>bold</b> & "quoted" ]]>',
                 website => 'https://example.org/?a=1&b=2');
my $id    = $first->{json}{id};
my $reply = post('An answer', parent => $id, name => 'Øystein <ø>')
            ->{json}{id};
post('Elsewhere', page => '/q?b=1&a="2"', title => '', name => '');

$got = feed('thread.atom?page=/p');
valid($got->{feed}, 'a feed with comments is valid');
is(text_of($got->{feed}, 'id'), $feed_id, 'it keeps its id');
is(text_of($got->{feed}, 'title'), 'A & B', 'has the title of the page');
is(link_of($got->{feed}, 'self'), "$host/comments/thread.atom?page=/p",
   'leads to itself');
is(link_of($got->{feed}, 'alternate'), "$host/p", 'and to the page');

my @entries = all_of($got->{feed}, 'entry');
is(scalar @entries, 2, 'its comments are in it');
is(text_of($entries[1], 'content'), $first->{json}{html},
   'with their HTML, as it is');
my ($content) = all_of($entries[1], 'content');
is($content->{attributes}{type}, 'html', 'said to be HTML');
is($content->{attributes}{$base}, "$host/p", 'of this page');
my ($author) = all_of($entries[1], 'author');
is(text_of($author, 'name'), 'Kari', 'their author');
is(text_of($author, 'uri'), 'https://example.org/?a=1&b=2', 'and website');
is(text_of($entries[1], 'published'), $first->{json}{created}, 'and time');
is(link_of($entries[1], 'alternate'), "$host/p#comment-$id",
   'and where they stand');
is(text_of($entries[0], 'title'), 'Øystein <ø>', 'names are text');
my ($answers) = all_of($entries[0], "${thr}in-reply-to");
is($answers->{attributes}{ref}, text_of($entries[1], 'id'),
   'an answer says what it answers');
is($answers->{attributes}{href}, "$host/p#comment-$id", 'and where that is');
is(scalar all_of($entries[1], "${thr}in-reply-to"), 0,
   'what answers nothing does not');
unlike($got->{body}, qr/example\.org"|@/, 'no address is in it');

my $site = feed('site.atom');
valid($site->{feed}, 'the feed of the site is valid');
my $other = feed('thread.atom?page='
                 . Comments::Nginx::urlencode('/q?b=1&a="2"'))->{feed};
is(join(' / ', map { text_of($_, 'title') } all_of($site->{feed}, 'entry')),
   'Anonymous: ' . text_of($other, 'title')
   . ' / Øystein <ø>: A & B / Kari: A & B',
   'and has comments of all pages, the newest first');
is(text_of($site->{feed}, 'title'), 'test', 'it has the name of the site');
is(link_of($site->{feed}, 'self'), "$host/comments/site.atom",
   'and leads to itself');
is(text_of((all_of($site->{feed}, 'entry'))[2], 'id'),
   text_of($entries[1], 'id'), 'a comment has one id in both');
is(scalar all_of(Comments::XML::parse($nginx->get('/other/site.atom')->{body}),
                 'entry'), 0, 'another site has nothing of it');


# Where the addresses begin.

my $named = Comments::XML::parse(
    $nginx->get('/named/thread.atom?page=/p')->{body});
is(link_of($named, 'self'),
   'https://www.example.org/named/thread.atom?page=/p',
   'comments_base_url stands before all addresses');
$named = feed('thread.atom?page=/p', [ Host => 'a.example:81' ])->{feed};
is(link_of($named, 'alternate'), 'http://a.example:81/p', 'or else the Host');
is(text_of($named, 'id'), $feed_id, 'ids stay all the same');
is(link_of(feed('thread.atom?page=/p', [ Host => "a\xff" ])->{feed},
           'alternate'), 'http://localhost/p', 'or the server_name');


# Validators.

sub tag { $_[0]{headers}{etag} }

my $tag = tag(feed('thread.atom?page=/p'));
like($tag, qr/^W\/"[\w-]+"$/, 'a feed has a tag');
$got = feed('thread.atom?page=/p', [ 'If-None-Match' => $tag ]);
is($got->{status}, 304, 'who has it is told so');
is($got->{body}, '', 'without a body');
is(tag($got), $tag, 'with the tag');
is(feed('thread.atom?page=/p', [ 'If-None-Match' => $tag, Host => 'other' ])
   ->{status}, 200, 'another host has another feed');
my $all = tag(feed('site.atom'));
is(feed('site.atom', [ 'If-None-Match' => $all ])->{status}, 304,
   'the same with the site');

sub changed {
    my ($what) = @_;
    for ([ 'thread.atom?page=/p', \$tag ], [ 'site.atom', \$all ]) {
        my ($path, $old) = @$_;
        my $now = feed($path, [ 'If-None-Match' => $$old ]);
        is($now->{status}, 200, "$what makes $path new");
        valid($now->{feed}, 'and valid');
        $$old = tag($now);
    }
}

my $cookie = $nginx->cookies($first);
my @mine   = ("/comments/comment/$id",
              [ Cookie => $cookie, Origin => $host,
                'Content-Type' => 'application/json' ]);

my $late = post('Late', parent => $reply)->{json}{id};
changed('an answer');
is($nginx->request('PATCH', @mine, '{"text":"Edited"}')->{status}, 200,
   'an author edits');
changed('an edit');
@entries = all_of(feed('thread.atom?page=/p')->{feed}, 'entry');
is(text_of($entries[-1], 'content'), '<p>Edited</p>', 'the new text is there');
cmp_ok(text_of($entries[-1], 'updated'), 'ge', $first->{json}{created},
       'with its time');
is($nginx->request('DELETE', @mine)->{status}, 200, 'an author deletes');
changed('a deletion');
$got = feed('thread.atom?page=/p');
unlike($got->{body}, qr/Edited/, 'the text is gone');
is(scalar all_of($got->{feed}, 'entry'), 2, 'and the entry');
$nginx->tool('spam', '--store', $nginx->dir . '/store', $late);
changed('a decision');

my $held = post('hold this');
is(feed('thread.atom?page=/p', [ 'If-None-Match' => $tag,
        Cookie => $nginx->cookies($held) ])->{status}, 304,
   'what waits changes nothing, even for its author');
unlike(feed('site.atom')->{body}, qr/hold this/, 'nor is it in the site');


# Characters that XML cannot have.

my $nasty = "\x01\x0b\x7f\x{85}a\x{fffe}b\x{ffff}c \x{1F600} "
          . "\x{0338}e\nnew\tline";
is(post($nasty, page => '/x', name => "N\x{fffe}")->{status}, 201,
   'characters that XML lacks are posted');
$got = feed('thread.atom?page=/x');
valid($got->{feed}, 'the feed is valid all the same');
like(text_of((all_of($got->{feed}, 'entry'))[0], 'content'),
     qr/a\x{fffd}b\x{fffd}c \x{1F600}/, 'and shows that something stood there');


# 50 and one more.

post("many $_", page => '/many') for 1 .. 51;
post('an answer to the oldest', page => '/many', parent =>
     $nginx->get('/comments/thread?page=/many')->{json}{comments}[0]{id});
for my $path ('thread.atom?page=/many', 'site.atom') {
    $got = feed($path);
    @entries = all_of($got->{feed}, 'entry');
    is(scalar @entries, 50, "$path has 50 entries");
    is(text_of($entries[0], 'content'), '<p>an answer to the oldest</p>',
       'the newest first, wherever it stands');
    is(text_of($entries[49], 'content'), '<p>many 3</p>', 'and no older ones');
}


# Methods and arguments.

$got = $nginx->request('HEAD', '/comments/site.atom');
is($got->{status}, 200, 'HEAD is answered');
is($got->{body}, '', 'without a body');
is($nginx->request('POST', '/comments/site.atom', [], 'x')->{status}, 405,
   'POST is refused');
is($nginx->get('/comments/thread.atom')->{status}, 422, 'a page is needed');
is($nginx->get('/comments/thread.atom?page=/p&page=/q')->{status}, 400,
   'one page');

$nginx->stop;
done_testing();

# A link to a comment shows the comment, in whichever part of a long thread it
# stands, without JavaScript: what a form leads back to, dates, feeds.

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
        'site/in/long.html' => '<p>A page</p><!-- comments -->',
        'site/in/short.html' => '<p>A page</p><!-- comments -->',
    },
    location => 'comments_rules %%DIR%%/rules.lua; comments_depth 3;
                 comments_page_size 4; comments_pages any;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location /in/ { comments_insert /comments/; }',
)->start;

my $page = '/in/long.html';
my @browser = (Accept => 'text/html',
               Origin => 'http://localhost:' . $nginx->port);

sub post {
    my (%fields) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => $page, name => 'N', email => 'n@example.org', %fields });
    die "$got->{status} $got->{body}" if $got->{status} > 202;
    return $got->{json}{id};
}

# The comments that stand in a page.
sub shown {
    my ($path, @headers) = @_;
    my $got = $nginx->get($path, [ @headers ]);
    return join ' ', $got->{body} =~ /<article id="comment-(\d+)"/g;
}

sub thread {
    my ($query) = @_;
    my $got = $nginx->get("/comments/thread?page=$page$query");
    return $got->{json}{comments}
        ? join ' ', map { $_->{id} } @{ $got->{json}{comments} }
        : "$got->{json}{error}{code} $got->{json}{error}{field}";
}

# Two on the first level, the second with a branch of four, then four more.
my @top = map { post(text => "top $_") } 1 .. 2;
my @low = post(text => 'low 1', parent => $top[1]);
push @low, post(text => 'low 2', parent => $low[0]);
push @low, post(text => "low $_", parent => $top[1]) for 3 .. 5;
push @top, map { post(text => "top $_") } 3 .. 6;


# Which part.

is(thread("&at=$top[0]"), "@top[0, 1] @low[0, 1]", 'the first one');
is(thread("&at=$top[3]"), "@top[3 .. 5]", 'one of the first level begins it');
is(thread("&at=$low[1]"), "$top[1] @low[0 .. 2]",
   'an answer stands in its branch');
is(thread("&at=$low[2]"), "$top[1] @low[0 .. 2]", 'as the last of the part');
is(thread("&at=$low[3]"), "@low[3, 4] @top[2, 3]",
   'and begins it when the branch is too long');
is(thread("&at=$top[3]&sort=newest"), "@top[3, 2, 1] $low[0]",
   'newest first goes on in that order');
is(thread("&at=$low[3]&sort=newest"), "@low[3, 4] $top[0]",
   'from within a branch, too');
is(thread("&at=$low[1]&sort=top"), "$top[1] @low[0 .. 2]", 'by votes as well');
is(thread("&at=$low[1]&parent=$top[1]"), "@low[0 .. 3]",
   'below a parent it is the branch below that one');
is(thread("&at=$top[4]&after=$top[0]"), "@top[4, 5]",
   'where a part goes on is not asked then');
is(thread("&at=$top[2]&limit=1"), $top[2], 'one comment is a part');


# What is wrong.

my $other = post(page => '/other', text => 'elsewhere');
is(thread("&at=$other"), 'argument_invalid at', 'a comment of another page');
is(thread('&at=999'), 'argument_invalid at', 'one that is not there');
is(thread("&at=x"), 'argument_invalid at', 'no number');
is(thread("&at=$top[0]&parent=$top[1]"), 'argument_invalid at',
   'one that is not below that parent');
is(shown("$page?comments_at=999"), "@top[0, 1] @low[0, 1]",
   'a page has its first part then');


# Links.

my $body = $nginx->get("$page?comments_at=$low[3]")->{body};
is(join(' ', $body =~ /<article id="comment-(\d+)"/g),
   "@low[3, 4] @top[2, 3]", 'a page shows the part');
like($body, qr/class="comments-first" href="\Q$page\E#comments"/,
     'and leads to the first one');
unlike($body, qr/data-page="[^"]*comments_at/,
       'the argument makes no other page');
like($body, qr{class="comment-permalink[^>]*
               href="\Q$page\E\?comments_at=$low[3]\#comment-$low[3]"}x,
     'a date links to the part of its comment');
like($body, qr{class="comment-reply"[^>]*href="\Q$page\E\?comments_at=$low[4]
               &amp;reply_to=$low[4]\#comment-form"}x,
     'an answer begins where it belongs');
like($body, qr{class="comment-answers"><a\ href="\Q$page\E
               \?comments_at=$top[1]\#comment-$top[1]"}x,
     'who is answered is found in another part');

my $feed = $nginx->get("/comments/thread.atom?page=$page")->{body};
like($feed, qr{href="[^"]*\Q$page\E\?comments_at=$top[5]\#comment-$top[5]"},
     'a feed links to the part');
like($feed, qr{<thr:in-reply-to[^>]*\?comments_at=$top[1]\#comment-$top[1]"},
     'and to what is answered');
like($nginx->get('/comments/site.atom')->{body},
     qr{href="[^"]*/other#comment-$other"}, 'a short thread has one part');


# Pages of their own lead back to it.

sub back {
    my ($got) = @_;
    my ($link) = $got->{body}
                 =~ /<p class="comments-back"><a href="([^"]+)"/;
    return $link // "$got->{status} $got->{body}";
}

is(back($nginx->get("/comments/comment/$top[3]/report")),
   "$page?comments_at=$top[3]#comment-$top[3]", 'from a report');
is(back($nginx->post_form("/comments/comment/$top[3]/report",
                          { reason => 'Rude.' }, [ @browser ])),
   "$page?comments_at=$top[3]#comment-$top[3]", 'and from its thanks');
is(back($nginx->get("/comments/comment/$other/report")),
   "/other#comment-$other", 'in a short thread the page does');

# After a form.

sub sent {
    my (%fields) = @_;
    my $got = $nginx->post_form('/comments/comment',
        { page => $page, name => 'B', email => 'b@example.org', %fields },
        [ @browser ]);
    my ($cookie) = $nginx->cookies($got);
    my ($path, $id) = ($got->{headers}{location} // '') =~ /(.*)#comment-(\d+)/
        or die "$got->{status} $got->{body}";
    return ($path, $id, Cookie => $cookie);
}

my ($path, $id, @cookie) = sent(text => 'from a form');
like(shown($path), qr/\b$id\b/, 'who posts is led to the comment');

is(back($nginx->get("/comments/comment/$id/edit", [ @cookie ])),
   "$page?comments_at=$id#comment-$id", 'a page to edit leads back to it');
is(back($nginx->post_form("/comments/comment/$id",
        { page => $page, action => 'edit', text => '' },
        [ @browser, @cookie ])),
   "$page?comments_at=$id#comment-$id", 'also when the text is refused');
my $refused = $nginx->post_form('/comments/comment',
    { page => $page, parent => $low[2], name => 'B', text => 'no address' },
    [ @browser ]);
is(back($refused), "$page?comments_at=$low[2]#comment-$low[2]",
   'a refused answer leads to what it answers');
$refused = $nginx->post_form('/comments/comment',
    { page => $page, name => 'B', text => 'no address' }, [ @browser ]);
is(back($refused), "$page#comments", 'any other one to all of them');

($path, $id, @cookie) = sent(text => 'hold this');
like(shown($path, @cookie), qr/^$id\b/, 'also to one that waits');
unlike(shown($path), qr/\b$id\b/, 'which nobody else sees');

($path, $id, @cookie) = sent(text => 'hold this answer', parent => $low[0]);
is(shown($path, @cookie), "$top[1] @low[0, 1] $id $low[2]",
   'in its branch');

($path) = sent(page => '/in/short.html', text => 'short');
is($path, '/in/short.html', 'a short thread needs no argument');

done_testing;

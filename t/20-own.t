# Own comments, votes, reports and previews: who may, how long, and what is
# left of what was there.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Test::More;

my $limits = 'comments_limit_author off; comments_limit_address off;';

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("words", function(c)
        if c.event == "edit" and c.text == "only when edited" then
          return hold("Edited.") end
        if c.text == "hold" then return hold("We read this first.") end
        if c.text == "spam" then return spam("looks like it") end
        if c.text == "reject" then return reject("Not here, please.") end
        if c.text:find("careful", 1, true) then return hold("Careful.") end
        if c.author.approved > 0 and c.text == "newcomer" then
          return hold("Known already.") end
    end)' },
    location => "comments_rules %%DIR%%/rules.lua; $limits
                 comments_markup html; comments_text_max 600;",
    server   => "location /short/ { comments test; $limits
                   comments_edit_window 1s; }
                 location /far/ { comments test;
                   comments_origins https://app.example.org; }
                 location /off/ { comments test; $limits
                   comments_edit_window off; }
                 location /slow/ { comments test; comments_limit_author off;
                   comments_limit_address 2/1h; }",
)->start;

my $own = [ Origin => 'http://localhost:' . $nginx->port ];
my ($n, %cookie) = (0);
my $html = [ Accept => 'text/html' ];


# A post by a reader who keeps cookies; its id.
sub post {
    my ($who, %fields) = @_;

    my $got = $nginx->post_json('/comments/comment',
        { page => '/p', text => 'text ' . ++$n, name => ucfirst $who,
          email => "$who\@example.org", %fields }, as($who));
    $cookie{$who} = $nginx->cookies($got) if $got->{headers}{'set-cookie'};
    BAIL_OUT("post: $got->{body}") if $got->{status} !~ /^20[12]$/;

    return $got->{json}{id};
}

sub as {
    my ($who) = @_;
    return $cookie{$who} ? [ @$own, Cookie => $cookie{$who} ] : $own;
}

sub edit {
    my ($who, $id, $text, $at) = @_;
    return $nginx->request('PATCH', ($at || '/comments') . "/comment/$id",
        [ 'Content-Type' => 'application/json', @{ as($who) } ],
        JSON::PP->new->utf8->encode({ text => $text }));
}

sub take_back {
    my ($who, $id, $at) = @_;
    return $nginx->request('DELETE', ($at || '/comments') . "/comment/$id",
                           as($who));
}

sub vote {
    my ($who, $id, $value, $at) = @_;
    return $nginx->post_json(($at || '/comments') . "/comment/$id/vote",
                             { value => $value }, as($who));
}

sub thread {
    my ($who, $page) = @_;
    my $got = $nginx->get('/comments/thread?page=' . ($page || '/p'),
                          as($who));
    return { map { $_->{id} => $_ } @{ $got->{json}{comments} } };
}

sub refused {
    my ($got, $status, $code, $sentence) = @_;
    is("$got->{status} " . ($got->{json}{error}{code} // '-'),
       "$status $code", $sentence);
}


# Editing.

my $id  = post('kari', text => 'newcomer');
my $tag = $nginx->get('/comments/thread?page=/p')->{headers}{etag};
my $got = $nginx->get("/comments/comment/$id", as('kari'));
is($got->{json}{text}, 'newcomer', 'an author gets what was typed');
ok(!exists $nginx->get("/comments/comment/$id")->{json}{text},
   'nobody else does');

$got = edit('kari', $id, 'Better <b>words</b>');
is($got->{status}, 200, 'an author edits');
is($got->{json}{html}, '<p>Better <b>words</b></p>', 'by the same markup');
like($got->{json}{edited}, qr/^\d{4}-.*Z$/, 'edited has a time');
is($got->{json}{author}{name}, 'Kari', 'the name stays');
is($nginx->get("/comments/comment/$id")->{json}{html},
   '<p>Better <b>words</b></p>', 'everybody sees it');
isnt($nginx->get('/comments/thread?page=/p')->{headers}{etag}, $tag,
     'the thread has another version');
is(edit('kari', $id, 'newcomer')->{json}{status}, 'approved',
   'the rules see the history before the comment itself');

refused($nginx->post_json('/comments/comment', { page => '/p',
        text => 'newcomer', name => 'Kari', email => 'kari@example.org' },
        as('kari')), 409, 'duplicate', 'the new words are known again');
my $second = post('kari', text => 'Better <b>words</b>');
ok($second, 'the old ones may be said again');
refused(edit('kari', $second, 'newcomer'), 409, 'duplicate',
        'an edit cannot repeat another comment');

refused(edit('kari', $id, ''), 422, 'text_missing', 'an empty text');
refused(edit('kari', $id, 'x' x 601), 422, 'text_too_long',
        'a text one character too long');
is(edit('kari', $id, 'x' x 600)->{status}, 200, 'a text at the limit');
refused($nginx->request('PATCH', "/comments/comment/$id", as('kari'), 'x'),
        415, 'media_type_unsupported', 'a body of no type');

post('ola');
refused(edit('ola', $id, 'mine now'), 403, 'not_yours', 'a foreign cookie');
refused(edit('nobody', $id, 'mine now'), 403, 'not_yours', 'no cookie');
refused(edit('kari', 999999, 'text'), 404, 'not_found',
        'a comment that is not there');
is($nginx->get("/comments/comment/$id")->{json}{html},
   '<p>' . 'x' x 600 . '</p>', 'nothing of it changed the text');

my @evil = ('Content-Type' => 'application/json', Cookie => $cookie{kari});
for my $method (qw(PATCH DELETE)) {
    refused($nginx->request($method, "/comments/comment/$id",
            [ @evil, Origin => 'https://evil.example' ], '{"text":"evil"}'),
            403, 'origin_forbidden', "$method from another origin");
    refused($nginx->request($method, "/comments/comment/$id",
            [ @evil ], '{"text":"evil"}'), 403, 'origin_forbidden',
            "$method with a cookie from nowhere");
}


# What the rules say of the new text.

is(edit('kari', $id, 'only when edited')->{status}, 202,
   'a stricter verdict holds');
is($nginx->get("/comments/comment/$id")->{status}, 404,
   'and takes it from the public');
$got = edit('kari', $id, 'harmless');
is($got->{status}, 202, 'a held comment is edited, and goes on waiting');
is($got->{json}{html}, '<p>harmless</p>', 'with its new text');
is(thread('kari')->{$id}{html}, '<p>harmless</p>', 'as its author sees');
refused(edit('ola', $id, 'mine'), 404, 'not_found',
        'others do not learn that it is there');
is(edit('kari', $id, 'spam')->{json}{status}, 'pending',
   'spam looks as if it waits');
refused(edit('kari', $id, 'reject'), 422, 'rejected', 'a rejected edit');
refused(edit('kari', $id, 'sorry'), 404, 'not_found', 'is the last one');

$id = post('kari', text => 'careful, https://example.org/a');
my $store = $nginx->dir . '/store';
is($nginx->tool('approve', $id, '--store', $store)->{exit}, 0,
   'a person approves a held comment');
is(edit('kari', $id, 'still careful, https://example.org/a')->{json}{status},
   'approved', 'which is not held again for the same links');
is(edit('kari', $id, 'careful, https://example.org/b')->{json}{status},
   'pending', 'but for a new one');
is(edit('kari', post('kari'), 'careful too')->{json}{status}, 'pending',
   'what only rules approved is held');

my $dump = $nginx->tool('show', $id, '--store', $store, '--json')->{out};
like($dump, qr/"receipt":\{[^}]*"verdict":"hold"/, 'the receipt is the new');
my $export = $nginx->tool('export', 'jsonl', '--site', 'test', '--key',
                          $nginx->dir . '/comments.key', '--store', $store);
my ($line) = grep { ($_->{text} // '') =~ m{example\.org/b} }
             map { JSON::PP->new->utf8->decode($_) }
             split /\n/, $export->{out};
is($line->{edited}, $nginx->get("/comments/comment/$id", as('kari'))
                           ->{json}{edited}, 'exports tell when');


# The window.

$id = post('kari');
is(edit('kari', $id, 'in time', '/short')->{status}, 200,
   'inside the window');
sleep 3;
refused(edit('kari', $id, 'too late', '/short'), 403, 'edit_window_over',
        'after it');
refused(take_back('kari', $id, '/short'), 403, 'edit_window_over',
        'nor is it deleted');
is(edit('kari', $id, 'a longer window')->{status}, 200,
   'elsewhere it is open');
refused(edit('kari', $id, 'never', '/off'), 403, 'edit_window_over',
        'off is off');


# Forms.

$got = $nginx->post_form("/comments/comment/$id",
    { action => 'edit', text => 'By a form' }, [ @{ as('kari') }, @$html ]);
is("$got->{status} $got->{headers}{location}", "303 /p#comment-$id",
   'a form edits and leads back to the comment');
$got = $nginx->post_form("/comments/comment/$id",
    { action => 'edit', text => 'kept <words> ' . 'x' x 600 },
    [ @{ as('kari') }, @$html ]);
is($got->{status}, 422, 'a form that is refused');
like($got->{body}, qr/kept &lt;words&gt;/, 'keeps its text');
like($got->{body}, qr/action="\/comments\/comment\/$id"/,
     'and where it goes');
like($got->{body}, qr/name="action" value="edit"/, 'and what it does');
unlike($got->{body}, qr/name="email"/, 'and asks for nothing more');
refused($nginx->post_form("/comments/comment/$id", { action => 'burn' },
        as('kari')), 422, 'action_invalid', 'an action that is not there');
refused($nginx->post_form("/comments/comment/$id", { text => 'x' },
        as('kari')), 422, 'action_invalid', 'no action');


# Many at once.

$id = post('kari');
my @editors = map {
    my $k = $_;
    my $pid = fork // die;
    if (!$pid) { edit('kari', $id, "edit $k.$_") for 1 .. 5; POSIX::_exit(0) }
    $pid;
} 1 .. 6;
waitpid $_, 0 for @editors;
like($nginx->get("/comments/comment/$id")->{json}{html},
     qr{^<p>edit [1-6]\.[1-5]</p>$}, 'of many edits one is the last');


# Deleting.

$id = post('kari', page => '/d', text => 'Unmistakable',
           name => 'Nameless', website => 'https://website.example/x');
my $reply = post('ola', page => '/d', parent => $id);
refused(take_back('ola', $id), 403, 'not_yours', 'a foreign cookie');
$got = take_back('kari', $id);
is($got->{status}, 200, 'an author deletes');
is_deeply($got->{json}, { id => $id, status => 'deleted' }, 'and is told');
my $gap = thread('kari', '/d')->{$id};
is($gap->{status}, 'deleted', 'with answers a gap is left');
is_deeply([ @$gap{qw(author html mine)} ], [ undef, '', JSON::PP::false ],
          'without anything in it');
is(thread('kari', '/d')->{$reply}{parent}, $id, 'the answer stays below it');
refused(take_back('kari', $id), 404, 'not_found', 'it goes once');
refused(edit('kari', $id, 'again'), 404, 'not_found',
        'and does not come back');
is(take_back('ola', $reply)->{status}, 200, 'the answer goes, too');
is_deeply(thread('kari', '/d'), {}, 'and nothing is left');

$id = post('kari', page => '/d');
$got = $nginx->post_form("/comments/comment/$id", { action => 'delete' },
                         [ @{ as('kari') }, @$html ]);
is("$got->{status} $got->{headers}{location}", '303 /d#comments',
   'a form deletes and leads back to the comments');
$id = post('kari', page => '/d', text => 'hold');
is(take_back('kari', $id)->{status}, 200, 'a held comment is deleted');

my $copy = $nginx->dir . '/copy';
is($nginx->tool('copy', $copy, '--compact', '--store', $store)->{exit}, 0,
   'a compact copy');
my $bytes = $nginx->read('copy/data.mdb');
cmp_ok(length $bytes, '>', 4096, 'has the comments');
unlike($bytes, qr/Unmistakable|Nameless|website\.example/,
       'but nothing of the deleted one');


# Votes.

$id = post('kari', page => '/v');
$got = vote('ola', $id, 1);
is($got->{status}, 200, 'a vote');
is_deeply($got->{json}{votes}, { up => 1, down => 0, mine => 1 }, 'counts');
ok(!$got->{headers}{'set-cookie'}, 'a known reader keeps the cookie');
is_deeply(vote('ola', $id, 1)->{json}{votes},
          { up => 1, down => 0, mine => 1 }, 'once');
is_deeply(vote('ola', $id, -1)->{json}{votes},
          { up => 0, down => 1, mine => -1 }, 'it can be changed');
is_deeply(thread('ola', '/v')->{$id}{votes},
          { up => 0, down => 1, mine => -1 }, 'the thread tells the voter');
is_deeply(thread('nobody', '/v')->{$id}{votes},
          { up => 0, down => 1, mine => 0 }, 'and others the numbers');
is_deeply(vote('ola', $id, 0)->{json}{votes},
          { up => 0, down => 0, mine => 0 }, 'and taken back');

refused(vote('kari', $id, 1), 403, 'own_comment', 'not on an own comment');
refused(vote('ola', $id, $_), 422, 'vote_invalid', "no vote of '$_'")
    for 2, -2, '', '+1', '1 ';
refused(vote('ola', 999999, 1), 404, 'not_found', 'on what is not there');
refused(vote('ola', post('kari', page => '/v', text => 'hold'), 1), 404,
        'not_found', 'on what waits');

$got = vote('new', $id, 1);
like($got->{headers}{'set-cookie'}, qr/^comments_author=/,
     'a first vote sets the cookie');
is($got->{json}{votes}{mine}, 1, 'and is one\'s own');
$cookie{new} = $nginx->cookies($got);
is(thread('new', '/v')->{$id}{votes}{mine}, 1, 'ever after');
ok(!vote('nobody', $id, 0)->{headers}{'set-cookie'},
   'taking back what was not given sets none');
$got = $nginx->post_form("/comments/comment/$id/vote", { value => 1 },
                         [ @{ as('ola') }, @$html ]);
is("$got->{status} $got->{headers}{location}", "303 /v#comment-$id",
   'a form votes and leads back to the comment');

my @children = map {
    my $pid = fork // die;
    if (!$pid) { vote('new', $id, -1) for 1 .. 5; POSIX::_exit(0) }
    $pid;
} 1 .. 8;
waitpid $_, 0 for @children;
is_deeply(thread('new', '/v')->{$id}{votes},
          { up => 1, down => 1, mine => -1 }, 'many at once are one');

vote('slow', $id, 0);
is(vote("s$_", $id, 1, '/slow')->{status}, 200, "vote $_ within the rate")
    for 1, 2;
$got = vote('s3', $id, 1, '/slow');
refused($got, 429, 'too_many', 'one past the rate');
like($got->{headers}{'retry-after'}, qr/^\d+$/, 'is told when');


# Reports.

sub report {
    my ($who, $id, $reason) = @_;
    return $nginx->post_json("/comments/comment/$id/report",
                             { reason => $reason }, as($who));
}

$got = report('ola', $id, "Not\nkind. ");
is($got->{status}, 200, 'a report');
is_deeply($got->{json}, { id => $id, reported => JSON::PP::true },
          'is taken');
is(report('ola', $id, 'again')->{status}, 200, 'twice');
refused(report('new', $id, 'x' x 501), 422, 'reason_too_long',
        'a reason one character too long');
is(report('new', $id, 'å' x 500)->{status}, 200, 'one at the limit');
is($nginx->request('POST', "/comments/comment/$id/report",
                   as('kari'))->{status}, 200, 'and none at all');
refused(report('ola', 999999, ''), 404, 'not_found', 'of what is not there');

my ($told) = map { JSON::PP->new->utf8->decode($_) }
             $nginx->tool('show', $id, '--store', $store, '--json')->{out};
is($told->{report_count}, 3, 'moderators see how many');
is_deeply([ sort map { $_->{reason} // '' } @{ $told->{reports} } ],
          [ '', 'Not kind.', 'å' x 500 ], 'and why');
unlike($nginx->get("/comments/comment/$id")->{body}, qr/kind\./,
       'nobody else does');
is(take_back('kari', $id)->{status}, 200, 'the comment is deleted');
unlike($nginx->tool('show', $id, '--store', $store, '--json')->{out},
       qr/Not kind/, 'and its reports with it');


# Previews.

my $text = "A <b>preview</b> & <script>x</script>\nhttps://example.org/";
$got = $nginx->post_json('/comments/preview', { text => $text }, $own);
is($got->{status}, 200, 'a preview');
$id = post('kari', page => '/w', text => $text);
is($got->{json}{html},
   $nginx->get("/comments/comment/$id")->{json}{html},
   'is what the comment becomes');
is_deeply([ keys %{ $got->{json} } ], ['html'], 'and nothing else');
$got = $nginx->post_form('/comments/preview', { text => 'form' },
                         [ @$own, @$html ]);
is($got->{json}{html}, '<p>form</p>', 'of a form is JSON, too');
refused($nginx->post_json('/comments/preview', { text => 'x' x 601 }, $own),
        422, 'text_too_long', 'of a text too long');
refused($nginx->post_json('/comments/preview', { text => '' }, $own), 422,
        'text_missing', 'of nothing');


# Methods, and scripts of other origins.

$got = $nginx->request('OPTIONS', "/far/comment/$id",
    [ Origin => 'https://app.example.org',
      'Access-Control-Request-Method' => 'PATCH' ]);
is("$got->{status} $got->{headers}{'access-control-allow-methods'}",
   '204 GET, HEAD, POST, PATCH, DELETE, OPTIONS',
   'an origin that is named may use them all');

$got = $nginx->request('PUT', "/comments/comment/$id", $own, 'x');
is("$got->{status} $got->{headers}{allow}",
   '405 GET, HEAD, POST, PATCH, DELETE, OPTIONS', 'Allow of a comment');
$got = $nginx->get("/comments/comment/$id/vote");
is("$got->{status} $got->{headers}{allow}", '405 POST, OPTIONS',
   'Allow of votes');
is($nginx->get($_)->{status}, 404, "$_ is nothing")
    for "/comments/comment/$id/burn", '/comments/comment//vote',
        '/comments/comment/x/vote', "/comments/comment/$id/";

my $check = $nginx->tool('check', '--store', $store);
is($check->{exit}, 0, 'the store is whole') or diag explain $check;

$nginx->stop;
done_testing();

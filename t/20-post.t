# POST comment: the three encodings, what comes back, and every refusal of
# the validation with its status, code, field and sentence.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text == "hold" then return hold("We read this first.") end
        if c.text == "hold silently" then return hold() end
        if c.text == "spam" then return spam("looks like it") end
        if c.text == "reject" then return reject("Not here, please.") end
    end)' },
    location => 'comments_rules %%DIR%%/rules.lua; comments_text_max 100;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my %good = (page => '/blog/post.html', text => "Hei på deg!\n\nTo avsnitt.",
            name => 'Kari', email => 'kari@example.org',
            website => 'https://example.org/kari', title => 'A post');


sub post {
    my (%fields) = @_;
    return $nginx->post_json('/comments/comment', { %good, %fields });
}

sub refused {
    my ($got, $status, $code, $field, $sentence) = @_;

    is("$got->{status} " . ($got->{json}{error}{code} // '-') . ' '
       . ($got->{json}{error}{field} // '-'), "$status $code $field",
       $sentence);
    like($got->{json}{error}{message}, qr/^\p{Lu}.*\.$/,
         '... with a sentence for a person');
}


my $got = post();
is($got->{status}, 201, 'a comment as JSON is published');
is($got->{headers}{'content-type'}, 'application/json; charset=utf-8',
   'the answer is JSON');
is($got->{headers}{'x-content-type-options'}, 'nosniff',
   'and nothing else');
is($got->{headers}{'cache-control'}, 'no-store', 'and not kept by caches');
is($got->{headers}{location}, "/comments/comment/$got->{json}{id}",
   'Location leads to the comment');
is($got->{json}{status}, 'approved', 'it is approved');
is($got->{json}{author}{name}, 'Kari', 'with its author');
is($got->{json}{author}{url}, 'https://example.org/kari', 'and website');
is($got->{json}{html}, '<p>Hei på deg!</p><p>To avsnitt.</p>' =~
   s/></>\n</r, 'with paragraphs') or diag $got->{json}{html};
like($got->{json}{created}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
     'created in UTC');
ok($got->{json}{mine}, 'it is mine');
unlike($got->{body}, qr/kari\@example/, 'the address is not in the answer');

my $again = $nginx->get("/comments/comment/$got->{json}{id}");
is($again->{status}, 200, 'the next GET finds it');
is($again->{json}{html}, $got->{json}{html}, 'with the same text');
ok(!$again->{json}{mine}, 'for somebody else it is not theirs');

$got = $nginx->post_form('/comments/comment', { %good, text => 'As a form' });
is($got->{status}, 201, 'a urlencoded form is published');
is($got->{json}{html}, '<p>As a form</p>', 'with its text');

$got = $nginx->post_multipart('/comments/comment',
                              { %good, text => 'As multipart æøå' });
is($got->{status}, 201, 'a multipart form is published');
is($got->{json}{html}, '<p>As multipart æøå</p>', 'with its text');

my $reply = post(text => 'An answer', parent => $got->{json}{id});
is($reply->{status}, 201, 'an answer is published');
is($reply->{json}{parent}, $got->{json}{id}, 'below what it answers');
$reply = post(text => "\@$got->{json}{author}{name}: yes",
              parent => $got->{json}{id});
like($reply->{json}{html}, qr/<a href="#comment-$got->{json}{id}">\@/,
     'a mention of its author leads there');
is($reply->{json}{depth}, 1, 'one level down');
like($nginx->post_json('/comments/preview', {
         text => "\@$got->{json}{author}{name}: yes",
         parent => $got->{json}{id} })->{json}{html},
     qr/<a href="#comment-$got->{json}{id}">\@/, 'a preview shows that, too');
unlike($nginx->post_json('/comments/preview',
         { text => "\@$got->{json}{author}{name}: yes" })->{json}{html},
       qr/<a /, 'but not of what answers nobody');

$reply = post(text => 'Another', parent => "$got->{json}{id}");
is($reply->{status}, 201, 'parent may be a string of digits');


# Held, spam, rejected.

$got = post(text => 'hold');
is($got->{status}, 202, 'a held comment is stored');
is($got->{json}{status}, 'pending', 'it is pending');
is($got->{json}{message}, 'We read this first.', 'with the words of the rule');
my $cookie = $nginx->cookies($got);
my $held   = $got->{json}{id};
is($nginx->get("/comments/comment/$held")->{status}, 404,
   'others do not see it');
is($nginx->get("/comments/comment/$held", [Cookie => $cookie])->{status}, 200,
   'its author does');

$got = post(text => 'hold silently');
like($got->{json}{message}, qr/moderator/,
     'without words of its own the author is told who reads it');

$got = post(text => 'spam');
is($got->{status}, 202, 'spam is answered like a held comment');
is($got->{json}{status}, 'pending', 'it looks pending to its author');

$got = post(text => 'reject');
refused($got, 422, 'rejected', 'text', 'a rejected comment is refused');
is($got->{json}{error}{message}, 'Not here, please.',
   'with the words of the rule');
is(post(text => 'reject')->{json}{error}{code}, 'rejected',
   'and again when it is sent again');


# Validation.

refused(post(page => ''), 422, 'page_invalid', 'page', 'no page');
refused(post(page => 'blog'), 422, 'page_invalid', 'page', 'no path');
refused(post(page => '/' . 'a' x 1024), 422, 'page_invalid', 'page',
        'a page one byte too long');
is(post(page => '/' . 'a' x 1023)->{status}, 201, 'a page at the limit');
refused(post(name => ''), 422, 'name_missing', 'name', 'no name');
refused(post(name => 'n' x 101), 422, 'name_too_long', 'name',
        'a name one character too long');
is(post(name => 'ø' x 100, text => 'long name')->{status}, 201,
   'a name at the limit');
refused(post(email => ''), 422, 'email_missing', 'email', 'no e-mail');
refused(post(email => $_), 422, 'email_invalid', 'email', "e-mail $_")
    for 'kari', 'kari@', '@example.org', 'a b@example.org', 'a@b@c.org',
        'a@example', "a\@example.org\nBcc: x\@y.org";
refused(post(website => $_), 422, 'website_invalid', 'website', "website $_")
    for 'javascript:alert(1)', 'ftp://example.org', 'example',
        'http://', 'https://exa mple.org', 'data:text/html,x';
refused(post(website => 'https://example.org/' . 'a' x 481), 422,
        'website_too_long', 'website', 'a website one byte too long');
is(post(website => 'https://example.org/' . 'a' x 480, text => 'long site')
   ->{status}, 201, 'a website at the limit');
refused(post(text => ''), 422, 'text_missing', 'text', 'no text');
refused(post(text => " \n\t "), 422, 'text_missing', 'text', 'only blanks');
refused(post(text => 'å' x 101), 422, 'text_too_long', 'text',
        'a text one character too long');
is(post(text => 'å' x 100)->{status}, 201, 'a text at the limit');
refused(post(title => 't' x 301), 422, 'title_too_long', 'title',
        'a title one character too long');
refused(post(parent => 999999), 422, 'parent_invalid', 'parent',
        'a parent that does not exist');
refused(post(parent => $held), 422, 'parent_invalid', 'parent',
        'a parent that is not approved');
refused(post(parent => 'one'), 422, 'parent_invalid', 'parent',
        'a parent that is no number');
refused(post(parent => 1, page => '/other'), 422, 'parent_invalid', 'parent',
        'a parent on another page');
refused(post(token => 'x' x 15), 422, 'token_invalid', 'token',
        'a token one byte too short');
refused(post(token => 'x' x 2561), 422, 'token_invalid', 'token',
        'a token one byte too long');
refused(post(text => ['a']), 422, 'field_invalid', 'text',
        'a field of a wrong type');

refused($nginx->post_json('/comments/comment', '{"text": '), 400,
        'json_invalid', '-', 'broken JSON');
refused($nginx->post_json('/comments/comment', '{"text":"a","text":"b"}'),
        400, 'json_invalid', '-', 'a member that stands twice');
refused($nginx->post_json('/comments/comment', '[]'), 400, 'json_invalid',
        '-', 'JSON that is no object');
refused($nginx->post_json('/comments/comment', ''), 400, 'json_invalid', '-',
        'an empty body');
refused($nginx->post_form('/comments/comment', [ text => 'a', text => 'b' ]),
        400, 'form_invalid', 'text', 'a form field that stands twice');
refused($nginx->request('POST', '/comments/comment',
        [ 'Content-Type' => 'application/x-www-form-urlencoded' ],
        'page=/&text=%ff%fe&name=a&email=a@example.org'), 400, 'not_utf8',
        'text', 'text that is no UTF-8');
refused($nginx->request('POST', '/comments/comment',
        [ 'Content-Type' => 'text/plain' ], '{"text":"a"}'), 415,
        'media_type_unsupported', '-', 'a type that is not taken');
refused($nginx->request('POST', '/comments/comment', [], 'text=a'), 415,
        'media_type_unsupported', '-', 'no type at all');
refused($nginx->post_json('/comments/comment',
                          '{"text":"' . 'a' x (256 * 1024) . '"}'),
        413, 'body_too_large', '-', 'a body beyond the limit');


# Duplicates and tokens.

is(post(text => 'said once')->{status}, 201, 'a text');
refused(post(text => 'said once'), 409, 'duplicate', 'text',
        'the same text again');
is(post(text => 'said once', page => '/elsewhere')->{status}, 201,
   'the same text on another page');
is(post(text => 'said once', name => 'Ola', email => 'ola@example.org')
   ->{status}, 201, 'the same text by another author');

my $token = 'a' x 16;
my $first = post(text => 'with a token', token => $token);
my $twice = post(text => 'with a token', token => $token);
is($first->{status}, 201, 'a comment with a token');
is($twice->{status}, 201, 'the same again');
is($twice->{json}{id}, $first->{json}{id}, 'is the same comment');
$got = post(text => 'hold', page => '/twice');
is($got->{json}{message}, 'We read this first.', 'a comment that waits');
$got = post(text => 'hold', page => '/twice');
is($got->{status}, 409, 'is refused the second time');
is($got->{json}{error}{message}, 'You have already said that here.',
   'and told why, not that it waits');

is(post(text => 'hold', page => '/t', token => 'b' x 20)->{status}, 202,
   'a held comment with a token');
is(post(text => 'hold', page => '/t', token => 'b' x 20)->{status}, 202,
   'the same again is held, too');


# Browsers.

my $html = [ Accept => 'text/html,application/xhtml+xml,*/*;q=0.8' ];

$got = $nginx->post_form('/comments/comment', { %good, text => 'Browser' },
                         $html);
is($got->{status}, 303, 'a browser is sent back to the page');
like($got->{headers}{location}, qr{^/blog/post\.html#comment-\d+$},
     'to its comment');

$got = $nginx->post_form('/comments/comment',
    { %good, text => 'Kept <b>"&', email => 'no address' }, $html);
is($got->{status}, 422, 'a browser is refused with the right status');
is($got->{headers}{'content-type'}, 'text/html; charset=utf-8',
   'with a page');
like($got->{body}, qr/Kept &lt;b&gt;&quot;&amp;/, 'that keeps the text');
like($got->{body}, qr/value="no address"/, 'and every other field');
like($got->{body}, qr/id="comment-email-error">[^<]+e-mail/,
     'with the message beside the field');

$got = $nginx->post_form('/comments/comment',
    { %good, page => '//evil.example/x', text => 'away' }, $html);
unlike($got->{headers}{location} // '', qr{^(//|https?:)},
       'nobody is sent to another site');


# Methods.

for my $method (qw(GET PUT DELETE)) {
    $got = $nginx->request($method, '/comments/comment');
    is($got->{status}, 405, "$method is not for comment");
    like($got->{headers}{allow}, qr/POST/, '... and Allow says what is');
}
is($nginx->request('POST', '/comments/thread', [], 'x')->{status}, 405,
   'POST is not for thread');
is($nginx->get('/comments/nothing')->{json}{error}{code}, 'not_found',
   'what is not there is not found');

my $check = $nginx->tool('check', '--store', $nginx->dir . '/store');
is($check->{exit}, 0, 'the store is whole') or diag explain $check;

$nginx->stop;
done_testing();

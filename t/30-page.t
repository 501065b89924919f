# What a page says of itself in its head reaches rules: by the form that nginx
# put into it, then by the thread, and never by who posts.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use MIME::Base64 qw(encode_base64url decode_base64url);
use Test::More;

my $rules = <<'END';
rule("says", function(c)
  local meta, tags = c.page.meta, c.page.tags
  return hold(tostring(meta.deadline) .. "/" .. tostring(meta["n17"]) .. "/"
    .. tostring(tags["court case"]) .. "/" .. tostring(tags["åpent møte"]),
    tostring(c.page.title))
end)
END

sub page {
    my ($head) = @_;
    return "<!doctype html>\n<html lang=en><head><title>A <page></title>\n"
         . "$head</head>\n<body><!-- comments --></body></html>\n";
}

sub titled {
    return page('') =~ s/A <page>/$_[0]/r;
}

my $deadline = '<meta name="comments:deadline" content="2013-01-31">';
my $filler   = '<link rel="stylesheet" href="/a.css">' . "\n";

my $nginx = Comments::Nginx->new(
    rules => 0,
    files => {
        'rules.lua'       => $rules,
        'site/none.html'  => page(''),
        'site/mute.html'  => '<!-- comments -->',
        'site/one.html'   => page($deadline),
        'site/other.html' => page($deadline =~ s/2013/2014/r),
        'site/tags.html'  => page(
            "<meta property='article:tag' content='Court Case'>\n"
          . '<meta name="keywords" content="a, &Aring;pent m&oslash;te,b">'),
        'site/evil.html'  => page(
            '<meta name="comments:deadline" content='
          . '"&lt;b&gt; &quot;x&quot; &amp;amp; \'">'),
        'site/many.html'  => page(join '', map {
            "<meta name='comments:n$_' content='$_'>" } 1 .. 17),
        'site/long.html'  => page(
            '<meta name="comments:deadline" content="' . ('x' x 600) . '">'),
        'site/large.html' => page(($filler x 300) . $deadline),
        'site/huge.html'  => page(($filler x 2000) . $deadline),
        'site/bare.html'  => "$deadline<!-- comments -->",
        'site/body.html'  => "<p>words</p>$deadline<!-- comments -->",
        'site/edit.html'  => page($deadline),
        'site/later.html' => page($deadline),
        'site/first.html' => page(''),
        'site/plain.html' => page(''),
        'site/sent.html'  => page(''),
        'site/renamed.html' => page(''),
        'site/named.html' => titled('Tom &amp; Jerry,
             in <b>Oslo</b>'),
        'site/pieces.html' => titled('The whole long name of the harbour'),
        'site/svg.html'   => "<title>Ours</title><p><!-- comments -->"
                           . '<svg><title>Theirs</title></svg>',
        'site/late.html'  => '<p><svg><title>Theirs</title></svg>'
                           . '<!-- comments -->',
    },
    http     => 'types { text/html html; }',
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location / { comments_insert /comments/; }
                 location /small/ { comments_insert /comments/;
                                    output_buffers 2 100;
                                    alias %%DIR%%/site/; }',
)->start;
my $store = $nginx->dir . '/store';
my $n = 0;

sub token {
    my ($path, @headers) = @_;
    my ($token) = $nginx->get($path, [ @headers ])->{body}
                  =~ /name="token"\s+value="([^"]+)"/;
    return $token // die "no form in $path";
}

sub post {
    my ($page, $token, @headers) = @_;
    return $nginx->post_json('/comments/comment',
        { page => $page, text => 'Comment ' . ++$n, name => 'N',
          email => 'n@example.org',
          defined $token ? (token => $token) : () }, [ @headers ]);
}

sub says {
    my $got = post(@_);
    return $got->{json}{message} // "$got->{status} $got->{body}";
}

sub about {
    my ($token) = @_;
    return decode_base64url($token =~ s/^[^.]*\.?//r);
}

sub metas {
    return about(@_) =~ s/^=A <page>\n//r;
}

# As the store has it; the thread of readers changes with what they see.
sub title_of {
    my ($page) = @_;
    my $out = $nginx->tool('export', 'jsonl', '--store', $store, '--key',
        $nginx->dir . '/comments.key', '--site', 'test')->{out};
    my ($last) = grep { ($_->{page} // '') eq $page }
                 map { decode_json($_) } split /\n/, $out;
    return $last->{title};
}

# What rules saw of it.
sub title_ruled {
    my ($got) = @_;
    my $shown = decode_json($nginx->tool('show', $got->{json}{id}, '--json',
                                         '--store', $store)->{out});
    return $shown->{receipt}{rules}[0]{note};
}

sub title {
    my ($page) = @_;
    return $nginx->get("/comments/thread?page=$page")->{json}{title};
}


# A page says what it says.

is(length token('/mute.html'), 43, 'a page that says nothing has short tokens');
is(about(token('/none.html')), "=A <page>\n", 'the title is in the token');
is(says('/none.html', token('/none.html')), 'nil/nil/nil/nil',
   'and nothing is known of it');
is(metas(token('/one.html')), "deadline=2013-01-31\n",
   'what a page says is in the token');
is(says('/one.html', token('/one.html')), '2013-01-31/nil/nil/nil',
   'and rules know it');
is(says('/tags.html', token('/tags.html')),
   "nil/nil/Court Case/\x{c5}pent m\x{f8}te",
   'tags are found in lower case and have the letters of the page');
is(says('/evil.html', token('/evil.html')), "<b> \"x\" &amp; '/nil/nil/nil",
   'references are decoded once');
is(says('/small/one.html', token('/small/one.html')), '2013-01-31/nil/nil/nil',
   'in many buffers');
is(says('/large.html', token('/large.html')), '2013-01-31/nil/nil/nil',
   'behind 10 KB of others');
is(says('/bare.html', token('/bare.html')), '2013-01-31/nil/nil/nil',
   'in a page that spells out no head');
is(says('/body.html', token('/body.html')), 'nil/nil/nil/nil',
   'but nothing counts that stands in the body');
is(says('/huge.html', token('/huge.html')), 'nil/nil/nil/nil',
   'nor past 64 KB');
ok($nginx->get('/one.html?x')->{body} =~ /\Q$deadline/,
   'the page keeps its bytes');


# Limits.

unlike(about(token('/many.html')), qr/n17/, '16 names at most');
like(about(token('/many.html')), qr/^n16=16$/m, 'and those are there');
ok($nginx->log_has(qr/"\/many\.html" says more of itself than rules can know/),
   'the log tells of it');
is(metas(token('/long.html')), '', '512 bytes at most');
is(says('/long.html', token('/long.html')), 'nil/nil/nil/nil',
   'what is too long is not known, not cut');


# Nobody else can say it.

my ($one, $other) = (token('/one.html'), token('/other.html'));
my ($mine, $said) = split /\./, $one;
my $later = encode_base64url("deadline=2099-12-31\n");
is(says('/other.html', $one), 'nil/nil/nil/nil',
   'the token of another page tells nothing');
is(says('/other.html', $mine . '.' . $later), 'nil/nil/nil/nil',
   'nor does one that is made up');
is(says('/none.html', token('/none.html') . '.' . $later), 'nil/nil/nil/nil',
   'nor what is added to a token');
is(says('/other.html', $other), '2014-01-31/nil/nil/nil',
   'while its own one does');
is(says('/other.html', (split /\./, $other)[0] . '.' . $later),
   '2014-01-31/nil/nil/nil', 'a forged one afterwards changes nothing');
is(says('/other.html', $mine), '2014-01-31/nil/nil/nil',
   'nor one whose words were cut off');
my $got = $nginx->post_json('/comments/comment',
    { page => '/none.html', text => 'A field.', name => 'N',
      email => 'n@example.org', meta => 'x', deadline => 'x',
      'page.meta' => 'x' });
is($got->{json}{message}, 'nil/nil/nil/nil', 'no field of a post does');
is(post('/none.html', 'x' x 2560)->{status}, 202, 'a token has 2560 bytes');
is(post('/none.html', 'x' x 2561)->{json}{error}{field}, 'token',
   'and no more');


# What a form did not see, the thread knows.

is(says('/later.html'), 'nil/nil/nil/nil',
   'before anybody posted from the page nothing is known');
says('/later.html', token('/later.html'));
is(says('/later.html'), '2013-01-31/nil/nil/nil',
   'a post without the form of the page knows what an earlier one told');
is(says('/later.html', token('/comments/thread.html?page=/later.html')),
   '2013-01-31/nil/nil/nil', 'so does one by a form that did not see it');

my $old = token('/later.html');
sleep 1;
$nginx->write('site/later.html', page($deadline =~ s/2013/2015/r));
is(says('/later.html'), '2013-01-31/nil/nil/nil', 'a page that has changed');
is(says('/later.html', token('/later.html')), '2015-01-31/nil/nil/nil',
   'is known by the next post from it');
is(says('/later.html', $old), '2015-01-31/nil/nil/nil',
   'and an older form does not bring back what was');
sleep 1;
$nginx->write('site/later.html', page(''));
is(says('/later.html', token('/later.html')), 'nil/nil/nil/nil',
   'a page can also stop to say it');
is(says('/later.html'), 'nil/nil/nil/nil', 'which the thread knows, too');

$got = post('/edit.html', token('/edit.html'));
my $cookie = $nginx->cookies($got);
$nginx->write('site/edit.html', page(''));
$got = $nginx->request('PATCH', "/comments/comment/$got->{json}{id}",
    [ Cookie => $cookie, 'Content-Type' => 'application/json',
      Origin => 'http://localhost:' . $nginx->port ],
    encode_json({ text => 'Other words.' }));
is($got->{json}{message} // $got->{body}, '2013-01-31/nil/nil/nil',
   'an edit knows it as well');

is(says('/first.html', token('/first.html', Cookie => $cookie)),
   'nil/nil/nil/nil', 'who has a cookie');
like(metas(token('/edit.html?x', Cookie => $cookie)), qr/^$/,
     'has a form of his own');
$nginx->write('site/edit.html', page($deadline));
$got = post('/edit.html', token('/edit.html'), Cookie => $cookie);
is(metas(token('/edit.html', Cookie => $cookie)), "deadline=2013-01-31\n",
   'which tells the same, also where own comments are shown');


# Its title names the thread, also where no script is there to send one.

is(title('/none.html'), 'A <page>', 'a thread is called as its page');
says('/named.html', token('/named.html'));
is(title('/named.html'), 'Tom & Jerry, in <b>Oslo</b>',
   'in one line, with references decoded, and no tags');
says('/small/pieces.html', token('/small/pieces.html'));
is(title('/small/pieces.html'), 'The whole long name of the harbour',
   'also when it came in pieces');
says('/svg.html', token('/svg.html'));
is(title('/svg.html'), 'Ours', 'not as a picture in it');
says('/late.html', token('/late.html'));
is(title('/late.html'), '', 'not even when it has no title');
says('/mute.html', token('/mute.html'));
is(title('/mute.html'), '', 'a page without a title has none');

$got = $nginx->post_form('/comments/comment', {
    page => '/plain.html', token => token('/plain.html'), name => 'N',
    email => 'n@example.org', text => 'No script.' });
is($got->{status}, 202, 'a form without a script');
is(title('/plain.html'), 'A <page>', 'gives the thread its title');

$got = $nginx->post_json('/comments/comment', {
    page => '/sent.html', token => token('/sent.html'), name => 'N',
    email => 'n@example.org', text => 'My title.', title => 'Buy pills' });
is(title('/sent.html'), 'A <page>', 'who posts cannot say another one');
is(title_ruled($got), 'A <page>', 'to rules neither');
$nginx->post_json('/comments/comment', {
    page => '/free.html', name => 'N', email => 'n@example.org',
    text => 'My title.', title => 'A title' });
is(title('/free.html'), 'A title', 'but where nginx never saw the page');
$got = $nginx->post_json('/comments/comment', {
    page => '/free.html', name => 'N', email => 'n@example.org',
    text => 'Another title.', title => 'Buy pills' });
is(title_ruled($got), 'A title', 'the first post says it to rules, too');

my $old_form = token('/renamed.html');
says('/renamed.html', token('/renamed.html'));
sleep 1;
$nginx->write('site/renamed.html', titled('Another'));
says('/renamed.html', token('/renamed.html'));
is(title_of('/renamed.html'), 'Another',
   'a page can get another title');
says('/renamed.html', token('/renamed.html'));
is(title_of('/renamed.html'), 'Another', 'and keeps it');
is(title_ruled(post('/renamed.html', $old_form)), 'Another',
   'rules see it from an older form, too');
is(title_of('/renamed.html'), 'Another',
   'an older form does not bring back the first one');

# Receipts keep it.

my $receipt = decode_json($nginx->tool('rules', 'explain', 5, '--json',
                                       '--store', $store)->{out});
is($receipt->{verdict}, 'hold', 'a comment');
my ($id) = map { $_->{json}{id} } post('/tags.html', token('/tags.html'));
my $shown = decode_json($nginx->tool('show', $id, '--json', '--store',
                                     $store)->{out});
is_deeply($shown->{receipt}{given}{'page.tags'},
          { 'court case' => 'Court Case', a => 'a', b => 'b',
            "\x{e5}pent m\x{f8}te" => "\x{c5}pent m\x{f8}te" },
          'its receipt has what the page said');
is_deeply($shown->{receipt}{given}{'page.meta'}, {}, 'or that it said nothing');

my $again = $nginx->tool('rules', 'replay', $nginx->dir . '/rules.lua',
                         '--store', $store, '--json');
$again = decode_json($again->{out});
cmp_ok($again->{same_ruleset}{comments}, '>', 25, 'all of these');
is($again->{same_ruleset}{identical}, $again->{same_ruleset}{comments},
   'are decided again to the byte, though pages have changed');

$nginx->write('next.lua', <<'END');
rule("any", function(c)
  if c.page.meta.deadline == "2014-01-31" then return spam("late") end
end)
END
$again = decode_json($nginx->tool('rules', 'replay', $nginx->dir . '/next.lua',
    '--store', $store, '--json')->{out});
cmp_ok($again->{verdicts}{hold}{spam}, '>', 1,
       'a later rule is held against what they say');

is($nginx->tool('check', '--store', $store)->{exit}, 0, 'the store is whole');
is_deeply([ $nginx->alarming ], [], 'and nothing alarming was logged');
$nginx->stop;

done_testing();

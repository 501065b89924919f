# C/moderate/rules: rules are tried on a comment and on the newest ones, those
# that serve or a file that was pasted, within bounds, and nothing is kept.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes 'time';

my $password = 'correct horse battery';

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => <<'END' },
rule("casino", function(c)
  if c.text:find("casino", 1, true) then
    return hold("Read first.", '"casino" is a word')
  end
end)
END
    location => 'comments_limit_author off; comments_limit_address off;
                 comments_rules %%DIR%%/rules.lua;
                 comments_moderators %%DIR%%/moderators;',
    server   => 'location /other/ { comments other;
                   comments_limit_author off; comments_limit_address off; }',
);

my $own    = 'http://localhost:' . $nginx->port;
my $secret = $nginx->write('secret', "$password\n");
my $tool   = $Comments::Nginx::BUILD . '/ngx-comments';

for ([ 'kari', 'owner' ], [ 'ola', 'moderator' ]) {
    is(system("$tool moderator add $_->[0] --role $_->[1] --file "
              . $nginx->dir . "/moderators --password-stdin <$secret"
              . ' >/dev/null'), 0, "$_->[0] is $_->[1]");
}
$nginx->start;

sub sign_in {
    my $got = $nginx->post_json('/comments/moderate/session',
        { name => $_[0], password => $password }, [ Origin => $own ]);
    return [ Origin => $own, Cookie => $nginx->cookies($got),
             'X-Comments-Token' => $got->{json}{token} ];
}

my $kari = sign_in('kari');
my $ola  = sign_in('ola');

sub post {
    my ($text, $at) = @_;
    my $got = $nginx->post_json(($at // '/comments') . '/comment',
        { page => '/p', text => $text, name => 'Nina', title => 'A page',
          email => 'nina@example.org' });
    return $got->{json}{id} // BAIL_OUT("post: $got->{body}");
}

sub try {
    my ($fields, %o) = @_;
    return $nginx->post_json('/comments/moderate/rules' . ($o{path} // ''),
        $fields, $o{who} // $ola);
}

sub replay { return try($_[0], path => '/replay') }

sub state {
    return $nginx->tool('stats', '--store', $nginx->dir . '/store')->{out};
}


# One comment.

my $got = try({ text => 'A casino.', name => 'N' });
is($got->{status}, 200, 'a moderator tries the rules that serve');
is($got->{json}{receipt}{rules}[0]{note}, '"casino" is a word',
   'and sees the receipt');
is("$got->{json}{file}{rules} $got->{json}{file}{tests}", '1 0',
   'and how many rules and tests there are');

my $id    = post('All about the casino.');
my $plain = post('A word about nothing.');
my $alien = post('In another place.', '/other');
my $before = state();

$got = try({ comment => $id });
is($got->{json}{receipt}{verdict}, 'hold', 'a comment is picked');
is($got->{json}{receipt}{ruleset},
   $nginx->get("/comments/moderate/comment/$id", $kari)->{json}{receipt}
   {ruleset}, 'and decided about by the rules that have done so');

my $pasted = <<'END';
settings { thresholds = { hold = 2 } }
rule("nothing", function(c)
  print("looked at", c.author.name, c.author.key)
  if c.text:find("nothing", 1, true) then
    return spam("nothing " .. tostring(c.author.key))
  end
end)
test("it finds nothing", { text = "nothing" }, "spam", "nothing")
END

$got = try({ comment => $plain, rules => $pasted });
my $receipt = $got->{json}{receipt};
is($receipt->{verdict}, 'spam', 'a pasted file decides about it');
is("$receipt->{rules}[0]{file}:$receipt->{rules}[0]{line}", 'pasted.lua:2',
   'by its lines');
is($got->{json}{file}{tests}, 1, 'after its tests');
like($receipt->{trace}, qr/looked at\tNina/, 'what it prints is told,');
is(scalar(() = $got->{body} =~ /[0-9a-f]{32}/g), 2,
   'and no hash of an author: only those of the rules')
    or diag($got->{body});

is(try({ comment => 99999 })->{status}, 404, 'what is not there is not found');
is(try({ comment => $alien })->{json}{error}{code}, 'not_found',
   'nor what is on another site');
is(try({ comment => 'first' })->{json}{error}{field}, 'comment',
   'and a word is no number');


# Files that are no good.

for (
    [ "local x = 1\nrule(\"caf\n", 2, qr/unfinished string/, 'half a file' ],
    [ "rule('x', function(c)\n  return c.txet\nend)\n"
      . "test('t', { text = 'x' }, 'accept')", 2,
      qr/no "txet"; did you mean "text"/, 'a wrong name, with the nearest' ],
    [ "-- one\n\nlocal bad = list('words.txt')\n", 3,
      qr/the list "words.txt" is not there: pasted rules read no other/,
      'a list' ],
    [ "local x = 1\ninclude 'more.lua'\n", 2,
      qr/the file "more.lua" is not there: pasted rules read no other/,
      'an include' ],
    [ "rule('x', function(c) end)\n\ntest('t', {}, 'spam')\n", 3,
      qr/the test "t" fails/, 'a test that fails' ],
    [ "while true do end\n", 1, qr/steps/, 'one that does not end' ],
    [ "\x{1b}Lua", 1, qr/./, 'bytecode' ],
) {
    my ($rules, $line, $why, $what) = @$_;
    $got = try({ text => 'x', rules => $rules });
    is($got->{status}, 200, "$what is a result:");
    is($got->{json}{refused}{line}, $line, '... with its line');
    like($got->{json}{refused}{error}, $why, '... and what is wrong');
    is($got->{json}{receipt}, undef, '... and nothing was decided');
}

$nginx->write('pasted_test.lua', 'error("read")');
is(try({ text => 'x', rules => 'rule("r", function(c) end)' })
   ->{json}{refused}, undef, 'no file of tests is looked for');

my $most = 65536;
is(try({ text => 'x', rules => '--' . '-' x ($most - 2) })->{status}, 200,
   "$most bytes are taken");
$got = try({ text => 'x', rules => '--' . '-' x ($most - 1) });
is("$got->{status} $got->{json}{error}{code} $got->{json}{error}{field}",
   '413 body_too_large rules', 'and one more is not');


# Time: a pasted file may be made to take long.

my $slow = "local function slow()\n  local n = 0\n"
         . "  for i = 1, 40000 do n = n + i end\nend\n"
         . "rule('slow', function(c) slow() end)\n"
         . join '', map { "test('t$_', {}, 'accept')\n" } 1 .. 1000;
my $start = time;
$got = try({ text => 'x', rules => $slow });
my $took = time - $start;
like($got->{json}{refused}{error} // 'taken', qr/too (?:long|many steps)|taken/,
     'a thousand slow tests are stopped or done');
cmp_ok($took, '<', 20, sprintf 'in bounded time: %.1f s', $took);


# Many comments.

post("Number $_ about nothing.") for 1 .. 20;
post("Number $_ about the casino.") for 1 .. 10;
$before = state();

$got = replay({ rules => $pasted });
my $r = $got->{json}{replay};
is($got->{status}, 200, 'a pasted file decides again');
is("$r->{comments} $r->{changed}", '32 32', 'about all there are');
is_deeply($r->{verdicts}, { accept => { spam => 21 },
                            hold => { accept => 11 } }, 'before and now');
is(scalar @{ $r->{changes} }, 32, 'with what would change,');
is($r->{changes}[0]{id}, $id + 32, 'the newest first');
is($r->{complete} ? 1 : 0, 1, 'and there was time for all');

$r = replay({ rules => $pasted, newest => 10 })->{json}{replay};
is("$r->{comments} $r->{changes}[-1]{id}", '10 ' . ($id + 23),
   'or about the newest ones');
$r = replay({})->{json}{replay};
is("$r->{comments} $r->{changed}", '32 0',
   'the rules that serve say what they said');
for (0, 5001, -1, 'all') {
    is(replay({ newest => $_ })->{json}{error}{field}, 'newest',
       "$_ is not a number of comments");
}
is(replay({ newest => 5000 })->{status}, 200, 'but 5000 is');
is(replay({ rules => 'rule("' })->{json}{refused}{line}, 1,
   'a bad file is told here, too');

is(state(), $before, 'nothing of all that is kept');


# Who may, and by what.

my %ola = @$ola;
for my $path ('', '/replay') {
    is($nginx->post_json("/comments/moderate/rules$path", {},
                         [ Origin => $own ])->{status}, 401,
       "rules$path is for nobody");
    is($nginx->post_json("/comments/moderate/rules$path", {},
           [ %ola, 'X-Comments-Token' => 'A' x 22 ])->{json}{error}{code},
       'token_stale', '... nor by a guessed token');
    is($nginx->post_json("/comments/moderate/rules$path", {},
           [ %ola, Origin => 'http://evil.example' ])->{json}{error}{code},
       'origin_forbidden', '... nor from another page');
}
is($nginx->get('/comments/moderate/rules/replay', $ola)->{status}, 405,
   'a GET decides nothing');


# The page, without a script.

my $browser = [ %ola, Accept => 'text/html' ];
$got = $nginx->get("/comments/moderate/rules?comment=$id", $browser);
is("$got->{status} $got->{headers}{'content-type'}",
   '200 text/html; charset=utf-8', 'there is a page');
like($got->{body}, qr/name="comment"[^>]* value="$id"/,
     'with the comment that was picked');
like($got->{body}, qr{<bdi dir="ltr">rules\.lua</bdi>},
     'a moderator is told the name of the file,');
like($nginx->get('/comments/moderate/rules', [ @$kari ])->{body},
     qr{<bdi dir="ltr">/\S+/rules\.lua</bdi>}, 'an owner where it lies');

$got = $nginx->post_form('/comments/moderate/rules',
    [ token => $ola{'X-Comments-Token'}, rules => "\n<b>", text => '' ],
    $browser);
like($got->{body}, qr{<textarea id="console-rules"[^>]*>\n\n&lt;b&gt;</text},
     'what was pasted stays, as text');
like($got->{body}, qr{<pre[^>]*>pasted\.lua:2: }, 'and is told its line');

$got = $nginx->post_form('/comments/moderate/rules',
    [ token => $ola{'X-Comments-Token'}, rules => $pasted, comment => $id,
      pick => $plain ], $browser);
like($got->{body}, qr{<b>spam</b>.*<bdi dir="ltr">\(pasted\.lua:2\)</bdi>}s,
     'a comment that is picked in a list is tried');
like($got->{body}, qr{<blockquote[^>]*>A word about nothing\.</blockquote>},
     'and shown');

$got = $nginx->post_form('/comments/moderate/rules/replay',
    [ token => $ola{'X-Comments-Token'}, rules => $pasted, newest => 12 ],
    $browser);
like($got->{body}, qr{<th scope="col">accept</th><th scope="col">spam</th>},
     'a replay is a table,');
like($got->{body}, qr{<th\ scope="row">hold</th><td\ class="console-other">10
    </td><td>0</td>}x, 'before against now,');
is(scalar(() = $got->{body} =~ /<button name="pick"/g), 12,
   'and a list of what would change');

is($nginx->get('/comments/console.js')->{headers}{'content-type'},
   'text/javascript; charset=utf-8', 'and there is a script');


# No more than one at a time, and few that wait.

my @kids;
for my $n (1 .. 8) {
    my $kid = fork // BAIL_OUT("fork: $!");
    if (!$kid) {
        my $status = try({ rules => $slow })->{status};
        $nginx->write("status$n", $status);
        require POSIX;
        POSIX::_exit(0);
    }
    push @kids, $kid;
}
waitpid $_, 0 for @kids;
my %seen;
$seen{ $nginx->read("status$_") }++ for 1 .. 8;
cmp_ok($seen{200} // 0, '>=', 1, 'of many at a time some are run');
cmp_ok($seen{503} // 0, '>=', 1, 'and some are told to come later');
is(($seen{200} // 0) + ($seen{503} // 0), 8, 'and nothing else');

is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store is sound');
$nginx->stop;
done_testing();

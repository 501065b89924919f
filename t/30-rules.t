# Rules through nginx: what they decide, what a broken one does, and what
# `nginx -t` says of a broken file.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);

my $nginx = Comments::Nginx->new(
    workers  => 1,
    files    => { 'rules.lua' => <<'END', 'more.lua' => <<'END' },
rule("endless", function(c)
  if c.text == "endless" then while true do end end
end)
rule("error", function(c)
  if c.text == "error" then error("my own mistake") end
end)
rule("links", function(c)
  if #c.links > 2 then
    return hold("Links are read first.", #c.links .. " links")
  end
end)
rule("scores", function(c)
  if c.text:find("score") then return score(2, "has the word") end
end)
settings { thresholds = { hold = 3, spam = 8 } }
test("three links are held",
     { text = "http://a.no http://b.no http://c.no" }, "hold", "links")
END
rule("more scores", function(c)
  if c.text:find("score score") then return score(2, "twice") end
end)
END
    http     => 'comments_rules %%DIR%%/rules.lua;',
    location => 'comments_rules %%DIR%%/more.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my $store = $nginx->dir . '/store';


sub post {
    return $nginx->post_json('/comments/comment',
        { page => '/', name => 'N', email => 'n@example.org',
          text => $_[0] });
}

# The newest comment of a status, as the tool shows it.
sub newest {
    my ($status) = @_;
    my $list = $nginx->tool('list', '--status', $status, '--site', 'test',
                            '--limit', 1, '--store', $store, '--json');
    return decode_json((split /\n/, $list->{out})[0] // '{}');
}


is(post('nothing special')->{status}, 201, 'what no rule minds is published');
is(newest('approved')->{receipt}{verdict}, 'accept', 'with a receipt');

my $got = post('http://a.no http://b.no http://c.no');
is($got->{status}, 202, 'a rule holds');
is($got->{json}{message}, 'Links are read first.', 'and says why');
my $receipt = newest('pending')->{receipt};
is($receipt->{verdict}, 'hold', 'the receipt has the verdict');
is($receipt->{rules}[0]{name}, 'links', 'the rule');
is($receipt->{rules}[0]{line}, 7, 'its line');
is($receipt->{rules}[0]{note}, '3 links', 'and its note');

is(post('one score')->{status}, 201, 'a score below the threshold');
is(post('score score')->{status}, 202, 'scores of two files add up');

for my $broken ('endless', 'error') {
    my $from = time;
    $got = post($broken);
    cmp_ok(time - $from, '<', 5 * $Comments::Nginx::LONGER,
           "a rule that is $broken is answered");
    is($got->{status}, 202, '... by holding the comment');
    $receipt = newest('pending')->{receipt};
    like(encode_json($receipt), qr/$broken/, '... and the receipt says why');
}
like(encode_json($receipt), qr/my own mistake/, 'with the words of the error');

my $from = time;
my $endless = fork // die;
if ($endless == 0) {
    post("endless") for 1 .. 5;
    POSIX::_exit(0);
}
my $slow = 0;
while (waitpid($endless, POSIX::WNOHANG()) == 0) {
    my $start = time;
    $nginx->get('/comments/count?page=/');
    $slow++ if time - $start > 0.5 * $Comments::Nginx::LONGER;
}
is($slow, 0, 'readers do not wait for rules');


# Files that do not load.

for (['rule("x", function(c) return', qr/broken\.lua:\d+: /, 'a syntax error'],
     ['rul("x", function(c) end)', qr/broken\.lua:1: .*rule/,
      'a misspelt name'],
     ['while true do end', qr/broken\.lua:1: /, 'an endless loop'],
     ["\n\ntest('t', { text = 'a' }, 'spam')", qr/broken\.lua:3: /,
      'a test that fails'])
{
    my ($source, $says, $what) = @$_;
    my $other = Comments::Nginx->new(
        files    => { 'broken.lua' => $source },
        location => 'comments_rules %%DIR%%/broken.lua;');
    $other->allow(qr/emerg/);
    my $test = $other->test_config;
    isnt($test->{exit}, 0, "nginx -t refuses $what");
    like($test->{err}, $says, '... with file and line');
    like($test->{err}, qr/nginx\.conf:\d+/, '... and where it is named');
}

my $off = Comments::Nginx->new(
    files    => { 'broken.lua' => "test('t', { text = 'a' }, 'spam')" },
    location => 'comments_rules %%DIR%%/broken.lua; comments_rules_test off;');
is($off->test_config->{exit}, 0, 'tests can be turned off');


# The words to the author are in the site's language.

my $nb = Comments::Nginx->new(
    files    => { 'nb.lua' => 'settings { language = "nb" }
rule("all", function(c)
  return hold({ en = "We read this first.", nb = "Vi leser dette." })
end)' },
    location => 'comments_rules %%DIR%%/nb.lua;')->start;
$got = $nb->post_json('/comments/comment',
    { page => '/', name => 'N', email => 'n@example.org', text => 'a' });
is($got->{json}{message}, 'Vi leser dette.', 'by settings.language');
$nb->stop;


# Without any file: the built-in rules.  Who was published once is known by
# the cookie.

my $default = Comments::Nginx->new(
    rules => 0, location => 'comments_limit_author off;')->start;

sub say_default {
    my ($text, $cookie, %fields) = @_;
    return $default->post_json('/comments/comment',
        { page => '/', name => 'N', email => 'n@example.org', text => $text,
          %fields },
        [ 'Accept-Language' => 'nb',
          Origin => 'http://localhost:' . $default->port,
          $cookie ? (Cookie => $cookie) : () ]);
}

$got = say_default('Hello there.');
is($got->{status}, 202, 'without rules a first comment waits');
is($got->{json}{message}, 'Takk. Den første kommentaren din leses av en '
   . 'moderator før den vises.', '... and its author is told, in Norwegian');
my ($cookie) = $got->{headers}{'set-cookie'} =~ /^([^;]+)/;

is($default->tool('approve', $got->{json}{id}, '--store',
                  $default->dir . '/store')->{exit}, 0,
   'a moderator approves it');
is(say_default('And another thing.', $cookie)->{status}, 201,
   'from then on its author is published');
is(say_default('A third thing.')->{status}, 202,
   'but not who only types the same e-mail');
is(say_default('http://a.no http://b.no http://c.no', $cookie)->{status}, 202,
   'many links wait, whose they ever are');
$got = say_default('See http://bit.ly/abc for what I mean by all this.',
                   $cookie);
is($got->{status}, 202, 'and so does a shortened link');
is($got->{json}{message}, 'Takk. En moderator leser den først.',
   '... with the usual words');
$default->stop;

$nginx->stop;
done_testing();

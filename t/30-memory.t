# What rules know of earlier comments, and what they remember themselves.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => <<'END' },
local function says(c, word) return c.text:find(word, 1, true) end

rule("history", function(c)
  if not says(c, "history") then return end
  local r = c.author.recent("1d")
  return hold(("%d by the author, %d by the network, %d here;"):format(
    rate.count("author", c.author.key, "1h"),
    rate.count("ip", c.ip_key, "1h"),
    rate.count("thread", c.page.path, "1h"))
    .. (" recent %d: %d %d %d %d;"):format(r.total, r.approved, r.held,
      r.rejected, r.spam)
    .. (" thread %d authors, %d/h, %.2f removed, depth %d"):format(
      c.thread.authors, c.thread.per_hour, c.thread.removed_share,
      c.thread.depth))
end)

rule("reported", function(c)
  if says(c, "reports") then return hold(c.author.upheld_flags .. " right") end
end)

rule("heated", function(c)
  if c.parent and c.thread.pair_replies(c.author.key, c.parent.author.key,
                                        "1h") >= 2 then
    return hold("heated")
  end
end)

rule("remember", function(c)
  if says(c, "ban me") then
    store.set("ban", c.author.key, { note = "asked for" }, "1h")
  elseif says(c, "forget") then
    store.del("ban", c.author.key)
  elseif says(c, "lose it") then
    store.set("ban", c.author.key, { note = "lost" }, "1h")
    error("on purpose")
  end
  if says(c, "strike") then
    rate.add("strike", c.author.key, "30d")
    return reject("strike " .. rate.count("strike", c.author.key, "30d"))
  end
end)

rule("banned", function(c)
  local b = store.get("ban", c.author.key)
  if b then return hold("banned: " .. b.note) end
end)
END
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my $store = $nginx->dir . '/store';
my $n     = 0;


sub post {
    my ($who, $text, %fields) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => '/a', name => $who, email => "$who\@example.org",
          text => $text . ' ' . ++$n, %fields });
    return $got->{json};
}

sub message { return post(@_)->{message} // '' }


my $first = post('kari', 'Hello');
is($first->{status}, 'approved', 'a comment');
my $second = post('ola', 'Hello', parent => $first->{id});
post('kari', 'And on', page => '/b');
is(post('eva', 'strike')->{error}{message}, 'strike 1', 'a rule counts');

is(message('kari', 'history', parent => $second->{id}),
   '2 by the author, 3 by the network, 2 here; recent 2: 0 0 0 0; '
   . 'thread 2 authors, 2/h, 0.33 removed, depth 2',
   'rules know what was posted before; a typed e-mail earns nothing');

$nginx->tool('spam', $first->{id}, '--store', $store);
like(message('kari', 'history'), qr/recent 3: 0 1 0 1;.* 0\.67 removed/,
     'and what became of it');


# Reports, by what moderators decide.

sub decide { return $nginx->tool(@_, '--store', $store) }

sub right {
    my ($what, $sentence) = @_;
    is(message('liv', 'reports'), "$what right", $sentence);
}

my $liv = post('liv', 'Rude')->{id};
$nginx->post_json("/comments/comment/$liv/report", { reason => 'Rude.' })
    for 1 .. 2;
right(0, 'reports that nobody has looked at say nothing');
decide('spam', $liv);
right(2, 'those of a comment that is spam by a moderator were right');
decide('reject', $liv);
right(2, 'and of one that is rejected');
is(message('nora', 'reports'), '0 right', '... by its author alone');
decide('approve', $liv);
right(0, 'approved, they were wrong');
decide('spam', $liv);
decide('undo', $liv);
right(0, 'undone, as if nothing had been decided');
decide('spam', post('liv', 'Spam that nobody reports')->{id});
right(0, 'where nobody has reported, nobody was right');
decide('spam', $liv);
is(decide('check')->{exit}, 0, 'the check counts the same');
is(decide('erase', '--email', 'liv@example.org', '--site', 'test',
          '--key', $nginx->dir . '/comments.key')->{exit}, 0, 'erased');
right(0, 'nothing is known any more');


# What rules remember.

is(post('eva', 'strike')->{error}{message}, 'strike 2',
   'what a rule counted is there for the next comment');
is(post('ola', 'strike')->{error}{message}, 'strike 1', '... by its key');

is(message('eva', 'ban me'), 'banned: asked for',
   'what a rule sets is there for the rules behind it');
is(message('eva', 'Hello again'), 'banned: asked for',
   'and for later comments');
is(post('ola', 'Nobody banned me')->{status}, 'approved',
   '... of the same author');
is(post('eva', 'forget it')->{status}, 'approved', 'a rule drops it');
is(post('eva', 'Thank you')->{status}, 'approved', 'and it is gone');
is(post('eva', 'lose it')->{status}, 'pending', 'a rule that fails holds');
is(post('eva', 'Well')->{status}, 'approved',
   'and what it set is not remembered');

my $one = post('per', 'I say yes');
my $two = post('ulf', 'I say no', parent => $one->{id});
my $three = post('per', 'Yes', parent => $two->{id});
is($three->{status}, 'approved', 'an answer is no quarrel');
is(message('ulf', 'No', parent => $three->{id}), 'heated',
   'two between the same two are');

is($nginx->tool('check', '--store', $store)->{exit}, 0,
   'the store agrees with itself');

$nginx->stop;
done_testing();

# Receipts in words, decisions made again to the byte, and other rules held
# against what was decided.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

# Reads every fact that there is, and tells it in notes.
my $all = <<'END';
settings { thresholds = { spam = 6 }, language = "nb" }

local function say(t, names)
  local out = {}
  for _, name in ipairs(names) do
    out[#out + 1] = name .. "=" .. tostring(t[name])
  end
  return table.concat(out, " ")
end

rule("known", function(c)
  if c.author.proof == "cookie" and c.author.approved > 0 then
    return score(-1, "known")
  end
end)
rule("comment", function(c)
  return score(1, say(c, { "event", "kind", "id", "time", "length", "words",
    "emoji", "mentions", "folded" }))
end)
rule("author", function(c)
  return score(0.5, say(c.author, { "key", "name", "url", "role", "proof",
    "first_seen", "approved", "held", "rejected", "spam",
    "upheld_flags" }))
end)
rule("form", function(c)
  return score(0, say(c.form, { "seconds", "honeypot", "pow_bits", "js",
    "pasted" }))
end)
rule("place", function(c)
  return score(0, say(c.page, { "path", "title", "url" }) .. " "
    .. say(c.thread, { "comments", "closed" }))
end)
rule("parent", function(c)
  if c.parent then
    return score(0, say(c.parent, { "id", "time", "text", "length" })
      .. say(c.parent.author, { "name", "url", "key" }))
  end
end)
rule("asks", function(c)
  local seen = store.get("seen", c.author.key) or { first = c.time, n = 0 }
  local again = { first = seen.first, n = seen.n + 1, name = c.author.name }
  store.set("seen", c.author.key, again, "30d")
  local recent = c.author.recent("1d")
  return score(0, table.concat({ tostring(seen.first), tostring(seen.n),
    tostring(seen.name), rate.add("by", c.author.key, "1h"),
    rate.count("thread", c.page.path, "1d"), recent.total, recent.held,
    c.thread.authors, c.thread.per_hour,
    c.parent and c.thread.pair_replies(c.author.key, c.parent.author.key, "1d")
      or "-" }, " "))
end)
rule("luck", function(c)
  return score(0, tostring(math.random(1000000)))
end)
rule("words", function(c)
  if c.text:find("idiot") then
    return hold({ nb = "Vent.", en = "Wait." }, "a rude word")
  end
  if c.text:find("casino") then return spam("casino") end
end)
rule("breaks", function(c)
  if c.text:find("break") then error("on purpose") end
end)
rule("shout", function(c)
  if c.script.caps > 0.9 and c.length > 5 then return score(7, "capitals") end
end)
END

my $nginx = Comments::Nginx->new(
    rules    => 0,                      # but ours
    files    => { 'rules.lua' => $all },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;
my $store = $nginx->dir . '/store';
my $dir   = $nginx->dir;
my %jar;

sub post {
    my ($who, $text, %more) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => '/a', title => 'A title', name => $who,
          email => "$who\@example.org", text => $text, %more },
        [ Origin => 'http://localhost:' . $nginx->port,
          $jar{$who} ? (Cookie => $jar{$who}) : () ]);
    $jar{$who} = $nginx->cookies($got) if $got->{headers}{'set-cookie'};
    return $got;
}

sub replay {
    my ($file, @more) = @_;
    return $nginx->tool('rules', 'replay', "$dir/$file", '--store', $store,
                        @more);
}

sub told {
    my ($id, @more) = @_;
    return $nginx->tool('rules', 'explain', $id, '--store', $store, @more);
}

# The newest comment with this text.
sub id_of {
    my ($status, $text) = @_;
    my $list = $nginx->tool('list', '--status', $status, '--site', 'test',
                            '--limit', 200, '--store', $store, '--json');
    for (map { decode_json($_) } grep { /\S/ } split /\n/, $list->{out}) {
        return $_->{id} if $_->{text} eq $text;
    }
    return 0;
}


my $first = post('kari', 'A first one.')->{json}{id};
post('kari', 'A second one, with http://a.example/ and @ola.',
     website => 'https://kari.example/');
post('ola', 'An answer.', parent => $first);
post('ola', 'You idiot.');
post('per', 'Come to the casino.');
post('per', 'Does this break?');
post('anne', 'ALL THIS IS LOUD');
post('anne', "Smile \x{1F600} and \x{043f}\x{0440}\x{0438}vet", page => '/b');
post('kari', "One more $_.") for 1 .. 3;
post('kari', "Number $_ of many, to have a few.") for 1 .. 20;


# In words.

my $id = id_of('pending', 'You idiot.');
my $got = told($id);
is($got->{exit}, 0, 'a decision is explained');
like($got->{out}, qr/\Aheld by "words" \(rules\.lua:\d+\): a rude word; also: /,
     'in one line: what, by which rule, where, why');
like($got->{out}, qr/"comment" \+1 /, 'and what else spoke');
is($got->{out} =~ tr/\n//, 1, 'one line');
$got = told($id, '--json');
my $json = decode_json($got->{out});
is($json->{rule}{name}, 'words', 'or as JSON');
is($json->{verdict}, 'hold', 'with the verdict');
is("$json->{status} $json->{reviewed}", 'pending 0', 'and the status');
like($json->{words}, qr/^held by "words"/, 'and the words');

like(told(id_of('spam', 'Come to the casino.'))->{out},
     qr/\Aput into the spam by "words" \(rules\.lua:\d+\): casino; also/,
     'spam');
like(told(id_of('spam', 'ALL THIS IS LOUD'))->{out},
     qr/\Aput\ into\ the\ spam\ by\ a\ score\ of\ 8\.5:\ .*
        "shout"\ \+7\ \(capitals\)/x, 'a score');
like(told(id_of('pending', 'Does this break?'))->{out},
     qr/\Aheld because rule "breaks" failed: rules\.lua:\d+: on purpose; also/,
     'a rule that failed');
like(told($first)->{out},
     qr/\Apublished: no rule decided; the score is 1\.5: "comment" \+1/,
     'and that nothing was against it');
$got = told(9999);
is($got->{exit}, 1, 'a comment that is not there');
like($got->{err}, qr/comment 9999 has no receipt/, 'is told');


# Again, to the byte.

sub again { return decode_json(replay(@_, '--json')->{out}) }

my $r = again('rules.lua');
is($r->{comments}, 31, 'all are decided again');
is($r->{changed}, 0, 'with the same verdicts');
is_deeply($r->{same_ruleset}, { comments => 31, identical => 31 },
          'and the same receipts, to the byte');
is($r->{facts}, 'recorded', 'from what receipts have');

# Later: other counts, and still the same.
$nginx->tool('approve', $id, '--store', $store);
$nginx->tool('spam', id_of('approved', 'One more 1.'), '--store', $store);
$nginx->tool('reject', id_of('approved', 'An answer.'), '--store', $store);
$r = again('rules.lua');
is($r->{same_ruleset}{identical}, 31,
   'what moderators did since changes none of them');
is_deeply($r->{verdicts}{accept}, { accept => 27 },
          'old verdicts stand against new ones');
is($r->{moderated}{approved}, 1, 'one was approved by a person');
is($r->{moderated}{refused}, 2, 'and two refused');

$r = again('rules.lua', '--facts', 'now');
is($r->{facts}, 'now', 'facts of now');
cmp_ok($r->{same_ruleset}{identical}, '<', 31, 'are not those of then');


# Other rules.

$nginx->write('next.lua', <<'END');
rule("answers", function(c)
  if c.parent then return hold("Answers wait.", "an answer") end
end)
rule("rude", function(c) if c.text:find("idiot") then return spam() end end)
rule("one more", function(c)
  if c.text:find("more") then return score(1, "more") end
end)
rule("regulars", function(c)
  if c.author.approved >= 3 then return accept("a regular") end
end)
END
$r = again('next.lua');
is($r->{changed}, 5, 'comments that would be decided otherwise');
is_deeply($r->{verdicts}{hold}, { spam => 1, accept => 1 },
          'the held ones, as spam and accepted');
is_deeply($r->{verdicts}{spam}, { accept => 2 }, 'the spam');
my %rule = map { $_->{name} => $_ } @{ $r->{rules} };
is("$rule{answers}{before} $rule{answers}{after}", '0 1',
   'a new rule speaks once');
is("$rule{answers}{right} $rule{answers}{wrong}", '1 0',
   'against what a moderator refused');
is($rule{answers}{precision}, 100, 'always right');
is($rule{answers}{recall}, 50, 'about half of what was refused');
is("$rule{rude}{right} $rule{rude}{wrong} $rule{rude}{precision}", '0 1 0',
   'another is wrong: a person approved it');
is($rule{rude}{recall}, 0, 'and finds nothing');
is($rule{words}{after}, 0, 'old rules are counted, too');
is($rule{words}{before}, 2, 'as receipts have them');
is($rule{regulars}{after}, 22, 'rules may read what older ones did not');
my ($change) = grep { ($_->{rule} // '') eq 'answers' } @{ $r->{changes} };
is_deeply($change, { id => $change->{id}, page => '/a', before => 'accept',
                     after => 'hold', rule => 'answers',
                     status => 'rejected', reviewed => JSON::PP::true },
          'each is listed with what became of it');
is(scalar @{ again('next.lua', '--limit', 2)->{changes} }, 2,
   'as many as are wanted');

$got = replay('next.lua', '--site', 'test', '--since', '1h');
like($got->{out}, qr/\A31 comments, 5 with another verdict; /, 'for people');
like($got->{out}, qr/^accept +26 +0 +0 +1 +0 +0$/m, 'as a table');
like($got->{out}, qr/^answers +0 +1 +1 +0 +100 % +50 %$/m, 'rule by rule');
like($got->{out}, qr/^#\d+ +accept +-> hold +answers +rejected by a mod/m,
     'and comment by comment');

is(again('next.lua', '--since', '2099-01-01')->{comments}, 0,
   'only the younger ones');
$got = replay('next.lua', '--site', 'nobody');
is($got->{exit}, 1, 'a site that is not there');
like($got->{err}, qr/there is no site "nobody"/, 'is told');
is(replay('none.lua')->{exit}, 1, 'a file that is not there');
is(replay('next.lua', '--since', 'x')->{exit}, 2, 'a span that is none');
is(replay('next.lua', '--facts', 'new')->{exit}, 2, 'facts that are none');


# What receipts keep.

my $shown = $nginx->tool('show', $first, '--store', $store, '--json');
my $receipt = decode_json($shown->{out})->{receipt};
ok(!exists $receipt->{given}{ip_key}, 'nothing of the network');
unlike(encode_json($receipt), qr/example\.org/, 'and no address');
note 'a receipt that reads all: ', length encode_json($receipt), ' bytes';

$nginx->stop;
done_testing();

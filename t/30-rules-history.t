# Files of rules that served are kept in the store: a receipt can be made again
# after they changed, and one command puts them back.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $nginx = Comments::Nginx->new(
    workers  => 2,
    files    => { 'rules.lua' => rules('first'), 'tone.lua' => '-- none',
                  'lists/words.txt' => "fool\n" },
    location => 'comments_rules %%DIR%%/rules.lua;     # behind no-rules.lua
                 comments_limit_author off; comments_limit_address off;',
)->start;
my $dir   = $nginx->dir;
my $store = "$dir/store";

sub rules {
    return qq{include "tone.lua"\nlocal words = list("lists/words.txt")\n}
         . qq{rule("say", function(c) return hold("$_[0]", c:find(words)) }
         . qq{end)\n};
}

sub post {
    return $nginx->post_json('/comments/comment',
        { page => '/', name => 'N', email => 'n@example.org',
          text => shift })->{json}{message} // '';
}

sub history {
    my $got = $nginx->tool('rules', 'history', '--store', $store, '--json');
    return @{ decode_json($got->{out})->{generations} };
}

sub replay {
    my $got = $nginx->tool('rules', 'replay', '--store', $store, '--json',
                           @_);
    return $got->{exit} == 0 ? decode_json($got->{out})
                             : { error => $got->{err} };
}

sub receipt {
    my $got = $nginx->tool('show', shift, '--store', $store, '--json');
    return decode_json($got->{out})->{receipt};
}

is(post('You fool one'), 'first', 'rules serve');
$nginx->until(sub { history() == 1 });
my @kept = history();
is(@kept, 1, 'they are kept, by two workers once');
is_deeply([ map { s{.*/}{}r } @{ $kept[0]{files} } ],
          [ 'no-rules.lua', 'rules.lua', 'tone.lua', 'words.txt' ],
          'with what they include, and lists');
my $first = receipt(1)->{ruleset};
is($kept[0]{ruleset}, $first, 'by the hash that receipts name');

$nginx->write('rules.lua', rules('second'));
$nginx->until(sub { post('You fool ' . time) eq 'second' });
$nginx->until(sub { history() == 2 });
is(history(), 2, 'so are those that come after them');

my $again = replay('--ruleset', $first);
is($again->{same_ruleset}{comments}, $again->{same_ruleset}{identical},
   'a decision comes out the same to the byte, though the file is another');
cmp_ok($again->{same_ruleset}{comments}, '>=', 1, 'of that generation');
is(replay('--ruleset', substr $first, 0, 8)->{comments}, $again->{comments},
   'some digits of the hash are enough');
like(replay('--ruleset', 'ffffff')->{error}, qr/no rules "ffffff" are kept/,
     'what is not kept is told');
like(replay()->{error}, qr/either files or --ruleset/, 'and so is nothing');

# Back.

chmod 0640, "$dir/rules.lua";
$nginx->write('tone.lua', 'rule("broken", function(c)');
my $got = $nginx->tool('rules', 'rollback', substr($first, 0, 8),
                                    '--store', $store);
is($got->{exit}, 0, 'one command goes back') or diag $got->{err};
like($got->{out}, qr/rules\.lua is put back/, 'it says what it put back');
like($got->{out}, qr/words\.txt is as it was/, 'and what it left');
like($got->{out}, qr/tone\.lua\.before is what lay there/,
     'what never served is set aside');
is($nginx->read('rules.lua'), rules('first'), 'the file is as it was then');
is($nginx->read('tone.lua.before'), 'rule("broken", function(c)',
   'and so is the one set aside');
is((stat "$dir/rules.lua")[2] & 07777, 0640, 'its mode has not changed');
ok(!-e "$dir/rules.lua.before", 'what is kept is not set aside');
# Each of two workers takes them in its own time.
ok($nginx->until(sub {
       2 == (() = $nginx->log =~ /serve now, ruleset $first/g) }),
   'both take them');
is(post('You fool, again'), 'first', 'nginx has them, without a reload');
is(history(), 2, 'and they are not kept twice');

$got = $nginx->tool('rules', 'rollback', $first, '--store', $store, '--into',
                    "$dir/old/a");
is($got->{exit}, 0, 'files are written elsewhere to be looked at')
    or diag $got->{err};
is($nginx->read('old/a/rules.lua'), rules('first'), 'as they were');
is($nginx->read('old/a/lists/words.txt'), "fool\n", 'with their folders');

$got = $nginx->tool('rules', 'rollback', 'abc', '--store',
                                 $store);
is($got->{exit}, 1, 'three digits are too few');
$got = $nginx->tool('rules', 'history', '--store',
                                 $store);
like($got->{out}, qr/^\S+Z  [0-9a-f]{12}  \S+rules\.lua/m,
     'the history is a table');
$got = $nginx->tool('check', '--store', $store);
is($got->{exit}, 0, 'the check finds nothing') or diag $got->{err};



# The guard.

sub says { return qq{rule("say", function(c) $_[0] end)\n} }

post("Number $_.") for 1 .. 25;
$nginx->write('rules.lua', says('return hold("third")'));
$nginx->until(sub { post('N ' . time) eq 'third' });
ok(!$nginx->log_has(qr/comments otherwise/),
   'rules that decide alike are no news');

$nginx->write('rules.lua', says('if c.text == "x" then return hold() end'));
ok($nginx->until(sub { $nginx->log_has(
       qr/\[warn\].*decides (\d+) of the \1 newest .* otherwise, 0 of/) }),
   'those that decide otherwise are told, and serve');

$nginx->configure(http => 'comments_rules_guard 30%;');
$nginx->reload;
post("Published $_.") for 1 .. 25;
$nginx->write('rules.lua', says('return hold("all")'));
ok($nginx->until(sub { $nginx->log_has(
       qr/rules\.lua:1: (\d+) of the \1 newest .* reload nginx if/) }),
   'past the share of the guard they are refused');
is(post('So this is'), '', 'and those before go on');
$nginx->write('rules.lua', says('if c.text == "y" then return hold() end'));
sleep 3;
$nginx->write('rules.lua', says('return hold("all")') . "-- meant\n");
sleep 3;
is(post('So is this'), '', 'again');
$nginx->reload;
ok($nginx->until(sub { post('Reload ' . time) eq 'all' }),
   'a reload takes them as they are');

done_testing();

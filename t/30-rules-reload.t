# Files of rules that change while nginx runs: they serve without a reload, or
# the old ones go on; nobody's post is lost meanwhile.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $nginx = Comments::Nginx->new(
    workers  => 2,
    files    => { 'rules.lua'  => holds('first'),
                  'tone.lua'   => '', 'words.txt' => "nothing\n" },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my $n = 0;

sub holds {
    return qq{include "tone.lua"\nlocal words = list("words.txt")\n}
         . qq{rule("all", function(c) return hold("$_[0]") end)\n}
         . qq{rule("words", function(c) local m = c:find(words) }
         . qq{if m then return reject("banned", m) end end)\n};
}

sub post {
    return $nginx->post_json('/comments/comment',
        { page => '/', name => 'N', email => 'n@example.org',
          text => ($_[0] // 'text') . ' ' . $n++ });
}

sub message { return post(@_)->{json}{message} // '' }

# Until both workers have it: many connections in a row say the same.
sub becomes {
    my ($want, $sentence, @post) = @_;
    my ($in_row, $from) = (0, time);

    while ($in_row < 8 && time - $from < 15 * $Comments::Nginx::LONGER) {
        my $got = post(@post);
        my $said = $got->{json}{message} // $got->{json}{error}{message} // '';
        $in_row = $said eq $want ? $in_row + 1 : 0;
        sleep 0.1 if !$in_row;
    }

    ok($in_row == 8, $sentence);
    return time - $from;
}


is(message(), 'first', 'the rules that nginx started with');

$nginx->write('rules.lua', holds('second'));
my $took = becomes('second', 'a file that changed serves without a reload');
note sprintf 'after %.1f s', $took;
cmp_ok($took, '<', 10 * $Comments::Nginx::LONGER, 'in some seconds');
my $line = 'comments_rules: \S+rules\.lua has changed: 2 rules and 0 tests'
         . ' serve now, ruleset [0-9a-f]{32}';
ok($nginx->log_has(qr/\[notice\].*$line/), 'the log says so');

$nginx->write('words.txt', "casino\n");
becomes('banned', 'so does a list', 'a casino');

$nginx->write('tone.lua', "settings { default_reason = 'by tone' }\n"
                        . 'rule("all", function(c) end)');
$nginx->write('rules.lua', holds('third'));
becomes('third', 'and several files together');

# What is no good.

$nginx->write('rules.lua', holds('fourth') . "rule('x', function(c)\n  if\n");
sleep 3;
is(message(), 'third', 'a file with a mistake changes nothing');
my $said = () = $nginx->log =~
    /\[error\].*comments_rules: \S+rules\.lua:\d+: [^\n]*before go on/g;
is($said, 2, 'each worker says so once, with file and line');

$nginx->write('rules.lua',
              holds('fifth') . "test('t', { text = 'x' }, 'accept')\n");
sleep 3;
is(message(), 'third', 'nor does one whose test fails');
ok($nginx->log_has(qr/rules\.lua:5: the test "t" fails/), 'which is told');

$nginx->write('rules.lua', '');
sleep 3;
is(message(), 'third', 'nor an empty one');
unlink $nginx->dir . '/rules.lua';
sleep 3;
is(message(), 'third', 'nor a missing one');

$nginx->write('rules.lua', holds('sixth'));
becomes('sixth', 'when it is good again, it serves');

# An editor that writes slowly, however long our posts take.

my $path = $nginx->dir . '/rules.lua';
my @lines = split /(?<=\n)/,
    holds('seventh') . "test('t', { text = 'x' }, 'hold')\n";
my $editor = fork // die;
if (!$editor) {
    open my $out, '>', $path or POSIX::_exit(1);
    for my $line (@lines) {
        syswrite $out, $line;
        sleep 0.2;
    }
    POSIX::_exit(0);
}
my %seen;
until (waitpid $editor, POSIX::WNOHANG) {
    $seen{message()}++;
    sleep 0.1;
}
is($?, 0, 'a file is written, line by line');
is(join(' ', sort keys %seen), 'sixth',
   'a file that is half written is left alone');
becomes('seventh', 'and taken when it is whole');

# Receipts tell by which files.

my @receipts = map { decode_json($_)->{receipt} }
    grep { /\S/ } split /\n/, $nginx->tool('list', '--status', 'pending',
        '--site', 'test', '--limit', 200, '--store', $nginx->dir . '/store',
        '--json')->{out};
my %rulesets = map { $_->{ruleset} => 1 } @receipts;
cmp_ok(scalar keys %rulesets, '>=', 4,
       'receipts have the ruleset they fell by');

# Exchanged all the time, while posts come.

my $writer = fork // die;
if (!$writer) {
    for my $k (1 .. 30) {
        open my $new, '>', "$path.new" or POSIX::_exit(1);
        print $new holds("swap $k");
        close $new;
        rename "$path.new", $path;
        sleep 0.15;
    }
    sleep 2;
    POSIX::_exit(0);
}
my ($posts, $bad) = (0, 0);
while (waitpid($writer, POSIX::WNOHANG()) == 0) {
    $posts++;
    $bad++ if post()->{status} != 202;
}
is($bad, 0, "each of $posts posts is answered while rules are exchanged");
becomes('swap 30', 'and the last ones stay');

# Off.

$nginx->configure(http => 'comments_rules_reload off;');
$nginx->reload;
becomes('swap 30', 'after a reload');
$nginx->write('rules.lua', holds('off'));
sleep 3;
is(message(), 'swap 30', 'comments_rules_reload off looks at no file');
$nginx->reload;
becomes('off', 'and a reload of nginx takes it');

$nginx->stop;
done_testing();

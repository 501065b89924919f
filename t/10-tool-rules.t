# rules check and rules run.

use strict;
use warnings;

use Comments::Tool;
use Test::More;

my $t = Comments::Tool->new;

$t->write('good.lua', <<'END');
rule("links", function(c)
  if #c.links > 2 then return hold("Links are read first.", "links") end
end)
rule("name", function(c)
  if c.author.name == "Spammer" then return spam("name") end
end)
test("three links", { text = "http://a.no http://b.no http://c.no" }, "hold")
test("no link", { text = "Hello." }, "accept")
test("a name", { text = "Hello.", author = { name = "Spammer" } }, "spam")
END
$t->write('one.lua', 'rule("one", function(c) end)');
$t->write('syntax.lua', "rule('x', function(c)\n  if then end\nend)\n");
$t->write('fails.lua', "\n\ntest('t', { text = 'a' }, 'spam')\n");
$t->write('escape.lua', "error('\\27[31mred')\n");


# check

my $got = $t->raw('rules', 'check', '%%DIR%%/good.lua');
is($got->{exit}, 0, 'a good file');
is($got->{out}, $t->dir . "/good.lua: 2 rules, 3 tests passed\n",
   'tells what it has');
is($got->{err}, '', 'and nothing else');
is($t->raw('rules', 'check', '%%DIR%%/one.lua')->{out},
   $t->dir . "/one.lua: 1 rule, 0 tests passed\n", 'one is no plural');

$got = $t->raw('rules', 'check', '%%DIR%%/syntax.lua');
is("$got->{exit} $got->{out}", '1 ', 'a file with a mistake is refused');
like($got->{err}, qr{^(\S*/)?syntax\.lua:2: \S.*\n\z},
     'with file and line, where an editor finds them');

$got = $t->raw('rules', 'check', '%%DIR%%/fails.lua');
is($got->{exit}, 1, 'a file whose test fails is refused');
like($got->{err}, qr{^(\S*/)?fails\.lua:3: \S.*\n\z}, 'with file and line');

$got = $t->raw('rules', 'check', map { "%%DIR%%/$_.lua" }
                                     qw(syntax good fails one));
is($got->{exit}, 1, 'of several files one that fails is enough');
is(scalar(() = $got->{out} =~ /passed$/mg), 2, 'the good ones are checked');
is(scalar(() = $got->{err} =~ /^\S+\.lua:\d+: /mg), 2, 'and the others');

$got = $t->raw('rules', 'check', '%%DIR%%/escape.lua');
is($got->{exit}, 1, 'a file that raises an error is refused');
unlike($got->{err}, qr/\e/, 'and colours nobody\'s terminal');

$got = $t->raw('rules', 'check', '%%DIR%%/none.lua');
is($got->{exit}, 1, 'a missing file');
like($got->{err}, qr/none\.lua/, 'is told');

$got = $t->raw('rules', 'check', '%%DIR%%/good.lua', '%%DIR%%/fails.lua',
               '--json');
is($got->{exit}, 1, 'the same as JSON');
is_deeply($got->{json}{files}[0], { file => $t->dir . '/good.lua',
                                    rules => 2, tests => 3 },
          'has the numbers of a good file');
like($got->{json}{files}[1]{error}, qr/fails\.lua:3: /, 'the error of another');
ok(!$got->{json}{ok}, 'and says whether all is well');
is($got->{err}, '', 'all of it on standard output');


# run

my @run = ('rules', 'run', '%%DIR%%/good.lua', '--comment');
my $links = '{"text": "http://a.no http://b.no http://c.no"}';

$got = $t->raw(@run, $links);
is($got->{exit}, 0, 'a comment is decided');
is($got->{json}{verdict}, 'hold', 'by the rules');
is($got->{json}{rules}[0]{name}, 'links', 'the receipt has the rule');
is($got->{json}{rules}[0]{line}, 1, 'and its line');
is($got->{out} =~ tr/\n//, 1, 'on one line');

is($t->raw(@run, '{"text": "Hello."}')->{json}{verdict}, 'accept',
   'another verdict');
is($t->raw(@run, '{"text": "x", "author": {"name": "Spammer"}}')
     ->{json}{verdict}, 'spam', 'and another');
is($t->raw(@run, '{}')->{exit}, 0, 'what is missing has harmless values');
$t->write('comment.json', " $links\n");
is($t->raw(@run, '%%DIR%%/comment.json')->{json}{verdict}, 'hold',
   'the comment may be a file');
is($t->raw({ in => $links }, @run, '-')->{json}{verdict}, 'hold',
   'or standard input');
is($t->raw(@run, $links, '--json')->{json}{verdict}, 'hold',
   '--json changes nothing');

refused([@run, '{"text": '], 'no JSON');
refused([@run, '{"text": 7}'], 'a text that is none', qr/text/);
refused([@run, '%%DIR%%/none.json'], 'a missing file', qr/No such file/);
refused([@run, '%%DIR%%'], 'a directory', qr/directory/);
refused(['rules', 'run', '%%DIR%%/syntax.lua', '--comment', '{}'],
        'a file with a mistake', qr/syntax\.lua:2: /);

$t->write('limit', '{"text": "a"' . ' ' x (256 * 1024 - 13) . '}');
is($t->raw(@run, '%%DIR%%/limit')->{exit}, 0, 'the largest comment');
$t->write('limit', '{"text": "a"' . ' ' x (256 * 1024 - 12) . '}');
refused([@run, '%%DIR%%/limit'], 'one byte more', qr/262144 bytes at most/);


# The policies that come with it, and the built-in rules as a file.

for my $policy ('lua/standard.lua', sort glob 'lua/policies/*.lua') {
    my $got = $t->raw('rules', 'check', $policy);
    is("$got->{exit}$got->{err}", '0', "$policy is sound");
    like($got->{out}, qr/[1-9]\d* tests? passed/, '... and has tests');
}

done_testing();


sub refused {
    my ($arguments, $what, $why) = @_;

    my $got = $t->raw(@$arguments);
    is("$got->{exit} $got->{out}", '1 ', "$what: refused");
    like($got->{err}, qr/^ngx-comments: [^\n]*\n\z/, 'with one sentence');
    like($got->{err}, $why, 'that tells why') if $why;
}

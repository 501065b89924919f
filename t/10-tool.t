# The tool's arguments, exit codes and help; keys.

use strict;
use warnings;

use Comments::Tool;
use Test::More;

my $t = Comments::Tool->new;
my $man = Comments::Tool::slurp("$Comments::Tool::ROOT/docs/ngx-comments.1");


# Help.

my $got = $t->raw('help');
is($got->{exit}, 0, 'help is no error');
is($got->{err}, '', 'and goes to standard output');
like($got->{out}, qr/^usage: ngx-comments COMMAND /, 'it begins with usage');
is(join("\n", grep { length > 80 } split /\n/, $got->{out}), '',
   'it fits on a terminal');

$got = $t->raw();
is($got->{exit}, 2, 'no command is a mistake');
is($got->{out}, '', 'which is told on standard error');
like($got->{err}, qr/^usage: /, 'with the usage');

is($t->raw('--help')->{out}, $t->raw('help')->{out}, '--help is help');
is($t->raw('-h')->{out}, $t->raw('help')->{out}, 'so is -h');
is($t->raw('stats', '--help')->{out}, $t->raw('help', 'stats')->{out},
   'a command with --help is help about it');
is($t->raw('import', 'jsonl', '-h')->{out},
   $t->raw('help', 'import', 'jsonl')->{out}, 'of two words as well');
like($t->raw('help', 'import', 'jsonl')->{out},
     qr/^usage: .* --key FILE --site NAME .*\n.*\n.*\n\n  --store DIR/,
     'it tells what is needed and what else is possible');

my @commands = map { $_->{name} } @{ $t->raw('help', '--json')->{json}
                                     {commands} };
ok(@commands > 15, 'help as JSON lists the commands');
is(join("\n", grep { $t->raw('help', split)->{exit} } @commands), '',
   'there is help about each');
is(join("\n", grep { $man !~ /^\.It (Xo )?Cm \Q$_\E\b/m } @commands), '',
   'and the man page tells each');

my $root = $Comments::Tool::ROOT;
my $moving = Comments::Tool::slurp("$root/docs/moving.md");
is(join("\n", grep { /^import/ && $moving !~ /^\| .* \| `\Q$_\E FILE` \|/m }
              @commands), '',
   'moving.md has a line for each system that comments come from');
my $notes = join ' ', Comments::Tool::slurp("$root/core/cmt_exchange.h")
                      =~ s/"\s*\\\n\s*"//gr =~ /^\s*"(\w.*?)"/mg;
is(join("\n", grep { index($notes, $_) < 0 }
              $moving =~ /^ +\d+ (\w.+)$/mg), '',
   'and what an import says there, it says');

my %told = map { $_ => 1 } $man =~ /^\.It Fl Fl (\w+)/mg;
my @options = map { $t->raw('help', split)->{out} =~ /^  --(\w+)/mg }
              @commands;
is(join("\n", grep { !$told{$_} } @options), '',
   'the man page tells every option');


# Version.

$got = $t->raw('version');
like($got->{out}, qr/^ngx-comments \d+\.\d+\.\d+\n\z/, 'the version');
is($t->raw('--version')->{out}, $got->{out}, 'also as an option');
like($t->raw('version', '--json')->{json}{version}, qr/^\d+\.\d+\.\d+$/,
     'and as JSON');


# Mistakes: exit 2, one sentence.

mistake([qw(stat)], qr/unknown command "stat"; did you mean "stats"\?/);
mistake([qw(frobnicate)], qr/unknown command "frobnicate"/);
mistake([qw(rules)], qr/unknown command "rules"; did you mean "rules check"/);
mistake([qw(import)], qr/did you mean "import jsonl", "import wordpress", /);
mistake([qw(import worpress x)], qr/did you mean "import wordpress"\?/);
mistake([qw(import blog.xml)], qr/unknown command "import blog.xml"; did you/);
mistake([qw(rules chek x)], qr/unknown command "rules chek"; did you mean/);
mistake([qw(help nothing)], qr/unknown command "nothing"/);
mistake([qw(stats --stroe x)], qr/unknown option "--stroe"; .* --store\?/);
mistake([qw(stats --frobnicate)], qr/unknown option "--frobnicate"$/);
mistake([qw(stats -x)], qr/unknown option "-x"$/);
mistake(['stats', '--' . 'x' x 1000], qr/unknown option "--x+"$/);
mistake([qw(stats --store)], qr/--store needs a value: --store DIR/);
mistake([qw(stats --store=)], qr/--store needs a value/);
mistake([qw(stats --store --json)], qr/--store needs a value/);
mistake([qw(stats --json=yes)], qr/--json takes no value/);
mistake([qw(stats --limit 3)], qr/"stats" has no option --limit/);
mistake([qw(stats more)], qr/"more" is one argument too many for "stats"/);
mistake([qw(copy)], qr/"copy" needs DEST/);
mistake([qw(key new)], qr/"key new" needs PATH/);
mistake([qw(key new a b)], qr/"b" is one argument too many for "key new"/);
mistake([qw(approve)], qr/"approve" needs ID/);
mistake([qw(approve 1 x)], qr/ID must be a number from 1 on, not "x"/);
mistake([qw(approve 0)], qr/ID must be a number from 1 on, not "0"/);
mistake([qw(approve 18446744073709551616)], qr/ID must be a number/);
mistake([qw(comment), '1 '], qr/ID must be a number/);
mistake([qw(list --status approved)], qr/"list" needs --site NAME/);
mistake([qw(list --site x)], qr/"list" needs --status STATUS/);
mistake([qw(list --site x --status open)], qr/--status must be approved, /);
mistake([qw(list --site x --status spam --limit 0)], qr/--limit must be/);
mistake([qw(list --site x --status spam --limit 201)],
        qr/--limit must be 200 at most/);
mistake([qw(list --site x --status spam --before x)], qr/--before must be/);
mistake([qw(import jsonl -)], qr/"import jsonl" needs --key FILE/);
mistake([qw(import jsonl --site x --key k)], qr/needs FILE\|-/);
mistake([qw(export jsonl --key k)], qr/needs --site NAME/);
mistake([qw(rules run f)], qr/"rules run" needs --comment/);
mistake([qw(stats), "\e[31m"], qr/"\?\[31m" is one argument too many/);


# Where options stand does not matter.

for my $arguments (['--store', '%%DIR%%/no', 'stats'],
                   ['stats', '--store', '%%DIR%%/no'],
                   ['stats', '--store=%%DIR%%/no'],
                   ['--store=x', 'stats', '--store', '%%DIR%%/no'],
                   ['--store', '%%DIR%%/no', '--', 'stats'])
{
    my $got = $t->raw(@$arguments);
    is("$got->{exit} $got->{out}", '1 ', join(' ', @$arguments));
    like($got->{err}, qr{^ngx-comments: [^\n]*/no"?: No such file[^\n]*\n\z},
         'has the store in one sentence');
}


# Keys.

is((stat $t->dir . '/key')[7], 32, 'a key has 32 bytes');
is((stat _)[2] & 07777, 0600, 'and only its owner can read it');
isnt(Comments::Tool::slurp($t->dir . '/key'), "\0" x 32, 'it is not zero');

my $old = Comments::Tool::slurp($t->dir . '/key');
$got = $t->raw('key', 'new', '%%DIR%%/key');
refused($got, qr/a key is never overwritten/);
is(Comments::Tool::slurp($t->dir . '/key'), $old, 'and is what it was');

refused($t->raw('key', 'new', '%%DIR%%/no/key'), qr/No such file/);

$got = $t->raw('key', 'new', '%%DIR%%/key2', '--json');
is($got->{exit}, 0, 'another key is made');
is($got->{json}{key}, $t->dir . '/key2', 'its path comes as JSON');
isnt(Comments::Tool::slurp($t->dir . '/key2'), $old, 'it is another one');

$got = $t->raw('key', 'new', '--', '%%DIR%%/--key');
is($got->{exit}, 0, 'behind "--" a path may begin with hyphens');

for (['missing', undef, qr/no-key is missing/],
     ['group-readable', 0640, qr/readable by group or others|chmod/i],
     ['world-readable', 0604, qr/readable by group or others|chmod/i])
{
    my ($what, $mode, $why) = @$_;
    chmod $mode, $t->dir . '/key2' if defined $mode;
    my $key = defined $mode ? 'key2' : 'no-key';
    note($what);
    refused($t->run('export', 'jsonl', '--key', "%%DIR%%/$key"), $why);
}
chmod 0600, $t->write('zero', "\0" x 32);
refused($t->run('export', 'jsonl', '--key', '%%DIR%%/zero'), qr/zero/);
chmod 0600, $t->write('short', 'x' x 31);
refused($t->run('export', 'jsonl', '--key', '%%DIR%%/short'), qr/has 31 bytes/);


# Output that cannot be written.

SKIP: {
    skip 'no /dev/full', 2 unless -e '/dev/full';
    my $got = $t->raw({ out => '/dev/full' }, 'help');
    is($got->{exit}, 1, 'output that cannot be written is an error');
    like($got->{err}, qr/the output could not be written/, 'which is told');
}

done_testing();


sub mistake {
    my ($arguments, $why) = @_;

    my $got  = $t->raw(@$arguments);
    my $name = substr join(' ', @$arguments), 0, 60;
    $name =~ s/[^ -~]/?/g;
    is($got->{exit}, 2, "$name: a mistake");
    like((split /\n/, $got->{err})[0], qr/^ngx-comments: .*$why/,
         'which is told');
}

sub refused {
    my ($got, $why) = @_;

    is("$got->{exit} $got->{out}", '1 ', 'refused');
    like($got->{err}, qr/^ngx-comments: [^\n]*$why[^\n]*\n\z/,
         'with one sentence');
}

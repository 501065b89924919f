# The tool and a store: numbers, check, copy, single comments, decisions.

use strict;
use warnings;

use Comments::Tool;
use JSON::PP;
use Test::More;

my $t = Comments::Tool->new;
my $t0 = '2013-01-08T09:40:00Z';

my @statuses = qw(approved pending spam rejected deleted);
my $file = join '', map { encode_json($_) . "\n" } (
    map({ { id => $_, page => "/page/$_", status => $statuses[$_ - 1],
            created => $t0, name => "name$_", email => "mail$_\@example.org",
            website => 'https://example.org/', text => "Text $_.\nMore." } }
        1 .. 5),
    map({ { id => $_, page => '/many', status => 'pending', created => $t0,
            text => "Number $_." } } 6 .. 305),
    { id => 306, page => '/hostile', status => 'approved', created => $t0,
      name => "\e]0;owned\a\x{202e}name", text => "\e[2Jtext\r\x{9b}31m" },
);

is($t->run({ in => $file }, 'import', 'jsonl', '-')->{exit}, 0,
   'there are comments');


# stats

my $got = $t->run('stats');
is($got->{exit}, 0, 'stats');
like($got->{out}, qr/^comments +306$/m, 'all comments are counted');
like($got->{out}, qr/^  pending +301$/m, 'and those of each status');

$got = $t->run('stats', '--json')->{json};
is_deeply([@$got{qw(comments threads sites authors)}], [306, 7, 1, 4],
          'the same as JSON');
is_deeply($got->{status}, { approved => 2, pending => 301, spam => 1,
                            rejected => 1, deleted => 1 }, 'with statuses');
cmp_ok($got->{bytes_used}, '<', $got->{bytes_map}, 'and bytes');


# check

$got = $t->run('check');
is("$got->{exit} $got->{out}$got->{err}", "0 no problems\n", 'check');
is_deeply($t->run('check', '--json')->{json}, { problems => 0, lines => [] },
          'as JSON');


# copy

$got = $t->run('copy', '%%DIR%%/copy');
is($got->{exit}, 0, 'copy');
like($got->{out}, qr{/copy: \d+ bytes$}, 'tells its size');
is($t->run('export', 'jsonl', '--store', '%%DIR%%/copy')->{out},
   $t->run('export', 'jsonl')->{out}, 'the copy has all comments');
is($t->run('check', '--store', '%%DIR%%/copy')->{exit}, 0, 'it is whole');
is((stat $t->dir . '/copy/data.mdb')[2] & 07777, 0600, 'for its owner alone');
$got = $t->run('copy', '%%DIR%%/copy');
is($got->{exit}, 1, 'a copy is never overwritten');
like($got->{err}, qr/^ngx-comments: .*\n\z/, 'which is told');
$got = $t->run('copy', '%%DIR%%/small', '--compact', '--json');
is($got->{json}{copy}, $t->dir . '/small', 'a compact copy, as JSON');
cmp_ok($got->{json}{bytes}, '<=', -s $t->dir . '/copy/data.mdb',
       'is not larger');
is($t->run('check', '--store', '%%DIR%%/small')->{exit}, 0, 'and whole');
$got = $t->run('copy', '%%DIR%%/no/where');
is($got->{exit}, 1, 'a copy to nowhere fails');


# A damaged store.

my $mdb = Comments::Tool::slurp($t->dir . '/copy/data.mdb');
(my $damaged = $mdb) =~ s/tool(?=[^t]|t[^o])/toll/g;
isnt($damaged, $mdb, 'the journal of the copy is changed');
$t->write('copy/data.mdb', $damaged);
$got = $t->run('check', '--store', '%%DIR%%/copy');
is($got->{exit}, 1, 'check fails');
ok(length $got->{out}, 'and tells the problems');
like($got->{err}, qr/^ngx-comments: the store has \d+ problems?$/,
     'and their number');
$got = $t->run('check', '--store', '%%DIR%%/copy', '--json');
is($got->{exit}, 1, 'with --json as well');
cmp_ok($got->{json}{problems}, '>', 0, 'it counts them');
is(@{ $got->{json}{lines} }, $got->{json}{problems}, 'and lists them');

$t->write('copy/data.mdb', 'x' x 10000);
refused($t->run('stats', '--store', '%%DIR%%/copy'), 'what is no store');


# comment, show

$got = $t->run('comment', 1);
is($got->{exit}, 0, 'comment');
like($got->{out}, qr/^id +1\n/, 'begins with the id');
like($got->{out}, qr{^page +/page/1$}m, 'has the page');
like($got->{out}, qr/^text( +)Text 1\.\n {4}\1More\.$/m,
     'the text keeps its lines');
is($t->run('show', 1)->{out}, $got->{out}, 'show is the same');

$got = $t->run('comment', 1, '--json');
is($got->{json}{name}, 'name1', 'as JSON');
like($got->{json}{identity}, qr/^[0-9a-f]{32}$/, 'with a hash');
unlike($got->{out}, qr/mail1/, 'and no address');

refused($t->run('comment', 307), 'an unknown id', qr/no comment 307$/);

$got = $t->run('comment', 306);
unlike($got->{out}, qr/[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae/,
       'control characters do not reach a terminal');
like($got->{out}, qr/^name +.*name$/m, 'the rest does');


# list

$got = $t->run('list', '--status', 'pending');
is($got->{exit}, 0, 'list');
my @rows = split /\n/, $got->{out};
is(@rows, 50, '50 unless told');
like($rows[0], qr{^ +305  \Q$t0\E .* /many +Number 305\.$}, 'newest first');
@rows = Comments::Tool::lines($t->run('list', '--status', 'pending',
                                      '--limit', 200, '--json'));
is(@rows, 200, '200 at most, as JSON lines');
is($rows[-1]{id}, 106, 'down to here');
@rows = Comments::Tool::lines($t->run('list', '--status=pending',
                                      '--before', 106, '--json'));
is($rows[0]{id}, 105, 'and on from there');
$got = $t->run('list', '--status', 'spam', '--before', 1);
is("$got->{exit} $got->{out}", '0 ', 'an empty list is no error');
refused($t->run('list', '--status', 'spam', '--site', 'nobody'),
        'an unknown site', qr/no site "nobody"$/);


# Decisions.

my %result = (approve => 'approved', hold => 'pending', spam => 'spam',
              reject => 'rejected', delete => 'deleted');
for my $verb (qw(hold spam reject approve delete)) {
    my $got = $t->run($verb, 1, 2);
    is($got->{out}, "1 $result{$verb}\n2 $result{$verb}\n", $verb);
    is($t->run('comment', 1, '--json')->{json}{status}, $result{$verb},
       'has its effect');
    is($t->run('check')->{exit}, 0, 'and leaves the store whole');
}

$got = $t->run('spam', 3, 999, 4);
is($got->{exit}, 1, 'an unknown id among others');
is($got->{out}, "3 spam\n4 spam\n", 'does not harm them');
is($got->{err}, "ngx-comments: there is no comment 999\n", 'and is told');

$got = $t->run('approve', 3, 999, '--json');
is($got->{exit}, 1, 'the same with --json');
my ($made, $missing) = @{ $got->{json}{results} };
is("@$made{qw(id decision before status by)}",
   '3 approve spam approved tool', 'has a result for each');
is("$missing->{id} $missing->{error}{code}", '999 not_found',
   'also for what is not there');

is($t->run('undo', 3)->{out}, "3 spam\n", 'an undo');
is($t->run('undo', 4)->{out}, "4 rejected\n", 'and another');
refused($t->run('undo', 8), 'to undo what nobody has decided',
        qr/^ngx-comments: comment 8: nobody has decided/);
refused($t->run('undo', 3, '--decision', 1), 'or one by a wrong number',
        qr/cannot be undone any more/);

is($t->run('note', 3, '--note', "x" x 1000)->{out}, "3 spam\n",
   'a note of 1000 characters');
refused($t->run('note', 3, '--note', "x" x 1001), 'and one of 1001',
        qr/a note has 1000 characters at most/);
is($t->run('note', 3)->{exit}, 2, 'a note without --note is misuse');
is($t->run('pin', 3)->{exit}, 0, 'a comment is pinned');
is($t->run('unpin', 3)->{exit}, 0, 'and not any more');

$got = $t->run('approve', 6 .. 305, (6) x 800);
is($got->{exit}, 0, 'more decisions than one batch takes');
is(scalar(() = $got->{out} =~ /approved/g), 1100, 'are all made');
$got = $t->run('approve', (6) x 1001, '--json');
is(scalar @{ $got->{json}{results} }, 1001, 'and told as one list');
is($t->run('check')->{exit}, 0, 'and leave the store whole');

$got = $t->run('approve', 7, 'x', 8);
is($got->{exit}, 2, 'a mistake among ids');
is($got->{out}, '', 'is found before anything is done');


# No store.

for my $command (['stats'], ['check'], ['copy', '%%DIR%%/new'],
                 ['comment', 1], ['approve', 1], ['export', 'jsonl'],
                 ['list', '--status', 'spam'])
{
    refused($t->run(@$command, '--store', '%%DIR%%/none'),
            "$command->[0] without a store", qr/none.*No such file/);
    ok(!-e $t->dir . '/none', 'and none is made');
}

# Whose files they are.

SKIP: {
    skip 'only root can give files away', 4 if $> != 0;

    my $store = $t->dir . '/given';
    mkdir $store, 0700;
    chown 65534, 65534, $store;
    is($t->run({ in => $file }, 'import', 'jsonl', '-', '--store', $store)
       ->{exit}, 0, "root imports into somebody's directory");
    for my $name ('data.mdb', 'lock.mdb') {
        is((stat "$store/$name")[4], 65534, "$name belongs to the directory's "
           . 'owner');
    }
    chown 0, 0, "$store/lock.mdb";
    $t->run('stats', '--store', $store);
    is((stat "$store/lock.mdb")[4], 65534, 'and is given back to him');
}

done_testing();


sub refused {
    my ($got, $what, $why) = @_;

    is("$got->{exit} $got->{out}", '1 ', "$what: refused");
    like($got->{err}, qr/^ngx-comments: [^\n]*\n\z/, 'with one sentence');
    like($got->{err}, $why, 'that tells why') if $why;
}

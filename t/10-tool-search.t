# The tool finds comments: by words, and by what else is known of them.

use strict;
use warnings;
use utf8;

use Comments::Tool;
use Encode qw(encode_utf8);
use JSON::PP;
use POSIX qw(strftime);
use Test::More;

my $t   = Comments::Tool->new;
my $now = time;

# 1100 comments, so that most of them are in the index and some are not.  One
# in ten waits; two words stand in one of 100 and one of 1000.
my @comments = map {
    { id => $_, page => '/page/' . $_ % 7, title => 'About ' . $_ % 7,
      status => $_ % 10 ? 'approved' : 'pending', name => 'Name' . $_ % 5,
      created => strftime('%Y-%m-%dT%H:%M:%SZ',
                          gmtime($now - (1101 - $_) * 3600 + 1800)),
      email => 'mail' . $_ % 5 . '@example.org',
      text => "Number $_ is said here"
              . ($_ % 100 ? '' : ', with Blåbærgrøt')
              . ($_ % 1000 == 50 ? ' and free money' : '') . '.',
      $_ % 11 ? () : (receipt => { verdict => 'hold', rules => [
          { name => 'links', verdict => 'hold' } ] }) }
} 1 .. 1100;

my $got = $t->run({ in => join '', map { encode_json($_) . "\n" } @comments },
                  'import', 'jsonl', '-');
is($got->{exit}, 0, 'there are comments');
my %id = map { /Number (\d+) / ? ($1 => $_) : () }
         map { $_->{id} . ' ' . $_->{text} }
         Comments::Tool::lines($t->run('list', '--status', 'approved',
                                       '--json'));
is(scalar keys %id, 50, 'list gives 50 unless told');

# Numbers of the comments that are found.
sub found {
    my (@arguments) = @_;
    my $got = $t->run('search', '--json', '--limit', 200,
                      map { encode_utf8($_) } @arguments);
    return "$got->{exit}: $got->{err}" if $got->{exit} || $got->{err};
    return join ' ', map { $_->{text} =~ /Number (\d+)/ }
                     Comments::Tool::lines($got);
}

# The same, from what was imported.
sub those { return join ' ', reverse grep { $_[0]->($_) } 1 .. 1100 }


# Words

is(found('blåbærgrøt'), those(sub { $_ % 100 == 0 }),
   'by a word of the text, newest first');
is(found('BLÅBÆRGRØT', 'name0'), those(sub { $_ % 100 == 0 }),
   'in any case, and by the name');
is(found('blåbærgrøt', 'name1'), '', 'each word must be there');
is(found('blåbær*'), those(sub { $_ % 100 == 0 }), 'by the begin of a word');
is(found('number 107'), '107', 'an argument with a blank is a phrase');
is(found('107 number'), '', 'in this order');
is(found('107', 'number'), '107', 'two arguments are two words');
is(found('"free money" here'), '1050 50', 'and so are words with quotes');
is(found('free', 'money', '--site', 'test'), '1050 50', 'within a site');
is(found('1099', 'about', 'page'), '1099', 'by title and path of the page');


# What else is known

is(found('number', '--status', 'pending', '--page', '/page/3', '--site',
         'test'), those(sub { $_ % 10 == 0 && $_ % 7 == 3 }),
   'by status and page');
is(found('is', '--rule', 'links'), those(sub { $_ % 11 == 0 }),
   'by a rule that spoke');
is(found('is', '--since', '24h'), those(sub { $_ > 1076 }), 'by time');
is(found('blåbærgrøt', '--until', '24h'),
   those(sub { $_ % 100 == 0 && $_ < 1077 }), 'from its other end');
is(found('is', '--since', strftime('%Y-%m-%dT%H:%M:%SZ', gmtime($now - 3000))),
   '1100', 'a time as the lists print it');
is(found('is', '--since', '2999-01-08'), '', 'a day');

my ($one) = Comments::Tool::lines($t->run('search', '1003', '--json'));
is(found('blåbærgrøt', '--author-of', $one->{id}), '', 'by another author');
is(found('blåbærgrøt', '--site', 'test', '--author',
         substr($one->{identity}, 0, 8)), '', 'whose hash begins so');
is(found('100*', '--author-of', $one->{id}), '1008 1003',
   'by the author of a comment');
is(found('100*', '--site', 'test', '--author', $one->{identity}),
   '1008 1003', 'by the hash');

my @pending = Comments::Tool::lines(
    $t->run('list', '--status', 'pending', '--json', '--page', '/page/3',
            '--since', '200h', '--limit', 200));
is(join(' ', map { $_->{text} =~ /(\d+)/ } @pending),
   those(sub { $_ % 70 == 10 && $_ > 900 }), 'list takes the same filters');


# In parts

my (@all, $before);
while (1) {
    my @part = Comments::Tool::lines(
        $t->run('search', 'said', '--json', '--limit', 90,
                $before ? ('--before', $before) : ()));
    push @all, map { $_->{text} =~ /Number (\d+)/ } @part;
    last if @part < 90;
    $before = $part[-1]{id};
}
is("@all", those(sub { 1 }), 'all of them, in parts of 90');


# Changes

my ($money) = Comments::Tool::lines($t->run('search', 'money', '--json',
                                            '--until', '200h'));
is($t->run('spam', $money->{id})->{exit}, 0, 'a decision');
is(found('money', '--status', 'spam', '--site', 'test'), '50',
   'is seen at once');
is(found('money', '--status', 'pending', '--site', 'test'), '1050',
   'and nothing else');


# As a person reads it

$got = $t->run('search', '107', 'number');
like($got->{out}, qr/^ +\d+  \S+Z  Name2 +\/page\/2 +Number 107 is said here/,
     'a line for each comment');
is($t->run('search', 'nowhere')->{out}, '', 'and none for none');

like($t->run('stats')->{out}, qr/^words +\d+ bytes, \d+ for each of 1023 /m,
     'stats tells of the index');
is($t->run('stats', '--json')->{json}{comments_indexed}, 1023,
   'also as JSON');
is($t->run('index')->{exit}, 0, 'index has nothing to do');
is($t->run('check')->{out}, "no problems\n", 'check proves it');


# Misuse

for ([ [ '...' ], qr/no word in it/ ],
     [ [ 'x', '--since', 'soon' ], qr/--since must be a time such as 7d/ ],
     [ [ 'x', '--until', '7y' ], qr/--until must be a time/ ],
     [ [ 'x', '--page', '/a' ], qr/need --site/ ],
     [ [ 'x', '--author', '0123abcd' ], qr/need --site/ ],
     [ [ 'x', '--site', 'test', '--author', '0123' ], qr/8 to 32 hex digits/ ],
     [ [ 'x', '--status', 'good' ], qr/--status must be/ ],
     [ [ 'x', '--limit', '201' ], qr/200 at most/ ],
     [ [], qr/"search" needs WORD/ ],
     [ [ 'y' x 501 ], qr/501 bytes of words, 500 are allowed/ ])
{
    my ($arguments, $why) = @$_;
    $got = $t->run('search', @$arguments);
    is($got->{exit}, 2, "exit status of a misuse");
    like($got->{err}, $why, 'which is told');
}

$got = $t->run('search', 'x', '--site', 'other');
is($got->{exit}, 1, 'a site that is not there');
like($got->{err}, qr/no site "other"/, 'is told');

done_testing();

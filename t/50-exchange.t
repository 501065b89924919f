# Import and export of JSON lines, through the tool.

use strict;
use warnings;
use utf8;

use Comments::Tool;
use IO::Compress::Gzip qw(gzip);
use JSON::PP;
use Test::More;

my $t  = Comments::Tool->new;
my $t0 = '2013-01-08T09:40:00Z';
my $json = JSON::PP->new->utf8->canonical;


# Every status and kind, with all that a line can have.

my @statuses = qw(approved pending spam rejected);
my @kinds    = qw(comment pingback webmention);
my @lines;

for my $status (@statuses) {
    for my $kind (@kinds) {
        my $id = @lines + 1;
        push @lines, {
            id => $id, page => "/$status", title => "Page “$status”",
            kind => $kind, status => $status, created => $t0,
            edited => '2014-02-03T04:05:06Z', name => "Kåre $id",
            email => "reader$id\@example.org",
            website => "https://example.org/$id",
            text => "Første linje $id.\n\n*Second* <b>line</b> & æøå 😀",
            markup => 'plain', receipt => { verdict => 'hold', score => 1.5,
                                            rules => [{ name => 'x' }] },
            ($kind eq 'comment' ? () : (parent => $id - 1)),
        };
    }
}
push @lines, { id => 'gone', page => '/approved', status => 'deleted',
               created => $t0, parent => 1, text => 'secret',
               name => 'secret' },
             { id => 'under', page => '/approved', status => 'approved',
               created => $t0, parent => 'gone', text => 'Still here.' };

my $got = import_lines($t, @lines);
is($got->{exit}, 0, 'an import');
is($got->{err}, '', 'of which nothing is refused');
is($got->{out}, "lines 14, added 14, known 0, refused 0\n", 'is told');

for my $line (@lines[0 .. 11]) {
    my $stored = $t->run('comment', $line->{id}, '--json')->{json};
    is_deeply([@$stored{qw(page kind status created edited name website text
                           markup parent)}],
              [@$line{qw(page kind status created edited name website text
                         markup)}, $line->{parent} // 0],
              "$line->{status} $line->{kind} is kept as it was");
    is_deeply($stored->{receipt}, $line->{receipt}, 'and its receipt');
}

my $gone = $t->run('comment', 13, '--json');
is($gone->{json}{status}, 'deleted', 'a deleted comment has its place');
unlike($gone->{out}, qr/secret/, 'but nothing of what it was');
is($t->run('comment', 14, '--json')->{json}{parent}, 13,
   'and what answers it stays there');

my $data = Comments::Tool::slurp($t->dir . '/store/data.mdb');
unlike($data, qr/reader\d+\@|secret/i, 'no address is in the store');


# Twice.

is(import_lines($t, @lines)->{out},
   "lines 14, added 0, known 14, refused 0\n", 'twice adds nothing');
is($t->run({ in => join('', map { $json->encode($_) . "\n" } @lines),
             pipe => 1 }, 'import', 'jsonl', '-')->{out},
   "lines 14, added 0, known 14, refused 0\n", 'nor from a pipe');
is_deeply($t->run({ in => $json->encode({ %{ $lines[0] }, id => 'one more' })
                  }, 'import', 'jsonl', '-', '--json')->{json},
          { lines => 1, added => 1, known => 0, refused => 0 },
          'a new line is added, also without a line feed; told as JSON');
is($t->run('check')->{exit}, 0, 'the store is whole');


# Compressed.

my $zipped;
gzip(\(join '', map { $json->encode($_) . "\n" } @lines), \$zipped);
my $file = $t->write('old.jsonl.gz', $zipped);
$got = $t->run('import', 'jsonl', $file);
is($got->{exit}, 1, 'what gzip made is refused');
is($got->{err}, "ngx-comments: $file: compressed by gzip; type zcat $file | "
              . "ngx-comments import jsonl - ...\n", 'with what to type');
like($t->run({ in => $zipped, pipe => 1 }, 'import', 'jsonl', '-')->{err},
     qr/^ngx-comments: -: compressed by gzip; type zcat FILE \|/,
     'also from a pipe');
is($t->run({ in => '', pipe => 1 }, 'import', 'jsonl', '-')->{out},
   "lines 0, added 0, known 0, refused 0\n", 'nothing is nothing');


# Export, and back.

my $out = $t->run('export', 'jsonl');
is($out->{exit}, 0, 'an export');
is($out->{err}, '', 'says nothing else');
my @exported = Comments::Tool::lines($out);
is(@exported, 15, 'has every comment, the deleted one too');
is_deeply([map { $_->{id} } @exported], [1 .. 15], 'in the order of ids');
unlike($out->{out}, qr/reader\d+\@|secret|email/, 'without an address');
is_deeply($exported[12],
          { id => 13, uid => $exported[12]{uid}, page => '/approved',
            title => 'Page “approved”', parent => $exported[0]{uid},
            kind => 'comment', status => 'deleted', created => $t0 },
          'of a deleted comment there is nothing but its place');
is($t->run({ in => $out->{out} }, 'import', 'jsonl', '-')->{out},
   "lines 15, added 0, known 15, refused 0\n",
   'it adds nothing to the store it came from');
is($t->run('export', 'jsonl', '--json')->{out}, $out->{out},
   '--json changes nothing');

my $back = $t->run({ in => $out->{out} }, 'import', 'jsonl', '-',
                   '--store', '%%DIR%%/second');
is($back->{out}, "lines 15, added 15, known 0, refused 0\n",
   'a fresh store takes all of it');
my $again = $t->run('export', 'jsonl', '--store', '%%DIR%%/second');
is(plain($again->{out}), plain($out->{out}), 'and gives the same file');
isnt($again->{out}, $out->{out}, 'but for the number of the store');
is($t->run('check', '--store', '%%DIR%%/second')->{exit}, 0,
   'which is whole');

my @reversed = reverse split /^/, $out->{out};
$t->run({ in => join '', @reversed }, 'import', 'jsonl', '-',
        '--store', '%%DIR%%/third');
my $third = $t->run('export', 'jsonl', '--store', '%%DIR%%/third');
is(as_tree($third), as_tree($out), 'backward it makes the same threads');

is($t->run({ in => $out->{out} }, 'import', 'jsonl', '-', '--site', 'other',
           '--store', '%%DIR%%/second')->{out},
   "lines 15, added 15, known 0, refused 0\n",
   'another site of a store takes them for itself');


# Deep threads.

my @deep = map { { id => "deep$_", page => '/deep', status => 'approved',
                   created => $t0, text => "Level $_.",
                   ($_ > 1 ? (parent => 'deep' . ($_ - 1)) : ()) } } 1 .. 15;
is(import_lines($t, @deep)->{exit}, 0, 'a thread of 15 levels');
my %by_uid = map { $_->{uid} => $_ }
             my @all = Comments::Tool::lines($t->run('export', 'jsonl'));
is(join(' ', map { ($by_uid{ $_->{parent} // '' } || {})->{text} // '-' }
             grep { $_->{page} eq '/deep' } @all),
   join(' ', '-', map { "Level $_." } 1 .. 14), 'keeps who answers whom');


# Lines that are refused.

my $bad = join "\n",
    $json->encode({ %{ $lines[0] }, id => 'b1' }),                      # 1
    'not json',                                                         # 2
    '',
    $json->encode({ %{ $lines[0] }, id => 'b4', email => 'no address' }),
    $json->encode({ %{ $lines[0] }, id => 'b5', page => 'javascript:' }),
    $json->encode({ %{ $lines[0] }, id => 'b6', website => 'ftp://x' }),
    $json->encode({ %{ $lines[0] }, id => 'b7', text => ' ' }),
    $json->encode({ %{ $lines[0] }, id => 'b8', text => 'x' x 65537 }),
    $json->encode({ %{ $lines[0] }, id => 'b9', name => 'x' x 101 }),
    $json->encode({ %{ $lines[0] }, id => 'b10', parent => 'b4' }),
    $json->encode({ %{ $lines[0] }, id => 'b11', parent => 'nobody' }),
    $json->encode({ %{ $lines[0] }, id => 'b12', ip => '192.0.2.1' }),
    $json->encode({ %{ $lines[0] }, id => 'b13', title => 'x' x 301 }),
    '{"id":"b14","email":"secret@example.org","page":"/a"',
    '{"x":"' . 'y' x (1024 * 1024) . '"}',
    $json->encode({ %{ $lines[0] }, id => 'b16', name => 'x' x 100,
                    text => 'x' x 65536, title => 'x' x 300 });
$got = $t->run({ in => $bad }, 'import', 'jsonl', '-');
is($got->{exit}, 1, 'bad lines make an import fail');
is($got->{out}, "lines 15, added 2, known 0, refused 13\n",
   'but the good ones are added');
my %why = $got->{err} =~ /^ngx-comments: line (\d+): (\w+): \S.*$/mg;
is_deeply(\%why, {
    2 => 'json_invalid', 4 => 'email_invalid', 5 => 'page_invalid',
    6 => 'website_invalid', 7 => 'text_missing', 8 => 'text_too_long',
    9 => 'name_too_long', 10 => 'parent_invalid', 11 => 'parent_invalid',
    12 => 'field_invalid', 13 => 'title_too_long', 14 => 'json_invalid',
    15 => 'body_too_large' }, 'each with its line and code');
like($got->{err}, qr/\Angx-comments:\ line\ 2.*\n(?:ngx-comments:\ line\ .*\n)*
                    ngx-comments:\ 13\ lines\ were\ refused\n\z/x,
     'and their number at the end');
unlike($got->{err}, qr/secret|no address|192\.0/,
       'what stands in them is not told');
is($t->run('check')->{exit}, 0, 'the store is whole');

$got = $t->run({ in => $bad }, 'import', 'jsonl', '-', '--json');
is_deeply([$got->{exit}, $got->{json}],
          [1, { lines => 15, added => 0, known => 2, refused => 13 }],
          'the same once more, as JSON');


# The file.

$got = $t->run('import', 'jsonl', '%%DIR%%/none');
is($got->{exit}, 1, 'a missing file');
like($got->{err}, qr/^ngx-comments: .*none: No such file.*\n\z/, 'is told');
$got = $t->run('import', 'jsonl', '%%DIR%%');
is($got->{exit}, 1, 'so is a directory');
is($t->run({ in => '' }, 'import', 'jsonl', '-')->{out},
   "lines 0, added 0, known 0, refused 0\n", 'an empty file is no error');
is($t->run({ in => "\x{ef}\x{bb}\x{bf}" . $json->encode({ %{ $lines[0] },
             id => 'bom' }) . "\r\n\r\n" }, 'import', 'jsonl', '-')->{out},
   "lines 1, added 1, known 0, refused 0\n",
   'a byte order mark and carriage returns are nothing');
is($t->run({ in => '' }, 'import', 'jsonl', '-', '--site', "a\nb")->{exit},
   1, 'a site has no control characters');
is($t->run('export', 'jsonl', '--site', 'nobody')->{exit}, 1,
   'a site that is not there cannot be exported');
my $full = $t->run({ out => '/dev/full' }, 'export', 'jsonl');
is($full->{exit}, 1, 'an export that cannot be written');
like($full->{err}, qr/^ngx-comments: .*could not be written/, 'is told');


# An answer that mentions whom it answers leads there, though that comment has
# come in the same breath.

my $m = Comments::Tool->new;
my %line = (page => '/m', created => $t0, markup => 'plain');
is(import_lines($m,
    { %line, id => 1, status => 'approved', name => 'Kåre Nor', text => 'A' },
    { %line, id => 2, status => 'approved', name => 'Ola', parent => 1,
      text => '@Kåre: yes, @Kåre Nor. And @Karl, k@Kåre.' },
    { %line, id => 3, status => 'pending', name => 'Per', text => 'B' },
    { %line, id => 4, status => 'approved', name => 'Ola', parent => 3,
      text => '@Per: no' },
    { %line, id => 5, status => 'approved', name => 'Ola', text => '@Kåre?' },
)->{out}, "lines 5, added 5, known 0, refused 0\n", 'an import with mentions');
is($m->run('comment', 2, '--json')->{json}{html},
   '<p><a href="#comment-1">@Kåre</a>: yes, '
   . '<a href="#comment-1">@Kåre Nor</a>. And @Karl, k@Kåre.</p>',
   'the name, or its first word, is a link');
is($m->run('comment', 4, '--json')->{json}{html}, '<p>@Per: no</p>',
   'but not to what nobody sees');
is($m->run('comment', 5, '--json')->{json}{html}, '<p>@Kåre?</p>',
   'nor of what answers nobody');

done_testing();


sub import_lines {
    my ($t, @lines) = @_;
    return $t->run({ in => join '', map { $json->encode($_) . "\n" } @lines },
                   'import', 'jsonl', '-');
}

# An export without what differs from store to store.
sub plain {
    my ($text) = @_;
    $text =~ s/"[0-9a-f]{16}-(\d+)"/"$1"/g;
    return $text;
}

# Who answers whom, whatever their ids.
sub as_tree {
    my ($got) = @_;

    my @all = Comments::Tool::lines($got);
    my %by = map { $_->{uid} => $_ } @all;
    my $name = sub { my ($c) = @_;
                     join '|', map { $_ // '' }
                     @$c{qw(page kind status name text created)} };

    return join "\n", sort map {
        my $parent = $by{ $_->{parent} // '' };
        $name->($_) . ' > ' . ($parent ? $name->($parent) : '');
    } @all;
}

# Import of the database of Isso.

use strict;
use warnings;
use utf8;

use Comments::Tool;
use Encode qw(encode_utf8);
use Test::More;

my $schema = <<'END';
CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE,
    title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY,
    parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER,
    remote_addr VARCHAR, text VARCHAR NOT NULL, author VARCHAR, email VARCHAR,
    website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0,
    voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
CREATE TRIGGER remove_stale_threads AFTER DELETE ON comments BEGIN
    DELETE FROM threads WHERE id NOT IN (SELECT tid FROM comments); END;
PRAGMA user_version = 5;
END
my $key = "INSERT INTO preferences VALUES ('session-key', '%s');";
my $add = 'INSERT INTO comments VALUES (%s, 3, 2, x\'00\', 0);';

my @rows = (
    "1, 1, NULL, 1357638000.7, NULL, 1, '192.0.2.7', 'Fint i *havna* & vêr.


- sol
- vind', 'Ola', 'ola\@example.no', 'http://ola.example.no'",
    "1, 2, 1, 1357724400.0, 1357724500.9, 1, '192.0.2.8', 'Svar', 'Kåre', "
    . 'NULL, NULL',
    "2, 3, NULL, 1357638000.1, NULL, 2, '192.0.2.9', 'Ventar', NULL, '', ''",
    "2, 4, NULL, 1357638001, NULL, 4, '192.0.2.9', '', NULL, NULL, NULL",
    "2, 5, 4, 1357638002, NULL, 1, NULL, 'Under', 'N', 'ikkje', 'tull og'",
    "2, 6, 77, 1357638003, NULL, 1, NULL, 'Foreldrelaus', 'N', NULL, NULL",
    "9, 7, NULL, 1357638004, NULL, 1, NULL, 'Ingen tråd', 'N', NULL, NULL",
    "2, 8, NULL, 1357638005, NULL, 1, NULL, '  ', 'N', NULL, NULL",
);
my $threads = "INSERT INTO threads VALUES (1, '/havna/', 'Havna & været');"
            . "INSERT INTO threads VALUES (2, '/bat.html', NULL);";

my $t = Comments::Tool->new;
my $file = database('isso.db', $schema, sprintf($key, 'a' x 48), $threads,
                    map { sprintf $add, $_ } @rows);
my $before = Comments::Tool::slurp($file);

my $got = $t->run('import', 'isso', $file);
is($got->{exit}, 0, 'a database of Isso is imported');
is($got->{err}, '', 'nothing of it is refused');
is($got->{out}, <<'END', 'and all is accounted for');
comments 8, added 6, known 0, refused 0, skipped 2
       1 skipped, the file does not say on which page they are
       1 skipped, they have no text
       1 answer what is not there; they stand by themselves
       1 without their e-mail address, which is none
       1 without their website, whose address is none
END
is($t->run('check')->{out}, "no problems\n", 'the store is whole');
is(Comments::Tool::slurp($file), $before, 'the database is as it was');
ok(!-e "$file-journal" && !-e "$file-wal", 'and nothing is beside it');

my @all = Comments::Tool::lines($t->run('export', 'jsonl'));
my %by = map { ($_->{text} // '') => $_ } @all;
my ($ola, $kare) = map { my $n = $_; grep { ($_->{name} // '') eq $n } @all }
                   qw(Ola Kåre);
is_deeply([@$ola{qw(page title status created markup website text)}],
          ['/havna/', 'Havna & været', 'approved', '2013-01-08T09:40:00Z',
           'markdown', 'http://ola.example.no',
           "Fint i *havna* & vêr.\n\n\n- sol\n- vind"],
          'a comment has what it had');
is($t->run('show', $ola->{id}, '--json')->{json}{html},
   "<p>Fint i <em>havna</em> &amp; vêr.</p>\n<ul>\n<li>sol</li>\n"
   . "<li>vind</li>\n</ul>", 'its text is Markdown');
is($kare->{parent}, $ola->{uid}, 'an answer answers');
is($kare->{edited}, '2013-01-09T09:41:40Z', 'and was changed');
is($by{Ventar}{status}, 'pending', 'what waits goes on waiting');
my ($deleted) = grep { $_->{status} eq 'deleted' } @all;
is($by{Under}{parent}, $deleted->{uid}, 'what is deleted has its place');
ok(!exists $by{Foreldrelaus}{parent}, 'an orphan stands by itself');
unlike(Comments::Tool::slurp($t->dir . '/store/data.mdb'),
       qr/ola\@example|192\.0\.2/, 'no address is in the store');

is((split /\n/, $t->run('import', 'isso', $file)->{out})[0],
   'comments 8, added 0, known 6, refused 0, skipped 2', 'twice adds nothing');
$file = database('second.db', $schema, sprintf($key, 'b' x 48), $threads,
                 sprintf $add, $rows[0]);
like($t->run('import', 'isso', $file)->{out}, qr/^comments 1, added 1,/,
     'another database is another one, with the same ids');

$file = database('moved.db', $schema, sprintf($key, 'c' x 48), $threads,
    sprintf($add, $rows[1] =~ s{'Svar'}{'<p>Frå <u>Disqus</u></p>'}r
            =~ s{'Kåre', NULL, NULL}
                {'Ola &amp; &lt;Kari', 'a&amp;b\@example.no',
                 'http://b.example/?c=1&amp;d=2'}r));
is($t->run('import', 'isso', $file)->{out},
   "comments 1, added 1, known 0, refused 0, skipped 0\n"
   . "       1 answer what is not there; they stand by themselves\n",
   'another database has other addresses');
my $moved = (Comments::Tool::lines($t->run('export', 'jsonl')))[-1];
is_deeply([@$moved{qw(markup text)}], ['html', '<p>Frå Disqus</p>'],
          'what Isso itself imported is HTML');
is_deeply([@$moved{qw(name website)}],
          ['Ola & <Kari', 'http://b.example/?c=1&d=2'],
          'what Isso keeps escaped is read as it was typed');


# Databases that are wrong, or more than that.

my @bad = (sprintf($add, $rows[0]) =~ s/1357638000.7/'x'/r,
           sprintf($add, $rows[1]) =~ s/'Svar'/'@{[ 'x' x 131073 ]}'/r,
           sprintf($add, $rows[2]) =~ s/'Ventar'/CAST(x'41ff' AS TEXT)/r,
           sprintf($add, $rows[2]) =~ s/, 3,/, 4,/r =~ s/1357638000.1/1e300/r,
           sprintf($add, $rows[2]) =~ s/, 3,/, 5,/r
               =~ s/'Ventar'/CAST(x'4100' AS TEXT)/r);
$got = $t->run('import', 'isso', database('bad.db', $schema, $threads, @bad));
is(join(' ', $got->{err} =~ /^ngx-comments: comment (\d+: \w+): \S.*$/mg),
   '1: field_invalid 2: text_too_long 3: not_utf8 4: field_invalid '
   . '5: json_invalid', 'bad comments are told');

my $view = $schema =~ s/CREATE TABLE comments.*//sr
         . 'CREATE VIEW comments AS WITH RECURSIVE c(id) AS (SELECT 1 UNION '
         . 'ALL SELECT id + 1 FROM c) SELECT id, 1 AS tid, 0 AS parent, '
         . '1357638000 AS created, 0 AS modified, 1 AS mode, \'x\' AS text, '
         . '\'\' AS author, \'\' AS email, \'\' AS website FROM c;';
for ([ 'no database', $t->write('text', "Hei\n" x 1000),
       qr/file is not a database/ ],
     [ 'another database', database('other.db', 'CREATE TABLE x (y);'),
       qr/no such table: comments/ ],
     [ 'a view without end', database('view.db', $view),
       qr/prohibited|not authorized/ ],
     [ 'a row of 5 MB', database('large.db', $schema, $threads,
       sprintf $add, $rows[1] =~ s/'Svar'/zeroblob(5000000)/r),
       qr/too big/ ],
     [ 'a directory', $t->dir, qr/: Is a directory/ ],
     [ 'a pipe', '-', qr/a database cannot be read from standard input/ ])
{
    my ($name, $path, $says) = @$_;
    $got = $t->run('import', 'isso', $path);
    is($got->{exit}, 1, "refused: $name");
    like($got->{err}, qr/^ngx-comments: .*$says.*\n\z/, 'in one sentence');
}

# Damage in the middle: what was read before it is there.
my @many = map { my $i = $_; $rows[0] =~ s/, 1, NULL/, $i, NULL/r
                 =~ s/'Fint/'Nr $i. @{[ 'x' x 900 ]} Fint/r } 1 .. 200;
$file = database('damaged.db', $schema, $threads,
                 map { sprintf $add, $_ } @many);
my $bytes = Comments::Tool::slurp($file);
substr($bytes, int(length($bytes) / 4096 / 2) * 4096, 4096) = "\xff" x 4096;
my $d = Comments::Tool->new;
$got = $d->run('import', 'isso', $d->write('damaged.db', $bytes));
is($got->{exit}, 1, 'a damaged database');
like($got->{err}, qr/behind comment \d+: .*malformed; what was imported so/,
     'is told, with how far it was good');
my $kept = () = Comments::Tool::lines($d->run('export', 'jsonl'));
ok($kept > 10 && $kept < 200, "and so much of it is there ($kept)");
like($d->run('import', 'isso', $t->dir . '/damaged.db')->{out},
     qr/known $kept,/, 'a good copy adds the rest');

done_testing();


sub database {
    my ($name, @sql) = @_;

    my $path = $t->dir . "/$name";
    open my $sql, '>:utf8', "$path.sql" or die "$path.sql: $!";
    print $sql map { "$_\n" } @sql;
    close $sql;
    system('python3', '-c', 'import sqlite3, sys; '
           . 'sqlite3.connect(sys.argv[1]).executescript('
           . 'open(sys.argv[1] + ".sql", encoding="utf-8").read())', $path)
        == 0 or die "python3 made no database";

    return $path;
}

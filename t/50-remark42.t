# Import of a backup of Remark42.

use strict;
use warnings;
use utf8;

use Comments::Tool;
use JSON::PP;
use Test::More;

my $t = Comments::Tool->new;
my $json = JSON::PP->new->utf8->canonical;

my $head = { version => 1, posts => [{ url => 'https://example.no/havna/',
                                       read_only => JSON::PP::true }],
             users => [{ id => 'github_ola', details => { user_id =>
                         'github_ola', email => 'ola@example.no' } },
                       { id => 'github_kare', verified => JSON::PP::true }] };
my @comments = (
    { id => 'b', pid => 'a', text => '<p>Svar</p>', orig => '**Svar**',
      user => { name => 'Kåre', id => 'github_kare' },
      time => '2013-01-09T10:40:00.123456789+01:00' },
    { id => 'a', text => '<p>Fint <u>i</u> havna</p>', title => 'Havna',
      user => { name => 'Ola', id => 'github_ola' }, score => 3,
      votes => { github_kare => JSON::PP::true },
      edit => { time => '2013-01-08T10:00:00Z', summary => 'x' } },
    { id => 'c', text => '', orig => '', delete => JSON::PP::true,
      user => { name => 'deleted', id => 'deleted' },
      time => '2013-01-10T09:40:00Z' },
    { id => 'd', pid => 'c', orig => 'Under', text => '<p>Under</p>',
      user => { name => 'Kåre', id => 'github_kare' },
      time => '2013-01-11T09:40:00Z' },
    { id => 'e', orig => 'Gjest <script>', text => '<p>Gjest</p>',
      user => { name => 'Gjest', id => 'anonymous_abc' },
      time => '2013-01-12T09:40:00Z' },
    { id => 'f', orig => 'Ingen stad', user => { name => 'N' },
      locator => { site => 's' } },
);
$_ = { pid => '', time => '2013-01-08T09:40:00Z', locator => { site => 's',
       url => 'https://example.no/havna/?utm_source=x#top' }, %$_ }
    for @comments;
my $backup = join '', map { $json->encode($_) . "\n" } $head, @comments;

my $got = $t->run({ in => $backup, pipe => 1 }, 'import', 'remark42', '-');
is($got->{exit}, 0, 'a backup of Remark42 is imported');
is($got->{err}, '', 'nothing of it is refused');
is($got->{out}, <<'END', 'and all is accounted for');
comments 6, added 5, known 0, refused 0, skipped 1
       1 skipped, the file does not say on which page they are
END
is($t->run('check')->{out}, "no problems\n", 'the store is whole');

my @all = Comments::Tool::lines($t->run('export', 'jsonl'));
is_deeply([@{ $all[0] }{qw(page title name created edited markup text)}],
          ['/havna/', 'Havna', 'Ola', '2013-01-08T09:40:00Z',
           '2013-01-08T10:00:00Z', 'html', '<p>Fint i havna</p>'],
          'a comment has what it had');
is_deeply([@{ $all[1] }{qw(parent markup text created)}],
          [$all[0]{uid}, 'markdown', '**Svar**', '2013-01-09T09:40:00Z'],
          'what was typed is better than what became of it');
is($all[2]{status}, 'deleted', 'what is deleted has its place');
is($all[3]{parent}, $all[2]{uid}, 'for what answers it');
is($all[3]{identity}, $all[1]{identity}, 'an account is the same person');
ok(!exists $all[4]{identity}, 'without an account nobody is');
is($t->run('show', 5, '--json')->{json}{html}, '<p>Gjest &lt;script&gt;</p>',
   'what was typed is no HTML');

my $mail = Comments::Tool->new;
$mail->write('key', Comments::Tool::slurp($t->dir . '/key'));
$mail->run({ in => '{"id":1,"page":"/","status":"approved","text":"x",'
             . '"created":"2013-01-08T09:40:00Z","email":"ola@example.no"}' },
           'import', 'jsonl', '-');
is((Comments::Tool::lines($mail->run('export', 'jsonl')))[0]{identity},
   $all[0]{identity}, 'an e-mail address tells who it is');

my $old = Comments::Tool->new;
my @orig = ("&gt; Eit sitat\n\nSvar: `a &lt; b &amp;&amp; c`, d&#39;accord",
            "`&lt;` er det same som '<'", '`&nbsp;` &lt; 3', 'R&D &amp; `&lt;`',
            '`a < b`');
$old->run({ in => join '', map { $json->encode($_) . "\n" } $head,
    map { { %{ $comments[0] }, id => "o$_", pid => '', orig => $orig[$_],
            time => "2013-01-0${\ ($_ + 1)}T00:00:00Z",
            user => { name => 'O&#39;Brien &lt;&amp; Co', id => 'x' } } }
    0 .. $#orig }, 'import', 'remark42', '-');
my @old = Comments::Tool::lines($old->run('export', 'jsonl'));
is($old[0]{text}, "> Eit sitat\n\nSvar: `a < b && c`, d'accord",
   'what an old one kept escaped is read as it was typed');
is_deeply([map { $_->{text} } @old[1 .. $#old]], [@orig[1 .. $#orig]],
          'what is typed so stays so');
is($old[0]{name}, "O'Brien <& Co", 'names are read, too');

is((split /\n/, $t->run({ in => $backup }, 'import', 'remark42', '-')
        ->{out})[0],
   'comments 6, added 0, known 5, refused 0, skipped 1', 'twice adds nothing');
like($t->run({ in => $backup =~ s/"site":"s"/"site":"other"/gr }, 'import',
             'remark42', '-')->{out}, qr/added 5/, 'another site is another');


# Lines that are wrong, and files.

my $one = $json->encode($comments[0]);
$got = $t->run({ in => join "\n", $json->encode($head), 'not json', '[]', '',
    $one =~ s/Svar/'x' x (1024 * 1024)/er,
    $one =~ s/"b"/"g"/r =~ s/"orig":"/'"orig":"' . 'x' x 131073/er,
    $one =~ s/"b"/"g"/r =~ s/2013/13/gr, $one =~ s/"b"/"h"/r },
    'import', 'remark42', '-');
is(join(' ', $got->{err} =~ /^ngx-comments: line (\d+: \w+): \S.*$/mg),
   '2: json_invalid 5: text_too_long 6: text_too_long 7: field_invalid',
   'bad lines are told');
like($got->{out}, qr/^comments 6, added 1, known 0, refused 4, skipped 1$/m,
     'and the good ones come');

$got = $t->run({ in => '{"version":1,"users":["' . 'x' x (1024 * 1024)
                     . qq("]}\n$one) }, 'import', 'remark42', '-');
is($got->{exit}, 0, 'a site may have very many users');
for my $in ('[]', '{"id":7}', '<rss/>') {
    like($t->run({ in => "$in\n" }, 'import', 'remark42', '-')->{err},
         qr/^ngx-comments: line 1: this is no backup of Remark42, /,
         'another file is refused');
}

done_testing();

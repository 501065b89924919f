# Import of what WordPress exports (WXR), through the tool and to readers.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Comments::Tool;
use Encode qw(encode_utf8);
use IO::Compress::Gzip qw(gzip);
use JSON::PP;
use Test::More;

my $t = Comments::Tool->new;


# A blog as it is: posts with answers, a pingback, something in each status, and
# what is not for readers.

my $blog = wxr(
    item({ id => 12, title => '<em>Havna</em> &amp; <span>været</span>',
           link => 'https://blogg.example.no/2013/01/havna/' },
        comment({ id => 7, author => 'Ola &amp; Kari',
            email => 'ola@example.no', url => 'http://ola.example.no',
            date_gmt => '2013-01-08 10:00:00',
            content => "Så fint i <em>havna</em>!\n\nDet regna <b>litt</b>, "
                     . "da. &amp; blåste.\nHilsen Ola" }),
        comment({ id => 9, author => 'Åse', parent => 8,
            date_gmt => '2013-01-10 10:00:00', content => 'Svar på svar' }),
        comment({ id => 8, author => 'Kåre', parent => 7,
            date_gmt => '2013-01-09 10:00:00',
            content => 'Enig, <a href="https://a.example/" rel="nofollow">se '
                     . 'her</a>. <u>Klart</u> ]]> og.' }),
        comment({ id => 10, author => 'Ein annan blogg',
            type => 'pingback', url => 'https://annan.example/post/',
            date_gmt => '2013-01-11 10:00:00',
            content => '[&#8230;] om havna [&#8230;]' }),
        comment({ id => 11, author => 'Trond', type => 'trackback',
            date_gmt => '2013-01-12 10:00:00', content => 'Sporet' }),
        comment({ id => 12, author => 'Ny', approved => '0',
            date_gmt => '2013-01-13 10:00:00', content => 'Venter' }),
        comment({ id => 13, author => 'Slem', approved => 'trash',
            date_gmt => '2013-01-14 10:00:00', content => 'Kasta' }),
        comment({ id => 14, author => 'Søppel', approved => 'spam',
            date_gmt => '2013-01-15 10:00:00', content => 'Kjøp' }),
        comment({ id => 15, author => 'Per', parent => 999,
            date_gmt => '2013-01-16 10:00:00', content => 'Til ein spam' }),
        comment({ id => 16, author => 'Pål', parent => 15,
            date_gmt => '2013-01-16 10:00:00', content => 'Til Per' }),
        comment({ id => 17, author => '', date_gmt => '0000-00-00 00:00:00',
            date => '2013-01-17 11:00:00', content => 'Utan namn' }),
        comment({ id => 18, author => 'N' x 120, email => 'ikkje noko',
            url => 'tull og tøys', date_gmt => '2013-01-18 10:00:00',
            content => 'Feil her og der' }),
        comment({ id => 19, author => 'Tom', date_gmt =>
            '2013-01-18 11:00:00', content => " \n" }),
        comment({ id => 20, type => 'order_note', content => 'Betalt',
            date_gmt => '2013-01-18 12:00:00' })),
    item({ id => 13, title => 'Ei side', type => 'page',
           link => 'https://blogg.example.no/?p=13' },
        comment({ id => 7, author => 'Same nummer', url => 'http://',
            date_gmt => '2013-01-08 09:00:00', content => 'Først av alle' }),
        comment({ id => 21, author => 'Nettlaus', url => 'nett.example.no',
            date_gmt => '2013-01-08 09:30:00', content => 'Utan http' })),
    item({ id => 14, title => 'Privat', status => 'private',
           link => 'https://blogg.example.no/privat/' },
        comment({ id => 30, content => 'Hemmeleg' })),
    item({ id => 15, title => 'Med passord', password => 'sesam',
           link => 'https://blogg.example.no/passord/' },
        comment({ id => 31, content => 'Også hemmeleg' })),
    item({ id => 16, title => 'Bilete', status => 'inherit',
           type => 'attachment', link => 'https://blogg.example.no/bilete/' },
        comment({ id => 32, author => 'Fotograf', date_gmt =>
            '2013-01-08 08:00:00', content => 'Bra bilete' })),
    item({ id => 17, title => 'Kasta', status => 'trash',
           link => 'https://blogg.example.no/kasta/' },
        comment({ id => 33, approved => 'post-trashed', content => 'Borte' })),
    item({ id => 18, title => 'Ingen stad', link => '' },
        comment({ id => 34, content => 'Ingen stad' })),
);
my $file = $t->write('blog.xml', $blog);

my $got = $t->run('import', 'wordpress', $file);
is($got->{exit}, 0, 'a WXR is imported');
is($got->{err}, '', 'nothing of it is refused');
is($got->{out}, <<'END', 'and all is accounted for');
comments 21, added 15, known 0, refused 0, skipped 6
       3 skipped, their pages are drafts, private, with a password or deleted
       1 skipped, the file does not say on which page they are
       1 skipped, they are no comments but notes of a plugin
       1 skipped, they have no text
       1 answer what is not there; they stand by themselves
       1 without their e-mail address, which is none
       1 without their website, whose address is none
       1 have a shorter name or title now
END
is($t->run('check')->{out}, "no problems\n", 'the store is whole');

my @all = Comments::Tool::lines($t->run('export', 'jsonl'));
my %by = map { $_->{text} => $_ } @all;
my %uid = map { $_->{uid} => $_ } @all;
my $parent = sub { my $p = $by{ $_[0] }{parent}; $p ? $uid{$p}{text} : '' };

is_deeply([map { $_->{created} } @all], [sort map { $_->{created} } @all],
          'what is older comes first, on whatever page');
is($all[0]{text}, 'Bra bilete', 'so the ids go by time');

my ($ola) = grep { ($_->{name} // '') eq 'Ola & Kari' } @all;
is_deeply([@$ola{qw(page title status kind created website markup)}],
          ['/2013/01/havna/', 'Havna & været', 'approved', 'comment',
           '2013-01-08T10:00:00Z', 'http://ola.example.no', 'html'],
          'a comment has what it had');
is($ola->{text}, "Så fint i <em>havna</em>!\n\nDet regna <b>litt</b>, da. "
   . "&amp; blåste.\nHilsen Ola", 'its text');
like($ola->{identity}, qr/^[0-9a-f]{32}$/, 'and, hashed, who it was');
is($t->run('show', $ola->{id}, '--json')->{json}{html},
   "<p>Så fint i <em>havna</em>!</p>\n<p>Det regna <b>litt</b>, da. &amp; "
   . "blåste.<br>\nHilsen Ola</p>", 'line ends break lines as in WordPress');

my ($kare) = grep { ($_->{name} // '') eq 'Kåre' } @all;
is($kare->{text}, 'Enig, <a href="https://a.example/" rel="nofollow">se '
   . 'her</a>. Klart ]]> og.',
   'a tag that comments do not have is not shown as text');
is($uid{ $kare->{parent} }{name}, 'Ola & Kari', 'an answer answers');
is($parent->('Svar på svar'), $kare->{text},
   'so does one that stands before what it answers');
is($by{'[&#8230;] om havna [&#8230;]'}{kind}, 'pingback',
   'a pingback stays one');
is($by{Sporet}{kind}, 'pingback', 'a trackback is one, too');
is($by{Venter}{status}, 'pending', 'what waits goes on waiting');
is($by{Kasta}{status}, 'rejected', 'what was in the trash is rejected');
is($by{'Kjøp'}{status}, 'spam', 'spam is spam');
is($parent->('Til ein spam'), '', 'who answers what is gone stands alone');
is($parent->('Til Per'), 'Til ein spam', 'and keeps who answers him');
is($by{'Utan namn'}{created}, '2013-01-17T10:00:00Z',
   'without a time in GMT the clocks of the post count');
is($by{'Feil her og der'}{name}, 'N' x 99 . '…', 'a long name is shortened');
ok(!exists $by{'Feil her og der'}{identity}
   && !exists $by{'Feil her og der'}{website},
   'an address that is none is left out');
is($by{'Først av alle'}{page}, '/?p=13', 'a page may be a number');
ok(!exists $by{'Først av alle'}{website}, '"http://" alone is no website');
is($by{'Utan http'}{website}, 'http://nett.example.no',
   'a website without http gets it');
unlike(join(' ', map { "$_->{page} $_->{text}" } @all),
       qr/emmeleg|privat|passord|Betalt|Borte/, 'what was hidden stays so');
unlike(Comments::Tool::slurp($t->dir . '/store/data.mdb'),
       qr/ola\@example|192\.0\.2|ikkje noko/,
       'no address is in the store');
is_deeply([grep { !/^(data|lock)\.mdb$/ } map { s{.*/}{}r }
           glob $t->dir . '/store/*'], [], 'and no other file beside it');


# Again, and more.

is((split /\n/, $t->run('import', 'wordpress', $file)->{out})[0],
   'comments 21, added 0, known 15, refused 0, skipped 6',
   'twice adds nothing');
is_deeply($t->run({ in => $blog, pipe => 1 }, 'import', 'wordpress', '-',
                  '--json')->{json},
          { comments => 21, added => 0, known => 15, refused => 0,
            skipped => 6, notes => { page_hidden => 3, page_missing => 1,
            no_comment => 1, text_missing => 1, email_invalid => 1,
            website_invalid => 1, name_too_long => 1 } },
          'nor from a pipe; told as JSON');
is($t->run('import', 'wordpress', $t->write('http.xml',
       $blog =~ s{https://blogg}{http://BLOGG}gr =~ s{\.no</wp}{.no/</wp}r))
     ->{out} =~ s/,.*//sr, 'comments 21', 'another export of the blog');
is(scalar(Comments::Tool::lines($t->run('export', 'jsonl'))), 15,
   'is still the same blog');
is((split /\n/, $t->run({ in => $blog =~ s{base_blog_url>.*?<}
                                        {base_blog_url>https://other.example<}r
                        }, 'import', 'wordpress', '-')->{out})[0],
   'comments 21, added 15, known 0, refused 0, skipped 6',
   'another blog is another blog');

my $later = wxr(item({ id => 12, title => 'x',
                       link => 'https://blogg.example.no/2013/01/havna/' },
    comment({ id => 40, author => 'Sein', parent => 7,
              date_gmt => '2014-01-01 00:00:00', content => 'Seint svar' })));
like($t->run({ in => $later }, 'import', 'wordpress', '-')->{out},
     qr/added 1/, 'a later export');
@all = Comments::Tool::lines($t->run('export', 'jsonl'));
%uid = map { $_->{uid} => $_ } @all;
is($uid{ $all[-1]{parent} }{name}, 'Ola & Kari',
   'has answers to what came before');


# Files as they come.

my %small = (old => wxr_small() =~ s{export/1\.2}{export/1.0}r,
             another_prefix => wxr_small() =~ s{wp:}{w:}gr
                                           =~ s{xmlns:wp}{xmlns:w}r,
             blank_first => " \n\n" . wxr_small(),
             bom => "\xef\xbb\xbf" . wxr_small(),
             padded => wxr_small() =~ s{<wp:(\w+)>(<!\[|\d)}
                                       {<wp:$1>\n\t  $2}gr
                                   =~ s{(\]>|\d)</wp:}{$1\n  </wp:}gr,
             controls => wxr_small() =~ s/Hei/H\x08\x0bei/r);
for my $name (sort keys %small) {
    my $c = Comments::Tool->new;
    is($c->run({ in => $small{$name} }, 'import', 'wordpress', '-')->{out},
       "comments 1, added 1, known 0, refused 0, skipped 0\n",
       "a small file: $name");
    like($c->run('show', 1)->{out}, qr/^text +H *ei$/m, 'with its text');
}


# Files that are wrong.

my $again = 'what was imported so far is kept, and the import can be run '
          . 'again';
for ([ 'not XML', "Hei\n", qr/line 1, column 1: no good XML: syntax error/ ],
     [ 'nothing', '', qr/line 1, column 1: no good XML: ends too early/ ],
     [ 'half a file', "<rss>\n<channel>\n",
       qr/line 3, column 1: no good XML: ends too early/ ],
     [ 'half a text', '<rss><channel><![CDATA[x',
       qr/line 1, column \d+: no good XML: ends too early/ ],
     [ 'half a tag', '<rss><chan',
       qr/line 1, column \d+: no good XML: ends too early/ ],
     [ 'half a letter', "<rss>\xc3",
       qr/line 1, column \d+: no good XML: ends too early/ ],
     [ 'other XML', "\n<disqus/>", qr/line 2: this is no export of WordPress/ ],
     [ 'a DTD', qq{<!DOCTYPE rss [<!ENTITY a "b">]>\n<rss/>},
       qr/line 1: a document type, which no export has/ ],
     [ 'a laugh', qq{<?xml version="1.0"?>\n<!DOCTYPE l [<!ENTITY a "ha">}
         . join('', map { my $b = chr(ord('a') + $_);
                          my $a = chr(ord('a') + $_ - 1);
                          qq{<!ENTITY $b "} . "&$a;" x 10 . '">' } 1 .. 12)
         . ']><rss>&m;</rss>', qr/line 2: a document type/ ],
     [ 'nesting', '<rss>' . '<a>' x 64,
       qr/line 1: more than 64 elements inside each other/ ],
     [ 'a tag without end', '<rss><a b="' . 'x' x (2 * 1024 * 1024),
       qr/line 1: a tag of more than 1048576 bytes/ ],
     [ 'an encoding', '<?xml version="1.0" encoding="x-mac"?><rss/>',
       qr/line 1, column \d+: no good XML: unknown enc/ ],
     [ 'bytes', "<rss>\xff</rss>", qr/line 1, column \d+: no good XML: not/ ])
{
    my ($name, $in, $says) = @$_;
    $got = $t->run({ in => $in }, 'import', 'wordpress', '-',
                   '--store', '%%DIR%%/wrong');
    is($got->{exit}, 1, "refused: $name");
    like($got->{err}, qr/^ngx-comments: $says.*; $again\n\z/,
         'in one sentence');
}
gzip(\$blog, \my $zipped);
like($t->run({ in => $zipped }, 'import', 'wordpress', '-')->{err},
     qr/compressed by gzip; type zcat FILE \| ngx-comments import wordpress -/,
     'what gzip made is refused with what to type');


# What stands before a fault is imported, and the next run completes it: who
# answers what was not read yet has waited.

my $cut = Comments::Tool->new;
my $broken = $blog =~ s{(<wp:comment_id>8<)}{<oops $1}r;
$got = $cut->run({ in => $broken }, 'import', 'wordpress', '-');
is($got->{exit}, 1, 'a file that breaks off');
like($got->{err}, qr/line\ \d+:\ parent_invalid.*\n
                     ngx-comments:\ line\ \d+,\ column\ \d+:\ .*again\n/x,
     'is told, with its place');
like($got->{out}, qr/^comments 2, added 1, known 0, refused 1, skipped 0\n/,
     'with what became of it so far');
is(scalar(Comments::Tool::lines($cut->run('export', 'jsonl'))), 1,
   'which is there');
like($cut->run('import', 'wordpress', $file)->{out}, qr/added 14, known 1,/,
     'the whole file adds the rest');
my ($child) = grep { $_->{text} eq 'Svar på svar' } my @now =
    Comments::Tool::lines($cut->run('export', 'jsonl'));
is((grep { $_->{uid} eq $child->{parent} } @now)[0]{name}, 'Kåre',
   'in its place');
is($cut->run('check')->{out}, "no problems\n", 'the store is whole');


# Comments that are refused, and why.

my $bad = Comments::Tool->new;
$got = $bad->run({ in => wxr(item({ id => 1, link => 'https://b.example/a' },
    comment({ id => 1, content => 'x' x 65536 }),
    comment({ id => 2, content => 'x' x 65537 }),
    comment({ id => 3, content => 'x' x 131072 }),
    comment({ id => 4, content => 'x' x 131073 }),
    comment({ id => 5, content => 'x' x (8 * 1024 * 1024) }),
    comment({ id => '', content => 'no id' }),
    comment({ id => 7, date => '', date_gmt => '', content => 'no time' }),
    comment({ id => 8, parent => 8, content => 'answers itself' }),
    comment({ id => 9, content => 'good' }),
    comment({ id => 9, content => 'the same' }),
    comment({ id => '9' x 300, content => 'long id' })),
    item({ id => 2, link => 'not a page' },
         comment({ id => 12, content => 'nowhere' }))) },
    'import', 'wordpress', '-');
is($got->{out}, "comments 12, added 2, known 0, refused 10, skipped 0\n",
   'bad comments do not keep the good ones out');
is(join(' ', $got->{err} =~ /^ngx-comments: line \d+: (\w+): \S.*$/mg),
   'text_too_long text_too_long field_invalid field_invalid duplicate '
   . 'field_invalid text_too_long text_too_long page_invalid parent_invalid',
   'each is told with its reason');
like($got->{err}, qr/10 comments were refused\n\z/, 'and their number');


# Through nginx.

my $nginx = Comments::Nginx->new(location =>
    'comments_alias /2013/01/havna/ /blogg/havna;')->start;
is($nginx->tool('import', 'wordpress', $file, '--site', 'test', '--key',
                $nginx->dir . '/comments.key',
                '--store', $nginx->dir . '/store')->{exit}, 0,
   'an import while nginx serves');
my $thread = $nginx->get('/comments/thread?page=/2013/01/havna/')->{json};
is($thread->{title}, 'Havna & været', 'readers see the thread');
is_deeply([map { [$_->{depth}, $_->{kind}, $_->{author}{name}] }
           @{ $thread->{comments} }],
          [[0, 'comment', 'Ola & Kari'], [1, 'comment', 'Kåre'],
           [2, 'comment', 'Åse'], [0, 'pingback', 'Ein annan blogg'],
           [0, 'pingback', 'Trond'], [0, 'comment', 'Per'],
           [1, 'comment', 'Pål'], [0, 'comment', undef],
           [0, 'comment', 'N' x 99 . '…']],
          'as it was: who answers whom, what waits and what is spam apart');
like($nginx->get('/comments/thread.html?page=/2013/01/havna/')->{body},
     qr/S\xc3\xa5 fint i <em>havna/, 'also as HTML');
is($nginx->get('/comments/thread?page=/blogg/havna')->{json}{count},
   $thread->{count}, 'also under the path that the page has now');
$nginx->stop;

done_testing();


sub wxr_small {
    return wxr(item({ id => 1, link => 'https://b.example/a' },
                    comment({ id => 2, content => 'Hei' })));
}

sub wxr {
    my $items = join '', @_;
    return encode_utf8(<<"END");
<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file generated by WordPress. -->
<!-- generator="WordPress/6.4.2" created="2023-12-12 10:10" -->
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:wfw="http://wellformedweb.org/CommentAPI/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/"
>

<channel>
  <title>Havna</title>
  <link>https://blogg.example.no</link>
  <pubDate>Tue, 12 Dec 2023 10:10:00 +0000</pubDate>
  <language>nb-NO</language>
  <wp:wxr_version>1.2</wp:wxr_version>
  <wp:base_site_url>https://blogg.example.no</wp:base_site_url>
  <wp:base_blog_url>https://blogg.example.no</wp:base_blog_url>
  <wp:author><wp:author_id>1</wp:author_id>
    <wp:author_email><![CDATA[sjef\@example.no]]></wp:author_email>
  </wp:author>
$items</channel>
</rss>
END
}

sub item {
    my ($i, @comments) = @_;

    my %i = (title => 'A post', type => 'post', status => 'publish',
             password => '', %$i);
    return <<"END" . join('', @comments) . "\t</item>\n";
  <item>
    <title><![CDATA[$i{title}]]></title>
    <link>$i{link}</link>
    <pubDate>Tue, 08 Jan 2013 09:40:00 +0000</pubDate>
    <dc:creator><![CDATA[sjef]]></dc:creator>
    <guid isPermaLink="false">https://blogg.example.no/?p=$i{id}</guid>
    <description></description>
    <content:encoded><![CDATA[<p>Regn i <title>havna</title>.</p>]]>
</content:encoded>
    <excerpt:encoded><![CDATA[]]></excerpt:encoded>
    <wp:post_id>$i{id}</wp:post_id>
    <wp:post_date><![CDATA[2013-01-08 10:40:00]]></wp:post_date>
    <wp:post_date_gmt><![CDATA[2013-01-08 09:40:00]]></wp:post_date_gmt>
    <wp:comment_status><![CDATA[open]]></wp:comment_status>
    <wp:ping_status><![CDATA[open]]></wp:ping_status>
    <wp:post_name><![CDATA[havna]]></wp:post_name>
    <wp:status><![CDATA[$i{status}]]></wp:status>
    <wp:post_parent>0</wp:post_parent>
    <wp:post_type><![CDATA[$i{type}]]></wp:post_type>
    <wp:post_password><![CDATA[$i{password}]]></wp:post_password>
    <category domain="category" nicename="bat"><![CDATA[Båt]]></category>
    <wp:postmeta><wp:meta_key><![CDATA[title]]></wp:meta_key>
    <wp:meta_value><![CDATA[x]]></wp:meta_value></wp:postmeta>
END
}

sub comment {
    my ($c) = @_;

    my %c = (author => 'Nokon', email => '', url => '', parent => 0,
             date => '2013-01-08 10:40:00', date_gmt => '2013-01-08 09:40:00',
             approved => '1', type => 'comment', %$c);
    s/\]\]>/]]]]><![CDATA[>/g for values %c;
    return <<"END";
    <wp:comment>
      <wp:comment_id>$c{id}</wp:comment_id>
      <wp:comment_author><![CDATA[$c{author}]]></wp:comment_author>
      <wp:comment_author_email><![CDATA[$c{email}]]>
</wp:comment_author_email>
      <wp:comment_author_url>$c{url}</wp:comment_author_url>
      <wp:comment_author_IP><![CDATA[192.0.2.7]]></wp:comment_author_IP>
      <wp:comment_date><![CDATA[$c{date}]]></wp:comment_date>
      <wp:comment_date_gmt><![CDATA[$c{date_gmt}]]>
</wp:comment_date_gmt>
      <wp:comment_content><![CDATA[$c{content}]]></wp:comment_content>
      <wp:comment_approved><![CDATA[$c{approved}]]></wp:comment_approved>
      <wp:comment_type><![CDATA[$c{type}]]></wp:comment_type>
      <wp:comment_parent>$c{parent}</wp:comment_parent>
      <wp:comment_user_id>0</wp:comment_user_id>
      <wp:commentmeta>
      <wp:meta_key><![CDATA[akismet_result]]></wp:meta_key>
      <wp:meta_value><![CDATA[false]]></wp:meta_value>
      </wp:commentmeta>
    </wp:comment>
END
}

# Import of the XML of Disqus.

use strict;
use warnings;
use utf8;

use Comments::Tool;
use Encode qw(encode_utf8);
use Test::More;

my $t = Comments::Tool->new;
my $file = $t->write('disqus.xml', disqus(
    thread({ id => 100, link => 'https://example.no/havna/?utm_source=x',
             title => 'Havna &amp; v&#230;ret' }),
    thread({ id => 101, link => 'http://localhost:4000/havna/index.html',
             title => 'Havna' }),
    thread({ id => 102, link => '', own => '/utan/lenke' }),
    thread({ id => 103, link => 'https://example.no/borte', isDeleted =>
             'true' }),
    thread({ id => 104, link => '' }),
    post({ id => 2, thread => 100, parent => 1, message => '<p>Svar</p>',
           createdAt => '2013-01-09T10:00:00', name => 'Kåre' }),
    post({ id => 1, thread => 100, email => 'ola@example.no', name => 'Ola',
           message => '<p>Fint i <i>havna</i> &amp; vêr.<br>Ja!</p>'
                    . '<pre>a</pre><a href="https://a.example/">her</a>',
           username => 'ola' }),
    post({ id => 3, thread => 101, message => 'Lokalt', username => 'ola',
           name => 'Ola', createdAt => '2013-01-10T10:00:00Z' }),
    post({ id => 4, thread => 101, message => 'Same', username => 'ola',
           name => 'Ola N', createdAt => '2013-01-11T10:00:00Z' }),
    post({ id => 5, thread => 100, message => 'Gjest', name => 'Gjest',
           createdAt => '2013-01-12T10:00:00Z' }),
    post({ id => 6, thread => 100, message => 'Hemmeleg', isDeleted => 'true',
           createdAt => '2013-01-13T10:00:00Z' }),
    post({ id => 7, thread => 100, parent => 6, message => 'Under det',
           createdAt => '2013-01-14T10:00:00Z' }),
    post({ id => 8, thread => 100, message => 'Kjøp', isSpam => 'true',
           createdAt => '2013-01-15T10:00:00Z' }),
    post({ id => 9, thread => 102, message => 'Utan lenke',
           createdAt => '2013-01-16T10:00:00Z' }),
    post({ id => 10, thread => 103, message => 'Hemmeleg side' }),
    post({ id => 11, thread => 1337, message => 'Ingen tråd' }),
    post({ id => 12, thread => 104, message => 'Ingen stad' }),
    post({ id => 13, thread => 100, parent => 999, message => 'Foreldrelaus',
           createdAt => '2013-01-17T10:00:00Z' }),
    post({ id => 14, thread => 100, message => '' })));

my $got = $t->run('import', 'disqus', $file);
is($got->{exit}, 0, 'an export of Disqus is imported');
is($got->{err}, '', 'nothing of it is refused');
is($got->{out}, <<'END', 'and all is accounted for');
comments 14, added 10, known 0, refused 0, skipped 4
       1 skipped, their pages are drafts, private, with a password or deleted
       2 skipped, the file does not say on which page they are
       1 skipped, they have no text
       1 answer what is not there; they stand by themselves
END
is($t->run('check')->{out}, "no problems\n", 'the store is whole');

my @all = Comments::Tool::lines($t->run('export', 'jsonl'));
my %by = map { ($_->{text} // '') => $_ } @all;
is(join(' ', map { $_->{created} =~ /-(\d\d)T/ } @all),
   '08 09 10 11 12 13 14 15 16 17', 'by time, with or without a zone');

my $ola = $all[0];
is_deeply([@$ola{qw(page title name status created markup text)}],
          ['/havna/', 'Havna & været', 'Ola', 'approved',
           '2013-01-08T09:40:00Z', 'html',
           "<p>Fint i <i>havna</i> &amp; vêr.<br>Ja!</p>\n\na\n\n"
           . '<a href="https://a.example/">her</a>'],
          'a comment has what it had');
is($by{'<p>Svar</p>'}{parent}, $ola->{uid},
   'an answer that stands before what it answers');
is($by{Lokalt}{page}, '/havna/', 'threads of one page come together');
is($by{'Utan lenke'}{page}, '/utan/lenke', 'a page may be a name');
is($by{Lokalt}{identity}, $by{Same}{identity},
   'an account is the same person');
isnt($by{Lokalt}{identity}, $ola->{identity}, 'which no e-mail address is');
ok(!exists $by{Gjest}{identity}, 'a guest is nobody');
is($by{'Kjøp'}{status}, 'spam', 'spam is spam');

my ($deleted) = grep { $_->{status} eq 'deleted' } @all;
is($by{'Under det'}{parent}, $deleted->{uid}, 'what is deleted has its place');
unlike(Comments::Tool::slurp($t->dir . '/store/data.mdb'),
       qr/emmeleg|ola\@example|192\.0/, 'and nothing else; nor has an address');
ok(!exists $by{Foreldrelaus}{parent}, 'an orphan stands by itself');

is((split /\n/, $t->run('import', 'disqus', $file)->{out})[0],
   'comments 14, added 0, known 10, refused 0, skipped 4',
   'twice adds nothing');

$got = $t->run({ in => '<rss/>' }, 'import', 'disqus', '-');
like($got->{err}, qr/^ngx-comments: line 1: this is no export of Disqus, /,
     'another file is refused');
$got = $t->run({ in => disqus(thread({ id => 1, link => '/a' }),
    post({ id => 90, thread => 1, message => 'x' x 131073 }),
    post({ id => 91, thread => 1, message => 'x', createdAt => '' }),
    post({ id => 91, thread => 1, message => 'x' }),
    post({ id => 91, thread => 1, message => 'y' })) },
    'import', 'disqus', '-');
is(join(' ', $got->{err} =~ /^ngx-comments: line \d+: (\w+): \S.*$/mg),
   'text_too_long field_invalid duplicate', 'bad comments are told');

done_testing();


sub disqus {
    return encode_utf8(<<'END' . join('', @_) . "</disqus>\n");
<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com"
 xmlns:dsq="http://disqus.com/disqus-internals"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://disqus.com/api/schemas/1.0/disqus.xsd">
<category dsq:id="1"><forum>havna</forum><title>General</title>
<isDefault>true</isDefault></category>
END
}

sub thread {
    my ($t) = @_;

    my %t = (title => 'A page', own => '', isDeleted => 'false', %$t);
    s/&/&amp;/g for values %t;
    return <<"END";
<thread dsq:id="$t{id}">
<id>$t{own}</id><forum>havna</forum><category dsq:id="1" />
<link>$t{link}</link><title>$t{title}</title><message />
<createdAt>2013-01-08T09:00:00Z</createdAt>
<author><email>eigar\@example.no</email><name>Eigar</name>
<isAnonymous>false</isAnonymous><username>eigar</username></author>
<ipAddress>192.0.2.9</ipAddress>
<isClosed>false</isClosed><isDeleted>$t{isDeleted}</isDeleted>
</thread>
END
}

sub post {
    my ($p) = @_;

    my %p = (createdAt => '2013-01-08T09:40:00Z', name => 'Nokon',
             isDeleted => 'false', isSpam => 'false', %$p);
    my $author = join '', map { defined $p{$_} ? "<$_>$p{$_}</$_>" : () }
                 qw(email name username);
    my $parent = $p{parent} ? qq{<parent dsq:id="$p{parent}" />} : '';
    return <<"END";
<post dsq:id="$p{id}">
<id>wp_id=$p{id}</id><message><![CDATA[$p{message}]]></message>
<createdAt>$p{createdAt}</createdAt>
<isDeleted>$p{isDeleted}</isDeleted><isSpam>$p{isSpam}</isSpam>
<author>$author<isAnonymous>true</isAnonymous></author>
<ipAddress>192.0.2.7</ipAddress>
<thread dsq:id="$p{thread}" />$parent
</post>
END
}

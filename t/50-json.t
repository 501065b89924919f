# Import of documents of JSON: Waline, LeanCloud, Artalk, Commento.

use strict;
use warnings;
use utf8;

use Comments::Tool;
use JSON::PP;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
my ($true, $false) = (JSON::PP::true, JSON::PP::false);


# Waline, in each shape that its comments come in.

my @waline = map { { url => '/havna/', mail => '', link => '', rid => '',
                     pid => '', status => 'approved', ua => 'x',
                     ip => '192.0.2.7', like => 2, sticky => $false, %$_ } }
    { objectId => 'b', pid => 'a', nick => 'Kåre', comment => 'Svar',
      insertedAt => '2021-10-29T12:50:15.000Z' },
    { objectId => 'a', nick => 'Ola', comment => 'Fint i *havna*',
      mail => 'ola@example.no', link => 'ola.example.no',
      insertedAt => '2021-10-28T12:50:15.000Z' },
    { objectId => 'c', nick => 'Ny', comment => 'Ventar',
      status => 'waiting', insertedAt => '2021-10-30 12:50:15' },
    { objectId => 'd', nick => 'Slem', comment => 'Kjøp', status => 'spam',
      insertedAt => '2021-10-31T12:50:15.000Z' },
    { objectId => 'e', nick => 'N', comment => ' ',
      insertedAt => '2021-10-31T12:50:15.000Z' };

my $document = { type => 'waline', version => 1, time => 1, tables => ['x'],
                 data => { Comment => \@waline, Counter => [], Users => [] } };
my @dates = map { { %$_, insertedAt => { __type => 'Date',
                    iso => $_->{insertedAt} } } } @waline;
my @mongo = map { { %$_, insertedAt => { '$date' => $_->{insertedAt} } } }
            @waline;
my %shapes = (
    'of Waline'               => $json->encode($document),
    'of LeanCloud'            => $json->encode({ results => \@dates }),
    'of a database'           => $json->encode(\@mongo),
    'of lines'                => join('', map { $json->encode($_) . "\n" }
                                          @dates),
    'of lines that say so'    => join('', map { "$_\n" }
        '#filetype:JSON-streaming {"type":"Class","class":"Comment"}',
        map { $json->encode($_) } @waline),
);

for my $shape (sort keys %shapes) {
    my $t = Comments::Tool->new;
    my $got = $t->run({ in => $shapes{$shape} }, 'import', 'waline', '-');
    is($got->{out} . $got->{err}, <<'END', "an export $shape");
comments 5, added 4, known 0, refused 0, skipped 1
       1 skipped, they have no text
END
    my @all = Comments::Tool::lines($t->run('export', 'jsonl'));
    is_deeply([map { [@$_{qw(page name text markup status created)}] } @all],
        [['/havna/', 'Ola', 'Fint i *havna*', 'markdown', 'approved',
          '2021-10-28T12:50:15Z'],
         ['/havna/', 'Kåre', 'Svar', 'markdown', 'approved',
          '2021-10-29T12:50:15Z'],
         ['/havna/', 'Ny', 'Ventar', 'markdown', 'pending',
          '2021-10-30T12:50:15Z'],
         ['/havna/', 'Slem', 'Kjøp', 'markdown', 'spam',
          '2021-10-31T12:50:15Z']], 'has its comments');
    is($all[1]{parent}, $all[0]{uid}, 'and who answers whom');
    is($all[0]{website}, 'http://ola.example.no', 'and their authors');
    unlike(Comments::Tool::slurp($t->dir . '/store/data.mdb'),
           qr/ola\@example|192\.0\.2/, 'without their addresses');
    like($t->run({ in => $shapes{'of Waline'} }, 'import', 'waline', '-')
           ->{out}, qr/added 0, known 4/, 'it is the same in any shape');
}

# What Waline puts before an answer goes; what Valine kept was HTML.
my $valine = Comments::Tool->new;
$valine->run({ in => $json->encode({ results => [
    { %{ $waline[0] }, comment => '[@Ola](#a): Svar til [@Kåre](#b): meg' },
    { %{ $waline[0] }, objectId => 'f', comment => '[@Ola](#b): x' },
    { %{ $waline[1] }, comment => "<p>Fint <u>i</u> havna</p>\n<ul><li>A"
                                . '</li></ul>' },
    { %{ $waline[2] }, status => 'approved', comment => 'Om `<p>` <u>' }] }) },
    'import', 'waline', '-');
my @typed = Comments::Tool::lines($valine->run('export', 'jsonl'));
is_deeply([map { [@$_{qw(text markup)}] } @typed],
    [["<p>Fint i havna</p>\n\n- A", 'html'],
     ['@Ola: Svar til [@Kåre](#b): meg', 'markdown'],
     ['[@Ola](#b): x', 'markdown'], ['Om `<p>` <u>', 'markdown']],
    'texts have no marks of what they were shown with');

my $numbers = Comments::Tool->new;
$numbers->run({ in => $json->encode({ results => [
    { id => 7, url => '/', comment => 'A', insertedAt => 1635425415000 },
    { id => 8, pid => 7, url => '/', comment => 'B',
      createdAt => '2021-10-29T12:50:15.000Z' }] }) }, 'import', 'waline', '-');
my @all = Comments::Tool::lines($numbers->run('export', 'jsonl'));
is_deeply([$all[0]{created}, $all[1]{parent}],
          ['2021-10-28T12:50:15Z', $all[0]{uid}],
          'ids and times may be numbers');


# Artalk.

my @artalk = map { { rid => '0', ua => 'x', ip => '192.0.2.7', email => '',
                     link => '', is_pending => 'false', badge_name => '',
                     page_key => 'https://example.no/havna/', site_name => 's',
                     page_title => 'Havna', vote_up => '3', %$_ } }
    { id => '2', rid => '1', nick => 'Kåre', content => 'Svar',
      created_at => '2021-10-29 20:50:15 +0800' },
    { id => '1', nick => 'Ola', content => '**Fint**', link => 'http://o.no/',
      email => 'ola@example.no', created_at => '2021-10-28 20:50:15 +0800' },
    { id => '3', nick => 'Ny', content => 'Ventar', is_pending => 'true',
      created_at => '2021-10-30 20:50:15 +0800' },
    { id => '4', nick => 'Per', content => '<p>Frå <u>WordPress</u></p>',
      created_at => '2021-10-31 20:50:15.123456 +0800 CST' };
my $artalk = Comments::Tool->new;
is($artalk->run({ in => $json->encode(\@artalk) }, 'import', 'artalk', '-')
     ->{out}, "comments 4, added 4, known 0, refused 0, skipped 0\n",
   'an export of Artalk');
@all = Comments::Tool::lines($artalk->run('export', 'jsonl'));
is_deeply([map { [@$_{qw(page title name text status created)}] } @all],
    [['/havna/', 'Havna', 'Ola', '**Fint**', 'approved',
      '2021-10-28T12:50:15Z'],
     ['/havna/', 'Havna', 'Kåre', 'Svar', 'approved', '2021-10-29T12:50:15Z'],
     ['/havna/', 'Havna', 'Ny', 'Ventar', 'pending', '2021-10-30T12:50:15Z'],
     ['/havna/', 'Havna', 'Per', '<p>Frå WordPress</p>', 'approved',
      '2021-10-31T12:50:15Z']], 'has its comments');
is($all[1]{parent}, $all[0]{uid}, 'and who answers whom');
like($artalk->run({ in => $json->encode(\@artalk) }, 'import', 'artalk', '-')
       ->{out}, qr/added 0, known 4/, 'twice adds nothing');
like($artalk->run({ in => $json->encode(\@artalk) =~ s/"s"/"o"/gr },
                  'import', 'artalk', '-')->{out},
     qr/added 4/, 'another site is another');


# Commento.

my @commento = map { { domain => 'example.no', url => '/havna/', score => 2,
                       parentHex => 'root', state => 'approved',
                       deleted => $false, commenterHex => 'c1', %$_ } }
    { commentHex => 'bb', parentHex => 'aa', markdown => '**Svar**',
      creationDate => '2021-10-29T12:50:15.123456Z' },
    { commentHex => 'aa', html => '<p>Fint <u>her</u></p>', markdown => '',
      commenterHex => 'c2', creationDate => '2021-10-28T12:50:15Z' },
    { commentHex => 'cc', markdown => 'Ventar', state => 'unapproved',
      commenterHex => 'anonymous', creationDate => '2021-10-30T12:50:15Z' },
    { commentHex => 'dd', markdown => '[deleted]', deleted => $true,
      creationDate => '2021-10-31T12:50:15Z' },
    { commentHex => 'd2', markdown => '[deleted]', commenterHex => 'anonymous',
      creationDate => '2021-10-31T12:50:16Z' },
    { commentHex => 'ee', parentHex => 'd2', markdown => 'Under',
      creationDate => '2021-11-01T12:50:15Z' };
my $export = $json->encode({ version => 1, comments => \@commento,
    commenters => [{ commenterHex => 'c1', name => 'Kåre', link => 'undefined',
                     email => 'kare@example.no', photo => 'x' },
                   { commenterHex => 'c2', name => 'Ola', email => '',
                     link => 'https://ola.example.no' }] });
my $commento = Comments::Tool->new;
is($commento->run({ in => $export }, 'import', 'commento', '-')->{out},
   "comments 6, added 6, known 0, refused 0, skipped 0\n",
   'an export of Commento');
@all = Comments::Tool::lines($commento->run('export', 'jsonl'));
is_deeply([map { [@$_{qw(name website text markup status)}] } @all],
    [['Ola', 'https://ola.example.no', '<p>Fint her</p>', 'html', 'approved'],
     ['Kåre', undef, '**Svar**', 'markdown', 'approved'],
     [undef, undef, 'Ventar', 'markdown', 'pending'],
     [undef, undef, undef, undef, 'deleted'],
     [undef, undef, undef, undef, 'deleted'],
     ['Kåre', undef, 'Under', 'markdown', 'approved']], 'has its comments');
is($all[1]{parent}, $all[0]{uid}, 'and who answers whom');
is($all[5]{parent}, $all[4]{uid}, 'also what is deleted');
is($all[1]{identity}, $all[5]{identity}, 'an address is the same person');
like($all[0]{identity}, qr/^\w{32}$/, 'without one an account is');
ok(!exists $all[2]{identity}, 'without either nobody is');
like($commento->run({ in => $export }, 'import', 'commento', '-')->{out},
     qr/added 0, known 6/, 'twice adds nothing');


# What is wrong.

my $bad = Comments::Tool->new;
for ([ 'waline', '{}', qr/no export of Waline or LeanCloud/ ],
     [ 'waline', "not json\n", qr/no good JSON: line 1, / ],
     [ 'waline', "{}\n{}\n", qr/no good JSON: line 2, / ],
     [ 'artalk', '{}', qr/no export of Artalk/ ],
     [ 'artalk', '[7', qr/no good JSON: line 1, / ],
     [ 'commento', '[]', qr/no export of Commento/ ],
     [ 'commento', '', qr/no good JSON: / ])
{
    my ($format, $in, $says) = @$_;
    like($bad->run({ in => $in }, 'import', $format, '-')->{err},
         qr/^ngx-comments: (?:this is )?$says.*again\n\z/,
         "$format: '$in' is refused");
}

my $got = $bad->run({ in => join "\n", '#', $json->encode($waline[0]), 'x',
    $json->encode({ %{ $waline[0] }, objectId => 'x', comment => 'x' x 65537 }),
    $json->encode({ %{ $waline[0] }, objectId => 'y', insertedAt => 'x' }),
    $json->encode({ %{ $waline[0] }, objectId => 'x' x 300 }) },
    'import', 'waline', '-');
is(join(' ', $got->{err} =~ /^ngx-comments: comment (\d+: \w+): \S.*$/mg),
   '2: json_invalid 4: field_invalid 5: field_invalid 3: text_too_long',
   'bad comments are told by their place');
like($got->{out}, qr/added 1, known 0, refused 4/, 'and the good ones come');

for my $format (qw(waline artalk commento)) {
    my $in = { waline => '{"results":[]}', artalk => '[]',
               commento => '{"comments":[]}' }->{$format};
    like($bad->run({ in => "\xef\xbb\xbf$in" }, 'import', $format, '-')->{out},
         qr/^comments 0,/, "$format: an editor may begin a file with a mark");
}

# In the file are 64 MiB of blanks, which are JSON, and then one more.
for ([ 0, qr/^comments 0,/ ], [ 1, qr/the file has more than 64 MiB/ ]) {
    my ($more, $says) = @$_;
    $got = $bad->run({ in => '[]' . ' ' x (64 * 1024 * 1024 - 2 + $more) },
                     'import', 'artalk', '-');
    like($got->{out} . $got->{err}, $says, "a document of 64 MiB and $more");
}

done_testing();

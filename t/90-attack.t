# Requests that are odd in themselves: bodies in parts that are none, odd heads,
# arguments twice, ids and cursors that belong to others.  Each has one named
# answer, by the same worker.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    location => 'comments_limit_author off; comments_limit_address off;
                 comments_require none;',
    server   => 'location /other/ { comments other; comments_require none;
                     comments_limit_author off; comments_limit_address off; }
                 location /files/ { alias %%DIR%%/site/; }',
)->start;

my $path   = '/comments/comment';
my $worker = join ' ', $nginx->workers;
my ($n, @bad) = (0);


sub named {
    my ($got) = @_;
    return "$got->{status} " . ($got->{json} ? $got->{json}{error}{code}
                                // 'done' : 'no JSON');
}

sub alive {
    my ($what) = @_;
    is(join("\n", splice @bad), '', $what);
    is(join(' ', $nginx->workers), $worker, '... by the same worker');
}

sub count_of { $nginx->get("/comments/count?page=$_[0]")
                     ->{json}{counts}{ $_[0] } }


# Bodies in parts.  The page tells whether anything of it was taken.

sub part {
    my ($name, $value, @more) = @_;
    return "Content-Disposition: form-data; name=\"$name\"\r\n"
         . join('', map { "$_\r\n" } @more) . "\r\n$value";
}

my @good = (part(page => '/parts'), part(text => 'words'));

sub in_parts {
    my ($type, $body, $coding) = @_;
    return $nginx->request('POST', $path, [ 'Content-Type' => $type,
        $coding ? ('Content-Encoding' => $coding) : () ], $body);
}

sub joined {
    my ($boundary, @parts) = @_;
    return join('', map { "--$boundary\r\n$_\r\n" } @parts)
         . "--$boundary--\r\n";
}

my $type = 'multipart/form-data; boundary=xxBxx';
is(named(in_parts($type, joined('xxBxx', @good))), '201 done',
   'two parts are a comment');

my ($form, $empty) = ('400 form_invalid', '422 page_invalid');
for my $case (
    ['no boundary', $form, 'multipart/form-data', joined('xxBxx', @good)],
    ['an empty one', $form, 'multipart/form-data; boundary=',
     joined('', @good)],
    ['an empty one in quotes', $form, 'multipart/form-data; boundary=""',
     joined('', @good)],
    ['another boundary', $form, 'multipart/form-data; boundary=yy',
     joined('xxBxx', @good)],
    ['a boundary with a tab', $form,
     "multipart/form-data; boundary=\"x\ty\"", joined("x\ty", @good)],
    ['a boundary of 71', $form, 'multipart/form-data; boundary=' . 'x' x 71,
     joined('x' x 71, @good)],
    ['no end', $form, $type, join '', map { "--xxBxx\r\n$_\r\n" } @good],
    ['an end too early', $empty, $type,
     "--xxBxx--\r\n" . joined('xxBxx', @good)],
    ['nothing but an end', $empty, $type, "--xxBxx--\r\n"],
    ['a part without a head', $form, $type,
     joined('xxBxx', @good, "\r\nvalue")],
    ['a part without a name', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: form-data\r\n\r\nvalue")],
    ['a part that is attached', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: attachment; name=text\r\n\r\nvalue")],
    ['a head without an end', $form, $type, "--xxBxx\r\nContent-Disposition: "
     . 'form-data; name="text"'],
    ['a head of 64 KB', $form, $type, joined('xxBxx', @good,
     part('x', 'y', 'X-Long: ' . 'x' x 65_536))],
    ['10 000 parts', '413 body_too_large', $type, joined('xxBxx', @good,
     map { part("f$_", $_) } 1 .. 1000) x 10],
    ['parts within a part', $form, $type, joined('xxBxx', @good,
     "Content-Type: multipart/mixed; boundary=in\r\n"
     . part('text', joined('in', part('page', '/in'))))],
    ['another charset', '400 not_utf8', $type, joined('xxBxx', $good[0],
     part('text', "\xe9\xe8", 'Content-Type: text/plain; charset=latin1'))],
    ['a transfer encoding', $form, $type, joined('xxBxx', $good[0],
     part('text', 'd29yZHM=', 'Content-Transfer-Encoding: base64'))],
    ['a file', $form, $type, joined('xxBxx', $good[0],
     "Content-Disposition: form-data; name=\"text\"; filename=\"a.txt\"\r\n\r\n"
     . 'of a file')],
    ['a file by filename*', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: form-data; name=\"up\"; "
     . "filename*=UTF-8''..%2f..%2fetc%2fpasswd\r\n\r\nof a file")],
    ['a name by name*', $form, $type, joined('xxBxx', $good[0],
     "Content-Disposition: form-data; name*=UTF-8''text\r\n\r\nvalue")],
    ['a name twice', '201 done', $type, joined('xxBxx', $good[0],
     "Content-Disposition: form-data; name=a; name=text\r\n\r\nvalue")],
    ['a name with a quote', '201 done', $type, joined('xxBxx', @good,
     "Content-Disposition: form-data; name=\"a\\\"b\"\r\n\r\nvalue")],
    ['a name with a zero', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: form-data; name=\"te\0xt\"\r\n\r\nvalue")],
    ['bytes', $form, $type, joined('xxBxx', $good[0], part('text',
     join '', map { chr } 0 .. 255))],
    ['the boundary in the text', '201 done', $type, joined('xxBxx', $good[0],
     part('text', "a --xxBxx b\r\n--xxBx\r\nc"))],
    ['bare line feeds', $form, $type, joined('xxBxx', @good) =~ s/\r//gr],
    ['a preamble', '201 done', $type, "preamble\r\n" . joined('xxBxx', @good)],
    ['an epilogue', '201 done', $type,
     joined('xxBxx', @good) . "epilogue\r\n--xxBxx\r\n"
     . part(page => '/in')],
    ['a type in capitals', '201 done', uc($type) =~ s/XXBXX/xxBxx/r,
     joined('xxBxx', @good)],
    ['a boundary twice', '201 done', "$type; boundary=yy", joined('yy', @good)],
    ['parts that are said to be packed', '415 media_type_unsupported',
     $type, joined('xxBxx', @good), 'gzip'],
    ['parts that are as they are', '201 done', $type,
     joined('xxBxx', @good), 'identity'],
    ['mixed parts', '415 media_type_unsupported',
     $type =~ s/form-data/mixed/r, joined('xxBxx', @good)],
) {
    my ($what, $want, $how, $body, $coding) = @$case;
    $body =~ s/words/words @{[ ++$n ]}/;
    my $got = named(in_parts($how, $body, $coding));
    push @bad, "$what: $got, not $want" if $got ne $want;
}
is(count_of('/in'), 0, 'no part within a part is read');
alive('bodies in parts that are none have one answer');

# Arguments, ids and cursors.

my $ours   = join ' ', map { $nginx->post_json($path, { page => '/ids',
    text => "ours $_" })->{json}{id} } 1 .. 3;
my @theirs = map { $nginx->post_json('/other/comment', { page => '/ids',
    text => "secret $_" })->{json}{id} } 1 .. 3;
my $cursor = $nginx->get('/other/thread?page=/ids&limit=1')->{json}{next};
my ($mine) = split ' ', $ours;
is($nginx->get("/other/thread?page=/ids&after=$cursor")->{status}, 200,
   'a cursor goes on where it came from');

for my $query ("after=$cursor", map({ "after=$_" } @theirs, -1, '0x1', '1e3',
    '9' x 20, '18446744073709551615', '%00', "$mine%00", "$mine&after=$mine"),
    map({ "limit=$_" } 0, -1, '0x10', 1.5, '', '1&limit=2', '9' x 20),
    'sort=OLDEST', 'sort=top&sort=newest', "parent=$theirs[0]", 'parent=-1',
    'page=/ids')
{
    my $got = named($nginx->get("/comments/thread?page=/ids&$query"));
    push @bad, "$query: $got" if $got ne '400 argument_invalid';
}
for my $page ('', 'ids', '/ids%00', '/ids%c0%af', '/ids%0d%0aX', '/%ff',
              '/%ed%a0%80')
{
    my $got = named($nginx->get("/comments/thread?page=$page"));
    push @bad, "page $page: $got" if $got ne '422 page_invalid';
}
for my $id ($theirs[0], -1, 0, '0x1', '1e0', "$mine/", "$mine;2", '+1',
            '18446744073709551617', '%d9%a1', "$mine/nothing")
{
    my $got = named($nginx->get("/comments/comment/$id"));
    push @bad, "id $id: $got" if $got ne '404 not_found';
}
for (['PATCH', '', '{"text":"x"}'], ['DELETE', ''],
     ['POST', '/vote', '{"value":1}'], ['POST', '/report', '{"reason":"x"}'])
{
    my ($method, $to, $body) = @$_;
    my $got = named($nginx->request($method, "$path/$theirs[0]$to",
        [ 'Content-Type' => 'application/json' ], $body));
    push @bad, "$method $to: $got" if $got ne '404 not_found';
}
is($nginx->get('/comments/thread?page=/ids')->{json}{count}, 3,
   'two sites have one page each');
unlike($nginx->get('/comments/thread?page=/ids')->{body}, qr/secret/,
       '... and know nothing of each other');
alive('ids, cursors and arguments that are none are told');


# Heads.  What they name may be nowhere but this site.

sub ask {
    my ($line, @headers) = @_;
    my ($got) = $nginx->answers($nginx->raw(join("\r\n", $line, @headers,
        'Connection: close', '', ''), seconds => 2));
    return $got || { status => 0, headers => {}, body => '' };
}

my $count = '/comments/count?page=/ids';
my $same  = '{"counts":{"/ids":3}}';
for (['HTTP/1.0', 200, "GET $count HTTP/1.0"],
     ['no host', 400, "GET $count HTTP/1.1"],
     ['two hosts', 400, "GET $count HTTP/1.1", 'Host: a', 'Host: b'],
     ['a host with a path', 400, "GET $count HTTP/1.1", 'Host: a/b'],
     ['a whole address', 200, "GET http://evil.example$count HTTP/1.1",
      'Host: localhost'],
     ['a folded line', 400, "GET $count HTTP/1.1", 'Host: a', "X: a\r\n b"],
     ['a zero', 400, "GET $count HTTP/1.1", 'Host: a', "X: a\0b"],
     ['another slash', 200, "GET /comments%2fcount?page=/ids HTTP/1.1",
      'Host: a'],
     ['a way round', 200, "GET /other/..$count HTTP/1.1", 'Host: a'],
     ['a range', 200, "GET $count HTTP/1.1", 'Host: a',
      'Range: bytes=0-1,0-1,0-1'],
     ['an upgrade', 200, "GET $count HTTP/1.1", 'Host: a', 'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABk'],
     ['another method in a header', 415, "POST $path/$mine HTTP/1.1",
      'Host: a', 'X-HTTP-Method-Override: DELETE', 'Content-Length: 0'],
     ['a method that is none', 405, "POSTX $path HTTP/1.1", 'Host: a'],
     ['a proxy', 400, 'CONNECT localhost:80 HTTP/1.1', 'Host: a'])
{
    my ($what, $status, @lines) = @$_;
    my $got = ask(@lines);
    push @bad, "$what: $got->{status} $got->{body}"
        if $got->{status} != $status
           || $status == 200 && $got->{body} ne $same;
}
is($nginx->get("$path/$mine")->{json}{status}, 'approved',
   'nobody deletes by a header');
alive('odd heads have one answer');

# What is done is never answered as if it were not: no condition counts here.
my @own    = map { $nginx->post_json($path, { page => '/if',
    text => "if $_" }) } 1 .. 4;
my @if     = (['If-Match', '"x"'], ['If-None-Match', '*'],
              ['If-Unmodified-Since', 'Thu, 01 Jan 1970 00:00:00 GMT'],
              ['If-Modified-Since', 'Thu, 01 Jan 2099 00:00:00 GMT']);
for my $i (0 .. 3) {
    my $id = $own[$i]{json}{id};
    my @as = ('Content-Type' => 'application/json', @{ $if[$i] },
              Cookie => $nginx->cookies($own[$i]),
              Origin => 'http://localhost:' . $nginx->port);
    for (['POST', "/$mine/vote", '{"value":1}'],
         ['PATCH', "/$id", qq({"text":"changed $i"})],
         ['POST', "/$mine/report", '{}'], ['DELETE', "/$id", ''])
    {
        my ($method, $to, $body) = @$_;
        my $got = $nginx->request($method, "$path$to", [ @as ], $body);
        push @bad, "$if[$i][0] $method $to: " . named($got)
            if $got->{status} != 200;
    }
}
alive('conditions do not hide what was done');

for (['evil.example', 'evil.example'], ['a.example:8080', 'a.example:8080'],
     ['[::1]:80', '[::1]:80'], map { [ $_, 'localhost' ] } "\">\x3cscript>",
     "a'b", 'a&b', "a\x3cb", 'a@b', 'a\\b', "\xc3\xa4.example", "\xe4.example",
     'a%0d%0ab', 'a b')
{
    my ($host, $want) = @$_;
    my $got = ask('GET /comments/site.atom HTTP/1.1', "Host: $host",
                  'X-Forwarded-Host: evil.example', 'X-Host: evil.example');
    my ($id) = $got->{body} =~ m{<link[^>]*href="http://([^/"]*)/};
    $id = 'none' unless $got->{status} == 200;
    push @bad, "$host: $got->{status} " . ($id // '?')
        if ($id // '?') ne $want && $got->{status} != 400;
}
alive('a feed names a host, or the server\'s own');


is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store is whole');
$nginx->stop;
done_testing();

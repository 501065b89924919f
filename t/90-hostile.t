# Clients that mean harm: connections that break at every byte, requests that
# are two, fields that nobody asked for.  Each gets one named answer, never
# 500, and the same worker serves the next one.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep);

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("hold me", 1, true) then return hold("Wait.") end
        end)', 'site/page.html' => '<p>a page</p>' },
    http     => 'client_body_buffer_size 1k; client_header_timeout 5s;
                 large_client_header_buffers 4 8k;',
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location /other/ { comments other; comments_rules
                     %%DIR%%/rules.lua; comments_limit_author off;
                     comments_limit_address off; }',
)->start;

my $worker = join ' ', $nginx->workers;
my $path   = '/comments/comment';
my $get    = "GET /comments/count?page=/ HTTP/1.1\r\nHost: localhost\r\n"
           . "Connection: close\r\n\r\n";
my $n      = 0;


# Lines of the log, some of them.  A 500 of no bytes is what nginx notes when
# it cannot ask for a body, since its client is gone.
sub answers_500 {
    my @lines = grep { /" 500 [1-9]/ } split /\n/, $nginx->read('access.log');
    return join "\n", grep { defined } @lines[0 .. 9];
}

sub alive {
    my ($what) = @_;
    is($nginx->get('/comments/count?page=/')->{status} . ' '
       . join(' ', $nginx->workers), "200 $worker",
       "$what: the same worker serves");
}

sub json {
    my (%more) = @_;
    $n++;
    return encode_json({ page => '/', name => "N$n",
        email => "n$n\@example.org", text => "words $n", %more });
}

sub head {
    my ($method, $to, @more) = @_;
    return join "\r\n", "$method $to HTTP/1.1", 'Host: localhost',
                'Content-Type: application/json', @more, '', '';
}

sub statuses {
    my ($bytes, @methods) = @_;
    return join ' ', map { $_->{status} } $nginx->answers($bytes, @methods);
}

# "status code" of an answer of ours.
sub named {
    my ($got) = @_;
    return "$got->{status} " . ($got->{json} ? $got->{json}{error}{code}
                                // 'done' : 'no JSON');
}


# Connections that are reset, at each byte of a request.

sub reset_after {
    my ($bytes) = @_;
    my $socket = $nginx->connect;
    syswrite $socket, $bytes if length $bytes;
    setsockopt $socket, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    close $socket;
}

my $body    = json(text => 'reset');
my $request = head('POST', $path, 'Content-Length: ' . length $body) . $body;
reset_after(substr $request, 0, $_) for 0 .. length $request;
reset_after(head('POST', $path, 'Expect: 100-continue',
                 "Content-Length: $_")) for 0, 1, 1023, 1024, 262_144;
reset_after("$get$_") for '', substr $request, 0, 40;
reset_after("GET /comments/$_ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for 'thread?page=/', 'stream?page=/', 'thread.html?page=/', 'site.atom',
        'comments.js';
alive('connections reset at ' . length($request) . ' places');

# Streams whose readers do not read.
my @slow = map { my $socket = $nginx->connect;
    setsockopt $socket, SOL_SOCKET, Socket::SO_RCVBUF(), pack 'i', 2048;
    syswrite $socket, "GET /comments/stream?page=/ HTTP/1.1\r\n"
                      . "Host: localhost\r\n\r\n"; $socket } 1 .. 20;
is($nginx->post_json($path, json(text => 'x ' x 2000))->{status}, 201,
   'a post beside slow readers') for 1 .. 30;
alive('readers of streams that do not read');
close $_ for @slow;

is(statuses($nginx->raw(head('POST', $path, 'Content-Length: '
   . length($body = json())) . $body, half => 1, seconds => 2)), '201',
   'a client that closes its half is answered');


# One request that may be taken for two.  What stands in the body must never
# be answered, nor logged as a request.

my $inner = "GET /comments/count?page=/smuggled HTTP/1.1\r\n"
          . "Host: localhost\r\n\r\n";
my $long  = length $inner;
my $chunk = sprintf "%x\r\n%s\r\n0\r\n\r\n", $long, $inner;

for my $case (
    ['both lengths', ["Content-Length: $long", 'Transfer-Encoding: chunked'],
     $chunk],
    ['two lengths', ["Content-Length: $long", 'Content-Length: 0'], $inner],
    ['two lengths, the other way', ['Content-Length: 0',
     "Content-Length: $long"], $inner],
    ['a length with a sign', ["Content-Length: +$long"], $inner],
    ['a negative length', ["Content-Length: -1"], $inner],
    ['a length of two numbers', ["Content-Length: 0, $long"], $inner],
    ['a hexadecimal length', ['Content-Length: 0x2f'], $inner],
    ['a huge length', ['Content-Length: 99999999999999999999'], $inner],
    ['another coding', ['Transfer-Encoding: identity'], $chunk],
    ['two codings', ['Transfer-Encoding: gzip, chunked'], $chunk],
    ['a coding with a tab', ["Transfer-Encoding:\tchunked\x0b"], $chunk],
    ['a name with a blank', ["Content-Length : $long"], $inner],
    ['a chunk too large', ['Transfer-Encoding: chunked'],
     "ffffffffffffffff1\r\n$inner"],
    ['a negative chunk', ['Transfer-Encoding: chunked'], "-1\r\n$inner"],
    ['a chunk that is shorter', ['Transfer-Encoding: chunked'],
     "5\r\n$inner"],
    ['a refused origin', ['Origin: http://evil.example',
     "Content-Length: $long"], $inner],
    ['a wrong type', ['Content-Type: text/plain', "Content-Length: $long"],
     $inner],
    map({ [ "$_ with a body", ["Content-Length: $long"], $inner, $_ ] }
        'GET', 'HEAD', 'PUT', 'OPTIONS', 'DELETE', 'PATCH', 'TRACE'),
) {
    my ($what, $headers, $sent, $method) = @$case;
    $method //= 'POST';
    my $got = $nginx->raw(head($method, $path, @$headers) . $sent . $get,
                          seconds => 3);
    my @answers = $nginx->answers($got, $method, 'GET');
    my $last    = $answers[-1] || { status => 0 };

    # Either the connection ends with a refusal, or the next one is ours.
    ok(@answers == 1 && $last->{status} >= 400 && $last->{status} != 500
       || @answers == 2 && $last->{status} == 200
          && $last->{body} !~ /smuggled/ && $answers[0]{status} != 500,
       "$what: " . join ' ', map { $_->{status} } @answers);
}
ok($nginx->read('access.log') !~ /"GET [^"]*smuggled/,
   'no body became a request');
alive('requests that are two');


# Bodies at each boundary: of the buffer, of our first one, of the limit.

my @bad;
for my $size (1 .. 3, 1022 .. 1026, 4095 .. 4097, 8191 .. 8193,
              16_383 .. 16_385, 65_535 .. 65_537, 262_143 .. 262_145)
{
    my $start = '{"page":"/","name":"N","email":"n@example.org","text":"';
    my $want  = $size > 262_144 ? '413 body_too_large'
              : $size < 60      ? '400 json_invalid'
              : $size > 10_056  ? '422 text_too_long' : '201 done';
    my $room  = $size - length($start) - 2;
    my $sent  = $room > 0
        ? $start . join('', map { chr 97 + rand 26 } 1 .. $room) . '"}'
        : 'x' x $size;

    for my $how ('length', 'chunked') {
        # the same words again would be a duplicate
        substr($sent, length($start), 1) = $how eq 'length' ? 'A' : 'B'
            if $room > 0;
        my @more = $how eq 'length' ? "Content-Length: $size"
                                    : 'Transfer-Encoding: chunked';
        my $wire = $how eq 'length' ? $sent : join('', map {
            sprintf "%x\r\n%s\r\n", length, $_ } $sent =~ /.{1,3000}/gs)
            . "0\r\n\r\n";
        my ($got) = $nginx->answers($nginx->raw(head('POST', $path,
            'Connection: close', @more) . $wire), 'POST');
        push @bad, "$size $how: " . named($got || {}) if named($got) ne $want;
    }
}
is(join("\n", @bad), '', 'bodies at each boundary');
is_deeply([ glob $nginx->dir . '/temp/client_body/*' ], [],
          '... and none went to a file');


# JSON that is none, or more than it should be.

@bad = ();
for my $text (
    '', ' ', '[]', 'null', '1', '"x"', '{', '}', '{}x', '{"page"}',
    '{"page":"/",}', "{'page':'/'}", '{"page":"/","page":"/b"}',
    '{"page":NaN}', '{"page":1e999}', '{"page":01}', '{"page":"\x"}',
    '{"page":"\ud800"}', '{"page":"\u0000"}', "{\"page\":\"\x00\"}",
    "{\"page\":\"\xff\"}", "\xef\xbb\xbf{}", "{\"page\":\"a\nb\"}",
    '[' x 100_000, '{"a":' x 50_000, '{"text":' . '[' x 20 . ']' x 20 . '}',
    '{' . join(',', map { "\"f$_\":1" } 1 .. 65) . '}',
    '{"page":{"a":1}}', '{"page":["/"]}', '{"page":true}', '/**/{}',
    '{"page":"/"}{"page":"/"}', "{\"page\":\"\xc0\xaf\"}",
    "{\"page\":\"\xed\xa0\x80\"}", "{\"page\":\"\xf4\x90\x80\x80\"}",
) {
    my $got = $nginx->post_json($path, $text);
    push @bad, substr($text, 0, 30) . ': ' . named($got)
        unless $got->{status} =~ /^(400|413|422)$/ && $got->{json}{error}{code};
}
is(join("\n", @bad), '', 'JSON that is none gets its own refusal');


# Fields that nobody may set.

my %wish = (id => 77_777, status => 'approved', created =>
    '2001-01-01T00:00:00Z', edited => '2001-01-01T00:00:00Z', votes => 99,
    votes_up => 99, author => { role => 'moderator' }, role => 'moderator',
    kind => 'pingback', html => '<script>1</script>', thread => 1, site =>
    'other', reviewed => 1, identity => 'a' x 32, depth => 9, mine => 0,
    moderator => 1, verdict => 'accept', verified => 1, action => 'delete',
    receipt => '{}', replies => 9, cookie => 'x', now => 1, address => 'x');
for my $how ('JSON', 'a form', 'parts') {
    my %fields = (page => '/', name => 'N', email => 'n@example.org',
                  text => "hold me, $how", website => 'http://a.example/');
    my %all = (%wish, %fields);
    my %flat = map { $_ => ref $all{$_} ? 'x' : $all{$_} } keys %all;
    delete $all{author};
    my $got = $how eq 'JSON'   ? $nginx->post_json($path, \%all)
            : $how eq 'a form' ? $nginx->post_form($path, \%flat)
                               : $nginx->post_multipart($path, \%flat);
    is($got->{status}, 202, "$how with wishes is held as any other");
    isnt($got->{json}{id}, 77_777, '... has an id of ours');
    my $show = decode_json($nginx->tool('show', $got->{json}{id}, '--json',
        '--store', $nginx->dir . '/store')->{out});
    is("$show->{status} $show->{kind} $show->{site} $show->{votes_up}",
       'pending comment test 0', '... and nothing that was wished');
    unlike($show->{created} . ($show->{html} // ''), qr/^2001|<script/,
           '... not its time, nor its HTML');
}

# Fields that come twice, in each coding.
for my $twice ([text => 'one', text => 'two'], [page => '/a', page => '/b'],
               [parent => 1, parent => 2])
{
    my @fields = (name => 'N', email => 'n@example.org', page => '/',
                  text => 'twice ' . ++$n, @$twice);
    for my $how ('post_form', 'post_multipart') {
        my $got = $nginx->$how($path, \@fields);
        ok($got->{status} =~ /^(201|400|422|409)$/,
           "$twice->[0] twice: " . named($got));
    }
}


# Parents that lie.

my $ours   = $nginx->post_json($path, json(page => '/parents'))->{json}{id};
my $theirs = $nginx->post_json('/other/comment', json(page => '/parents'))
                   ->{json}{id};
my $away   = $nginx->post_json($path, json(page => '/elsewhere'))->{json}{id};
@bad = ();
for my $parent ($theirs, $away, -1, '-1', 0.5, 1e308, '1e3', 99_999_999,
    '18446744073709551616', '9' x 400, "$ours; DROP", [$ours], { id => 1 },
    JSON::PP::true, "\x{661}", ' 1', '0x1')
{
    my $got = $nginx->post_json($path, json(page => '/parents',
                                            parent => $parent));
    push @bad, (ref $parent || $parent) . ': ' . named($got)
        unless $got->{status} =~ /^(400|422)$/ && $got->{json}{error}{code};
}
is(join("\n", @bad), '', 'a parent that is none here is refused');
is($nginx->post_json($path, json(page => '/parents', parent => $ours))
   ->{status}, 201, 'a true one is taken');


# Bytes that are no UTF-8, and words that are no words, everywhere.

@bad = ();
for my $bytes ("\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3",
               "a\x00b", "a\x1bb")
{
    for my $field (qw(page name email website text title token parent lang)) {
        my %fields = (page => '/', name => 'N', email => 'n@example.org',
                      text => 'bytes ' . ++$n, $field => $bytes);
        for my $how ('post_form', 'post_multipart') {
            my $got = $nginx->$how($path, \%fields);
            push @bad, "$field: " . named($got)
                unless $got->{status} =~ /^(201|202|400|422|409)$/;
            push @bad, "$field: bytes come back" if $got->{body} =~ /\xff/;
        }
    }
    my $escaped = join '', map { sprintf '%%%02x', ord } split //, $bytes;
    for my $to ("thread?page=/$escaped", "thread?sort=$escaped",
                "thread?after=$escaped", "count?page=$escaped",
                "thread.atom?page=$escaped", "thread.html?lang=$escaped",
                "stream?page=$escaped", "avatar/$escaped.svg", $escaped,
                "comment/$escaped")
    {
        my $answer = $nginx->raw("GET /comments/$to HTTP/1.1\r\nHost: "
            . "localhost\r\nConnection: close\r\n\r\n", seconds => 0.2);
        my ($got) = $nginx->answers($answer);
        push @bad, "$to: " . ($got->{status} // 'none')
            unless $got && $got->{status} =~ /^(200|400|404|422)$/;
    }
    for my $name (qw(Cookie Accept-Language If-None-Match Origin User-Agent
                     Content-Type Last-Event-ID))
    {
        my $value = $bytes =~ s/\x00//r;
        my $got = $nginx->get('/comments/thread?page=/',
                              [ $name => "comments_author=$value" ]);
        push @bad, "$name: $got->{status}"
            unless $got->{status} =~ /^(200|400)$/;
    }
}
is(join("\n", @bad), '', 'bytes that are no text are refused or harmless');
alive('bytes that are no text');


# Files that are none of theirs.

@bad = ();
for my $to ('/comments/../../store/data.mdb', '/../store/data.mdb',
    '/comments/%2e%2e/%2e%2e/store/data.mdb', '/..%2fcomments.key',
    '/comments/..%5c..%5ccomments.key', '/comments/avatar/../../../store',
    '/comments/comments.css/../../../comments.key', '/store/data.mdb',
    '/comments.key', '//comments.key', '/comments/comments.key',
    '/comments/.%00/comments.key')
{
    my ($got) = $nginx->answers($nginx->raw("GET $to HTTP/1.1\r\nHost: "
        . "localhost\r\nConnection: close\r\n\r\n"));
    push @bad, "$to: $got->{status}" unless $got->{status} =~ /^4/;
}
is(join("\n", @bad), '', 'neither the store nor the key can be fetched');


# Headers, log lines and addresses of the attacker's making.

@bad = ();
for my $page ("/a\r\nSet-Cookie: evil=1", '/a%0d%0aSet-Cookie: evil=1',
    '//evil.example/', '/\\evil.example', '/%5cevil.example',
    'https://evil.example/x', 'http:evil.example', '///evil.example',
    'javascript:alert(1)', "/\t/evil.example", '/@evil.example/',
    'https://localhost@evil.example/', '/..//evil.example', '\\\\evil')
{
    my $got = $nginx->post_form($path, { page => $page, name => 'N',
        email => 'n@example.org', text => 'redirect ' . ++$n },
        [ Accept => 'text/html' ]);
    my $to = $got->{headers}{location};
    push @bad, "$page: $got->{status}"
        unless $got->{status} =~ /^(303|400|422)$/;
    push @bad, "$page: $to" if defined $to
        && $to !~ m{^(?:http://localhost:\d+)?/(?![/\\])[\x21-\x7e]*$};
    push @bad, "$page: a header" if $got->{headers}{'set-cookie'}
        && $got->{headers}{'set-cookie'} =~ /evil/;
}
is(join("\n", @bad), '', 'no redirect leads away, no header is made');

$nginx->get("/comments/thread?page=/%0a2026/01/01%2000:00:00%20evil");
$nginx->post_json($path, json(name => "x\n2026/01/01 00:00:00 evil"));
is(join("\n", grep { !m{^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\w+\]} }
   split /\n/, $nginx->log), '', 'every line of the log is nginx\'s own');


# Too much of everything.

@bad = ();
for my $case (
    ['a name', sub { $nginx->post_json($path, json(name => 'x' x 101)) },
     '422 name_too_long'],
    ['an address', sub { $nginx->post_json($path, json(email =>
     'x' x 300 . '@example.org')) }, '422 email_invalid'],
    ['a website', sub { $nginx->post_json($path, json(website =>
     'http://a.example/' . 'x' x 500)) }, '422 website_too_long'],
    ['a title', sub { $nginx->post_json($path, json(title => 'x' x 301)) },
     '422 title_too_long'],
    ['a text', sub { $nginx->post_json($path, json(text => 'x' x 10_001)) },
     '422 text_too_long'],
    ['a token', sub { $nginx->post_json($path, json(token => 'x' x 2561)) },
     '422 token_invalid'],
    ['a page', sub { $nginx->post_json($path, json(page =>
     '/' . 'x' x 1024)) }, '422 page_invalid'],
    ['fields', sub { $nginx->post_form($path, [ map { ("f$_" => 1) }
     1 .. 65 ]) }, '400 form_invalid'],
    ['pages', sub { $nginx->get('/comments/count?' . join '&', map {
     "page=/$_" } 1 .. 201) }, '400 argument_invalid'],
    ['a limit', sub { $nginx->get('/comments/thread?page=/&limit=201') },
     '400 argument_invalid'],
    ['a reason', sub { $nginx->post_json("$path/$ours/report",
     { reason => 'x' x 501 }) }, '422 reason_too_long'],
    ['a boundary', sub { $nginx->request('POST', $path, [ 'Content-Type' =>
     'multipart/form-data; boundary=' . 'x' x 500 ], '--x') },
     '400 form_invalid'],
) {
    my ($what, $ask, $want) = @$case;
    my $got = named($ask->());
    push @bad, "$what: $got, not $want" if $got ne $want;
}
is(join("\n", @bad), '', 'too much of anything is refused by its name');

for (["GET /comments/thread?page=/" . 'x' x 9000, 414],
     ["GET / HTTP/1.1\r\nHost: localhost\r\nX: " . 'x' x 40_000, 400],
     ["GET /comments/thread?page=/ HTTP/1.1\r\nHost: localhost\r\n"
      . join('', map { "Cookie: comments_author=$_\r\n" } 1 .. 200)
      . "Connection: close", '200|400'])
{
    my ($sent, $want) = @$_;
    $sent .= ' HTTP/1.1' unless $sent =~ /HTTP/;
    like(statuses($nginx->raw("$sent\r\n\r\n", seconds => 2)),
         qr/^(?:$want)$/, 'so are heads: ' . substr $sent, 0, 24);
}


# Four hundred requests in one piece, half of them wrong.

my $pipe = join '', map { $_ % 2 ? "GET /comments/count?page=/$_ HTTP/1.1\r\n"
    . "Host: localhost\r\n\r\n" : head('PUT', $path, 'Content-Length: 5')
    . 'GET /' } 1 .. 400;
my @got = $nginx->answers($nginx->raw($pipe . $get));
is(join(' ', map { $_->{status} } @got), join(' ', (map { $_ % 2 ? 200 : 405 }
   1 .. 400), 200), 'four hundred requests in one piece');


# What nothing above may have hurt; and that a 500 would be seen.

alive('after all of it');
is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store is whole');
is(answers_500(), '', 'nobody was answered by 500');
$nginx->write('access.log', '"GET / HTTP/1.1" 500 1');
isnt(answers_500(), '', '... which would be seen');

$nginx->stop;
done_testing();

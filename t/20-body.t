# Bodies as clients really send them: chunked, byte by byte, refused early,
# pipelined, with Expect, larger than nginx's buffer, cut off.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => '' },
    http     => 'client_body_in_file_only clean; client_body_buffer_size 1k;',
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my $n = 0;


sub json {
    my ($text) = @_;
    $n++;
    return qq({"page":"/","name":"N$n","email":"n\@example.org",)
         . qq("text":"$text"});
}

sub head {
    my ($method, $path, @more) = @_;
    return join "\r\n", "$method $path HTTP/1.1", 'Host: localhost',
                'Content-Type: application/json', @more, '', '';
}

sub chunked {
    my ($body, $size) = @_;
    my $out = '';
    while (length $body) {
        my $piece = substr $body, 0, $size, '';
        $out .= sprintf "%x\r\n%s\r\n", length $piece, $piece;
    }
    return "${out}0\r\n\r\n";
}

sub statuses {
    my ($bytes, @methods) = @_;
    return join ' ', map { $_->{status} } $nginx->answers($bytes, @methods);
}


my $path = '/comments/comment';
my $body = json('x' x 9000);

is(statuses($nginx->raw(head('POST', $path, 'Connection: close',
    'Content-Length: ' . length $body) . $body)), '201',
   'a body beyond client_body_buffer_size');

is(statuses($nginx->raw(head('POST', $path, 'Connection: close',
    'Transfer-Encoding: chunked') . chunked(json('chunked' x 500), 100))),
   '201', 'a chunked body');
is(statuses($nginx->raw(head('POST', $path, 'Connection: close',
    'Transfer-Encoding: chunked') . chunked(json('y' x 9000), 1))), '201',
   'in chunks of one byte');

$body = json('byte by byte');
is(statuses($nginx->raw([ split //, head('POST', $path, 'Connection: close',
    'Content-Length: ' . length $body) . $body ], delay => 0.001)), '201',
   'byte by byte');

$body = json('expected');
is(statuses($nginx->raw([ head('POST', $path, 'Connection: close',
    'Expect: 100-continue', 'Content-Length: ' . length $body), $body ],
    delay => 0.1)), '201', 'a body behind 100-continue');

is(statuses($nginx->raw(head('POST', $path, 'Connection: close',
    'Content-Length: 0'))), '400', 'an empty body');
is(statuses($nginx->raw(head('POST', $path, 'Connection: close'))), '400',
   'no body at all');


# Refused before the body is read: what follows must still be a request.

my $get = "GET /comments/count?page=/ HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n\r\n";
$body = json('GET /comments/count?page=/smuggled HTTP/1.1');

for (['PUT', $path, 405], ['POST', '/comments/thread', 405],
     ['POST', '/comments/none', 404], ['GET', '/comments/count?page=/', 200],
     ['HEAD', '/comments/count?page=/', 200])
{
    my ($method, $to, $status) = @$_;
    is(statuses($nginx->raw(head($method, $to,
        'Content-Length: ' . length $body) . $body . $get), $method, 'GET'),
       "$status 200", "$method $to with a body keeps the connection in step");
}

is(statuses($nginx->raw(head('POST', $path, 'Origin: http://evil.example',
    'Content-Length: ' . length $body) . $body . $get)), '403 200',
   'so does a refused origin');
is(statuses($nginx->raw(head('POST', $path, 'Origin: http://evil.example',
    'Transfer-Encoding: chunked') . chunked($body, 7) . $get)), '403 200',
   'also with chunks');

for ([262_145, '413 200'], [524_288, '413 200'], [524_289, '413']) {
    my ($bytes, $want) = @$_;
    is(statuses($nginx->raw(head('POST', $path, "Content-Length: $bytes")
       . 'x' x $bytes . $get)), $want, "a body of $bytes bytes is too large"
       . ($want =~ /200/ ? ', what follows is not lost' : ' to go on'));
}

my $two = join '', map { my $b = json("pipelined $_");
    head('POST', $path, 'Content-Length: ' . length $b) . $b } 1 .. 5;
is(statuses($nginx->raw($two . $get)), '201 201 201 201 201 200',
   'five posts and a read in one piece');

is(statuses($nginx->raw(head('POST', $path, 'Connection: close',
    'Content-Length: 300000') . 'x' x 1000, half => 1)), '413',
   'a body announced beyond the limit');
is(statuses($nginx->raw(head('POST', $path, 'Connection: close',
    'Transfer-Encoding: chunked') . chunked('x' x 300_000, 10_000))), '413',
   'one that grows beyond it');


# Cut off.

for my $cut (1, 20, 200) {
    my $b = json('cut off ' x 100);
    my $socket = $nginx->connect;
    syswrite $socket, head('POST', $path, 'Content-Length: ' . length $b)
                      . substr $b, 0, $cut;
    close $socket;
}
my $socket = $nginx->connect;
syswrite $socket, head('POST', $path, 'Expect: 100-continue',
                       'Content-Length: 100');
close $socket;

# Gone while the comment is on its way: it is kept all the same.
$body   = json('gone at once');
$socket = $nginx->connect;
syswrite $socket, head('POST', $path, 'Content-Length: ' . length $body)
                  . $body;
close $socket;
ok($nginx->until(sub {
    $nginx->get('/comments/thread?page=/&limit=200')->{body}
        =~ /gone at once/;
}), 'a comment is kept when its client does not wait');

is($nginx->get('/comments/count?page=/')->{status}, 200,
   'after all that nginx answers');
is_deeply([ glob $nginx->dir . '/temp/client_body/*' ], [],
          'no body was ever written to a file');

is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store is whole');

$nginx->stop;
done_testing();

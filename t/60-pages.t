# comments_pages: a thread begins only on a page that is there.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $app = Comments::Nginx->free_port;
my $pid = serve($app);

my $nginx = Comments::Nginx->new(
    pages    => 'existing',
    files    => { 'site/real.html' => 'real', 'site/a b.html' => 'blank',
                  'site/dir/index.html' => 'index', 'site/nope.txt' => 'x',
                  'secret/x.html' => 'secret', 'site/404.html' => 'gone' },
    location => 'comments_limit_author off; comments_limit_address off;',
    server   => <<"END",
        error_page 404 /404.html;
        location /app/ { proxy_pass http://127.0.0.1:$app;
                         comments_insert /comments/; }
        location /slow/ { proxy_pass http://127.0.0.1:$app; }
        location /down/ { proxy_pass http://127.0.0.1:1; }
        location /internal/ { internal; alias %%DIR%%/secret/; }
        location /moved { return 301 /real.html; }
        location /front/ { try_files \$uri /script.php?q=\$uri; }
        location /named/ { error_page 404 = \@named; }
        location \@named { proxy_pass http://127.0.0.1:$app; }
        location = /script.php {
            if (\$request_uri ~ ^/front/no) { return 404; }
            if (\$request_method = POST) { return 405; }
            return 200 "page of \$request_uri";
        }
        location /any/ { comments any; comments_pages any; }
END
)->start;


my $n = 0;

sub post {
    my ($page, $headers, $prefix) = @_;

    $n++;
    return $nginx->post_json(($prefix // '/comments') . '/comment',
        { page => $page, text => "text $n", name => 'N',
          email => 'n@example.org' },
        [ Origin => 'http://localhost:' . $nginx->port, @{ $headers || [] } ]);
}

sub is_missing {
    my ($page, $name) = @_;
    my $got = post($page);
    is("$got->{status} " . ($got->{json}{error}{code} // '-'),
       '404 page_missing', $name);
}

sub is_taken {
    my ($page, $name) = @_;
    my $got = post($page);
    is($got->{status}, 201, $name) or diag($got->{body});
}


is_taken('/real.html', 'a file is a page');
is_missing('/nope.html', 'no file is no page');
is(post('/nope.html')->{json}{error}{field}, 'page', 'the field is named');
is(post('/nope.html')->{json}{error}{message},
   'There is no such page, so nobody can comment on it.', 'in a sentence');
is_taken('/a%20b.html', 'a path is decoded for its file');
is_taken('/dir/', 'an index is a page');
is_missing('/dir', 'a redirect to it is none');
is_missing('/moved', 'nor any redirect');
is_taken('http://localhost/nope.txt', 'an address is taken as its path');
is_missing('http://localhost/nope2.txt', 'and its host is never asked');
is_missing('/internal/x.html', 'internal locations stay closed');
is_missing('/comments/thread?page=/real.html', 'the comments are no page');
is_missing('/real.html/../../../../../etc/passwd', 'nor is anything above');
is(post('nope')->{json}{error}{code}, 'page_invalid',
   'what is no path is refused as such');
is_taken('/front/yes', 'a page made by a script, asked by GET');
is_missing('/front/no', 'and one that it does not know');
is(post('/nope.html', [], '/any')->{status}, 201,
   'comments_pages any takes every path');


# Proxied pages.

is_taken('/app/yes?x=1', 'a page of an application');
is(asked(), 'GET /app/yes?x=1 no body', 'was asked for without the body');
is_taken('/app/yes?x=1', 'the next comment');
is(asked(), '', 'asks nobody');
is_missing('/app/no', 'a page that it does not have');
is_taken('/named/x', 'a page behind error_page');
$nginx->allow(qr/never/);
my $got = post('/down/x');
is("$got->{status} $got->{json}{error}{code}", '503 busy',
   'an application that is down is no missing page');
ok($got->{headers}{'retry-after'}, 'and may be back');

$got = post('/app/head', [ 'If-None-Match' => '"x"', 'Range' => 'bytes=0-1',
                           Cookie => 'session=1' ]);
is($got->{status}, 201, 'conditions of the post do not reach the page');
like(last_head(), qr/^Cookie: session=1\r$/m, 'but who asks does');
unlike(last_head(), qr/^(If-None-Match|Range|Content-\w+|Accept):/mi,
       'nor do its other headers');


# A form that nginx put into a page proves the page.

my ($token) = $nginx->get('/app/form2')->{body}
              =~ /name="token"\s+value="([^"]+)"/;
ok($token, 'a form in a page has a token');
asked();
$got = $nginx->post_json('/comments/comment',
    { page => '/app/form2', text => 'by token', name => 'N',
      email => 'n@example.org', token => $token },
    [ Origin => 'http://localhost:' . $nginx->port ]);
is($got->{status} . asked(), '201', 'with it, nobody asks for the page');
$got = $nginx->post_json('/comments/comment',
    { page => '/app/no', text => 'by token', name => 'N',
      email => 'n@example.org', token => $token },
    [ Origin => 'http://localhost:' . $nginx->port ]);
is($got->{status}, 404, 'it proves no other page');
($token) = $nginx->get('/comments/thread.html?page=/app/no')->{body}
           =~ /name="token"\s+value="([^"]+)"/;
$got = $nginx->post_json('/comments/comment',
    { page => '/app/no', text => 'by token', name => 'N',
      email => 'n@example.org', token => $token },
    [ Origin => 'http://localhost:' . $nginx->port ]);
is($got->{status}, 404, 'a form that was asked for proves none');


# Forms, chunks, and a body in pieces.

$got = $nginx->post_form('/comments/comment',
    { page => '/nope.html', name => 'N', email => 'n@example.org',
      text => 'typed with care' },
    [ Accept => 'text/html', Origin => 'http://localhost:' . $nginx->port ]);
is($got->{status}, 404, 'a form gets a page of the same status');
like($got->{body}, qr/typed with care/, 'with the text in it');

$got = $nginx->post_form('/comments/comment',
    { page => '/app/form', name => 'N', email => 'n@example.org',
      text => 'by form' },
    [ Accept => 'text/html', Origin => 'http://localhost:' . $nginx->port ]);
is($got->{status}, 303, 'a form for a real page is taken');
is($got->{headers}{location} =~ s/\d+$//r, '/app/form#comment-',
   'and leads to the comment');


# Many at a time, one of them without its client.

my @sockets;
for my $i (1 .. 20) {
    my $body = qq({"page":"/slow/$i","text":"t","name":"N","email":"n\@e.org"});
    my $socket = $nginx->connect;
    print $socket "POST /comments/comment HTTP/1.1\r\nHost: localhost:",
        $nginx->port, "\r\nContent-Type: application/json\r\n",
        "Content-Length: ", length $body, "\r\nConnection: close\r\n\r\n$body";
    push @sockets, $socket;
}
close shift @sockets;
my $taken = 0;
for my $socket (@sockets) {
    my $answer = do { local $/; <$socket> } // '';
    $taken++ if $answer =~ /^HTTP\/1.1 201 /;
}
is($taken, 19, 'pages that answer late are waited for');
is_taken('/real.html', 'and who left did no harm');

$nginx->stop;

for (['comments_pages none', qr/needs "existing" or "any"/],
     ['comments_pages any; comments_pages any', qr/is duplicate/],
     ['comments_pages', qr/invalid number of arguments/])
{
    my ($line, $said) = @$_;
    like(Comments::Nginx->refusal(location => "$line;"), $said,
         "$line is refused");
}

done_testing();


# A small application: /app/no is 404, the rest is a page; /slow/ takes its
# time.  What it was asked is kept in a file.
sub serve {
    my ($port) = @_;

    return Comments::Nginx::application($port, sub {
        my ($socket, $head) = @_;
        my ($method, $path) = $head =~ /^(\S+) (\S+)/;
        open my $log, '>', "/tmp/ngx-comments-asked.$port";
        print $log $head;
        close $log;
        select undef, undef, undef, 0.3 if $path =~ m{^/slow/};
        my $status = $path eq '/app/no' ? '404 Not Found'
                   : $head =~ /^(If-None|Range)/mi ? '304 Not Modified'
                   : $method ne 'GET' ? '405 No' : '200 OK';
        print $socket "HTTP/1.0 $status\r\nContent-Type: text/html\r\n",
            "Content-Length: 17\r\n\r\n<!-- comments -->";
    });
}

my $head;

sub asked {
    $head = '';
    if (open my $log, '<', "/tmp/ngx-comments-asked.$app") {
        local $/;
        $head = <$log>;
    }
    unlink "/tmp/ngx-comments-asked.$app";
    return '' unless $head =~ /^(\S+ \S+)/;
    return "$1 " . ($head =~ /^Content-Length/mi ? 'a body' : 'no body');
}

sub last_head { asked(); return $head }

END {
    unlink "/tmp/ngx-comments-asked.$app" if $app;
    kill 'KILL', $pid if $pid;
}

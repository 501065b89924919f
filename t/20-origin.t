# Who may post from where: CSRF, CORS and the author cookie.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => '' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;
                 comments_origins https://friend.example http://a.b:81;',
)->start;

my $n    = 0;
my $self = 'http://localhost:' . $nginx->port;


sub post {
    my (@headers) = @_;
    return $nginx->post_json('/comments/comment',
        { page => '/', text => 'text ' . ++$n, name => 'N',
          email => 'n@example.org' }, \@headers);
}

sub status { return post(@_)->{status} }


is(status(Origin => $self), 201, 'the same origin posts');
is(status(Origin => 'https://localhost:' . $nginx->port), 201,
   'also when TLS ends before nginx');
is(status(Origin => 'http://evil.example'), 403, 'another one does not');
is(status(Origin => 'http://localhost'), 403, 'nor another port');
is(status(Origin => 'null'), 403, 'nor null');
is(status(Origin => "$self.evil.example"), 403, 'nor a longer name');
is(status(Origin => 'https://friend.example'), 201, 'one of the list posts');
is(status(Origin => 'http://friend.example'), 403, 'only by its scheme');
is(status(Origin => 'http://a.b:81'), 201, 'and port');
is(post(Origin => 'null')->{json}{error}{code}, 'origin_forbidden',
   'the refusal says why');

is(status('Sec-Fetch-Site' => 'same-origin'), 201,
   'a browser may say it otherwise');
is(status('Sec-Fetch-Site' => 'cross-site'), 403, 'or not');
is(status('Sec-Fetch-Site' => 'same-site'), 403, 'a sister is not the same');

my $got    = post();
my $cookie = $nginx->cookies($got);
is($got->{status}, 201, 'without either header and without a cookie there '
   . 'is nothing to forge');
is(status(Cookie => $cookie), 403, 'with a cookie there is');
is(status(Cookie => $cookie, Origin => $self), 201,
   'the same origin posts with it');


# The cookie.

my $set = $got->{headers}{'set-cookie'};
like($set, qr/^comments_author=[A-Za-z0-9_-]{43};/,
     'the first post sets a secret of 256 bits');
like($set, qr/; HttpOnly/i, 'that scripts cannot read');
like($set, qr/; SameSite=Lax/i, 'and other sites do not send');
like($set, qr{; Path=/comments/}i, 'only for the comments');
unlike($set, qr/; Secure/i, 'over http it is not Secure');
like(post(Origin => $self =~ s/^http/https/r)->{headers}{'set-cookie'},
     qr/; Secure$/, 'it is where TLS ends before nginx');
is(post(Origin => $self, Cookie => $cookie)->{headers}{'set-cookie'}, undef,
   'who has one keeps it');
ok(post(Origin => $self, Cookie => 'comments_author=short')
   ->{headers}{'set-cookie'}, 'what is none is replaced');
is($nginx->get('/comments/thread?page=/')->{headers}{'set-cookie'}, undef,
   'reading sets none');
is($nginx->post_json('/comments/comment', { page => '/', text => '' })
   ->{headers}{'set-cookie'}, undef, 'a refused post sets none');


# CORS.

$got = $nginx->get('/comments/thread?page=/',
                   [ Origin => 'https://friend.example' ]);
is($got->{headers}{'access-control-allow-origin'}, 'https://friend.example',
   'a page of the list may read');
like($got->{headers}{vary}, qr/Origin/, 'caches keep it apart');
$got = $nginx->get('/comments/thread?page=/',
                   [ Origin => 'https://evil.example' ]);
is($got->{status}, 200, 'others read, too');
is($got->{headers}{'access-control-allow-origin'}, undef,
   'but their scripts do not see it');

$got = $nginx->request('OPTIONS', '/comments/comment',
    [ Origin => 'https://friend.example',
      'Access-Control-Request-Method' => 'POST',
      'Access-Control-Request-Headers' => 'content-type' ]);
is($got->{status}, 204, 'a preflight of the list passes');
like($got->{headers}{'access-control-allow-methods'}, qr/POST/, 'for POST');
like($got->{headers}{'access-control-allow-headers'}, qr/Content-Type/i,
     'with a type');
$got = $nginx->request('OPTIONS', '/comments/comment',
    [ Origin => 'https://evil.example',
      'Access-Control-Request-Method' => 'POST' ]);
is($got->{status}, 403, 'one of another origin does not');
is($got->{headers}{'access-control-allow-origin'}, undef,
   'and gets no header that allows');

$nginx->stop;
done_testing();

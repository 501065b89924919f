# C/moderate against somebody with curl, a stolen cookie or a page of their
# own: what is forged, replayed, tossed or raced is refused, each in the same
# words, and nothing is done.  More of it is in 30-moderate-http.t.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $password = 'correct horse battery';
my $hold     = 'comments_rules %%DIR%%/hold.lua; comments_limit_author off;
                comments_limit_address off;
                comments_moderators %%DIR%%/moderators;';
my $nginx = Comments::Nginx->new(
    files    => { 'hold.lua' => 'rule("first", function(c)
        return hold("Read first.") end)' },
    location => $hold,
    server   => "location /other/ { comments other; $hold }",
);
my @store = ('--store', $nginx->dir . '/store');
my $own   = 'http://localhost:' . $nginx->port;
my $n     = 0;

for my $who ([ kari => 'owner' ], [ ola => 'moderator' ]) {
    my ($name, $role) = @$who;
    my $secret = $nginx->write('secret', "$password\n");
    is(system("$Comments::Nginx::BUILD/ngx-comments moderator add $name "
              . "--role $role --password-stdin --file " . $nginx->dir
              . "/moderators < $secret > /dev/null"), 0, "$name is $role");
}
$nginx->start;

sub post {
    my ($at) = @_;
    return $nginx->post_json("$at/comment", { page => '/p', name => 'N',
        text => 'text ' . ++$n, email => "n$n\@example.org" })->{json}{id};
}

sub sign_in {
    my ($name, @headers) = @_;
    return $nginx->post_json('/comments/moderate/session',
        { name => $name, password => $password }, [ Origin => $own, @headers ]);
}

# The headers of one who has: cookie, origin, token.
sub enter {
    my $got = sign_in(@_);
    return { Origin => $own, Cookie => $nginx->cookies($got),
             'X-Comments-Token' => $got->{json}{token} };
}

sub ask {
    my ($method, $path, $headers, $body) = @_;
    my %all = (($method eq 'GET' ? ()
                : ('Content-Type' => 'application/json')), %$headers);
    return $nginx->request($method, "/comments/moderate/$path",
        [ map { ($_ => $all{$_}) } sort keys %all ], $body);
}

sub told {
    my ($got) = @_;
    return "$got->{status} " . ($got->{json}{error}{code} // 'no code');
}

sub waits {
    my ($id) = @_;
    return $nginx->tool('show', $id, '--json', @store)->{out}
           =~ /"status":\s*"pending"/;
}

my $id     = post('/comments');
my $theirs = post('/other');
my $kari   = enter('kari');
my $ola    = enter('ola');
my $body   = qq({"decisions":[{"id":$id,"decision":"approve"}]});


# Every path that changes anything wants our origin, and our token.

my @doing = ([ POST => 'decisions', $body ],
    [ POST => "comment/$id/reply", '{"text":"x"}' ],
    [ POST => 'thread', '{"page":"/p","action":"close"}' ],
    [ POST => 'bans', '{"kind":"domain","value":"x.example"}' ],
    [ DELETE => 'bans/' . '0' x 16 ], [ POST => 'rules', '{"text":"x"}' ],
    [ POST => 'rules/replay', '{}' ], [ POST => 'signout', '{}' ],
    [ DELETE => 'session' ]);
for (@doing) {
    my ($method, $path, $bytes) = @$_;
    is(told(ask($method, $path, { %$kari, Origin => 'http://evil.example' },
                $bytes)), '403 origin_forbidden',
       "$method $path from another page");
    my %bare = %$kari;
    delete $bare{'X-Comments-Token'};
    is(told(ask($method, $path, \%bare, $bytes)), '403 token_stale',
       "$method $path without a token");
    is(told(ask($method, $path, { %bare,
                'X-Comments-Token' => $ola->{'X-Comments-Token'} }, $bytes)),
       '403 token_stale', "$method $path with another one's");
}
is(told(ask(POST => "decisions?token=$kari->{'X-Comments-Token'}",
            { %$kari, 'X-Comments-Token' => '' }, $body)), '403 token_stale',
   'a token in the address is none');

my $port = $nginx->port;
my %origins = (
    'of a longer name'    => "$own.evil.example",
    'with us as user'     => "http://localhost:$port\@evil.example",
    'of another port'     => 'http://localhost:1',
    'without the port'    => 'http://localhost',
    'with a path'         => "$own/",
    'with a blank'        => "$own http://evil.example",
    'of a file'           => 'file://',
    'of another scheme'   => "ftp://localhost:$port",
    'with a dot'          => "http://localhost.:$port",
    'of the number'       => "http://127.0.0.1:$port",
    'that is null'        => 'null',
    'that is NULL'        => 'NULL',
    'that is nothing'     => '',
);
my %said;
for my $what (sort keys %origins) {
    my $got = ask(POST => 'decisions', { %$kari, Origin => $origins{$what} },
                  $body);
    is(told($got), '403 origin_forbidden', "an origin $what");
    $said{ $got->{body} }++;
}
for my $site ('Same-Origin', 'same-origin, cross-site', 'none', '') {
    my $got = ask(POST => 'decisions', { %$kari, 'Sec-Fetch-Site' => $site },
                  $body);
    is(told($got), '403 origin_forbidden', "Sec-Fetch-Site: \"$site\"");
    $said{ $got->{body} }++;
}
my @twice = map { ($_ => $kari->{$_}) } sort keys %$kari;
my $got = $nginx->request(POST => '/comments/moderate/decisions',
    [ @twice, 'Content-Type' => 'application/json', Origin => $own ], $body);
is(told($got), '403 origin_forbidden', 'two origins');
$said{ $got->{body} }++;
is(scalar keys %said, 1, 'all of them in the same words');
ok(waits($id), 'and nothing was done');


# A method that is not what it says.

for my $as (qw(X-HTTP-Method-Override X-HTTP-Method X-Method-Override)) {
    is(told(ask(GET => 'decisions', { %$kari, $as => 'POST' })),
       '405 method_not_allowed', "$as: POST makes no post of a GET");
    is(told(ask(POST => 'session', { %$kari, $as => 'DELETE' },
                '{"name":"kari","password":"x"}')), '401 signin_failed',
       "$as: DELETE makes no sign-out of a sign-in");
}
for my $method (qw(HEAD PUT PATCH DELETE)) {
    is(ask($method, 'decisions', $kari, $method eq 'HEAD' ? undef : $body)
       ->{status}, 405, "$method decisions");
}
is(told($nginx->post_form('/comments/moderate/session',
       [ _method => 'DELETE', name => 'x', password => 'x' ],
       [ map { ($_ => $kari->{$_}) } sort keys %$kari ])),
   '401 signin_failed', 'nor does a field of a form');
is(ask(GET => 'session', $kari)->{status}, 200, 'the session is still there');
for my $type ('text/plain', 'text/plain; application/json', 'application/xml',
              'application/json-seq', '') {
    is(told(ask(POST => 'decisions', { %$kari, 'Content-Type' => $type },
                $body)), '415 media_type_unsupported', "JSON as \"$type\"");
}
ok(waits($id), 'none of that has done anything');


# Another site's comments, whichever way.

for ([ GET => "comment/$theirs" ], [ GET => "comment/$theirs/author" ],
     [ POST => 'rules', qq({"comment":$theirs}) ],
     [ POST => "comment/$theirs/reply", '{"text":"x","token":"one-of-ours"}' ],
     [ POST => 'bans', qq({"kind":"author","comment":$theirs}) ]) {
    my ($method, $path, $bytes) = @$_;
    my $known = ask($method, $path, $kari, $bytes);
    my $none  = ask($method, $path =~ s/\d+/987654/r, $kari,
                    $bytes && $bytes =~ s/\d+/987654/r);
    like($none->{status}, qr/^4/, "$method $path is refused");
    is("$known->{status} $known->{body}", "$none->{status} $none->{body}",
       '... as one that is not there');
}
for my $path ("items?ids=$theirs,$id", "queue?status=any&author_of=$theirs",
              'queue?status=any&words=text', 'log?limit=100') {
    my $seen = ask(GET => $path, $kari)->{body};
    unlike($seen, qr/"(?:id|comment)": ?$theirs\b/, "$path: not among them");
}
$got = ask(POST => 'decisions', $kari, '{"decisions":['
    . join(',', map { qq({"id":$_,"decision":"spam"}) } $theirs, $id,
                $theirs) . ']}');
is(join(' ', map { $_->{status} // $_->{error}{code} }
             @{ $got->{json}{results} }), 'not_found spam not_found',
   'of many at once only our own');
ok(waits($theirs), 'theirs waits as before');
is(told(ask(GET => 'session', { %$kari, Cookie => 'comments_moderator_'
            . '00000000=' . ($kari->{Cookie} =~ s/.*=//r) })),
   '401 not_signed_in', 'the name of the cookie is that of the site');


# Sessions: fixed, tossed, replayed.

my ($name) = $kari->{Cookie} =~ /^([^=]+)/;
my $planted = "$name=" . 'A' x 43;
my $fixed   = sign_in('kari', Cookie => $planted);
isnt($nginx->cookies($fixed), $planted, 'a planted session is not taken on,');
is(told(ask(GET => 'session', { Cookie => $planted })), '401 not_signed_in',
   'and is none afterwards');
my $second = enter('kari', Cookie => $kari->{Cookie});
isnt($second->{Cookie}, $kari->{Cookie}, 'who signs in again has another one');
is(told(ask(GET => 'session', $kari)), '401 not_signed_in',
   'and the one before is over');
is(told(ask(POST => 'decisions', { %$second,
            'X-Comments-Token' => $kari->{'X-Comments-Token'} }, $body)),
   '403 token_stale', 'with its token');
$kari = $second;
is(told(ask(GET => 'session', { Cookie => "$planted; $kari->{Cookie}" })),
   '401 not_signed_in', 'a cookie tossed before ours signs nobody in');
is(told(ask(POST => 'decisions', { %$ola, Cookie => "$ola->{Cookie}; "
            . $kari->{Cookie} }, $body)) =~ /^200/ ? 'ola'
   : 'nobody', 'ola', 'and one behind it is not looked at');
is($nginx->get("/comments/moderate/log?comment=$id&limit=1",
       [ Cookie => $kari->{Cookie} ])->{json}{entries}[0]{actor},
   'moderator:ola', 'who decided is whose token it was');


# The file of moderators changes while they are signed in.

sub as {
    my ($from, $to) = @_;
    $nginx->write('moderators', $nginx->read('moderators') =~ s/$from/$to/mr);
    chmod 0600, $nginx->dir . '/moderators';
}
is(ask(GET => 'moderators', $kari)->{status}, 200, 'an owner sees the others');
as('^kari owner', 'kari moderator');
is(told(ask(GET => 'moderators', $kari)), '403 not_allowed',
   'who is an owner no more does not, at once,');
is(ask(GET => 'session', $kari)->{json}{role}, 'moderator',
   'in the same session');
as('^kari moderator \*', 'kari moderator other');
is(told(ask(GET => 'queue', $kari)), '401 not_signed_in',
   'of another site now: nobody here');
as('^kari moderator other', 'kari owner *');
is(ask(GET => 'session', $kari)->{json}{role}, 'owner', 'and back');
my ($hash) = $nginx->read('moderators') =~ /^kari \S+ \S+ (\S+)/m;
as('^kari owner \* \S+', 'kari owner * -');
is(told(ask(GET => 'queue', $kari)), '401 not_signed_in',
   'without a password there are no sessions');
as('^kari owner \* -', "kari owner * $hash");


# Signing out while deciding: each request is before it or behind it.

my @many = map { post('/comments') } 1 .. 12;
my @open = map { $nginx->connect } 0 .. $#many;
for my $i (0 .. $#many) {
    my ($path, $bytes) = $i == 5 || $i == 6 ? ('signout', '{}')
        : ('decisions', qq({"decisions":[{"id":$many[$i],)
                        . '"decision":"approve"}]}');
    syswrite $open[$i], "POST /comments/moderate/$path HTTP/1.1\r\n"
        . "Host: localhost:$port\r\nConnection: close\r\n"
        . "Content-Type: application/json\r\n"
        . join('', map { "$_: $kari->{$_}\r\n" } sort keys %$kari)
        . 'Content-Length: ' . length($bytes) . "\r\n\r\n" . $bytes;
}
my %ends;
for my $i (0 .. $#many) {
    my ($answer) = $nginx->answers($nginx->raw('', socket => $open[$i]));
    $ends{ $answer->{status} }++;
    next if $i == 5 || $i == 6;
    is(!waits($many[$i]), $answer->{status} == 200,
       "request $i: done when it was told so, and else not");
}
is(join(' ', grep { !/^(200|204|401)$/ } keys %ends), '',
   'all are answered in one of two ways');
is(told(ask(GET => 'session', $kari)), '401 not_signed_in',
   'and the session is over');

is($nginx->tool('check', @store)->{out}, "no problems\n", 'the store is sound');
$nginx->stop;
done_testing();

# Limits that only the order of posts can decide hold for parallel posts.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    workers  => 2,
    files    => { 'rules.lua' => '' },
    http     => 'comments_rules %%DIR%%/rules.lua;',
    location => 'comments_limit_author 3/1m; comments_limit_address off;',
    server   => 'location /address/ { comments address;
                     comments_limit_author off;
                     comments_limit_address 5/1h; }
                 location /vain/ { comments vain; comments_limit_address 2/1h;
                     comments_limit_author off; }
                 location /mapped/ { comments mapped;
                     comments_limit_address 2/1h; comments_limit_author off;
                     set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP; }
                 location /once/ { comments once; comments_limit_address 1/1h; }
                 location /off/ { comments off-site; comments_limit_author off;
                     comments_limit_address off; }',
)->start;


# Sends all at once on as many connections; the answers' statuses, sorted.

sub at_once {
    my ($path, @bodies) = @_;

    my @sockets = map { $nginx->connect } @bodies;
    for my $i (0 .. $#bodies) {
        syswrite $sockets[$i], "POST $path HTTP/1.1\r\nHost: localhost\r\n"
            . "Connection: close\r\nContent-Type: application/json\r\n"
            . 'Content-Length: ' . length($bodies[$i])
            . "\r\n\r\n$bodies[$i]";
    }

    return map { my ($answer) = $nginx->answers($nginx->raw('',
                     socket => $_)); $answer } @sockets;
}

sub statuses { return join ' ', sort map { $_->{status} } @_ }

sub json {
    my ($text, $email, $more) = @_;
    return qq({"page":"/","name":"N","email":"$email","text":"$text")
         . ($more // '') . '}';
}


is(statuses(at_once('/off/comment', (json('same', 'a@b.org')) x 20)),
   join(' ', 201, (409) x 19), 'of twenty equal posts at once one is taken');

my @same = at_once('/off/comment',
    (json('token', 'c@b.org', ',"token":"0123456789abcdef"')) x 20);
is(statuses(@same), join(' ', (201) x 20),
   'twenty with one token are one comment');
my %ids = map { $_->{json}{id} => 1 } @same;
is(keys %ids, 1, 'with one id');

my @flood = at_once('/comments/comment',
                    map { json("text $_", 'flood@b.org') } 1 .. 20);
is(statuses(@flood), join(' ', (201) x 3, (429) x 17),
   'three a minute are three, however they come');
my ($refused) = grep { $_->{status} == 429 } @flood;
is($refused->{json}{error}{code}, 'too_many', 'the others are told why');
cmp_ok($refused->{headers}{'retry-after'}, '>', 0, 'and when to come again');
cmp_ok($refused->{headers}{'retry-after'}, '<=', 60, 'within the minute');

is(statuses(at_once('/comments/comment', json('other', 'other@b.org'))),
   '201', 'another author is not hindered');

is(statuses(at_once('/address/comment',
                    map { json("text $_", "a$_\@b.org") } 1 .. 12)),
   join(' ', (201) x 5, (429) x 7), 'an address has a limit of its own');

# What is sent again because its answer got lost is no flood.
my ($first, $again, $more) = map { at_once('/once/comment', $_) }
    (json('once', 'a@b.org', ',"token":"0123456789abcdef"')) x 2,
    json('twice', 'a@b.org');
is(statuses($first, $again, $more), '201 201 429',
   'the last that is allowed may be sent again');
is($again->{json}{id}, $first->{json}{id}, 'and is the same');

# Who goes on after a refusal costs no work: the answer is there before the
# body is.
my $head = "POST /address/comment HTTP/1.1\r\nHost: localhost\r\n"
    . "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n";
my $socket = $nginx->connect;
my $one_more = json('one more', 'a@b.org');
my ($late) = $nginx->answers($nginx->raw(
    $head =~ s/100/length $one_more/er . $one_more, socket => $socket,
    seconds => 1));
is($late->{status}, 429, 'who has posted too much is refused');
my ($early) = $nginx->answers($nginx->raw($head, socket => $socket,
                                          seconds => 1));
is($early->{status}, 429, 'one too many is refused before its body is read');
is($early->{json}{error}{code}, 'too_many', 'and told why');
cmp_ok($early->{headers}{'retry-after'}, '>', 0, 'and when to come again');

my ($next) = $nginx->answers($nginx->raw(
    ('x' x 100) . "GET /address/count?page=/ HTTP/1.1\r\nHost: localhost\r\n"
    . "Connection: close\r\n\r\n", socket => $socket));
is($next->{status}, 200, 'its body does not become the next request');
is($next->{json}{counts}{'/'}, 5, 'nothing of it was stored');

my $form = $nginx->post_form('/address/comment',
    { page => '/', name => 'N', email => 'n@b.org', text => 'typed words' },
    [ Accept => 'text/html' ]);
is($form->{status}, 429, 'a form is refused, too');
like($form->{body}, qr{typed words</textarea>}, 'and comes back filled in');

is(statuses(at_once('/comments/comment', json('again', 'again@b.org'))),
   '201', 'another site does not know of it');


# What no limit counts, since no comment comes of it, has an end, too: ten times
# what the network may post.  On one connection, as each worker counts.

$socket = $nginx->connect;
sub on_it {
    my ($body, $length) = @_;
    $length //= length $body;
    my ($got) = $nginx->answers($nginx->raw("POST /vain/comment HTTP/1.1\r\n"
        . "Host: localhost\r\nContent-Type: application/json\r\n"
        . "Content-Length: $length\r\n\r\n$body", socket => $socket,
        one => 1));
    return $got;
}

my $twin = json('twin', 'a@b.org', ',"token":"0123456789abcdef"');
is(on_it($twin)->{status}, 201, 'a comment');
is(join(' ', map { on_it($_)->{status} } (json('', 'a@b.org'), '{') x 20),
   join(' ', (422, 400) x 20), 'what is malformed is told so each time');
is(join(' ', map { on_it($_)->{status} } ($twin) x 10,
   (json('twin', 'a@b.org')) x 10), join(' ', (201) x 10, (409) x 10),
   'the same again, in vain');
$late = on_it('', 100);
is($late->{status}, 429, 'one too many is refused before its body is read');
cmp_ok($late->{headers}{'retry-after'}, '<=', 3600, 'and told when to come');
cmp_ok($late->{headers}{'retry-after'}, '>', 3500, 'which is within the span');
close $socket;
is(statuses(at_once('/off/comment', json('elsewhere', 'x@b.org'))), '201',
   'another site does not know of it');


# A socket that takes both has IPv4 addresses as ::ffff:192.0.2.1.

$socket = $nginx->connect;
sub mapped {
    my ($address, $body) = @_;
    my ($got) = $nginx->answers($nginx->raw("POST /mapped/comment HTTP/1.1\r\n"
        . "Host: localhost\r\nContent-Type: application/json\r\n"
        . "X-Real-IP: ::ffff:$address\r\nContent-Length: "
        . length($body) . "\r\n\r\n$body", socket => $socket,
        one => 1));
    return $got->{status};
}

is(join(' ', map { mapped('192.0.2.1', $twin) } 1 .. 22),
   join(' ', (201) x 21, 429), 'who posts in vain by such a one must wait');
is(mapped('192.0.2.77', json('n', 'n@b.org')), 429, 'so must its network');
is(mapped('198.51.100.1', json('o', 'o@b.org')), 201, 'but not all of IPv4');
close $socket;


is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store is whole');

$nginx->stop;
done_testing();

# GET stream: who hears what, on which worker, and what a client that comes
# back has missed.

use strict;
use warnings;

use Comments::Events;
use Comments::Nginx;
use IO::Socket::INET;
use JSON::PP;
use Socket qw(:DEFAULT pack_sockaddr_in inet_aton);
use Test::More;

my $nginx = Comments::Nginx->new(
    workers  => 2,
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("hold") then return hold("Wait.") end
        if c.text:find("spam") then return spam("looks like it") end
        if c.text:find("reject") then return reject("No.") end
    end)' },
    http     => 'comments_stream_max 20; gzip on; gzip_types *;
                 gzip_min_length 1; comments_stream_keepalive 1s;',
    server   => 'location /off/ { comments test; comments_stream off; }
                 location /other/ { comments other; }',
    location => 'comments_rules %%DIR%%/rules.lua; comments_text_max 60000;
                 comments_limit_author off; comments_limit_address off;',
)->start;


sub post {
    my ($text, $page, $parent, $path) = @_;

    return $nginx->post_json(($path // '/comments') . '/comment',
        { page => $page // '/p', text => $text, name => 'Kari',
          email => 'kari@example.org', $parent ? (parent => $parent) : () });
}

sub decide {
    my ($verb, $id) = @_;
    my $got = $nginx->tool($verb, '--store', $nginx->dir . '/store', $id);
    die "$verb $id: $got->{err}" if $got->{exit};
}

sub listen_to {
    my ($query, %o) = @_;
    return Comments::Events->new($nginx, $query, %o);
}

# How many workers watch the store: those that somebody listens on.
sub watching {
    return scalar grep {
        grep { (readlink($_) // '') =~ /inotify/ } glob "/proc/$_/fd/*"
    } $nginx->workers;
}

sub listeners {
    my ($query, $n) = @_;
    return map { listen_to($query) } 1 .. $n;
}

sub short { Comments::Events::short(@_) }


# The answer.

my $events = listen_to('page=/p', headers => "Accept-Encoding: gzip\r\n");
is($events->status, 200, 'a page without comments can be listened to');
is($events->header('Content-Type'), 'text/event-stream; charset=utf-8',
   'as events');
is($events->header('Cache-Control'), 'no-store', 'that are not kept');
is($events->header('X-Accel-Buffering'), 'no', 'nor gathered by proxies');
is($events->header('Content-Encoding'), undef, 'nor compressed');
like($events->{retry}, qr/^[123]\d{3}$/, 'clients are told when to come back');
is(short($events->all), 'count 0', 'the first event counts');
is($events->id, 0, 'and says how far the journal is');
$events->wait('count');

my $got = post('first');
my $id  = $got->{json}{id};
my @new = $events->wait('count');
is(short(@new), "comment $id, count 1", 'a comment arrives, and the count');
is($new[0]{data}{html}, '<p>first</p>', 'whole');
is($new[0]{data}{author}{name}, 'Kari', 'with its author');
ok(!$new[0]{data}{mine}, 'as everybody sees it');
is($new[0]{id}, 1, 'it has the number of its entry in the journal');
unlike(JSON::PP->new->encode($new[0]{data}), qr/kari\@/, 'and no address');


# Whoever listens, on both workers, and whoever decides.

my @all   = listeners('page=/p&utm_source=x', 8);
ok($nginx->until(sub {
    push @all, listeners('page=/p', 1) if @all < 18 && watching() < 2;
    return watching() == 2;
}), 'both workers have listeners');
my @other = (listen_to('page=/q'),
             listen_to('', path => '/other/stream?page=/p'));
$_->wait('count') for @all, @other;

$id = post('for all')->{json}{id};
is(join(' ', grep { short($_->wait('count')) ne "comment $id, count 2" } @all),
   '', 'all listeners of two workers hear it');

my $held = post('hold this')->{json}{id};
post('spam this');
post('reject this');
post('elsewhere', '/r');
is(short(map { $_->all } @all), '', 'nobody hears of what is held or refused');

decide('approve', $held);
is(join(' ', grep { short($_->wait('count')) ne "comment $held, count 3" }
    @all), '', 'a held comment arrives when the tool approves it');

decide('spam', $id);
is(join(' ', grep { short($_->wait('count')) ne "delete $id, count 2" } @all),
   '', 'and goes when the tool takes it away');
decide('reject', $id);
is(short(map { $_->all } @all), '', 'once');
decide('approve', $id);
is(join(' ', grep { short($_->wait('count')) ne "comment $id, count 3" }
    @all), '', 'and comes back');
is(short(map { $_->all } @other), '', 'another page hears nothing');

my $reply = post('an answer', '/p', $id)->{json}{id};
is(join(' ', grep { my @e = $_->wait('count');
                    short(@e) ne "comment $reply, count 4"
                    || $e[0]{data}{parent} != $id } @all),
   '', 'an answer says what it answers');

$got = post('to be edited');
my $cookie = $nginx->cookies($got);
my @mine   = ("/comments/comment/$got->{json}{id}",
              [ Cookie => $cookie, 'Content-Type' => 'application/json',
                Origin => 'http://localhost:' . $nginx->port ]);
$_->wait('count') for @all;
is($nginx->request('PATCH', @mine, '{"text":"edited"}')->{status}, 200,
   'an author edits');
is(join(' ', grep { my @e = $_->wait('count');
    short(@e) ne "edit $got->{json}{id}, count 5"
    || $e[0]{data}{html} ne '<p>edited</p>' } @all),
   '', 'which all hear, with the new text');
$nginx->post_json("/comments/comment/$got->{json}{id}/vote", { value => 1 });
is($nginx->request('DELETE', @mine)->{status}, 200, 'an author deletes');
is(join(' ', grep { short($_->wait('count'))
                    ne "delete $got->{json}{id}, count 4" } @all),
   '', 'which all hear; a vote they do not');


# Coming back.

my $last = $all[0]->id;
$_->close for @all, @other;

my @missed = map { post("missed $_")->{json}{id} } 1 .. 3;
post('elsewhere again', '/r');
post('hold again');
decide('spam', $missed[1]);

my $want = "comment $missed[0], comment $missed[2], delete $missed[1], count 6";
$events = listen_to('page=/p', last => $last);
is(short($events->wait('count')), $want,
   'who comes back gets what was missed, once');
$last = $events->id;
is(short($events->all), '', 'and no more');
$events->close;
$events = listen_to("page=/p&last=$last");
is(short($events->wait('count')), 'count 6',
   'the argument last does it as well');
$id = post('after')->{json}{id};
is(short($events->wait('count')), "comment $id, count 7", 'and it goes on');
is(short(listen_to("page=/p&last=0", last => $events->id)->wait('count')),
   'count 7', 'the header holds against the argument');

$events = listen_to('page=/p', last => 999999);
is(short($events->wait('reset')), 'reset', 'a number of another store resets');
is($events->id, listen_to('page=/p')->id, 'to where we are');
is(short(listen_to('page=/p', last => 'x')->wait('reset')), 'reset',
   'so does one that is none');
is(listen_to('page=/p&last=x')->status, 400, 'the argument must be right');
is(listen_to('page=/p&last=1&last=2')->status, 400, 'and stand once');
is(listen_to('last=1')->status, 422, 'a page is needed');


# A reload.

@all = listeners('page=/p', 6);
my $began = time;
$nginx->reload;
is(join(' ', map { $_->closed ? () : 'open' } @all), '',
   'a reload closes all streams');
cmp_ok(time - $began, '<', 5 * $Comments::Nginx::LONGER, 'at once');
$id = post('between')->{json}{id};
is(short(listen_to('page=/p', last => $all[0]->id)->wait('count')),
   "comment $id, count 8", 'and who comes back goes on');


# Keep-alive.

$events = listen_to('page=/p');
$events->until(sub { ($events->{comments} // 0) >= 2 });
cmp_ok($events->{comments}, '>=', 2, 'silence is broken by comments');
$events->close;


# Methods and switches.

$got = $nginx->request('HEAD', '/comments/stream?page=/p');
is($got->{status}, 200, 'HEAD is answered');
is($got->{headers}{'content-type'}, 'text/event-stream; charset=utf-8',
   'with the header');
is($got->{body}, '', 'and nothing else');
$got = $nginx->request('POST', '/comments/stream?page=/p', [], 'x');
is($got->{status}, 405, 'POST is refused');
like($got->{headers}{allow}, qr/^GET, HEAD/, 'with what is allowed');
is($nginx->get('/off/stream?page=/p')->{status}, 404,
   'where comments_stream is off there is none');

$nginx->stop;


# The limit, on one worker, which then ends with its listeners.

my $narrow = $nginx->free_port;
$nginx->configure(workers => 1, http => 'comments_stream_max 3;',
                  server => "listen 127.0.0.1:$narrow sndbuf=16k;")->start;

@all = listeners('page=/p', 3);
is(join(' ', map { $_->status } @all), '200 200 200', 'as many as may listen');
$events = listen_to('page=/p');
is($events->status, 503, 'one more is refused');
is($events->header('Retry-After'), 1, 'for a while');
$all[0]->close;
ok($nginx->until(sub { listen_to('page=/p')->status == 200 }),
   'when one goes, another may come');


# How far behind one may come back: 1024 entries.

$_->close for @all;
my $at = listen_to('page=/p')->id;
$nginx->write('lines', join '', map {
    qq({"id":$_,"page":"/imported","status":"approved","text":"$_",)
    . qq("created":"2013-01-08T09:40:00Z"}\n) } 1 .. 1023);
$got = $nginx->tool('import', 'jsonl', $nginx->dir . '/lines', '--site', 'test',
    '--store', $nginx->dir . '/store', '--key', $nginx->dir . '/comments.key');
is($got->{exit}, 0, '1023 comments are imported elsewhere') or diag $got->{err};
$id = post('behind them')->{json}{id};
my $close = listen_to('page=/p', last => $at);
like(short($close->wait('count')), qr/^comment $id, count \d+$/,
     'who is 1024 entries behind gets what was missed');
$close->close;
$close = listen_to('page=/p', last => $at - 1);
is(short($close->wait('reset')), 'reset', 'one more, and it is a reset');
$close->close;
$close = listen_to('page=/q', last => $at - 1);
like(short($close->wait('count')), qr/^count \d+$/,
     'but not where nothing has happened');
$close->close;


# A reader that does not read is closed, and nobody waits for it.

my $quick = listen_to('page=/s');
my $slow  = IO::Socket::INET->new(Proto => 'tcp') or die $!;
setsockopt $slow, SOL_SOCKET, SO_RCVBUF, pack 'i', 4096;
connect $slow, pack_sockaddr_in($narrow, inet_aton('127.0.0.1')) or die $!;
syswrite $slow, "GET /comments/stream?page=/s HTTP/1.1\r\n"
              . "Host: localhost\r\n\r\n";
sysread $slow, my $head, 12;
is($head, 'HTTP/1.1 200', 'a slow reader listens');

my $sent = 0;
$sent += length post("$_ " . 'x' x 50_000, '/s')->{body} for 1 .. 20;
is(scalar(grep { $_->{event} eq 'comment' }
          map { $quick->wait('count') } 0 .. 20), 20,
   'a quick one hears all of it');

my ($n, $read) = (0, 0);
$read += $n while $n = sysread $slow, my $bytes, 65536;
is($n, 0, 'the slow one is closed') or diag $!;
cmp_ok($read, '<', $sent, 'without it');

my $check = $nginx->tool('check', '--store', $nginx->dir . '/store');
is($check->{exit}, 0, 'the store is whole') or diag explain $check;

$nginx->stop;
done_testing();

# The e-mail address is nowhere: not in the store and its free pages, not in
# logs at debug level, not in temporary files, not in a worker's memory nor in
# its core file when it has gone on, not in what readers, moderators and exports
# are told, in no common disguise.  All that can be done with comments is done.

use strict;
use warnings;

use Comments::Nginx;
use Digest::MD5 qw(md5_hex md5);
use Digest::SHA qw(sha1 sha256 sha512 sha1_hex sha256_hex sha512_hex);
use File::Find;
use IO::Uncompress::Gunzip qw(gunzip);
use JSON::PP;
use MIME::Base64;
use Test::More;

my $email   = 'Unmistakable.Person@Mail.Example';
my $address = '127.0.0.1';

my $nginx = Comments::Nginx->new(
    level    => 'debug',
    files    => { 'rules.lua' => 'rule("links", function(c)
        if #c.links > 2 then return hold("Wait.", c.author.key) end end)' },
    main     => "thread_pool default threads=4;\nworker_rlimit_core 4g;\n"
                . 'working_directory %%DIR%%/cores;',
    http     => 'client_body_in_file_only on;',
    location => 'comments_limit_author off; comments_moderator $http_x_who;
                 comments_rules %%DIR%%/rules.lua;',
);
mkdir $nginx->dir . '/cores';
chmod 01777, $nginx->dir . '/cores';
$nginx->start;

my %fields = (page => '/', name => 'N', email => $email,
              token => 'token-of-this-form-0001');

my $n = 100;
sub post { return { %fields, text => $_[0],
                    token => 'token-of-form-' . ++$n } }

my $got = $nginx->post_json('/comments/comment', post('json'));
is($got->{status}, 201, 'a comment by JSON');
my $cookie = $nginx->cookies($got);
is($nginx->post_form('/comments/comment', post('form'))->{status}, 201,
   'one by a form');
is($nginx->post_multipart('/comments/comment', post('multipart'))->{status},
   201, 'one in parts');
is($nginx->post_json('/comments/comment',
   post('http://a.example http://b.example http://c.example'))->{status}, 202,
   'one that is held');
is($nginx->post_json('/comments/comment', { %fields, text => '' })->{status},
   422, 'one that is refused');
is($nginx->post_json('/comments/comment',
   { %fields, text => 'x', email => "$email!" })->{status}, 422,
   'one with a typing error in the address');
$nginx->post_json('/comments/comment', '{"email":"' . $email . '", broken');
$nginx->get('/comments/thread?page=/', [ Cookie => $cookie ]);

# All else that an author, a reader and a moderator may do.
my @own = ('--store', $nginx->dir . '/store');
my @key = ('--site', 'test', '--key', $nginx->dir . '/comments.key');
my $self = 'http://localhost:' . $nginx->port;

sub as { return [ Cookie => $_[0], Origin => $self,
                  'Content-Type' => 'application/json' ] }

my $first = "/comments/comment/$got->{json}{id}";
is($nginx->request('PATCH', $first, as($cookie),
   encode_json({ %fields, text => 'edited' }))->{status}, 200, 'an edit');
my $gone = $nginx->post_json('/comments/comment', post('to be taken away'),
                             as($cookie));
is($nginx->request('DELETE', "/comments/comment/$gone->{json}{id}",
   as($cookie))->{status}, 200, 'a comment taken away');
is($nginx->post_json("$first/vote", { value => 1, email => $email })->{status},
   200, 'a vote');
is($nginx->post_json("$first/report", { reason => 'rude', email => $email })
   ->{status}, 200, 'a report');
is($nginx->post_json('/comments/preview', { %fields, text => 'seen before' })
   ->{status}, 200, 'a preview');
is($nginx->post_form('/comments/comment', { %fields, text => '' },
   [ Accept => 'text/html' ])->{status}, 422, 'a form that comes back');
my $half = $nginx->connect;
syswrite $half, "POST /comments/comment HTTP/1.1\r\nHost: localhost\r\n"
    . "Content-Type: application/json\r\nContent-Length: 999\r\n\r\n"
    . encode_json({ email => $email });
close $half;

my @who   = ('X-Who' => 'kari', Origin => $self);
my $token = $nginx->get('/comments/moderate/session', \@who)->{json}{token};
push @who, 'X-Comments-Token' => $token;
is($nginx->post_json('/comments/moderate/decisions', { decisions => [
   { id => 4, decision => 'approve' } ] }, \@who)->{status}, 200, 'a decision');
is($nginx->post_json('/comments/moderate/comment/4/reply',
   { text => 'An answer.', token => 'token-of-kari-0001' }, \@who)->{status},
   201, 'an answer by a moderator');
like($nginx->post_json('/comments/moderate/bans', { kind => 'author',
   comment => 2, status => 'pending' }, \@who)->{status}, qr/^20[01]$/,
   'a ban');
is($nginx->post_json('/comments/comment', post('of a banned one'))->{status},
   202, 'one who is banned');

my $lines = File::Temp->new;
print $lines map { encode_json({ id => "old-$_", page => '/', name => 'N',
    email => $_ % 2 ? $email : lc $email, text => "old $_", status =>
    $_ % 5 ? 'approved' : 'spam', created => '2013-01-08T09:40:00Z' }) . "\n" }
    1 .. 9;
close $lines;
is($nginx->tool('import', 'jsonl', $lines->filename, @own, @key)->{exit}, 0,
   'old comments');
my $export = $nginx->tool('export', 'jsonl', @own, @key);
is($export->{exit}, 0, 'an export');
like($export->{out}, qr/"old 9"/, '... of all');
$nginx->write('told-export', $export->{out});
$nginx->write("told-tool-$_->[0]", $nginx->tool(@$_, @own)->{out})
    for ['show', 1], ['log'], ['search', 'old'], ['ban', 'list', '--json'],
        ['list', '--site', 'test', '--status', 'approved', '--json'];

# What readers and programs are told is searched, too, also compressed.
for my $to ('thread?page=/', 'thread.html?page=/', 'thread.atom?page=/',
            'site.atom', 'comment/1', 'comment/1/edit', 'stream?page=/')
{
    my $told = $to =~ /stream/
        ? ($nginx->answers($nginx->raw("GET /comments/$to HTTP/1.1\r\nHost: "
          . "localhost\r\nLast-Event-ID: 0\r\n\r\n", seconds => 1)))[0]
        : $nginx->get("/comments/$to", [ Cookie => $cookie ]);
    is($told->{status}, 200, "$to is read");
    $nginx->write("told-$to" =~ s/\W/-/gr, $told->{body});
    next if $to !~ /thread|atom/;

    $told = $nginx->get("/comments/$to", [ 'Accept-Encoding' => 'gzip' ]);
    is($told->{headers}{'content-encoding'}, 'gzip', '... compressed, too');
    gunzip(\$told->{body} => \my $plain) or fail('and is gzip');
    $nginx->write("told-gzip-$to" =~ s/\W/-/gr, $told->{body});
    $nginx->write("told-plain-$to" =~ s/\W/-/gr, $plain);
}

# So is what moderators are told, of the one that waited, too.
for my $to ('', 'queue', 'queue?q=old', 'comment/4', 'comment/1/author', 'bans',
            'log', 'status', 'items?ids=1,2,3')
{
    my $told = $nginx->get("/comments/moderate/$to",
                           [ @who, Accept => 'text/html' ]);
    is($told->{status}, 200, "moderate/$to is read");
    $nginx->write("moderate-$to" =~ s/\W/-/gr, $told->{body});
    $told = $nginx->get("/comments/moderate/$to", \@who);
    $nginx->write("moderate-json-$to" =~ s/\W/-/gr, $told->{body});
}

# One who will be erased.
is($nginx->post_json('/comments/comment', { page => '/', token => 'token-'
   . 'of-who-goes-001', name => 'Ephemeral Person', text => 'Evanescent words',
   website => 'https://vanishing.example/', email => 'goes@mail.example' })
   ->{status}, 201, 'one who will be erased');

# Requests that ask nothing take up what nginx's own buffers still hold, as
# the next visitors do.
$nginx->get("/comments/count?page=/$_") for 1 .. 40;
$nginx->get('/comments/count?page=/a-page-that-was-asked-for-last');
memory_dump($nginx, $_, 'worker.core') for $nginx->workers;
my $mark = 'a-page-that-was-asked-for-last';
isnt(index($nginx->read('worker.core'), $mark), -1,
     "a worker's memory is searched, and what is there is found");

SKIP: {
    my ($pattern) = slurp('/proc/sys/kernel/core_pattern') =~ /^([^|\/]+)$/m
        or skip 'core files go elsewhere here', 1;
    my ($core) = core_file($nginx);
    skip 'this system writes no core file', 1 unless $core;
    isnt(index($nginx->read("cores/$core"), $mark), -1,
         'and so is a core file, of ' . -s $nginx->dir . "/cores/$core");
}
$nginx->stop;

is($nginx->tool('copy', $nginx->dir . '/copy', '--store',
   $nginx->dir . '/store')->{exit}, 0, 'a copy is made');

my @person = ('Ephemeral', 'Evanescent', 'vanishing.example');
sub left { my ($name) = @_;
           return grep { index(lc $nginx->read($name), lc $_) >= 0 } @person }
is(scalar left('copy/data.mdb'), 3, 'of a person there is a name, a text ...');
is($nginx->tool('erase', '--email', 'goes@mail.example', '--site', 'test',
   '--key', $nginx->dir . '/comments.key', @own)->{exit}, 0,
   'the person is erased');
is($nginx->tool('purge', '--site', 'test', '--spam', '3d', @own)->{exit}, 0,
   'old spam is dropped');
is($nginx->tool('copy', $nginx->dir . '/compact', '--compact', @own)->{exit},
   0, 'a compact copy');
is(join(' ', left('compact/data.mdb')), '', '... has nothing of that person');
is($nginx->tool('check', '--store', $nginx->dir . '/compact')->{exit}, 0,
   '... and is whole');

my %disguises;
for my $form ($email, lc $email, uc $email) {
    my ($local, $domain) = split /@/, $form;
    my @raw = ($form, "$local%40$domain");
    $disguises{$_} = $_ for @raw;
    $disguises{"base64 of $form"} = substr encode_base64($form, ''), 0, 40;
    $disguises{"hex of $form"}    = unpack 'H*', $form;
    $disguises{"$_->[0] of $form"} = $_->[1]
        for [ 'md5', md5_hex($form) ], [ 'sha1', sha1_hex($form) ],
            [ 'sha256', sha256_hex($form) ], [ 'sha512', sha512_hex($form) ],
            [ 'raw md5', md5($form) ], [ 'raw sha1', sha1($form) ],
            [ 'raw sha256', sha256($form) ], [ 'raw sha512', sha512($form) ];
}
$disguises{'part of the address'} = 'nmistakable';

my ($bytes, @found) = (0);
find({ no_chdir => 1, wanted => sub {
    return unless -f $_;
    open my $file, '<:raw', $_ or return;
    local $/;
    my $content = <$file> // '';
    my $lower   = lc $content;
    $bytes += length $content;
    for my $name (sort keys %disguises) {
        push @found, "$_: $name" if index($content, $disguises{$name}) >= 0
                                 || index($lower, lc $disguises{$name}) >= 0;
    }
} }, $nginx->dir);

# A sanitizer keeps what is freed, such as nginx's buffers of heads.
@found = grep { !m{/(?:worker\.core|cores/\w+): } } @found
    if $ENV{TEST_PRELOAD};

ok($bytes > 100_000, "$bytes bytes were searched");
is(join("\n", @found), '', 'the address is in none of them');

# The network address may stand in the logs, which are nginx's, but not in
# the store.
for my $name ('store/data.mdb', 'copy/data.mdb') {
    my $content = $nginx->read($name);
    ok(length $content > 4096, "$name is there");
    is(index($content, $address), -1, '... without the network address');
    is(index($content, pack 'C4', split /\./, $address), -1,
       '... and its bytes');
    is(index($content, (split /=/, $cookie)[1]), -1,
       "... and without the author's secret");
    is(index($content, 'token-of-form'), -1, '... and without the tokens');
}

# While it arrives the address is in the worker's memory, where the same search
# finds it; not when that request has gone.
my $open = Comments::Nginx->new->start;
sub kept_by_worker {
    memory_dump($open, $_, 'worker.core') for $open->workers;
    return index($open->read('worker.core'), 'nmistakable') >= 0;
}
$half = $open->connect;
syswrite $half, "POST /comments/comment HTTP/1.1\r\nHost: localhost\r\n"
    . "Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
    . encode_json({ email => $email });
ok($open->until(\&kept_by_worker, 5), 'what is on its way is found');
close $half;
ok($open->until(sub { !kept_by_worker() }, 5), '... until its sender leaves');

# Nor is there a copy of what came in a body that is no form; it comes apart
# from its head, of which nginx has a buffer.
for (['application/json', encode_json({ email => $email }) . ', broken'],
     ['application/x-www-form-urlencoded', "email=$email&text=%zz"]) {
    my ($type, $body) = @$_;
    my @answers = $open->answers($open->raw(["POST /comments/comment HTTP/1.1"
        . "\r\nHost: localhost\r\nConnection: close\r\nContent-Type: $type"
        . "\r\nContent-Length: " . length($body) . "\r\n\r\n", $body],
        delay => 0.2));
    is($answers[0]{status}, 400, "a malformed body of $type is refused");
    ok($open->until(sub { !kept_by_worker() }, 5), '... and not kept');
}
$open->stop;


# The key.

for (['missing', sub { unlink $_[0] }],
     ['readable by others', sub { chmod 0644, $_[0] }],
     ['of zeros', sub { open my $f, '>', $_[0]; print $f "\0" x 32;
                        close $f; chmod 0600, $_[0] }],
     ['too short', sub { open my $f, '>', $_[0]; print $f 'k' x 31;
                         close $f; chmod 0600, $_[0] }])
{
    my ($what, $spoil) = @$_;
    my $other = Comments::Nginx->new->allow(qr/emerg/);
    $spoil->($other->dir . '/comments.key');
    my $test = $other->test_config;
    isnt($test->{exit}, 0, "nginx -t refuses a key that is $what");
    like($test->{err}, qr/\[emerg\].*comments\.key/, '... and names it');
}

my $none = Comments::Nginx->new(conf => <<'END');
events { }
http { server { listen 127.0.0.1:%%PORT%%; location /c/ { comments x; } } }
END
$none->allow(qr/emerg/);
like($none->test_config->{err}, qr/\[emerg\].*comments_key.*key new/,
     'without a key nginx -t says how to make one');


# A store that nginx would serve as files, whatever way leads there.
for my $case (['below the root', '', '%%DIR%%/site/store'],
    ['by an alias', 'location /f/ { alias %%DIR%%/; }'],
    ['by a nested location', 'location /a/ { location /a/b { root /; } }'],
    ['by a way back', 'location /f/ { root %%DIR%%/site/../; }'],
    ['by a link', 'location /f/ { root %%DIR%%/site/link; }'],
    ['by an if', 'location /f/ { if ($arg_x) { root %%DIR%%; } }'],
    ['by another server', '} server { listen 127.0.0.1:%%PORT%%;
      server_name other; root %%DIR%%;'])
{
    my ($what, $more, $store) = @$case;
    $store //= '%%DIR%%/store';
    my $inside = Comments::Nginx->new(conf => <<"END");
events { }
http {
    comments_store $store;
    comments_key %%DIR%%/comments.key;
    server { listen 127.0.0.1:%%PORT%%; root %%DIR%%/site;
             location /c/ { comments x; } $more }
}
END
    symlink $inside->dir, $inside->dir . '/site/link';
    $inside->allow(qr/emerg/);
    like($inside->test_config->{err}, qr/\[emerg\].*inside the document root/,
         "a store that can be fetched $what is refused");
}

done_testing();


# All that the process can write to, as a core file has it.
sub memory_dump {
    my ($nginx, $pid, $name) = @_;

    my $dump = '';
    open my $maps, '<', "/proc/$pid/maps" or die "maps: $!";
    open my $memory, '<:raw', "/proc/$pid/mem" or return;
    while (<$maps>) {
        my ($from, $to) = /^([0-9a-f]+)-([0-9a-f]+) rw/ or next;
        no warnings 'portable';
        ($from, $to) = map { hex } $from, $to;
        next if $to - $from > 256 << 20;
        sysseek $memory, $from, 0 or next;
        sysread $memory, my $bytes, $to - $from or next;
        $dump .= $bytes;
    }
    $nginx->write($name, $dump);
}

# The core file of a worker that aborts, as the kernel writes it; its name.
sub core_file {
    my ($nginx) = @_;

    my ($pid) = $nginx->workers;
    $nginx->allow(qr/worker process $pid exited on signal 6/);
    kill 'ABRT', $pid;
    return unless $nginx->log_has(qr/$pid exited on signal 6 \(core dumped\)/);

    return map { s{.*/}{}r } grep { -s } glob $nginx->dir . '/cores/*';
}

sub slurp {
    my ($path) = @_;
    open my $file, '<', $path or return '';
    local $/;
    return scalar <$file>;
}

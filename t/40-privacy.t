# The e-mail address is nowhere: not in the store and its free pages, not in
# logs at debug level, not in temporary files, not in a worker's memory when it
# has gone on, not in what readers are told, in no common disguise.

use strict;
use warnings;

use Comments::Nginx;
use Digest::MD5 qw(md5_hex md5);
use Digest::SHA qw(sha1 sha256 sha512 sha1_hex sha256_hex sha512_hex);
use File::Find;
use MIME::Base64;
use Test::More;

my $email   = 'Unmistakable.Person@Mail.Example';
my $address = '127.0.0.1';

my $nginx = Comments::Nginx->new(
    level    => 'debug',
    files    => { 'rules.lua' => 'rule("links", function(c)
        if #c.links > 2 then return hold("Wait.", c.author.key) end end)' },
    http     => 'client_body_in_file_only on;',
    location => 'comments_limit_author off; comments_moderator $http_x_who;
                 comments_rules %%DIR%%/rules.lua;',
)->start;

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

# What readers and programs are told is searched, too.
for my $to ('thread?page=/', 'thread.html?page=/', 'thread.atom?page=/',
            'site.atom', 'comment/1')
{
    my $told = $nginx->get("/comments/$to", [ Cookie => $cookie ]);
    is($told->{status}, 200, "$to is read");
    $nginx->write("told-$to" =~ s/\W/-/gr, $told->{body});
}

# So is what moderators are told, of the one that waits, too.
for my $to ('', 'queue', 'comment/4', 'comment/1/author', 'bans', 'log') {
    my $told = $nginx->get("/comments/moderate/$to", [ 'X-Who' => 'kari',
                                                       Accept => 'text/html' ]);
    is($told->{status}, 200, "moderate/$to is read");
    $nginx->write("moderate-$to" =~ s/\W/-/gr, $told->{body});
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
$nginx->stop;

is($nginx->tool('copy', $nginx->dir . '/copy', '--store',
   $nginx->dir . '/store')->{exit}, 0, 'a copy is made');

my @person = ('Ephemeral', 'Evanescent', 'vanishing.example');
my @own = ('--store', $nginx->dir . '/store');
sub left { my ($name) = @_;
           return grep { index(lc $nginx->read($name), lc $_) >= 0 } @person }
is(scalar left('copy/data.mdb'), 3, 'of a person there is a name, a text ...');
is($nginx->tool('erase', '--email', 'goes@mail.example', '--site', 'test',
   '--key', $nginx->dir . '/comments.key', @own)->{exit}, 0,
   'the person is erased');
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
    $bytes += length $content;
    for my $name (sort keys %disguises) {
        push @found, "$_: $name" if index($content, $disguises{$name}) >= 0
                                 || index(lc $content,
                                          lc $disguises{$name}) >= 0;
    }
} }, $nginx->dir);

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

my $inside = Comments::Nginx->new(conf => <<'END');
events { }
http {
    comments_store %%DIR%%/site/store;
    comments_key %%DIR%%/comments.key;
    server { listen 127.0.0.1:%%PORT%%; root %%DIR%%/site;
             location /c/ { comments x; } }
}
END
$inside->allow(qr/emerg/);
like($inside->test_config->{err}, qr/\[emerg\].*document root|root/,
     'a store that nginx would serve as files is refused');

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

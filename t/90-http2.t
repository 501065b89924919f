# HTTP/2: bodies come in frames, requests beside each other on a connection,
# which outlives every refusal.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my ($node) = grep { -x } map { "$_/node" } split /:/, $ENV{PATH};
plan skip_all => 'there is no node' unless $node;

my $nginx = Comments::Nginx->new;
my $port = $nginx->free_port;
$nginx->configure(http => <<"END")->start;
server {
    listen 127.0.0.1:$port http2;
    root %%DIR%%/site;
    location /comments/ {
        comments test;
        comments_require none;
        comments_limit_author off;
        comments_limit_address off;
    }
}
END

sub ask {
    my $list = $nginx->write('requests.json', encode_json([ @_ ]));
    my $got = Comments::Nginx::run($node,
        "$Comments::Nginx::ROOT/t/lib/http2.mjs", "http://127.0.0.1:$port",
        $list);
    diag $got->{err} if $got->{err};
    return @{ decode_json($got->{out} || '[]') };
}

my $n = 0;
sub post {
    my ($text, %o) = @_;
    $n++;
    return { path => '/comments/comment', %o,
             body => encode_json({ page => '/a', text => "$n $text" }) };
}

my $form = { path => '/comments/comment', body => 'page=/a&text=One',
             type => 'application/x-www-form-urlencoded' };
my $thread = { path => '/comments/thread?page=/a' };
my $long = 'many words, ' x 800;

my @got = ask($form, post($long), post($long, slow => 20),
              post('x' x 300_000), post(''), { %$form, method => 'PUT' },
              { %$form, path => '/comments/nothing' },
              { %{ post('for all') }, type => 'text/plain' }, $thread);
is(join(' ', map { $_->{status} } @got),
   '201 201 201 413 201 405 404 415 200',
   'posts, refusals and a thread on one connection');
like($got[3]{body}, qr/"body_too_large"/, 'what is refused is told');
is(decode_json($got[-1]{body})->{count}, 4, 'all posts are there');

# Clients that leave in the middle of a body, and of a stream.
@got = ask((map { post($long, slow => 50, leave => 30 * $_) } 1 .. 8),
           { path => '/comments/stream?page=/a', leave => 500 }, $thread);
is(join(' ', map { $_->{status} } @got[0 .. 7]), join(' ', (0) x 8),
   'who leaves gets no answer');
like($got[8]{body}, qr/^event: count$/m, 'a stream of events');
is(decode_json($got[9]{body})->{count}, 4, 'nothing was made of a half');

@got = ask([ (map { post('beside') } 1 .. 50), ($thread) x 50 ], $thread);
is(scalar(grep { $_->{status} == 201 } @{ $got[0] }), 50, 'fifty posts');
is(scalar(grep { $_->{status} == 200 } @{ $got[0] }), 50,
   'and fifty reads at the same time');
is(decode_json($got[1]{body})->{count}, 54, 'all of it is there');

is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store is whole');
$nginx->stop;
done_testing();

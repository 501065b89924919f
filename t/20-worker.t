# A worker and its store: opened late, shared by two workers, with bodies
# kept in memory; the variables.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    workers  => 2,
    http     => 'comments_rules %%DIR%%/rules.lua;
                 comments_cache 40k;
                 log_format v "$request_method $comments_status '
              . '$comments_verdict";
                 access_log %%DIR%%/v.log v;',
    files    => { 'site/p.html' => 'p', 'site/two words.html' => 'p',
                  'rules.lua' => 'rule("held", function(c)
        if c.text == "hold" then return hold() end
        if c.text == "reject" then return reject("No.") end
    end)' },
    location => 'comments_limit_author off; comments_limit_address off;',
    server   => 'location / { add_header X-Count $comments_count; }',
);

my $n = 0;

sub post {
    my ($page, $text) = @_;
    $n++;
    return $nginx->post_json('/comments/comment',
        { page => $page, text => $text // "text $n", name => 'N',
          email => "n$n\@example.org" });
}

sub count { return $nginx->get("/comments/thread?page=$_[0]")->{json}{count} }


# A store that cannot be opened.

$nginx->write('store/data.mdb', 'this is no store' x 1000);
$nginx->start;

my $got = $nginx->get('/comments/thread?page=/p.html');
is($got->{status}, 503, 'without a store nothing can be read');
is($got->{headers}{'retry-after'}, 1, 'and the reader may come again');
is($got->{json}{error}{code}, 'store_unavailable', 'with a reason');
is(post('/p.html')->{status}, 503, 'nor posted');
is($nginx->get('/p.html')->{status}, 200, 'the site is served all the same');
sleep 3;
my $lines = () = $nginx->log =~ /cannot be opened/g;
cmp_ok($lines, '<=', 2, 'each worker says so once, not each second');

unlink map { $nginx->dir . "/store/$_" } 'data.mdb', 'lock.mdb';
ok($nginx->until(sub { post('/late')->{status} == 201 }),
   'when the trouble is over, the workers find out');
ok($nginx->log_has(qr/is open now.*is open now/s), 'both of them');


# Two workers, each with bodies in memory.

for my $round (1 .. 5) {
    post('/p.html');
    is(join(' ', map { count('/p.html') } 1 .. 8), join(' ', ($round) x 8),
       "after comment $round every worker shows it");
}

post("/many/$_", 'x' x 2000) for 1 .. 40;
is(join(' ', map { count("/many/$_") } (1 .. 40) x 2),
   join(' ', (1) x 80), 'more threads than fit are right, too');

my $all = $nginx->get('/comments/thread?page=/p.html');
my $two = $nginx->get('/comments/thread?page=/p.html&limit=2');
is(@{ $two->{json}{comments} }, 2, 'another limit is another body');
isnt($two->{headers}{etag}, $all->{headers}{etag}, 'with another tag');
is($nginx->get('/comments/thread?page=/p.html&limit=2',
   [ 'If-None-Match' => $all->{headers}{etag} ])->{status}, 200,
   'one does not stand for the other');
is($nginx->get('/comments/thread?page=/p.html',
   [ 'If-None-Match' => $all->{headers}{etag} =~ s/^W\///r ])->{status}, 304,
   'tags are compared weakly');
is($nginx->get('/comments/thread?page=/p.html',
   [ 'If-None-Match' => $all->{headers}{etag} ])->{headers}{'content-length'},
   undef, 'an answer without a body tells no length');


# Variables.

is($nginx->get('/p.html')->{headers}{'x-count'}, 5,
   'any page can tell how many comments it has');
is($nginx->get('/p.html?utm_source=x')->{headers}{'x-count'}, 5,
   'by its path');
post('/two%20words.html');
is($nginx->get('/two%20words.html')->{headers}{'x-count'}, 1,
   'that may have blanks');
is($nginx->get('/none.html')->{status}, 404, 'a page that is not there ...');
post('/v', 'hold');
post('/v', 'reject');
$nginx->until(sub { $nginx->read('v.log') =~ /POST rejected/ });
like($nginx->read('v.log'), qr/POST approved accept\n/, 'logs can tell what '
     . 'became of a post');
like($nginx->read('v.log'), qr/POST pending hold\n/, 'that waits');
like($nginx->read('v.log'), qr/POST rejected reject\n/, 'or was refused');
like($nginx->read('v.log'), qr/GET - -\n/, 'and nothing of a GET');

$nginx->stop;
done_testing();

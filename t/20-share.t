# Links that share a page: how often they were followed is counted here, and
# shown without making a thread anew for each time.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;
use Time::HiRes qw(sleep time);

my $span = 5;    # CMT_SHARE_SECONDS

my $nginx = Comments::Nginx->new(
    files    => { 'none.lua'       => '-- Everything is published.',
                  'site/in/p.html' => '<html lang="en"><!-- comments -->' },
    location => 'comments_rules %%DIR%%/none.lua;
                 comments_base_url https://www.example.org;
                 comments_share x mastodon copy; comments_pages existing;
                 comments_limit_author off; comments_limit_address 7/1h;',
    server   => 'location /in/ { comments_insert /comments/; }
                 location /none/ { comments none; comments_pages any; }',
)->start;

my $page = '/in/p.html';


sub share {
    my ($target, %fields) = @_;
    return $nginx->post_form('/comments/share',
        { page => $page, target => $target, %fields });
}

# "x=1 copy": the targets, with the numbers that are shown.
sub row {
    my ($body) = @_;
    my @seen;
    while ($body =~ m{<a\ class="comments-share-(\w+)"[^>]*>[^<]*
                      (?:<span\ class="comments-share-count">(\d+)</span>)?
                      </a>}gx)
    {
        push @seen, defined $2 ? "$1=$2" : $1;
    }
    return "@seen";
}

sub thread {
    my (@headers) = @_;
    return $nginx->get("/comments/thread.html?page=$page&lang=en", [@headers]);
}

# Until a span of time has just begun, so that what follows is all in one.
sub begin_span {
    my $now = time;
    sleep($span * (int($now / $span) + 1) - $now + 0.02);
}


is(row(thread()->{body}), 'x mastodon copy', 'a row without numbers');
my $got = share('x');
is("$got->{status} $got->{body}", '204 ', 'a share is counted');
like($got->{headers}{'cache-control'}, qr/no-store/, 'and not kept');
unlike($got->{headers}{'set-cookie'} // '', qr/./, 'nobody gets a cookie');
is(row(thread()->{body}), 'x=1 mastodon copy',
   'before anybody has said anything');
is(share('x')->{status}, 204, 'the same one once more');
is(share('x', page => '/none.html')->{status}, 404,
   'a page that is not there is not shared');
is(share($_)->{status}, 404, "there is no '$_'") for 'email', 'nowhere', '';
is($nginx->post_form('/none/share', { page => $page, target => 'x' })
         ->{status}, 404, 'nor is anything where no links are');
is($nginx->get("/comments/share?page=$page&target=x")->{status}, 405,
   'following a link changes nothing');
is($nginx->post_form('/comments/share', { page => $page, target => 'copy' },
       [ Origin => 'https://evil.example' ])->{status}, 403,
   'nor does another site');

is($nginx->post_json('/comments/comment', { page => $page, text => 'Words',
       name => 'N', email => 'n@example.org' })->{status}, 201,
   'a page with a comment, so that the cache keeps its thread');
is(row(thread()->{body}), 'x=1 mastodon copy', 'still counts once');
is(row($nginx->get($page)->{body}), 'x=1 mastodon copy',
   'also where the thread is put in');

my ($etag, $before, $after);
for (1 .. 3) {
    begin_span();
    $before = int(time / $span);
    share('mastodon');
    $etag = thread()->{headers}{etag};
    share('copy');
    $after = thread('If-None-Match' => $etag);
    last if int(time / $span) == $before;
    $nginx->post_json('/comments/comment', { page => $page,
        text => "again $_", name => 'N', email => 'n@example.org' });
}
is($after->{status}, 304, 'another share does not make the thread anew');
begin_span();
$got = thread('If-None-Match' => $etag);
is($got->{status}, 200, 'but soon it is made once for all of them');
is(row($got->{body}), 'x=1 mastodon=1 copy=1', 'with their numbers');
is(thread('If-None-Match' => $got->{headers}{etag})->{status}, 304,
   'and then kept');
is(row($nginx->get($page)->{body}), 'x=1 mastodon=1 copy=1',
   'and so it is in pages');

my @many = map { share('x', page => "/in/p.html?$_")->{status} } 1 .. 9;
like("@many", qr/^(204 )+(429 ?)+$/, 'one network is counted so often');
is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'the store agrees with itself');

$nginx->stop;
done_testing();

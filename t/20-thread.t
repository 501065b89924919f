# GET thread, count and comment: order, paging, depth, branches, own pending
# comments, validators.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("hold") then return hold("Wait.") end
    end)' },
    location => 'comments_rules %%DIR%%/rules.lua; comments_depth 3;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location /moved/ { comments test; comments_depth 3;
                   comments_alias /p /new; comments_alias /x/../a /b;
                   comments_limit_author off; comments_limit_address off; }',
)->start;


sub post {
    my ($text, $parent, $cookie) = @_;

    my $got = $nginx->post_json('/comments/comment',
        { page => '/p', title => 'A page', text => $text, name => 'N',
          email => 'n@example.org', $parent ? (parent => $parent) : () },
        [ Origin => 'http://localhost:' . $nginx->port,
          $cookie ? (Cookie => $cookie) : () ]);
    die "$got->{status} $got->{body}" if $got->{status} > 202;

    return wantarray ? ($got->{json}{id}, $nginx->cookies($got))
                     : $got->{json}{id};
}

sub thread {
    my ($query, $headers) = @_;
    return $nginx->get('/comments/thread?page=/p' . ($query // ''), $headers);
}

sub texts {
    my ($got) = @_;
    return join ' ', map { $_->{html} =~ s/<[^>]+>//gr }
                         @{ $got->{json}{comments} };
}


my $got = thread();
is($got->{status}, 200, 'a page without comments has a thread');
is($got->{body}, '{"page":"/p","title":"","count":0,"closed":false,'
   . '"sort":"oldest","comments":[],"next":null}', 'that is empty');

#   a          b        c
#   a1  a2     b1
#   a1x
#   a1xy beside a1x: three levels

my $a    = post('a');
my $b    = post('b');
my $a1   = post('a1', $a);
my $b1   = post('b1', $b);
my $a1x  = post('a1x', $a1);
my $a2   = post('a2', $a);
my $a1xy = post('a1xy', $a1x);
my $c    = post('c');

$got = thread();
is(texts($got), 'a a1 a1x a1xy a2 b b1 c', 'answers stand below, oldest first');
is(join(' ', map { $_->{depth} } @{ $got->{json}{comments} }),
   '0 1 2 2 1 0 1 0', 'with their depth, which is bounded');
is($got->{json}{comments}[3]{parent}, $a1x, 'the parent is kept all the same');
is($got->{json}{count}, 8, 'all are counted');
is($got->{json}{title}, 'A page', 'the page has its title');
is($got->{json}{comments}[0]{replies}, 2, 'direct answers are counted');

is(texts(thread('&sort=newest')), 'c b b1 a a1 a1x a1xy a2',
   'newest first turns the first level round');

for my $sort ('oldest', 'newest') {
    for my $limit (1, 2, 3, 5, 7) {
        my ($after, @all) = ('');
        for (1 .. 10) {
            my $page = thread("&sort=$sort&limit=$limit$after");
            push @all, texts($page);
            last unless defined $page->{json}{next};
            $after = "&after=$page->{json}{next}";
        }
        is(join(' ', @all), texts(thread("&sort=$sort")),
           "pages of $limit, $sort first, join to the whole");
    }
}

is(texts(thread('&depth=0')), 'a b c', 'depth 0 is the first level');
is(texts(thread('&depth=1')), 'a a1 a2 b b1 c', 'depth 1 is one more');
is(texts(thread("&parent=$a")), 'a1 a1x a1xy a2', 'one branch');
is(texts(thread("&parent=$a&depth=0")), 'a1 a2', 'its first level');
is(texts(thread("&parent=$a&limit=1")), 'a1', 'a page of a branch');
is(texts(thread("&parent=$a&limit=2&after=$a1")), 'a1x a1xy',
   'and the next one');
is(texts(thread("&parent=$c")), '', 'a branch without answers');

for (['&limit=0', 'limit'], ['&limit=201', 'limit'], ['&limit=x', 'limit'],
     ['&depth=11', 'depth'], ['&sort=best', 'sort'], ['&after=9999', 'after'],
     ['&after=-1', 'after'], ['&parent=9999', 'parent'],
     ["&parent=$a&after=$b", 'after'], ['&limit=1&limit=2', 'limit'])
{
    $got = thread($_->[0]);
    is("$got->{status} $got->{json}{error}{code} $got->{json}{error}{field}",
       "400 argument_invalid $_->[1]", "a wrong argument is named: $_->[0]");
}
is(thread('&limit=200')->{status}, 200, 'the largest limit');
is(thread('&limit=1&new=1')->{status}, 200, 'unknown arguments are left alone');
is($nginx->get('/comments/thread')->{json}{error}{code}, 'page_invalid',
   'a page is needed');


# The same page by other names.

for my $page ('/p#top', '/p?utm_source=x&fbclid=y', 'http%3A%2F%2Fa.org%2Fp',
              '/x/../p', '/%70', '//p')
{
    is($nginx->get('/comments/thread?page=' . $page =~ s/[#&]/'%' . unpack
       'H2', $&/egr)->{json}{count}, 8, "$page is the same page");
}
is($nginx->get('/comments/thread?page=/P')->{json}{count}, 0,
   'case makes another page');
is($nginx->get('/comments/thread?page=/p%3Fid=1')->{json}{count}, 0,
   'a query makes another page');


# Own comments that wait.

my ($held, $cookie) = post('hold me', $a1);
is(texts(thread()), 'a a1 a1x a1xy a2 b b1 c', 'others do not see a held one');
$got = thread('', [ Cookie => $cookie ]);
is(texts($got), 'a a1 a1x a1xy hold me a2 b b1 c', 'its author does');
is($got->{json}{comments}[4]{status}, 'pending', 'marked as pending');
ok($got->{json}{comments}[4]{mine}, 'and as theirs');
is($got->{json}{count}, 8, 'it is not counted');
like($got->{headers}{'cache-control'}, qr/private/,
     'such an answer is for one reader');
for my $sort ('oldest', 'newest') {
    for my $limit (1, 3, 5) {
        my ($after, @all) = ('');
        for (1 .. 12) {
            my $page = thread("&sort=$sort&limit=$limit$after",
                              [ Cookie => $cookie ]);
            push @all, texts($page) || ();
            last unless defined $page->{json}{next};
            $after = "&after=$page->{json}{next}";
        }
        is(join(' ', @all), texts(thread("&sort=$sort",
                                         [ Cookie => $cookie ])),
           "once, in pages of $limit, $sort first");
    }
}
is(texts(thread("&parent=$a1", [ Cookie => $cookie ])), 'a1x a1xy hold me',
   'also in its branch');
is(texts(thread("&parent=$b", [ Cookie => $cookie ])), 'b1',
   'but in no other');
is(texts(thread('&depth=1', [ Cookie => $cookie ])), 'a a1 a2 b b1 c',
   'and not when it is too deep');
my $held2 = post('hold me too', undef, $cookie);
is(texts(thread('', [ Cookie => $cookie ])),
   'a a1 a1x a1xy hold me a2 b b1 c hold me too',
   'one that answers nothing stands last');
is(texts(thread('&sort=newest', [ Cookie => $cookie ])),
   'hold me too c b b1 a a1 a1x a1xy hold me a2', 'or first');


# A page that has moved.

sub at_moved {
    my ($page) = @_;
    return $nginx->get("/moved/thread?page=$page");
}
is(at_moved('/new')->{json}{count}, 8, 'a moved page has its comments');
is(at_moved('/p')->{json}{page}, '/new', 'under its old name, too');
is($nginx->get('/moved/count?page=/p&page=/new')->{body},
   '{"counts":{"/p":8,"/new":8}}', 'both are counted');
is($nginx->get('/comments/thread?page=/new')->{json}{count}, 0,
   'where nobody says so, it is another page');
my %said = (page => '/a', name => 'N', email => 'n@example.org');
is($nginx->post_json('/comments/comment', { %said, text => 'before' })
       ->{status}, 201, 'a comment before a page moves');
my $moved = $nginx->post_json('/moved/comment', { %said, text => 'after' });
is($moved->{status}, 201, 'one after that, under the old name');
is(texts($nginx->get('/moved/thread?page=/b')), 'before after',
   'both stand at the new one');
is(texts($nginx->get('/comments/thread?page=/b')), 'before after',
   'whose name the thread has taken');
is($nginx->get('/comments/thread?page=/a')->{json}{count}, 0,
   'the old one is free');
is($nginx->tool('check', '--store', $nginx->dir . '/store')->{exit}, 0,
   'and the store is whole');

# By votes.

my $own = [ Origin => 'http://localhost:' . $nginx->port ];
sub vote {
    my ($id, $value) = @_;
    is($nginx->post_json("/comments/comment/$id/vote", { value => $value },
                         $own)->{status}, 200, "a vote of $value");
}
is($nginx->get("/comments/$_?page=/nothing&sort=top")->{status}, 200,
   "a $_ without comments may be by votes") for 'thread', 'thread.html';

$got = thread('&sort=top&limit=3');
is(texts($got), 'a a1 a1x', 'without votes it is that of the time');
vote($a, 1);
is(texts(thread("&sort=top&after=$got->{json}{next}")), 'a1xy a2 b b1 c',
   'which goes on where it was when the first vote has come');

vote($c, 1);
vote($a, -1) for 1 .. 2;
is(texts(thread('&sort=top')), 'c b b1 a a1 a1x a1xy a2',
   'by votes, the best stands first, with its answers');
is(thread('&sort=top')->{json}{sort}, 'top', 'which is told');
is(texts(thread("&sort=top&parent=$a1")), 'a1x a1xy',
   'answers stay in their order');
vote($b, 1);
is(texts(thread('&sort=top')), 'b b1 c a a1 a1x a1xy a2',
   'of equal ones the older');
for my $limit (1, 3, 5) {
    my ($after, @all) = ('');
    for (1 .. 12) {
        my $page = thread("&sort=top&limit=$limit$after",
                          [ Cookie => $cookie ]);
        push @all, texts($page) || ();
        last unless defined $page->{json}{next};
        $after = "&after=$page->{json}{next}";
    }
    is(join(' ', @all), 'b b1 c hold me too a a1 a1x a1xy hold me a2',
       "the author's own in their places, in pages of $limit");
}


# Moderation by the tool while nginx serves.

my $store = $nginx->dir . '/store';
is($nginx->tool('approve', $held, '--store', $store)->{exit}, 0,
   'the tool approves');
is(texts(thread()), 'a a1 a1x a1xy hold me a2 b b1 c',
   'and the next GET shows it in the same place');
is($nginx->tool('delete', $a1, '--store', $store)->{exit}, 0,
   'the tool deletes one with answers');
$got = thread();
is(texts($got), 'a  a1x a1xy hold me a2 b b1 c', 'a gap stays in its place');
is($got->{json}{comments}[1]{status}, 'deleted', 'marked as deleted');
is($got->{json}{comments}[1]{author}, undef, 'without its author');
is($nginx->tool('delete', $c, '--store', $store)->{exit}, 0,
   'the tool deletes one without answers');
is(texts(thread()), 'a  a1x a1xy hold me a2 b b1', 'which goes without a gap');
is($nginx->get("/comments/comment/$c")->{status}, 404,
   'and is not there any more');


# Counts.

$got = $nginx->get('/comments/count?page=/p&page=/none&page=/p%23x');
is($got->{status}, 200, 'counts');
is_deeply($got->{json}, { counts => { '/p' => 7, '/none' => 0, '/p#x' => 7 } },
          'of several pages, as they were asked for');
is($nginx->get('/comments/count?' . join '&', ('page=/p') x 200)->{status},
   200, 'of 200 pages');
is($nginx->get('/comments/count?' . join '&', ('page=/p') x 201)->{status},
   400, 'but not of 201');
is($nginx->get('/comments/count')->{json}{error}{field}, 'page',
   'and not of none');


# Validators.

$got = thread();
my $etag = $got->{headers}{etag};
ok($etag, 'a thread has an ETag');
is(thread('', [ 'If-None-Match' => $etag ])->{status}, 304,
   'it is not sent again');
is(thread('', [ 'If-None-Match' => '"x", ' . $etag ])->{status}, 304,
   'nor when it is one of several');
post('d');
is(thread('', [ 'If-None-Match' => $etag ])->{status}, 200,
   'until there is a new comment');
$etag = thread()->{headers}{etag};
post('hold this');
is(thread('', [ 'If-None-Match' => $etag ])->{status}, 304,
   'a held comment changes nothing');
is(thread('', [ 'If-None-Match' => $etag, Cookie => $cookie ])->{status}, 200,
   'who may see more than others is always answered');

for my $path ('thread?page=/p', 'count?page=/p', "comment/$a") {
    my $head = $nginx->request('HEAD', "/comments/$path");
    my $full = $nginx->get("/comments/$path");
    is($head->{status}, 200, "HEAD $path");
    is($head->{headers}{'content-length'}, length $full->{body},
       '... tells the length');
}

is($nginx->get('/comments/comment/0')->{status}, 404, 'there is no comment 0');
is($nginx->get('/comments/comment/x')->{status}, 404, 'nor x');
is($nginx->get('/comments/comment/99999999999999999999')->{status}, 404,
   'nor one beyond all numbers');

$nginx->stop;
done_testing();

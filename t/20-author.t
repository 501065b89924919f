# Readers with an author cookie: the thread as everybody has it where nothing
# in it is theirs, their own view where something is, and which tag names which
# of them.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $page = "<!doctype html><html><body>\n<!-- comments -->\n</body></html>";
my $rules = 'rule("held", function(c)
    if c.text:find("hold", 1, true) then return hold("Wait.") end
end)';

# Two nginx, which share nothing but the store.
my $nginx = server()->start;
my $there = server($nginx)->start;

sub server {
    my ($beside) = @_;

    my $limits = 'comments_limit_author off; comments_limit_address off;
                  comments_rules %%DIR%%/rules.lua;';

    return Comments::Nginx->new(
        beside   => $beside,
        files    => { 'site/p' => $page, 'site/short/w' => $page,
                      'rules.lua' => $rules },
        http     => 'comments_require name;',
        server   => "location = /p { comments_insert /comments/; }
                     location /window/ {
                         comments test; $limits
                         comments_edit_window 3s;
                     }
                     location /short/ { comments_insert /window/; }",
        location => $limits,
    );
}

my ($n, %cookie) = (0);

sub post {
    my ($at, $who, %fields) = @_;

    my $got = $at->post_json('/comments/comment',
        { page => '/p', text => 'text ' . ++$n, name => $who, %fields },
        [ Origin => 'http://localhost:' . $at->port,
          $cookie{$who} ? (Cookie => $cookie{$who}) : () ]);
    BAIL_OUT("post: $got->{body}") if $got->{status} !~ /^20[12]$/;
    $cookie{$who} = $at->cookies($got) if $got->{headers}{'set-cookie'};

    return $got->{json}{id};
}

sub change {
    my ($method, $path, $who, $body) = @_;

    my $got = $nginx->request($method, "/comments/comment/$path",
        [ Origin => 'http://localhost:' . $nginx->port,
          'Content-Type' => 'application/json', Cookie => $cookie{$who} ],
        $body);
    BAIL_OUT("$method: $got->{status} $got->{body}") if $got->{status} > 299;
}

sub moderate {
    my ($verb, $id) = @_;

    my $said = $nginx->tool($verb, $id, '--store', $nginx->dir . '/store');
    BAIL_OUT("$verb: $said->{err}") if $said->{exit};
}

# A thread with a cookie; who: a name or headers.
sub seen {
    my ($who, $path, $tag) = @_;

    my $got = $nginx->get($path // '/comments/thread?page=/p',
        [ ref $who ? @$who : $cookie{$who} ? (Cookie => $cookie{$who}) : (),
          defined $tag ? ('If-None-Match' => $tag) : () ]);

    # Tokens are new each time.
    $got->{body} =~ s/(name="token" value=")[^"]+/$1/g;

    return $got;
}

sub tag { seen(@_)->{headers}{etag} }

sub ids { join ' ', map { $_->{id} } @{ seen(@_)->{json}{comments} } }


# Nothing of the reader's is there.

my $first = post($nginx, 'ola', text => 'The first. ' . 'Words. ' x 100);
post($nginx, 'kari', page => '/elsewhere');
ok($cookie{kari}, 'who has commented elsewhere has a cookie');

my @packed = ('Accept-Encoding' => 'gzip');
my %readers = (
    'an author from elsewhere' => $cookie{kari},
    'a secret that nobody has used'
        => 'comments_author=' . $cookie{kari} =~ s/.*=//r =~ tr/A-Y/B-Z/r,
    'no secret at all'         => 'comments_author=x',
);
for my $name (sort keys %readers) {
    my $headers = [ Cookie => $readers{$name} ];

    for my $path ('/comments/thread?page=/p', '/comments/thread.html?page=/p',
                  '/p')
    {
        my $all = seen([], $path);
        my $got = seen($headers, $path);

        is($got->{body}, $all->{body}, "$name sees what all see, $path");
        is($got->{headers}{etag}, $all->{headers}{etag}, 'by the same tag');
        is(seen($headers, $path, $all->{headers}{etag})->{status}, 304,
           'which is answered by 304');
        like($got->{headers}{'cache-control'}, qr/^private\b/,
             'but for nobody else');
        like($got->{headers}{vary}, qr/Cookie/, 'by the cookie');
    }

    # Only what is kept is ever compressed here.
    is(seen([ @$headers, @packed ])->{headers}{'content-encoding'}, 'gzip',
       'it comes from what is kept');
}


# Something is: a comment that waits, then is gone.

my $public = tag([]);
my $ids    = ids([]);
my $held   = post($nginx, 'kari', text => 'please hold this');

my $got = seen('kari', undef, $public);
is($got->{status}, 200, 'an own comment that waits is another thread at once');
is(join(' ', map { $_->{id} } @{ $got->{json}{comments} }), "$ids $held",
   'with it');
my $own = $got->{headers}{etag};
isnt($own, $public, 'under a tag of its own');
is(seen('kari', undef, $own)->{status}, 304, 'which is known again');
is(seen([ Cookie => $cookie{kari}, @packed ])->{headers}{'content-encoding'},
   undef, 'and nothing of it is kept');
is(seen([], undef, $public)->{status}, 304, 'for all others nothing happened');
is(seen([], undef, $own)->{status}, 200, 'who get nothing under that tag');

post($nginx, 'eli', page => '/elsewhere');
is(ids('eli'), $ids, 'nor does another author see it');
is(tag('eli'), $public, 'or have another tag');

change('DELETE', $held, 'kari', '');
is(seen('kari', undef, $own)->{status}, 200,
   'when it is deleted the tag is out of date');
is(ids('kari'), $ids, 'and the comment is gone');
is(seen('kari', undef, $public)->{status}, 304,
   'what the author had before is right again');


# Another process writes; a moderator decides.

seen('kari') for 1 .. 2;
my @seen;
for (1 .. 5) {
    my $id = post($there, 'kari', text => "hold $_");
    push @seen, ids('kari') eq "$ids $id" && seen('kari', '/p')->{body}
                =~ /<article id="comment-$id"[^>]* comment-is-pending/ ? 1 : 0;
    $own = tag('kari');
    moderate(reject => $id);
    push @seen, ids('kari') eq $ids
                && seen('kari', undef, $own)->{status} == 200 ? 1 : 0;
}
is("@seen", '1 1 1 1 1 1 1 1 1 1',
   'what other processes write is seen at once, and gone at once');

my $id = post($nginx, 'eli', text => 'hold this, too');
$own = tag('eli');
moderate(approve => $id);
$got = seen('eli', undef, $own);
is($got->{status}, 200, 'a comment that is approved has another tag');
my ($mine) = grep { $_->{id} == $id } @{ $got->{json}{comments} };
is("$mine->{status} " . ($mine->{mine} ? 1 : 0), 'approved 1',
   'and is still its own author\'s');
is(scalar(grep { $_->{mine} } @{ seen([])->{json}{comments} }), 0,
   'and nobody else\'s');


# A vote.

$public = tag([]);
post($nginx, 'ida', page => '/elsewhere');
is(tag('ida'), $public, 'who has not voted has the tag of all');
change('POST', "$first/vote", 'ida', '{"value":"1"}');
$got = seen('ida', undef, $public);
is($got->{status}, 200, 'a vote is another thread');
is($got->{json}{comments}[0]{votes}{mine}, 1, 'with it');
is(seen([])->{json}{comments}[0]{votes}{mine}, 0, 'for nobody else');
$own = $got->{headers}{etag};
change('POST', "$first/vote", 'ida', '{"value":"0"}');
$got = seen('ida', undef, $own);
is($got->{status}, 200, 'so is one that is taken back');
is($got->{headers}{etag}, tag([]), 'whose thread is that of all');


# The clock alone ends an edit window.

my @paths = ('/window/thread.html?page=/short/w', '/short/w');
$id = post($nginx, 'liv', page => '/short/w');
my @before = map { seen('liv', $_) } @paths;
is(scalar(grep { $_->{body} =~ /comment-edit.*comment-delete/s } @before), 2,
   'an author may edit and delete');
my @known = map { seen('liv', $paths[$_], $before[$_]{headers}{etag}) } 0, 1;
is(join(' ', map { $_->{status} } @known), '304 304', 'and knows that');

ok($nginx->until(sub { seen('liv', $paths[0])->{body} !~ /comment-edit"/ }),
   'until it is too late');
my @after = map { seen('liv', $paths[$_], $before[$_]{headers}{etag}) } 0, 1;
is(join(' ', map { $_->{status} } @after), '200 200',
   'then the tag is out of date, though nothing was written');
is(scalar(grep { $_->{body} =~ /comment-(edit|delete)"/ } @after), 0,
   'and nothing can be edited');
is(scalar(grep { $_->{body} =~ /comment-is-mine/ } @after), 2,
   'but it is still the author\'s');
@known = map { seen('liv', $paths[$_], $after[$_]{headers}{etag}) } 0, 1;
is(join(' ', map { $_->{status} } @known), '304 304', 'which stays so');

$_->stop for $nginx, $there;
done_testing();

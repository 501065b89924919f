# Who is banned cannot tell it from what is answered or shown: all that a
# banned reader does is done by another one as well, each with comments of
# their own, and the answers are the same.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'hold.lua' => 'rule("first", function(c)
        if c.text:find("wait", 1, true) then return hold("Read first.") end
    end)' },
    http     => 'set_real_ip_from 127.0.0.1; real_ip_header X-From;',
    location => 'comments_rules %%DIR%%/hold.lua;
                 comments_limit_author off; comments_limit_address 12/1h;
                 comments_moderator $http_x_who;',
)->start;

my $own  = 'http://localhost:' . $nginx->port;
my $desk = [ 'X-Who' => 'kari', Origin => $own ];
push @$desk, 'X-Comments-Token'
    => $nginx->get('/comments/moderate/session', $desk)->{json}{token};

# The reader's own words are gone from an answer, and so are numbers that
# tell two comments and two moments apart.
sub shape {
    my ($got) = @_;
    my %told = %{ $got->{headers} };
    delete @told{qw(date etag)};
    $told{'retry-after'} =~ s/\d+/SECONDS/ if $told{'retry-after'};
    $told{'set-cookie'} =~ s/=[\w.-]{20,}/=COOKIE/ if $told{'set-cookie'};
    my $body = $got->{body} =~ s/\b\d{4}-\d\d-\d\dT[\d:]+Z/TIME/gr;
    $body =~ s{avatar/\w+}{avatar/OF}g;
    $body =~ s/phone_\w+/PHONE/g;
    $body =~ s/(name="token" value=)"[\w-]+"/$1TOKEN/g;
    $body =~ s/("id": ?|comment[-\/]|(?:-id|-to|-until)="|reply_to=)\d+
              /$1ID/gx;
    return join "\n", $got->{status},
        map({ "$_: $told{$_}" } sort keys %told), $body;
}

# A comment by a third person, which nobody else has seen: a page of its own.
my $n = 0;
sub liked {
    my ($page) = @_;
    my $got = $nginx->post_json('/comments/comment',
        { page => $page, text => 'Nice to read.', name => 'Writer',
          email => 'w@example.org' }, [ 'X-From' => '203.0.113.' . ++$n ]);
    return $got->{json}{id};
}

# All that a reader does, and what is answered; the page is the reader's.
sub walk {
    my ($page, $id, $from, $cookie) = @_;
    my @who = (Origin => $own, 'X-From' => $from,
               $cookie ? (Cookie => $cookie) : ());
    my ($etag, @said) = ('');
    my $do = sub {
        my ($what, $fields) = @_;
        my $got = $nginx->post_json("/comments/comment/$id/$what", $fields,
                                    [ @who ]);
        my $set = $nginx->cookies($got);
        push @who, Cookie => $set if $set && !$cookie;
        $cookie ||= $set;
        push @said, "$what\n" . shape($got);
        for my $path ("thread?page=$page", "thread.html?page=$page") {
            my $seen = $nginx->get("/comments/$path", [ @who ]);
            push @said, "then $path\n" . shape($seen);
        }
        my $again = $nginx->get("/comments/thread?page=$page",
            [ @who, 'If-None-Match' => $etag ]);
        push @said, "again $again->{status}";
        $etag = $again->{headers}{etag} // '';
    };
    $do->(@$_) for [ vote => { value => 1 } ], [ vote => { value => 1 } ],
        [ vote => { value => -1 } ], [ vote => { value => 0 } ],
        [ vote => { value => 1 } ], [ report => { reason => 'Rude.' } ],
        [ report => { reason => 'Rude.' } ],
        [ vote => { value => 2 } ],
        map { [ vote => { value => $_ % 2 } ] } 0 .. 9;
    return map { s{\Q$page\E}{PAGE}gr } @said;
}

sub same {
    my ($free, $banned, $sentence) = @_;
    is(scalar @$banned, scalar @$free, "$sentence: as many answers");
    my @lines = map { [ split /\n/, join "\n", @$_ ] } $banned, $free;
    my ($at) = grep { $lines[0][$_] ne $lines[1][$_] } 0 .. $#{ $lines[1] };
    is($lines[0][ $at // 0 ], $lines[1][ $at // 0 ], "$sentence: the same");
}


# By the cookie.

my %cookie;
for my $who (qw(free held)) {
    my $got = $nginx->post_json('/comments/comment',
        { page => "/$who", text => 'I wait.', name => 'Reader',
          email => "$who\@example.org" }, [ 'X-From' => '203.0.113.1' ]);
    is($got->{status}, 202, "$who waits");
    $cookie{$who} = $nginx->cookies($got);
    next if $who eq 'free';
    is($nginx->post_json('/comments/moderate/bans',
        { kind => 'author', comment => $got->{json}{id} }, $desk)->{status},
       200, 'one of them is banned');
}
my %id = map { $_ => liked("/$_") } qw(free held);
my @free   = walk('/free', $id{free}, '198.51.100.1', $cookie{free});
my @banned = walk('/held', $id{held}, '192.0.2.1', $cookie{held});
same(\@free, \@banned, 'a cookie');
like($free[1], qr/"votes": ?\{"up": ?1,"down": ?0,"mine": ?1\}/,
     'a vote is seen by who gave it');
ok((grep { /^vote\n429/ } @free), 'and votes have a limit');

my $votes = sub {
    my ($page) = @_;
    my $seen = $nginx->get("/comments/thread?page=$page")->{json};
    return join ' ', map { @{ $_->{votes} }{qw(up down mine)} }
                     @{ $seen->{comments} };
};
is($votes->('/free'), '1 0 0', 'others see the vote of who is free');
is($votes->('/held'), '0 0 0', 'and not that of who is banned');
my $queue = $nginx->get('/comments/moderate/queue?status=reported', $desk);
is(join(' ', map { $_->{id} } @{ $queue->{json}{items} }), $id{free},
   'nor does a moderator see the report');


my $reported = $id{held};


# By the address, without a cookie.

is($nginx->post_json('/comments/moderate/bans',
    { kind => 'address', value => '192.0.3.0/24' }, $desk)->{status}, 200,
   'a network is banned');
%id = map { $_ => liked("/$_") } qw(here away);
@free   = walk('/here', $id{here}, '198.51.101.1');
@banned = walk('/away', $id{away}, '192.0.3.9');
same([ @free[0 .. 8] ], [ @banned[0 .. 8] ], 'an address');
is($votes->('/away'), '0 0 0', 'which does not count either');


# Let in again: what was silent stays so until it is given again.

my $id = liked('/later');
my $vote = sub {
    $nginx->post_json("/comments/comment/$id/vote", { value => $_[0] },
        [ 'X-From' => '203.0.114.1', Origin => $own,
          Cookie => $cookie{held} ])
};
$vote->(1);
is($votes->('/later'), '0 0 0', 'a vote of who is banned');
for my $ban (@{ $nginx->get('/comments/moderate/bans', $desk)
                ->{json}{bans} }) {
    $nginx->request('DELETE', "/comments/moderate/bans/$ban->{key}", $desk);
}
is($votes->('/later'), '0 0 0', 'is not counted when the ban is lifted');
$vote->(1);
is($votes->('/later'), '1 0 0', 'but when it is given again');
$vote->(0);
is($votes->('/later'), '0 0 0', 'and taken back, it is gone');

my $report = sub {
    $nginx->post_json("/comments/comment/$reported/report",
        { reason => 'Still rude.' }, [ 'X-From' => '203.0.114.1',
          Origin => $own, Cookie => $cookie{held} ]);
    $queue = $nginx->get('/comments/moderate/queue?status=reported', $desk);
    my ($item) = grep { $_->{id} == $reported } @{ $queue->{json}{items} };
    return $item ? "$item->{reports}{count}: "
                   . join ', ', map { $_->{reason} }
                                @{ $item->{reports}{reasons} } : '';
};
is($report->(), '1: Still rude.', 'so does a report');
is($report->(), '1: Still rude.', 'once');

is($nginx->tool('check', '--store', $nginx->dir . '/store')->{out},
   "no problems\n", 'the store is sound');
$nginx->stop;
done_testing();

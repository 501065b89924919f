# docs/openapi.yaml, below C/moderate: real answers, of each endpoint with each
# status that it tells, have what it says and nothing else.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'hold.lua' => 'rule("first", function(c)
        return hold("Read first.", "a note") end)' },
    location => 'comments_limit_author off; comments_limit_address off;
                 comments_rules %%DIR%%/hold.lua;
                 comments_moderators %%DIR%%/moderators;',
    server   => 'location /trusting/ { comments test;
                   comments_moderator $http_x_who; }',
);

my $own      = 'http://localhost:' . $nginx->port;
my $password = 'correct horse battery';
my $secret   = $nginx->write('secret', "$password\n");
my $browser  = [ Accept => 'text/html' ];
my $tool     = $Comments::Nginx::BUILD . '/ngx-comments';
my (@answers, $n);

for ([ 'kari', 'owner' ], [ 'ola', 'moderator' ]) {
    is(system("$tool moderator add $_->[0] --role $_->[1] --file "
              . $nginx->dir . "/moderators --password-stdin <$secret"
              . ' >/dev/null'), 0, "$_->[0] is $_->[1]");
}
$nginx->start;


# Asks /moderate/comment/{id} of the specification; id fills the braces.
sub ask {
    my ($method, $path, $rest, %o) = @_;

    my $at = ($o{at} // '/comments') . $path . $rest;
    $at =~ s/\{\w+\}/$o{id}/;
    my @headers = (@{ $o{who} || [] }, @{ $o{headers} || [] });
    my $got = $o{json} ? $nginx->request(uc $method, $at,
                             [ 'Content-Type' => 'application/json',
                               @headers ],
                             ref $o{json} ? JSON::PP->new->utf8->encode(
                                                $o{json}) : $o{json})
            : $o{form} ? $nginx->post_form($at, $o{form}, \@headers)
            : $nginx->request(uc $method, $at, \@headers, $o{body});

    push @answers, { name => "$method $at", method => $o{as} // $method,
                     path => $path, status => $got->{status},
                     type => $got->{headers}{'content-type'} // '',
                     headers => $got->{headers}, body => $got->{body} };
    return $got;
}

sub post {
    my ($text) = @_;
    return $nginx->post_json('/comments/comment', { page => '/p',
        text => $text // 'text ' . ++$n, name => 'N', title => 'A page',
        email => 'n@example.org' })->{json}{id};
}

sub sign_in {
    my ($name, %o) = @_;
    my $got = ask('post', '/moderate/session', '',
        json => { name => $name, password => $o{password} // $password },
        headers => [ Origin => $own ]);
    my $cookie = $nginx->cookies($got) or return;
    return [ Origin => $own, Cookie => $cookie,
             'X-Comments-Token' => $got->{json}{token} ];
}

# What is refused in the same way wherever something is done.
sub refusals {
    my ($path, %o) = @_;

    my %who = @{ $o{who} };
    my %old = (%who, 'X-Comments-Token' => 'A' x 22);
    my %foreign = (%who, Origin => 'http://evil.example');
    my %common = (id => $o{id} // 1);
    ask('post', $path, '', %common, json => {}, headers => [ Origin => $own ]);
    ask('post', $path, '', %common, who => [ %old ], json => $o{good} // {});
    ask('post', $path, '', %common, who => [ %foreign ], json => {});
    ask('post', $path, '', %common, who => $o{who}, json => '{');
    ask('post', $path, '', %common, who => $o{who}, body => 'x',
        headers => [ 'Content-Type' => 'text/plain' ]);
    ask('post', $path, '', %common, who => $o{who},
        json => '"' . 'x' x 300_000 . '"');
}


# Signing in.

my $kari = sign_in('kari') or BAIL_OUT('nobody signs in');
my $ola  = sign_in('ola');
sign_in('nobody');
ask('post', '/moderate/session', '', json => { name => 'kari' },
    headers => [ Origin => 'http://evil.example' ]);
ask('post', '/moderate/session', '', json => '{',
    headers => [ Origin => $own ]);
ask('post', '/moderate/session', '', json => '"' . 'x' x 300_000 . '"',
    headers => [ Origin => $own ]);
ask('post', '/moderate/session', '', body => 'x',
    headers => [ Origin => $own, 'Content-Type' => 'text/plain' ]);
ask('post', '/moderate/session', '', at => '/trusting', json => { name => 'x' },
    headers => [ Origin => $own ]);
ask('post', '/moderate/session', '', headers => [ Origin => $own, @$browser ],
    form => [ name => 'kari', password => $password ]);
ask('get', '/moderate/session', '', who => $kari);
ask('get', '/moderate/session', '');
ask('get', '/moderate', '');
ask('put', '/moderate', '', as => 'get');
ask('get', '/moderate/', '', who => $kari);
ask('get', '/moderate/', '');
ask('put', '/moderate/', '', as => 'get');


# Looking.

my @ids = map { post() } 1 .. 4;
my $decisions = '/moderate/decisions';
sub decide {
    return ask('post', $decisions, '', who => $kari,
               json => { decisions => [ @_ ] });
}

decide({ id => $ids[0], decision => 'approve', note => 'Fine.' },
       { id => $ids[0], decision => 'approve' },
       { id => $ids[0], decision => 'edit', text => 'Better' },
       { id => $ids[0], decision => 'spam', version => 1 },
       { id => 999_999, decision => 'hold' });
decide({ id => $ids[1], decision => 'undo' });
decide();
$nginx->post_json("/comments/comment/$ids[0]/report", { reason => 'Rude.' });
$nginx->post_json("/comments/comment/$ids[0]/vote", { value => 1 });
ask('post', $decisions, '', who => $kari, headers => $browser,
    form => [ id => $ids[1], decision => 'spam' ]);
ask('post', $decisions, '', who => $kari, headers => $browser,
    form => [ id => 999_999, decision => 'spam' ]);
ask('post', $decisions, '', who => $kari, headers => $browser,
    form => [ id => $ids[1], decision => 'hold', version => 1 ]);
ask('get', $decisions, '', who => $kari, as => 'post');
refusals($decisions, who => $kari,
         good => { decisions => [ { id => 1, decision => 'hold' } ] });

ask('post', '/moderate/comment/{id}/reply', '', who => $kari, id => $_,
    json => { text => 'An answer' }) for $ids[0], 999_999;
ask('post', '/moderate/comment/{id}/reply', '', who => $kari, id => $ids[0],
    json => { text => '' });
ask('post', '/moderate/comment/{id}/reply', '', who => $kari, id => $ids[0],
    headers => $browser, form => [ text => 'Another' ]);
ask('get', '/moderate/comment/{id}/reply', '', who => $kari, id => 1,
    as => 'post');
refusals('/moderate/comment/{id}/reply', who => $kari, id => $ids[0]);

for my $what ([ '/moderate/thread', page => '/p', action => 'close' ],
              [ '/moderate/bans', kind => 'domain', value => 'x.example' ]) {
    my ($path, @good) = @$what;
    ask('post', $path, '', who => $kari, json => { @good }) for 1 .. 2;
    ask('post', $path, '', who => $kari, json => { kind => 'planet' });
    ask('post', $path, '', who => $kari, headers => $browser,
        form => [ @good ]);
    refusals($path, who => $kari);
}
ask('post', '/moderate/thread', '', who => $kari,
    json => { page => '/none', action => 'close' });
ask('get', '/moderate/thread', '', who => $kari, as => 'post');
ask('post', '/moderate/bans', '', who => $kari,
    json => { kind => 'author', comment => 999_999 });
ask('post', '/moderate/bans', '', who => $kari,
    json => { kind => 'author', comment => $ids[2],
              until => '2099-01-01T00:00:00Z', note => 'Enough.' });
ask('put', '/moderate/bans', '', who => $kari, as => 'post');

my $bans = ask('get', '/moderate/bans', '', who => $kari)->{json}{bans};
my $key  = $bans->[0]{key};
my %old  = (@$kari, 'X-Comments-Token' => 'A' x 22);
for ([ $key, [ Origin => $own ] ], [ $key, [ %old ] ], [ $key, $kari ],
     [ 'nothing', $kari ]) {
    ask('delete', '/moderate/bans/{key}', '', id => $_->[0], who => $_->[1]);
}
ask('get', '/moderate/bans/{key}', '', id => $key, who => $kari,
    as => 'delete');

ask('post', '/moderate/rules', '', who => $kari,
    json => { text => 'A text', name => 'N', page => '/p' });
ask('post', '/moderate/rules', '', who => $kari, json => $_)
    for { comment => $ids[0], rules => 'rule("r", function(c) end)' },
        { comment => 999_999 }, { comment => 'x' }, { rules => 'rule(' };
ask('post', '/moderate/rules', '', who => $kari, headers => $browser,
    form => [ text => 'x', token => { @$kari }->{'X-Comments-Token'} ]);
ask('put', '/moderate/rules', '', who => $kari, as => $_) for 'get', 'post';
ask('get', '/moderate/rules', $_, who => $kari) for '', "?comment=$ids[0]";
ask('get', '/moderate/rules', '');
refusals('/moderate/rules', who => $kari);

ask('post', '/moderate/rules/replay', '', who => $kari, json => $_)
    for {}, { newest => 1,
              rules => 'rule("r", function(c) return spam() end)' },
        { newest => 0 }, { rules => 'rule(' };
ask('post', '/moderate/rules/replay', '', who => $kari, headers => $browser,
    form => [ token => { @$kari }->{'X-Comments-Token'} ]);
ask('get', '/moderate/rules/replay', '', who => $kari, as => 'post');
refusals('/moderate/rules/replay', who => $kari);

my %looks = (
    '/moderate/queue'      => [ '?limit=1', '?status=any&words=text',
                                '?status=reported', '?limit=0' ],
    '/moderate/items'      => [ "?ids=$ids[0],$ids[1]", '?ids=x' ],
    '/moderate/status'     => [ '' ],
    '/moderate/log'        => [ '?limit=3', '', '?limit=x' ],
    '/moderate/moderators' => [ '' ],
    '/moderate/bans'       => [ '' ],
);
for my $path (sort keys %looks) {
    ask('get', $path, $_, who => $kari) for @{ $looks{$path} };
    ask('get', $path, '');
    ask('put', $path, '', who => $kari, as => 'get')
        if $path ne '/moderate/bans';
}
ask('get', '/moderate/moderators', '', who => $ola);
for my $path ('/moderate/comment/{id}', '/moderate/comment/{id}/author') {
    ask('get', $path, '', who => $kari, id => $_) for $ids[0], 999_999;
    ask('get', $path, '', id => $ids[0]);
    ask('put', $path, '', who => $kari, id => $ids[0], as => 'get');
}
ask('get', '/moderate/comment/{id}/author', '?limit=0', who => $kari,
    id => $ids[0]);


# Signing out, and guessing.

ask('post', '/moderate/signout', '', who => $ola, form => [ everywhere => 1 ]);
ask('post', '/moderate/signout', '', who => sign_in('ola'),
    headers => $browser, form => [ a => 1 ]);
refusals('/moderate/signout', who => $kari);
ask('get', '/moderate/signout', '', who => $kari, as => 'post');
ask('delete', '/moderate/session', '', who => $_) for [ %old ], sign_in('ola'),
    [ Origin => $own ];
sign_in('kari', password => "guess number $_") for 1 .. 11;


# Judged.

my ($python) = grep { !system("$_ -c 'import jsonschema, yaml' 2>/dev/null") }
               '/usr/bin/python3', 'python3';
ok($python, 'python3-jsonschema and python3-yaml are installed')
    or BAIL_OUT('./dev test installs them');

sub judged {
    $nginx->write('answers.json', JSON::PP->new->ascii->encode(\@_));
    my $told = `$python t/lib/openapi.py docs/openapi.yaml --moderators \\
                <@{[ $nginx->dir ]}/answers.json 2>&1`;
    return $? ? "the judge failed: $?\n$told" : $told;
}

is(judged(@answers), '', scalar(@answers) . ' answers agree with'
   . ' docs/openapi.yaml, and each status it tells was seen');

# The judge would see what is missing or unknown.

my ($queue) = grep { $_->{path} eq '/moderate/queue'
                     && $_->{body} =~ /"pinned"/ } @answers;
for my $wrong ([ qr/"pinned":\w+,/, '', 'a member that is missing' ],
               [ qr/"pinned":/, '"email":"x","pinned":', 'an unknown one' ]) {
    my %changed = %$queue;
    $changed{body} =~ s/$wrong->[0]/$wrong->[1]/;
    like(judged(\%changed), qr/^get .*items\[0\]/m,
         "$wrong->[2] would be seen");
}
like(judged(grep { $_->{status} != 409 } @answers),
     qr{^no answer: post /moderate/decisions 409$}m,
     'and a status that nothing had');

$nginx->stop;
done_testing();

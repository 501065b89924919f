# docs/openapi.yaml: real answers, of each endpoint with each status that it
# tells, have what it says and nothing else.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => '
        rule("words", function(c)
          if c.text == "hold" then return hold("Wait.") end
          if c.text == "reject" then return reject("Not here.") end
          if c.text == "nudge" then return nudge("Really?") end
          if c.text == "work" then return challenge { pow = 8 } end
        end)' },
    location => 'comments_rules %%DIR%%/rules.lua; comments_page_size 3;
                 comments_limit_author off; comments_limit_address 200/1h;
                 comments_pages existing; comments_edit_window 1h;',
    server   => 'location /old/ { comments test; comments_close_after 1s;
                   comments_limit_address off; }
                 location /few/ { comments test; comments_limit_address 1/1h;
                   comments_pages any; comments_share x;
                   comments_base_url https://example.org; }
                 location /late/ { comments test; comments_edit_window off; }
                 location /off/ { comments test; comments_stream off; }',
)->start;

my (@answers, %codes);
my $html = [ Accept => 'text/html' ];
my $own  = 'http://localhost:' . $nginx->port;


# Notes an answer for an operation, and gives it.
sub note_answer {
    my ($name, $method, $path, $got) = @_;

    push @answers, { name => $name, method => $method, path => $path,
                     status => $got->{status},
                     type => $got->{headers}{'content-type'} // '',
                     headers => $got->{headers}, body => $got->{body} };
    $codes{ $got->{json}{error}{code} } = $got->{status}
        if ref $got->{json} eq 'HASH' && $got->{json}{error};
    return $got;
}

# /comment/{id} of the specification, with what is asked for behind it.
sub ask {
    my ($method, $path, $rest, %o) = @_;

    my $at = ($o{at} // '/comments') . $path . $rest;
    $at =~ s/\{\w+\}/$o{id}/;
    my @headers = (@{ $o{headers} || [] },
                   $o{cookie} ? (Cookie => $o{cookie}, Origin => $own) : ());
    my $got = $o{json} ? $nginx->request(uc $method, $at,
                             [ 'Content-Type' => 'application/json',
                               @headers ],
                             ref $o{json} ? JSON::PP->new->utf8->encode(
                                                $o{json}) : $o{json})
            : $o{form} ? $nginx->post_form($at, $o{form}, \@headers)
            : $nginx->request(uc $method, $at, \@headers, $o{body});

    return note_answer("$method $at", $method, $path, $got);
}

my $n = 0;
sub post {
    my (%o) = @_;
    my $text = delete $o{text} // 'text ' . ++$n;
    my %fields = (page => '/p.html', text => $text, name => 'Kari',
                  email => 'kari@example.org', title => 'A page',
                  %{ delete $o{fields} || {} });
    return ask('post', '/comment', '', json => \%fields, %o);
}


# Writing.

$nginx->write('site/p.html', '<p>A page</p>');
my $made   = post(fields => { website => 'https://example.org/' });
my $id     = $made->{json}{id};
my $author = $nginx->cookies($made);
my $answer = post(fields => { parent => $id, name => 'Ola' });
post(text => 'hold', cookie => $author);
post(text => $_) for 'reject', 'nudge', 'work', '', 'text 1', 'x' x 20000;
post(fields => $_) for { page => 'x' }, { page => '/none.html' },
    { name => '' }, { name => 'x' x 101 }, { email => '' }, { email => 'x' },
    { website => 'ftp://x/' }, { website => 'https://x/' . 'x' x 500 },
    { parent => 99 }, { token => 'short' }, { title => 'x' x 301 };
post(headers => [ Origin => 'https://evil.example' ]);
ask('post', '/comment', '', json => '{');
ask('post', '/comment', '', json => '{"text":[]}');
ask('post', '/comment', '', json => "{\"text\":\"\xff\"}");
ask('post', '/comment', '', body => 'x',
    headers => [ 'Content-Type' => 'text/plain' ]);
ask('post', '/comment', '', json => '"' . 'x' x 300_000 . '"');
ask('post', '/comment', '', form => { text => "\0" });
ask('post', '/comment', '', headers => $html,
    form => { page => '/p.html', text => 'A form', name => 'Kari',
              email => 'kari@example.org' });
ask('post', '/comment', '', headers => $html, form => { page => '/p.html' });
post(at => '/few', fields => { page => '/few' }) for 1 .. 2;

my %at = (id => $id, cookie => $author);
ask('patch', '/comment/{id}', '', %at, json => { text => 'Better' });
ask('patch', '/comment/{id}', '', %at, json => { text => $_ })
    for 'nudge', '';
ask('patch', '/comment/{id}', '', %at, json => '{');
ask('patch', '/comment/{id}', '', %at, json => '"' . 'x' x 300_000 . '"');
ask('patch', '/comment/{id}', '', %at, body => 'x',
    headers => [ 'Content-Type' => 'text/plain' ]);
post(text => 'Said');
ask('patch', '/comment/{id}', '', %at, json => { text => 'Said' });
ask('patch', '/comment/{id}', '', id => $id, json => { text => 'Mine' });
ask('patch', '/comment/{id}', '', %at, at => '/late',
    json => { text => 'Late' });
ask('patch', '/comment/{id}', '', %at, id => 999, json => { text => 'x' });

my $other = post(text => 'Other', fields => { name => 'Eva',
                                              email => 'eva@example.org' });
my %eva = (id => $other->{json}{id}, cookie => $nginx->cookies($other));
ask('post', '/comment/{id}', '', %eva, form => { action => 'edit',
                                                 text => 'By a form' });
ask('post', '/comment/{id}', '', %eva, headers => $html,
    form => { action => 'edit', text => 'By a browser' });
ask('post', '/comment/{id}', '', %eva, form => { action => 'burn' });
post(text => 'Said', fields => { name => 'Eva',
                                 email => 'eva@example.org' });
ask('post', '/comment/{id}', '', %eva, form => { action => 'edit',
                                                 text => 'Said' });
ask('post', '/comment/{id}', '', id => $id, form => { action => 'delete' });
ask('post', '/comment/{id}', '', %eva, id => 999,
    form => { action => 'delete' });
ask('post', '/comment/{id}', '', %eva, json => '{');
ask('post', '/comment/{id}', '', %eva, json => '"' . 'x' x 300_000 . '"');
ask('post', '/comment/{id}', '', %eva, body => 'x',
    headers => [ 'Content-Type' => 'text/plain' ]);
ask('post', '/comment/{id}', '', %eva, form => { action => 'edit',
                                                 text => 'hold' });
ask('patch', '/comment/{id}', '', %eva, json => { text => 'Still held' });
ask('get', '/comment/{id}/edit', '', %eva);
ask('get', '/comment/{id}/edit', '', id => $id);
ask('get', '/comment/{id}/edit', '', id => 999);
ask('post', '/comment/{id}/edit', '', id => 9, form => { a => 1 });
$answers[-1]{method} = 'get';                  # 405 is the path's

for my $what ('vote', 'report') {
    my $path = "/comment/{id}/$what";
    my @good = $what eq 'vote' ? (value => 1) : (reason => 'Rude');
    ask('post', $path, '', id => $id, form => { @good });
    ask('post', $path, '', id => $answer->{json}{id}, headers => $html,
        form => { @good });
    ask('post', $path, '', id => 999, form => { @good });
    ask('post', $path, '', id => $id, json => '{');
    ask('post', $path, '', id => $id, json => '"' . 'x' x 300_000 . '"');
    ask('post', $path, '', id => $id, body => 'x',
        headers => [ 'Content-Type' => 'text/plain' ]);
    ask('post', $path, '', id => $id, form => { @good },
        headers => [ Origin => 'https://evil.example' ]);
    ask('post', $path, '', id => $id,
        form => { value => 2, reason => 'x' x 501 });
    ask('post', $path, '', id => $id, at => '/few', form => { @good })
        for 1 .. 2;
}
ask('post', '/comment/{id}/vote', '', %at, form => { value => 1 });
ask('get', '/comment/{id}/vote', '', id => $id);
$answers[-1]{method} = 'post';
ask('get', '/comment/{id}/report', '', id => $_) for $id, 999;
ask('put', '/comment/{id}/report', '', id => $id);
$answers[-1]{method} = 'get';

# The same limits for an author.
{
    my $slow = post(at => '/few', fields => { page => '/few' },
                    headers => [ 'X-Forwarded-For' => 'nobody' ]);
    ask('patch', '/comment/{id}', '', %at, at => '/few',
        json => { text => 'Too fast' });
    ask('post', '/comment/{id}', '', %at, at => '/few',
        form => { action => 'edit', text => 'Too fast, too' });
}

# Reading.

ask('get', '/thread', '?page=/p.html');
ask('get', '/thread', '?page=/p.html', cookie => $author);
ask('get', '/thread', '?page=/p.html&sort=top&limit=1&depth=0');
ask('get', '/thread', "?page=/p.html&parent=$id");
ask('get', '/thread', '?page=/nothing.html');
is(system("$Comments::Nginx::BUILD/ngx-comments", 'pin', $id, '--store',
          $nginx->dir . '/store'), 0, 'a comment is pinned');
is(ask('get', '/thread', '?page=/p.html')->{json}{pinned}{id}, $id,
   'which a thread tells');
my %tags;
for my $path ('/thread', '/thread.html', '/thread.atom') {
    $tags{$path} = ask('get', $path, '?page=/p.html')->{headers}{etag};
    ask('get', $path, '?page=/p.html',
        headers => [ 'If-None-Match' => $tags{$path} ]);
    ask('get', $path, '?page=x');
    ask('get', $path, '');
    ask('post', $path, '', form => { a => 1 });
    $answers[-1]{method} = 'get';
}
ask('get', '/thread', '?page=/p.html&sort=best');
ask('get', '/thread.atom', '?page=/p&page=/q');
ask('get', '/count', '?' . join '&', ('page=/p') x 201);
for my $path ('/site.atom', '/recent.html', '/comments.css', '/comments.js',
              '/work.js', '/words') {
    my $tag = ask('get', $path, '')->{headers}{etag};
    ask('get', $path, '', headers => [ 'If-None-Match' => $tag ]);
    ask('post', $path, '', form => { a => 1 });
    $answers[-1]{method} = 'get';
}
ask('get', '/recent.html', $_) for '?limit=2&lang=nb', '?limit=51';
ask('get', '/words', '?lang=pl');
ask('get', '/count', $_) for '?page=/p.html&page=/q', '', '?page=x';
ask('post', '/count', '', form => { a => 1 });
$answers[-1]{method} = 'get';
my ($key) = $made->{json}{author}{avatar} =~ /(\w+)\.svg$/;
ask('get', '/avatar/{key}.svg', '', id => $_) for $key, 'no';
ask('post', '/avatar/{key}.svg', '', id => $key, form => { a => 1 });
$answers[-1]{method} = 'get';
ask('get', '/comment/{id}', '', %at);
ask('get', '/comment/{id}', '', id => $_) for $id, 999;
ask('put', '/comment/{id}', '', id => $id);
$answers[-1]{method} = 'get';

my $stream = ($nginx->answers($nginx->raw(
    "GET /comments/stream?page=/p.html HTTP/1.0\r\n\r\n",
    seconds => 1), 'GET'))[0];
note_answer('stream', 'get', '/stream', $stream);
ask('get', '/stream', $_) for '?page=x', '', '?page=/p&last=x';
ask('get', '/stream', '?page=/p.html', at => '/off');
ask('post', '/stream', '', form => { a => 1 });
$answers[-1]{method} = 'get';

ask('post', '/preview', '', form => { text => '<b>x</b>' });
ask('post', '/preview', '', form => { text => '' });
ask('post', '/preview', '', json => '{');
ask('post', '/preview', '', json => '"' . 'x' x 300_000 . '"');
ask('post', '/preview', '', body => 'x',
    headers => [ 'Content-Type' => 'text/plain' ]);
ask('post', '/preview', '', form => { text => 'x' },
    headers => [ Origin => 'https://evil.example' ]);
ask('post', '/share', '', at => '/few',
    form => { target => 'x', page => $_ }) for '/a', '/b', 'no path';
ask('post', '/share', '', form => { target => 'x', page => '/p.html' });
ask('post', '/share', '', json => $_) for '{', '"' . 'x' x 300_000 . '"';
ask('post', '/share', '', body => 'x',
    headers => [ 'Content-Type' => 'text/plain' ]);
ask('post', '/share', '', form => { page => '/a' },
    headers => [ Origin => 'https://evil.example' ]);
ask('get', '/share', '');
$answers[-1]{method} = 'post';
ask('get', '/preview', '');
$answers[-1]{method} = 'post';
ask('get', '/comment', '');
$answers[-1]{method} = 'post';

# Closed by age.

$nginx->until(sub { $nginx->get('/old/thread?page=/p.html')->{json}{closed} });
is(ask('get', '/thread', '?page=/p.html', at => '/old')->{json}{closed} ? 1 : 0,
   1, 'a thread is closed when it is old enough');
like(ask('get', '/thread.html', '?page=/p.html', at => '/old')->{body},
     qr/<p class="comments-closed">/, 'which a notice tells');
is(post(at => '/old')->{json}{error}{code}, 'thread_closed',
   'and nothing is taken any more');
my $open = $nginx->get('/comments/thread?page=/p.html')->{headers}{etag};
isnt($nginx->get('/old/thread?page=/p.html')->{headers}{etag}, $open,
     'the closed one has a tag of its own');

# Gone.

ask('post', '/comment/{id}', '', %eva, form => { action => 'delete' });
ask('delete', '/comment/{id}', '', id => $answer->{json}{id});
ask('delete', '/comment/{id}', '', %at);
ask('delete', '/comment/{id}', '', %at);
ask('get', '/thread', '?page=/p.html');        # with a gap


# Judged.

my ($python) = grep { !system("$_ -c 'import jsonschema, yaml' 2>/dev/null") }
               '/usr/bin/python3', 'python3';
ok($python, 'python3-jsonschema and python3-yaml are installed')
    or BAIL_OUT('./dev test installs them');

sub judged {
    my (@answers) = @_;
    my $file = $nginx->dir . '/answers.json';
    $nginx->write('answers.json', JSON::PP->new->ascii->encode(\@answers));
    my $told = `$python t/lib/openapi.py docs/openapi.yaml <$file 2>&1`;
    return [ ($? ? "the judge failed: $?" : ()), split /\n/, $told ];
}

my $problems = judged(@answers);
is(join("\n", @$problems), '', scalar(@answers) . ' answers agree with'
   . ' docs/openapi.yaml, and each status it tells was seen');

# The judge would see what is missing or unknown.

my ($thread) = grep { $_->{path} eq '/thread' && $_->{status} == 200
                      && $_->{body} =~ /"up"/ } @answers;
for my $wrong ([ qr/"up":\d+,/, '', 'a member that is missing' ],
               [ qr/"up":/, '"over":1,"up":', 'one that is unknown' ],
               [ qr/"up":\d+/, '"up":"1"', 'one of another type' ]) {
    my %changed = %$thread;
    $changed{body} =~ s/$wrong->[0]/$wrong->[1]/;
    like(join("\n", @{ judged(\%changed) }), qr/^get .*comments\[0\]/m,
         "$wrong->[2] would be seen");
}

# The codes are those of the library, and have its statuses.

my %known = slurp('core/cmt_errors.h') =~
            /X\(CMT_E\w+,\s+"(\w+)",\s+(\d+)/g;
my %told  = slurp('docs/openapi.yaml') =~
            /^ {8}- (\w+) +# (\d{3})$/mg;
is_deeply(\%told, \%known, 'openapi.yaml tells all codes of errors');
is(join(' ', grep { $known{$_} != $codes{$_} } sort keys %codes), '',
   scalar(keys %codes) . ' of them were seen with their statuses');

$nginx->stop;
done_testing();


sub slurp {
    my ($path) = @_;
    open my $in, '<:encoding(UTF-8)', $path or die "$path: $!";
    local $/;
    return <$in>;
}

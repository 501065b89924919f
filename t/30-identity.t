# Who is signed in, and what nginx's variables tell rules.

use strict;
use warnings;

use Comments::Nginx;
use MIME::Base64;
use Test::More;

my $nginx = Comments::Nginx->new(
    files => { 'site/in/page.html' => '<html lang="en"><!-- comments -->',
               'nets.txt' => "127.0.0.0/8 | 1 | ourselves\n",
               'none.lua'  => '-- Everything is published.',
               'rules.lua' => <<'END', 'users' => <<'END' },
rule("tell", function(c)
  if c.text:find("tell", 1, true) then
    return reject(("%s %s %s %s %d"):format(c.author.role, c.author.proof,
      c.author.name, c.author.key and #c.author.key, c.author.approved))
  end
  if c.text:find("vars", 1, true) then
    return reject(("%s|%s|%s|%s|%s|%s"):format(c.ip_country, c.agent,
      c.var.country, c.var.arg_a, c.var.arg_b, c.page.url))
  end
end)
rule("browser", function(c)
  if c.text:find("by what", 1, true) then return hold(c.agent) end
end)
local nets = list("nets.txt", { match = "cidr" })
rule("network", function(c)
  if c.text:find("where", 1, true) then
    return reject(c:find(nets).note)
  end
end)
std.staff {}
std.first_comment {}
END
kari:{PLAIN}pw
ola:{PLAIN}pw
per:{PLAIN}pw
END
    http     => 'map $remote_user $role { kari staff; per moderator; }
                 map $arg_from $land { default ""; no NO; }',
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_rules_vars country=$land $arg_a $arg_b;
                 comments_identity $remote_user role=$role;
                 auth_basic test; auth_basic_user_file %%DIR%%/users;
                 comments_limit_author off; comments_limit_address off;',
    server   => 'location /open/ { comments test;
                 comments_rules %%DIR%%/rules.lua;
                 comments_rules_vars country=$land $arg_a $arg_b; }
                 location /before/ { comments test; comments_pages any;
                 comments_rules %%DIR%%/none.lua;
                 comments_identity $http_x_user; }
                 location /in/ { comments_insert /before/; }',
)->start;

my $store = $nginx->dir . '/store';


sub post {
    my ($where, $who, $text, %fields) = @_;
    my @auth = $who
        ? (Authorization => 'Basic ' . encode_base64("$who:pw", '')) : ();
    return $nginx->post_json("/$where", { page => '/a b', text => $text,
        %fields }, [ 'User-Agent' => 'tester/1', @auth ]);
}

sub told { return post(@_)->{json}{error}{message} // '' }


is(post('comments/comment', '', 'Hello')->{status}, 401,
   'nginx asks who it is');
is(told('comments/comment', 'ola', 'tell'), 'member login ola 32 0',
   'who is signed in is a member, known by the login, without an e-mail');
is(told('comments/comment', 'kari', 'tell', name => 'Kari N'),
   'staff login Kari N 32 0', 'a role comes from a variable');
is(told('comments/comment', 'per', 'tell'), 'moderator login per 32 0',
   'or that of a moderator');
is(told('open/comment', 'kari', 'tell', name => 'K',
        email => 'k@example.org'), 'reader none K 32 0',
   'where nobody checks it, a name and a password prove nothing');

my $first = post('comments/comment', 'ola', 'My first');
is($first->{status}, 202, 'the first comment of a member waits');
is(post('comments/comment', 'kari', 'My first, too')->{status}, 201,
   'that of staff does not');
is($nginx->tool('approve', $first->{json}{id}, '--store', $store)->{exit}, 0,
   'a moderator approves it');
is(told('comments/comment', 'ola', 'tell'), 'member login ola 32 1',
   'from any browser the member is known again');
is(post('comments/comment', 'ola', 'My second')->{status}, 201,
   'and is published');
is(told('open/comment', '', 'tell', name => 'ola', email => 'ola@a.example'),
   'reader none ola 32 0', 'a typed name is somebody else');

is(told('open/comment?from=no&a=1', '', 'vars', name => 'N',
        email => 'n@example.org'),
   "NO|tester/1|NO|1|nil|http://localhost:@{[$nginx->port]}/a%20b",
   'rules see the variables that were named');
like(told('open/comment', '', 'vars', name => 'N', email => 'n@example.org'),
     qr/^nil\|tester\/1\|nil\|nil/, 'and nil for what is empty');

is(told('open/comment', '', 'where', name => 'N', email => 'n@example.org'),
   'ourselves', 'a list of networks knows where a comment comes from');


# What browsers say of themselves: kept when a rule has read it.

sub kept {
    my ($text) = @_;
    my $got = $nginx->post_json('/open/comment', { page => '/a b',
        text => $text, name => 'N', email => 'n@example.org' },
        [ 'User-Agent' => 'Browser/7', 'Accept-Language' => 'sv-FI, ru;q=0.3',
          Referer => 'http://from.example/' ]);
    return $nginx->tool('show', $got->{json}{id}, '--json', '--store', $store)
                 ->{out};
}

my $kept = kept('Written by whom?');
like($kept, qr/"language":"sv"/, 'a receipt has the language that was chosen');
unlike($kept, qr/Browser|FI|ru;|from\.example/, 'and nothing else');
$kept = kept('Written by what?');
like($kept, qr/"given":\{[^}]*"agent":"Browser\/7"/,
     'it has what a rule has read');
unlike($kept, qr/FI|ru;|from\.example/, 'and of the rest nothing');


# The form of who is signed in, and that nobody else gets it.

my $page = '/in/page.html';

sub seen {
    my ($at, $who, @headers) = @_;
    my $got = $nginx->get($at, [ @headers,
                                 $who eq '' ? () : ('X-User' => $who) ]);
    ($got->{name}) = $got->{body} =~ /<p class="comments-signed-in">([^<]*)</;
    $got->{name} //= 'nobody';
    return $got;
}

is($nginx->post_json('/before/comment', { page => $page, text => 'Words',
       name => 'N', email => 'n@example.org' })->{status}, 201,
   'a page with a comment, so that the cache keeps its thread');

for my $at ($page, "/before/thread.html?page=$page&lang=en") {
    my %seen;
    for (1 .. 2) {
        $seen{$_} = seen($at, $_) for '', 'kari', 'ola <b>';
    }

    is($seen{kari}{name}, 'Signed in as kari', "a form knows its reader: $at");
    is($seen{'ola <b>'}{name}, 'Signed in as ola &lt;b&gt;', 'each its own');
    is($seen{''}{name}, 'nobody', 'and that of nobody has no name');
    my ($one, $none) = map { join ' ', $seen{$_}{body}
        =~ /<(?:input|textarea)[^>]* id="comment-([a-z]+)"/g } 'kari', '';
    is($one, 'text website', 'who is signed in is asked for no name');
    is($none, 'text name email website', 'as others are');
    like($seen{kari}{headers}{'cache-control'}, qr/private/,
         'no cache between may keep it');
    unlike($seen{''}{headers}{'cache-control'} // '', qr/private/,
           'but that of nobody');

    my %tag = map { $_ => $seen{$_}{headers}{etag} } keys %seen;
    for my $who (keys %tag) {
        for my $asks (keys %tag) {
            my $got = seen($at, $asks, 'If-None-Match' => $tag{$who});
            is($got->{status}, $who eq $asks ? 304 : 200,
               "the tag of '$who' is good for '$asks' or not");
        }
    }
}

my $html = [ Accept => 'text/html', 'X-User' => 'kari',
             Origin => 'http://localhost:' . $nginx->port ];
my %form = (page => $page, lang => 'en');
my $got = $nginx->post_form('/before/comment', { %form, text => 'By kari.' },
                            $html);
is($got->{status}, 303, 'the form needs neither name nor e-mail');
like(seen($page, '')->{body}, qr/itemprop="name" dir="auto">kari</,
     'the name stands under the comment');
$got = $nginx->post_form('/before/comment', { %form, website => 'ftp://a/',
    text => 'Refused.' }, $html);
is($got->{status}, 422, 'a form that is refused');
like($got->{body}, qr/Signed in as kari/, 'knows its reader, too');
unlike($got->{body}, qr/name="email"/, 'and does not ask');

for (["\xe2\x80\x8b", 'of nothing to be seen'], ['x' x 101, 'that is too long'],
     ["\xff", 'that is no UTF-8'])
{
    my ($who, $what) = @$_;
    is(seen($page, $who)->{name}, 'nobody', "a login $what is no name");
    $html->[3] = $who;
    $got = $nginx->post_form('/before/comment',
        { %form, text => "By what is $what." }, $html);
    is($got->{status}, 422, 'so one must be typed');
    like($got->{body}, qr/name="name"/, 'where it is asked for');
}

is(seen($page, 'x' x 100)->{name}, 'Signed in as ' . 'x' x 100,
   'one of 100 characters is a name');

is($nginx->tool('check', '--store', $store)->{exit}, 0,
   'the store agrees with itself');

$nginx->stop;
done_testing();

# Who is signed in, and what nginx's variables tell rules.

use strict;
use warnings;

use Comments::Nginx;
use MIME::Base64;
use Test::More;

my $nginx = Comments::Nginx->new(
    files => { 'nets.txt' => "127.0.0.0/8 | 1 | ourselves\n",
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
                 comments_rules_vars country=$land $arg_a $arg_b; }',
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

is($nginx->tool('check', '--store', $store)->{exit}, 0,
   'the store agrees with itself');

$nginx->stop;
done_testing();

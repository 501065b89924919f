# What an author is asked before a comment is kept: to think it over (nudge),
# to work for it (challenge).  Once, and no word is lost.

use strict;
use warnings;
use utf8;

use Comments::Nginx;
use Digest::SHA qw(sha256);
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => '
        rule("seen", function(c)
          if c.text:find("facts", 1, true) then
            return hold(tostring(c.form.pow_bits) .. " " ..
                        tostring(c.form.js))
          end
          if c.text:find("paste", 1, true) then
            return hold(tostring(c.form.pasted))
          end
        end)
        rule("rude", function(c)
          if c.text:find("fool", 1, true) then
            return nudge({ en = "That is rude.", nb = "Det er frekt." },
                         "rude")
          end
          if c.text:find("silly", 1, true) then return nudge() end
        end)
        rule("work", function(c)
          if c.text:find("work", 1, true) then
            return challenge { pow = 10 }
          end
        end)' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my %good = (page => '/p', name => 'Kari', email => 'kari@example.org');


sub post {
    my (%fields) = @_;
    return $nginx->post_json('/comments/comment', { %good, %fields });
}

sub count {
    return $nginx->get('/comments/count?page=/p')->{json}{counts}{'/p'};
}

# Digits for which the hash begins with so many zero bits; more is 1 for one
# that has fewer.
sub work_for {
    my ($ticket, $bits, $fewer) = @_;

    for my $n (0 .. 1_000_000) {
        my $zeros = index unpack('B*', sha256("$ticket:$n")), '1';
        return $n if $fewer ? $zeros < $bits : $zeros >= $bits;
    }
}


# A nudge.

my $got    = post(text => 'You fool!');
my $error  = $got->{json}{error};
my $ticket = $error->{ticket};
is("$got->{status} $error->{code} $error->{field}", '422 nudge text',
   'a nudge asks, and names the text');
is($error->{message}, 'That is rude. You can change it, or send it again as'
   . ' it is; then a moderator reads it first.',
   'in the words of the rule, and says what can be done');
like($ticket, qr/^[\w-]{43}$/, 'with a ticket');
ok(!exists $error->{pow}, 'but no work');
is(post(text => 'You fool!', lang => 'nb')->{json}{error}{message} =~
   /^Det er frekt\. Du kan/ ? 1 : 0, 1, 'in the language of the reader');
is(post(text => 'How silly')->{json}{error}{message} =~
   /^Please read your comment once more/ ? 1 : 0, 1,
   'a rule without words has ours');
is(count(), 0, 'nothing is published');

$got = post(text => 'You fool!', ticket => $ticket);
is("$got->{status} $got->{json}{status}", '202 pending',
   'the same words with the ticket wait for a moderator');
is($got->{json}{message}, 'Thank you. A moderator will read this first.',
   'who is told of');
is(post(text => 'You fool!', ticket => $ticket)->{json}{error}{code},
   'duplicate', 'and once more they are a duplicate');
is(post(text => 'You friend!', ticket => $ticket)->{status}, 201,
   'other words are published');
is(post(text => 'An old fool!', ticket => $ticket)->{json}{error}{code},
   'nudge', 'a ticket is of no use for other words');
is(post(text => 'You fool!', page => '/q', ticket => $ticket)
       ->{json}{error}{code}, 'nudge', 'another page');
is(post(text => 'You fool!', name => 'Ola', ticket => $ticket)
       ->{json}{error}{code}, 'nudge', 'or another author');
is(post(text => 'No fool', ticket => $ticket =~ tr/A-Za-z/B-ZAb-za/r)
       ->{json}{error}{code}, 'nudge', 'nor is one that is not ours');


# In a browser without scripts.

sub form {
    my (%fields) = @_;
    return $nginx->post_form('/comments/comment', { %good, %fields },
                             [ Accept => 'text/html' ]);
}

$got = form(text => "Fools!\nfool & <b>fool</b>");
is($got->{status}, 422, 'a form is asked, too');
like($got->{body}, qr/id="comment-text-error">That is rude\. You can/,
     'beside the text');
like($got->{body}, qr/Fools!\nfool &amp; &lt;b&gt;fool&lt;\/b&gt;/,
     'which is still there');
like($got->{body}, qr/value="kari\@example\.org"/, 'so is the e-mail');
my ($hidden) = $got->{body} =~ /name="ticket" value="([\w-]{43})"/;
ok($hidden, 'with the ticket');
$got = form(text => "Fools!\nfool & <b>fool</b>", email => 'wrong',
            ticket => $hidden);
like($got->{body}, qr/name="ticket" value="\Q$hidden\E"/,
     'which stays when something else is wrong');
is(form(text => "Fools!\nfool & <b>fool</b>", ticket => $hidden)->{status},
   303, 'sent again as it was, it is kept');
like(form(text => "Fools!\nfool & <b>fool</b>", ticket => $hidden)->{body},
     qr/value="kari\@example\.org"/,
     'what is refused by the store comes back whole, too');


# A challenge.

$got    = post(text => 'Let it work');
$error  = $got->{json}{error};
$ticket = $error->{ticket};
is("$got->{status} $error->{code} $error->{pow}", '422 challenge 10',
   'a challenge asks for work');
ok(!exists $error->{field}, 'no field is wrong');
$got = post(text => 'Let it work', ticket => $ticket,
            work => work_for($ticket, 10));
is($got->{status}, 201, 'done, the comment is published');
is(post(text => 'Let it work', ticket => $ticket,
        work => work_for($ticket, 10))->{json}{error}{code}, 'duplicate',
   'once');

$error = post(text => 'Too little work')->{json}{error};
is(post(text => 'Too little work', ticket => $error->{ticket},
        work => work_for($error->{ticket}, 10, 1))->{status}, 202,
   'too little work waits for a moderator');
$error = post(text => 'No work')->{json}{error};
is(post(text => 'No work', ticket => $error->{ticket})->{status}, 202,
   'so does none');
$error = post(text => 'Long work')->{json}{error};
is(post(text => 'Long work', ticket => $error->{ticket}, work => '1' x 33)
       ->{status}, 202, 'and what is too long to be any');
is(form(text => 'A form that cannot work')->{status}, 303,
   'a form without scripts is not asked: it waits');

# First the work, then a second thought.

$error = post(text => 'work, fool')->{json}{error};
is($error->{code}, 'challenge', 'a challenge comes before a nudge');
$got   = post(text => 'work, fool', ticket => $error->{ticket},
              work => work_for($error->{ticket}, 10));
$error = $got->{json}{error};
is($error->{code}, 'nudge', 'then the nudge');
is(post(text => 'work, fool', ticket => $error->{ticket})->{status}, 202,
   'then it waits: the work need not be done twice');


# What the rules see, and a token that was lost on the way.

is(post(text => 'facts')->{json}{message}, '0 true',
   'rules see that there is no work, and a script');

# How much was pasted: a number of characters, as far as the text goes.

sub pasted {
    my ($text, @said) = @_;
    return post(text => "paste $text", @said ? (pasted => @said) : ())
        ->{json}{message};
}

is(pasted('a'), 'nil', 'what is not said to be pasted is not known');
is(pasted('b', 0), '0', 'none is none');
is(pasted('c', '7'), '7', 'all of it is all of it');
is(pasted('d', 8), '7', 'more than all is all');
is(pasted('æøå', 9), '9', 'in characters');
is(pasted('æøå x', '18446744073709551615'), '11',
   'the largest number is no more than the text');
is(pasted('e', '18446744073709551616'), 'nil', 'a larger one is none');
my $n = 0;
for my $none ('', '-1', -1, '1.5', '0x1', ' 1', 'half', 1 x 100) {
    is(pasted('f' . $n++, $none), 'nil', "nor is '$none'");
}
is($nginx->post_form('/comments/comment',
       { %good, text => 'paste, a script', pasted => 5 },
       [ Accept => 'application/json' ])->{json}{message}, '5',
   'a script sends it with a form');
my ($no_script) = form(text => 'paste, no script', pasted => 5)
    ->{headers}{location} =~ /#comment-(\d+)$/;
like($nginx->tool('show', $no_script, '--store', $nginx->dir . '/store',
                  '--json')->{out}, qr/"public":\s*"nil"/,
     'and nobody counts where there is no script');

my $token = 'a' x 20;
is(post(text => 'work with a token', token => $token)->{json}{error}{code},
   'challenge', 'a token is not used up by a question');
$error = post(text => 'work with a token', token => $token)->{json}{error};
my %sent = (text => 'work with a token', token => $token,
            ticket => $error->{ticket},
            work => work_for($error->{ticket}, 10));
my $id = post(%sent)->{json}{id};
is(post(%sent)->{json}{id}, $id, 'the same again is one comment');
is(post(text => 'work with a token', token => $token)->{json}{id}, $id,
   'also without the ticket');


# Edits.

my $made   = post(text => 'Before', name => 'Eva', email => 'eva@example.org');
my $author = [ Origin => 'http://localhost:' . $nginx->port,
               Cookie => $nginx->cookies($made),
               'Content-Type' => 'application/json' ];
my $path   = "/comments/comment/$made->{json}{id}";
$got = $nginx->request('PATCH', $path, $author, '{"text":"fool"}');
is($got->{json}{error}{code}, 'nudge', 'an edit is asked');
is($nginx->get($path)->{json}{html}, '<p>Before</p>', 'nothing is changed');
$got = $nginx->request('PATCH', $path, $author,
    qq({"text":"fool","ticket":"$got->{json}{error}{ticket}"}));
is("$got->{status} $got->{json}{status}", '202 pending',
   'the same again waits');

$nginx->stop;
done_testing();

# Moderators at the command line, while nginx serves the same store.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    files    => { 'rules.lua' => 'rule("held", function(c)
        if c.text:find("hold") then return hold("Wait.") end
    end)' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my @store = ('--store', $nginx->dir . '/store');
my @site  = (@store, '--site', 'test');
my @key   = (@site, '--key', $nginx->dir . '/comments.key');
my $file  = $nginx->dir . '/moderators';


# Decisions: seen by readers at once, undone, noted.

my $id = post('hold this')->{json}{id};
is(tool('approve', $id, '--note', 'fine', @store)->{exit}, 0, 'approved');
is(count('/p'), 1, 'readers see it');
is(tool('undo', $id, @store)->{out}, "$id pending\n", 'undone');
is(count('/p'), 0, 'readers do not');
tool('approve', $id, @store);

is(tool('edit', $id, '--text', 'Said <b>better</b>.', @key)->{out},
   "$id edited\n", 'edited');
like($nginx->get("/comments/comment/$id")->{json}{html},
     qr/Said <b>better/, 'readers see the new text');
is(tool('undo', $id, @store)->{exit}, 0, 'and undone');
like($nginx->get("/comments/comment/$id")->{json}{html}, qr/hold this/,
     'readers see the old one');

is(tool('reply', $id, '--text', 'We answer.', '--name', 'Editors', @key)
   ->{exit}, 0, 'a reply');
my ($reply) = grep { $_->{parent} && $_->{parent} == $id }
              @{ $nginx->get('/comments/thread?page=/p')->{json}{comments} };
is("$reply->{author}{name} $reply->{author}{role}", 'Editors moderator',
   'has a badge');


# Pinned: on top, and in its place.

tool('pin', $reply->{id}, @store);
my $thread = $nginx->get('/comments/thread?page=/p')->{json};
is($thread->{pinned}{id}, $reply->{id}, 'a pinned comment');
is(scalar @{ $thread->{comments} }, 2, 'stands in its place as well');
my $html = $nginx->get('/comments/thread.html?page=/p')->{body};
like($html, qr{<div class="comments-pinned">.*We answer.*</div>}s,
     'and in the page');
like($html, qr{comments-pinned.*<div class="comment-body" dir="auto">.*We ans}s,
     'with the style and the direction of its text');
is(scalar(() = $html =~ /id="comment-$reply->{id}"/g), 1, 'with one anchor');
ok(!$nginx->get("/comments/thread?page=/p&after=$id")->{json}{pinned},
   'only on the first part');
tool('hold', $reply->{id}, @store);
ok(!$nginx->get('/comments/thread?page=/p')->{json}{pinned},
   'and not when readers may not see it');
tool('undo', $reply->{id}, @store);


# Closing.

is(tool('close', '/p', '--note', 'late', @site)->{out}, "/p is closed\n",
   'a page is closed');
is(post('too late')->{json}{error}{code}, 'thread_closed', 'to readers');
ok($nginx->get('/comments/thread?page=/p')->{json}{closed}, 'who are told');
is(tool('reopen', '/p', @site)->{out}, "/p is open\n", 'and opened');
is(post('in time')->{status}, 201, 'again');


# Bans: to whom they are for, all looks like waiting.

is(tool('ban', 'add', '--domain', 'bad.example', @key)->{out}, "banned\n",
   'a domain is banned');
my $spam = post('see http://www.bad.example/x');
is($spam->{status}, 202, 'a link to it waits');
is(told('show', $spam->{json}{id})->{status}, 'spam', 'and is spam');
is(told('show', $spam->{json}{id})->{receipt}{rules}[0]{note}, 'bad.example',
   'by its receipt');
is(tool('ban', 'add', '--address', '127.0.0.0/8', '--status', 'rejected',
        @key)->{exit}, 0, 'a network is banned');
is(post('from here')->{status}, 422, 'and told so');
my $bans = decode_json(tool('ban', 'list', '--json', @site)->{out})->{bans};
is(scalar @$bans, 2, 'both are listed');
unlike(tool('ban', 'list', @site)->{out}, qr/127/, 'without the address');
for my $ban (@$bans) {
    is(tool('ban', 'remove', $ban->{key}, @site)->{exit}, 0, 'let in');
}
is(post('from here')->{status}, 201, 'again');
is(tool('ban', 'remove', 'aaaaaaaaaaaa', @site)->{err},
   qq(ngx-comments: there is no ban "aaaaaaaaaaaa"\n), 'no such ban');
is(tool('ban', 'add', @key)->{exit}, 2, 'a ban of nothing is misuse');


# The record.

my @log = map { decode_json($_) } split /\n/,
          tool('log', $id, '--json', @store)->{out};
is(join(' ', map { $_->{what} } @log),
   'submit approve undo approve edit undo', 'the log of a comment');
is("$log[1]{actor} $log[1]{before} $log[1]{after} $log[1]{note}",
   'tool pending approved fine', 'who, from what to what, and why');
is($log[2]{undoes}, $log[1]{seq}, 'and what was undone');
is(scalar(() = tool('log', '--limit', 3, @store)->{out} =~ /\n/g), 3,
   'the newest three');
is(tool('log', '--actor', 'nobody', @store)->{out}, '', 'of nobody: none');
is(tool('log', '--until', '2013-01-08', @store)->{out}, '', 'nor of long ago');
like(tool('log', '--verify', @store)->{out}, qr/^\d+ entries, 0 problems$/m,
     'nothing was altered');
is(tool('log', '--since', 'yesterday', @store)->{exit}, 2, 'no such time');


# A person's data.

post('of one who goes', email => 'Goes@Example.org');
my $export = tool('export', 'jsonl', '--email', 'goes@example.org', @key);
is(scalar(() = $export->{out} =~ /\n/g), 1, 'the export of one person');
like($export->{out}, qr/of one who goes/, 'has the text');
my $erased = tool('erase', '--email', 'goes@example.org', @key);
like($erased->{out}, qr/^erased: 1 comments\n.*--compact$/s,
     'erased, and what is left to do is told');
is(tool('export', 'jsonl', '--email', 'goes@example.org', @key)->{out}, '',
   'then nothing is known');
is(tool('erase', '--email', 'nobody', @key)->{exit}, 1, 'no address');
is(tool('purge', '--spam', '2d', @site)->{exit}, 2, 'a purge too soon');
is(tool('purge', '--spam', '3d', @site)->{out},
   "purged: spam 0, rejected 0, deleted 0\n", 'nothing is so old');


# The file of moderators.

is(with_password('good password', 'add', 'kari', '--role', 'owner')->{out},
   "kari added\n", 'a moderator is added');
is(with_password('short', 'add', 'ola')->{err},
   "ngx-comments: a password has 10 to 1024 bytes\n", 'a short password');
is(tool('moderator', 'add', 'per', '--no-password', '--sites', 'a,b',
        '--file', $file)->{exit}, 0, 'and one without');
like(tool('moderator', 'list', '--file', $file)->{out},
     qr/^kari +owner +\*\nper +moderator +a,b +\(no password\)$/,
     'both are listed');
unlike($nginx->read('moderators'), qr/good password/, 'no password is kept');
is(with_password('another password', 'password', 'kari')->{exit}, 0,
   'another password');
is(tool('moderator', 'remove', 'kari', '--file', $file)->{exit}, 0,
   'one is removed');
is(tool('moderator', 'remove', 'kari', '--file', $file)->{err},
   qq(ngx-comments: there is no moderator "kari"\n), 'once');

is(tool('check', @store)->{out}, "no problems\n", 'the store is whole');

done_testing();


sub tool { return $nginx->tool(@_) }

sub told { return decode_json(tool(@_, '--json', @store)->{out}) }

sub with_password {
    my ($password, $verb, @rest) = @_;

    my $in = $nginx->write('password', "$password\n");
    return Comments::Nginx::run('/bin/sh', '-c', 'exec "$@" < ' . $in, 'sh',
        "$Comments::Nginx::BUILD/ngx-comments", 'moderator', $verb, @rest,
        '--file', $file, '--password-stdin');
}

sub post {
    my ($text, %more) = @_;
    return $nginx->post_json('/comments/comment',
        { page => '/p', text => $text, name => 'N',
          email => 'n@example.org', %more });
}

sub count {
    return $nginx->get("/comments/count?page=$_[0]")->{json}{counts}{$_[0]};
}

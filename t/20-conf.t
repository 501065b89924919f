# What `nginx -t` refuses, and that it says in one line what was expected.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $nginx = Comments::Nginx->new(
    files => { 'good.lua' => 'rule("good", function() return accept() end)',
               'bad.lua'  => "\nrule(\n", 'site/key' => 'x' },
);


# The configuration with these snippets: exit code and what nginx said.
sub conf {
    my (%o) = @_;
    $nginx->configure(map({ $_ => '' } qw(main http server location)), %o);
    my $got = $nginx->test_config;
    return ($got->{exit}, join "\n", grep { /\[emerg\]/ }
                                     split /\n/, $got->{err});
}

sub refused {
    my ($conf, $pattern, $sentence) = @_;
    my ($exit, $said) = conf(%$conf);
    is($exit, 1, "refused: $sentence");
    like($said, $pattern, '... and says so');
    is($said =~ tr/\n//, 0, '... in one line');
}

sub taken {
    my ($conf, $sentence) = @_;
    my ($exit, $said) = conf(%$conf);
    is($exit, 0, "taken: $sentence") or diag $said;
}


taken({}, 'three lines are a site');

# Values of directives: [directive, value that is taken, one that is not,
# what is said].
for (
    [ 'comments_cache',        'off', 'much',  qr/needs a size such as/ ],
    [ 'comments_cache',        '1g',  '-1',    qr/needs a size such as/ ],
    [ 'comments_purge',        '3d',  '71h59m', qr/3 days to 50 years/ ],
    [ 'comments_purge',        'off', 'never', qr/3 days to 50 years/ ],
    [ 'comments_queue',        1,     0,       qr/between 1 and 65536/ ],
    [ 'comments_queue',        65536, 65537,   qr/between 1 and 65536/ ],
    [ 'comments_base_url', 'https://a.b', 'https://a.b/', qr/needs scheme/ ],
    [ 'comments_stream_max',   1,     0,       qr/between 1 and 65536/ ],
    [ 'comments_stream_max',   65536, 65537,   qr/between 1 and 65536/ ],
    [ 'comments_stream_keepalive', '9s', 'x',  qr/invalid value/ ],
    [ 'comments_depth',        1,     0,       qr/between 1 and 10/ ],
    [ 'comments_depth',        10,    11,      qr/between 1 and 10/ ],
    [ 'comments_page_size',    1,     0,       qr/between 1 and 200/ ],
    [ 'comments_page_size',    200,   201,     qr/between 1 and 200/ ],
    [ 'comments_text_max',     65536, 65537,   qr/between 1 and 65536/ ],
    [ 'comments_markup',       'plain', 'bbcode', qr/"html" or "markdown"/ ],
    [ 'comments_require',      'name email', 'phone', qr/or "none"/ ],
    [ 'comments_require',      'none', 'none name',   qr/or "none"/ ],
    [ 'comments_limit_author', '5/1m', '5',           qr/"5\/1m", or "off"/ ],
    [ 'comments_limit_author', 'off',  '0/1m',        qr/"5\/1m", or "off"/ ],
    [ 'comments_limit_address', '9/86400', '9/86401', qr/at most a day/ ],
    [ 'comments_origins', 'https://a.b:81', 'https://a.b/', qr/expected sch/ ],
    [ 'comments_origins', 'http://[::1]',   'null',         qr/expected sch/ ],
    [ 'comments_rules_budget', 'steps=900000 time=5ms', 'steps=0',
      qr/expected parts of/ ],
    [ 'comments_rules_vars', 'country=$arg_a $host', 'host',
      qr/expected variables such as/ ],
    [ 'comments_rules_vars', join(' ', map { "v$_=\$host" } 1 .. 16),
      join(' ', map { "v$_=\$host" } 1 .. 17), qr/at most 16/ ],
    [ 'comments_identity', '$remote_user role=$arg_a', '$remote_user $arg_a',
      qr/role=\$variable/ ],
    [ 'comments_identity', 'off', 'off role=staff', qr/takes no role/ ],
    [ 'comments_rules_budget', 'memory=3m', 'disk=3m', qr/expected parts of/ ],
) {
    my ($name, $good, $bad, $pattern) = @$_;
    taken({ http => "$name $good;" }, "$name $good");
    refused({ http => "$name $bad;" }, $pattern, "$name $bad");
}

# What stands there twice.
for (
    [ 'comments_insert /comments/ assets=on assets=off', 'assets=off' ],
    [ 'comments_insert /comments/ page=$uri page=/',     'page=/' ],
    [ 'comments_rules_budget steps=8 time=5ms steps=9',  'steps=9' ],
    [ 'comments_rules_budget memory=3m memory=3m',       'memory=3m' ],
    [ 'comments_rules_budget time=5ms; comments_rules_budget time=6ms',
      'time=6ms' ],
    [ 'comments_require email email',                    'email' ],
    [ 'comments_rules_vars $host a=$arg_a host=$arg_b',  'host=$arg_b' ],
    [ 'comments_alias /a/ /b; comments_alias /a/index.html /c',
      '/a/index.html' ],
) {
    my ($lines, $param) = @$_;
    refused({ http => "$lines;" }, qr/parameter "\Q$param\E" is duplicate/,
            $lines);
}
refused({ http => 'comments_share copy copy;' }, qr/each once/,
        'a way to share twice');
taken({ http => 'comments_rules_budget time=5ms;
                 comments_rules_budget steps=9;',
        server => 'comments_rules_budget time=6ms;' },
      'each parameter once on each level');

# The file of moderators.

my $here = 'location /m/ { comments m; comments_moderators %%DIR%%/mods; }';
refused({ server => $here }, qr/comments_moderators: .*mods/,
        'moderators who are not there');
$nginx->write('mods', "kari owner * -\n");
chmod 0644, $nginx->dir . '/mods';
refused({ server => $here }, qr/comments_moderators: .*chmod/,
        'a file of moderators that everybody can read');
chmod 0600, $nginx->dir . '/mods';
taken({ server => $here }, 'one that is only its owner\'s');
$nginx->write('mods', "kari king * -\n");
refused({ server => $here }, qr/comments_moderators: .*mods:1\b|line 1/,
        'one with a role that there is not');
$nginx->write('mods', '');
taken({ server => $here }, 'an empty one');
$nginx->write('site/mods', "kari owner * -\n");
chmod 0600, $nginx->dir . '/site/mods';
refused({ server => 'location /m/ { comments m;
                       comments_moderators %%DIR%%/site/mods; }' },
        qr/lies inside the document root/, 'one that could be fetched');
refused({ http => 'comments_moderator kari;' }, qr/needs a variable/,
        'a moderator who is everybody');
refused({ http => 'comments_moderator $nothing_at_all;' },
        qr/unknown "nothing_at_all" variable/, 'a variable that is not there');
taken({ http => 'comments_moderator $remote_user; comments_moderators off;' },
      'one that is');

refused({ http => 'comments_thread_pool none;' }, qr/unknown thread pool/,
        'a thread pool that is not there');
taken({ main => 'thread_pool ours threads=2;',
        http => 'comments_thread_pool ours;' }, 'one that is there');


# Where comments may stand.

my $where = qr/needs a location that is a prefix, such as/;
refused({ server => "location $_ { comments test; }" }, $where, "location $_")
    for '= /c/', '~ /c/', '@c';
refused({ server => 'location /c/ { comments ""; }' },
        qr/needs the name of a site, 1 to 255 bytes/, 'a site without a name');
taken({ server => 'location /c/ { comments ' . 'a' x 255 . '; }' },
      'a name at the limit');
refused({ server => 'location /c/ { comments ' . 'a' x 256 . '; }' },
        qr/1 to 255 bytes/, 'a name one byte too long');
refused({ location => 'comments other;' }, qr/is duplicate/,
        'two sites in one location');
taken({ location => 'location /comments/x/ { comments x; }' },
      'a site inside another');
taken({ location => 'limit_except GET { allow all; }
                     if ($arg_a) { set $b 1; }' }, 'with its parts');


# Key and store.

my $key = $nginx->dir . '/comments.key';

chmod 0644, $key;
refused({}, qr/comments_key: .* chmod 600 \Q$key\E/,
        'a key that others can read');
chmod 0600, $key;

sub paths {
    my ($store, $key) = @_;
    my $conf = $nginx->read('nginx.conf');
    $conf =~ s/^load_module .*//m;
    $conf =~ s/^.*?^events/events/ms;
    $conf =~ s/comments_store .*/$store/;
    $conf =~ s/comments_key .*/$key/;
    return $conf;
}

conf();
my ($store_line, $key_line) = ('comments_store %%DIR%%/store;',
                               'comments_key %%DIR%%/comments.key;');

for ([ $store_line, '', qr/make one with "ngx-comments key new .* in \S+:\d+/,
       'comments without a key' ],
     [ $store_line, 'comments_key %%DIR%%/none;', qr/comments_key: .*missing/,
       'a key that is not there' ],
     [ 'comments_store %%DIR%%/site/store;', $key_line,
       qr/store" lies inside the document root/, 'a store in the root' ],
     [ 'comments_store %%DIR%%/store map=1;', $key_line,
       qr/such as "map=64g"/, 'a map that holds nothing' ])
{
    my ($store, $key, $pattern, $sentence) = @$_;
    refused({ conf => paths($store, $key) }, $pattern, $sentence);
    $nginx->configure(conf => undef);
}

refused({ server => 'location /s/ { alias %%DIR%%/; }' },
        qr/lies inside the document root/, 'a store below an alias');


# Rules.

taken({ http => 'comments_rules %%DIR%%/good.lua;',
        server => 'location /c/ { comments c;
                       comments_rules %%DIR%%/good.lua; }' }, 'good rules');
refused({ location => 'comments_rules %%DIR%%/bad.lua;' },
        qr/comments_rules: \S*bad\.lua:\d+: .* in \S+nginx\.conf:\d+$/,
        'bad rules, with their line and the line of the conf');
refused({ location => 'comments_rules %%DIR%%/none.lua;' },
        qr/comments_rules: .*none\.lua/, 'rules that are not there');
taken({ http     => 'comments_rules %%DIR%%/bad.lua;',
        location => 'comments_rules_inherit off;' },
      'bad rules that no location uses');

$nginx->allow(qr/\[emerg\]/)->stop;
done_testing();

# Beside Debian's http-lua (LuaJIT, which has Lua's symbol names): both work,
# whichever is loaded first.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my @lua = ('/usr/lib/nginx/modules/ndk_http_module.so',
           '/usr/lib/nginx/modules/ngx_http_lua_module.so');

for my $after (0, 1) {
    my $when = $after ? 'after' : 'before';

    my $nginx = Comments::Nginx->new(
        load  => \@lua, after => $after,
        files => { 'rules.lua' => 'rule("x", function(c)
                       if c.text:find("h.ld") then return hold("Wait.") end
                   end)' },
        http  => 'lua_package_path ";;";',
        location => 'comments_rules %%DIR%%/rules.lua;',
        server   => 'location /lua { content_by_lua_block {
                         ngx.say(_VERSION, " ", jit and "jit" or "plain", " ",
                                 string.rep("ab", 2)) } }',
    );

    my $test = $nginx->test_config;
    if ($test->{err} =~ /resty\.core/) {
        diag $test->{err};
    }
    is($test->{exit}, 0, "http-lua loaded $when ours: the configuration loads")
        or diag $test->{err};
    $nginx->start;

    for (1 .. 3) {
        is($nginx->get('/lua')->{body}, "Lua 5.1 jit abab\n",
           'LuaJIT is LuaJIT');
        is($nginx->post_json('/comments/comment',
            { page => '/', name => 'N', email => "n$_\@example.org",
              text => "hold $_" })->{status}, 202, 'our rules are Lua 5.4');
    }

    $nginx->stop;
}

done_testing();

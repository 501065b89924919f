# The documentation against the code: directives.md against the table of
# commands, http-api.md against the table of errors, internals.md against the
# sources, links against files, snippets of configuration against nginx -t.
#
# A directive's section in docs/directives.md is
#
#   ## comments_store
#
#   Syntax: `comments_store path`
#   Default: none
#   Context: http
#
# A block of ```nginx runs when its first line is a comment that says where
# it belongs; the test puts the rest of a configuration around it:
#
#   # nginx.conf     nothing around it
#   # http           http { our store and key ... }
#   # server         the same, and a server
#   # location       the same, and location /comments/ { comments test; ... }
#
# What the block itself says is not said again, and `events` is always there.
# Paths in a block stand for the test's own files: see %own below.  Ports
# are replaced, user and load_module lines are left out.

use strict;
use warnings;

use Comments::Nginx;
use File::Basename qw(dirname);
use File::Spec;
use Test::More;

my @pages = ('README.md', glob('*.md docs/*.md'));
@pages = do { my %seen; grep { -e && !$seen{$_}++ } @pages };

my %own = (
    '/var/lib/ngx-comments'          => '%%DIR%%/store',
    '/etc/nginx/comments.key'        => '%%DIR%%/comments.key',
    '/etc/nginx/comments/moderators' => '%%DIR%%/moderators',
    '/var/www/html'                  => '%%DIR%%/site',
);
my $levels    = 'nginx\.conf|http|server|location';
my $snippet   = qr/^```nginx\n(# ($levels)\b.*?)^```/ms;
my $own_rules = 'rule("none", function(c) end)';


# Links and lengths.

my @broken;
for my $page (@pages) {
    my $text = slurp($page) =~ s/^```.*?^```//msgr;
    while ($text =~ /\]\(([^)\s]+)\)/g) {
        my ($path, $anchor) = $1 =~ /^([^#]*)(?:#(.*))?$/;
        next if $path =~ m{^[a-z]+:};
        my $target = length $path
            ? File::Spec->catfile(dirname($page), $path) : $page;
        push @broken, "$page: $1" unless -e $target
            && (!defined $anchor || has_anchor($target, $anchor));
    }
}
is(join("\n", @broken), '', 'every link between files arrives');


# Pictures: ![what is to be seen](images/name.png), alone on its lines.

my (%shown, @nameless);
for my $page (@pages) {
    my $text = slurp($page) =~ s/^```.*?^```|`[^`\n]*`//msgr;
    while ($text =~ /!\[([^\]]*)\]\(([^)\s]+)\)/g) {
        my ($alt, $path) = ($1, $2);
        $shown{ dirname($page) . "/$path" } = 1;
        push @nameless, "$page: $path" if length $alt < 20;
    }
}
my %kept = map { $_ => -s } glob 'docs/images/*';
is(join("\n", @nameless), '', 'each picture says what is to be seen');
is(join("\n", sort keys %shown), join("\n", sort keys %kept),
   'each that is there is shown, and no other');
is(join("\n", grep { $kept{$_} > 60_000 || !/\.png$/ } sort keys %kept), '',
   'all are PNG of 60 000 bytes at most');

SKIP: {
    skip 'no README yet', 1 unless -e 'README.md';
    cmp_ok(lines('README.md'), '<=', 120, 'README fits on 120 lines');
}


# Directives.

SKIP: {
    skip 'no directives.md yet', 3 unless -e 'docs/directives.md';

    my %table = commands();
    my %told  = sections('docs/directives.md');

    is(join(' ', grep { !$told{$_} } sort keys %table), '',
       'every directive of the module is told');
    is(join(' ', grep { !$table{$_} } sort keys %told), '',
       'and every one that is told exists');

    my @bad;
    for my $name (sort keys %told) {
        my $told = $told{$name};
        push @bad, map { "$name: no $_" }
                   grep { !defined $told->{$_} } qw(Syntax Default Context);
        my $syntax  = $told->{Syntax}  // '';
        my $context = join ' ', sort(($told->{Context} // '') =~
                                     /\b(main|http|server|location)\b/g);
        push @bad, "$name: Syntax: $syntax" unless $syntax =~ /\b$name\b/;
        push @bad, "$name: Context: $context, but $table{$name}"
            if $table{$name} && $context ne $table{$name};
    }
    is(join("\n", @bad), '', 'with its syntax, default and contexts');
}


# Errors: the rows | `code` | status | sentence | of http-api.md.

SKIP: {
    skip 'no http-api.md yet', 1 unless -e 'docs/http-api.md';

    my @told = slurp('docs/http-api.md')
               =~ /^\| (`\w+` \| \d{3} \| [^|]+) \|$/mg;
    is(join("\n", sort @told), join("\n", errors()),
       'every error is told as the code has it, and no other');
}


# internals.md names files, functions and keys that are there.

SKIP: {
    skip 'no internals.md yet', 3 unless -e 'docs/internals.md';

    my $text = slurp('docs/internals.md');
    my $code = join '', map { slurp($_) }
               glob 'core/*.h core/*/*.[ch] ngx_module/*.[ch]';

    my @functions = $text =~ /`(\w+)\(\)`/g;
    is(join(' ', grep { $code !~ /\b\Q$_\E\(/ } @functions), '',
       scalar(@functions) . ' functions are named that exist');

    my @files = $text =~ m{`((?:core|ngx_module|docs|t|lua|web)/[\w./*-]+)`}g;
    push @files, map { "ngx_module/$_" } $text =~ /`(ngx_http_\w+\.[ch])`/g;
    is(join(' ', grep { !grep { -e } glob } @files), '',
       scalar(@files) . ' files, too');

    my ($keys) = $text =~ /^```\n(table .*?)^```/ms;
    my $schema = slurp('core/store/schema.h') =~ s/[ *]+/ /gr;
    is(join("\n", grep { index($schema, s/[ *]+/ /gr) < 0 }
                  split /\n/, $keys // 'no table of keys'), '',
       'and the keys are those of schema.h');
}


# Snippets.

for my $page (@pages) {
    my $text = slurp($page);
    while ($text =~ /$snippet/g) {
        my ($block, $level) = ($1, $2);
        my $line = 1 + (substr($text, 0, $-[1]) =~ tr/\n//);
        my $result = try_block($block, $level);
        is($result->{exit}, 0, "$page:$line is a good configuration")
            or diag($result->{err}, $result->{conf});
    }
}

done_testing();


sub try_block {
    my ($block, $level) = @_;

    $block =~ s/^\s*(load_module|user)\s[^;]*;[^\n]*//mg;
    $block =~ s/\b(listen\s+)[^;]*;/${1}127.0.0.1:%%PORT%%;/g;
    for my $path (sort { length $b <=> length $a } keys %own) {
        $block =~ s/\Q$path\E(?![\w.-])/$own{$path}/g;
    }
    $block =~ s{/etc/nginx/[\w/.-]+\.lua}{%%DIR%%/rules.lua}g;

    my $nginx = Comments::Nginx->new(
        conf  => around($block, $level),
        files => { 'rules.lua' => $own_rules,
                   'moderators' => "kari owner * -\n" });
    chmod 0600, $nginx->dir . '/moderators';
    my $result = $nginx->test_config;
    $result->{err} .= $nginx->read('stderr.log') . $nginx->log;
    $result->{conf} = $nginx->read('nginx.conf');

    return $result;
}


# What a block needs around it; what it says itself is not said twice.
sub around {
    my ($block, $level) = @_;

    my %says  = map { $_ => 1 } $block =~ /^\s*(\w+)\s/mg;
    my $inner = join '', map { "${_}_temp_path %%DIR%%/temp/$_;\n" }
                qw(client_body proxy fastcgi uwsgi scgi);

    $inner .= "comments_store %%DIR%%/store;\n"
        unless $says{comments_store} || $level eq 'nginx.conf';
    $inner .= "comments_key %%DIR%%/comments.key;\n"
        unless $says{comments_key} || $level eq 'nginx.conf';

    if ($level eq 'location') {
        $block = "comments test;\n$block" unless $says{comments};
        $block = "location /comments/ {\n$block}\n";
    }
    if ($level =~ /^(location|server)$/) {
        $block = "server {\nlisten 127.0.0.1:%%PORT%%;\n"
               . "root %%DIR%%/site;\n$block}\n";
    }
    if ($level eq 'nginx.conf') {
        $block =~ s/^(\s*http\s*\{)/$1\n$inner/m;
    } else {
        $block = "http {\n$inner$block}\n";
    }

    return $says{events} ? $block : "events {}\n$block";
}


# name => "http location server" of every row of ngx_command_t tables.
sub commands {
    my %word = (NGX_MAIN_CONF => 'main', NGX_HTTP_MAIN_CONF => 'http',
                NGX_HTTP_SRV_CONF => 'server', NGX_HTTP_LOC_CONF => 'location');
    my %table;

    for my $file (glob 'ngx_module/*.c') {
        my $source = slurp($file);
        my %macro  = $source =~ /^#define\s+(\w+)[\s\\]+\(([^)]*)\)$/mg;
        $source =~ s/\b(\w+)\b/$macro{$1} || $1/ge if %macro;
        while ($source =~ /\{\s*ngx_string\("(comments\w*)"\),\s*([^,]*),/g) {
            my ($name, $flags) = ($1, $2);
            next unless $flags =~ /NGX_/;
            $table{$name} = join ' ', sort map { $word{$_} // () }
                                           $flags =~ /\w+/g;
        }
    }

    return %table;
}

# "`code` | status | sentence" of every error in CMT_ERRORS.
sub errors {
    my @rows;
    my $header = slurp('core/cmt_errors.h');

    push @rows, "`$1` | $2 | $3"
        while $header =~ /^\s+X\(CMT_E\w+,\s*"(\w+)",\s*(\d+),[\s\\]*
                          "(.*?)"\)/mgx;

    return sort @rows;
}

# name => { Syntax, Default, Context } of every "## comments..." section.
sub sections {
    my ($page) = @_;

    my (%told, $name);
    for (split /\n/, slurp($page)) {
        if (/^##\s+`?(\$?\w+)/) {
            $name = $1;
            $told{$name} = {} if $name =~ /^comments/;
        }
        next unless $name && $told{$name};
        $told{$name}{$1} //= $2
            if /^\W*(Syntax|Default|Context)\W+?\s*(\S.*)$/;
    }

    return %told;
}

sub has_anchor {
    my ($page, $anchor) = @_;

    return 1 unless $page =~ /\.md$/;
    for (slurp($page) =~ /^#+\s+(.*)$/mg) {
        my $made = lc s/[^\w\s-]//gr;
        $made =~ s/\s/-/g;
        return 1 if $made eq $anchor;
    }

    return 0;
}

sub slurp {
    my ($path) = @_;
    open my $in, '<:encoding(UTF-8)', $path or die "$path: $!";
    local $/;
    return scalar <$in> // '';
}

sub lines { my @lines = split /\n/, slurp($_[0]); return scalar @lines }

# Who may include whom, and which folder owns which library.

use strict;
use warnings;

use Test::More;

# The arrows.  A file may include its own folder's headers, those of the
# folders named here, cmt.h and the C library; nothing else.
my %may_see = (
    base     => [],
    privacy  => [qw(base)],
    text     => [qw(base)],
    store    => [qw(base privacy text)],
    rules    => [qw(base privacy text store)],
    actions  => [qw(base privacy text store rules)],
    render   => [qw(base privacy text store rules actions)],
    exchange => [qw(base privacy text store rules actions)],
    tool     => [qw(base)],      # else by cmt.h, as any user of the library
);

# Libraries: which headers are theirs, and the only folder, or the only file,
# that may see them.
my @owners = (
    [ qr/^sodium(\.h|\/)/,                 'core/privacy/'         ],
    [ qr/^lmdb\.h/,                        'core/store/'           ],
    [ qr/^(lua\S*\/)?(lua|lualib|lauxlib|luaconf)\.h/, 'core/rules/' ],
    [ qr/^dlfcn\.h/,                       'core/rules/'           ],
    [ qr/^md4c/,                           'core/text/'            ],
    [ qr/^unicode\//,                      'core/text/'            ],
    [ qr/^libstemmer\.h/,                  'core/text/stem.c'      ],
    [ qr/^zlib\.h/,                        'core/base/gzip.c'      ],
    [ qr/^expat/,                          'core/exchange/xml.c'   ],
    [ qr/^sqlite3/,                        'core/exchange/isso.c'  ],
    [ qr/^ng[xi]_|^nginx/,                 'ngx_module/'           ],
    [ qr/^(malloc|alloca)\.h/,             'core/base/arena.c'     ],
);

# A reload has two configurations alive, so nothing may be kept in global
# variables but what a process has only one of.
my @one_per_process = (
    'env.o:registry', 'env.o:registry_lock',    # an environment opens once
    'lang.o:lock', 'lang.o:loaded',     # catalogues, which are compiled in
    'lang_date.o:lock', 'lang_date.o:formats', 'lang_date.o:n_formats',
    'guess.o:once', 'guess.o:slots',    # small words of languages
    'lua_api.o:cmt__lua', 'lua_api.o:once', 'lua_api.o:reason',   # a library
);

my @files = sort glob 'core/*.h core/*/*.[ch] ngx_module/*.[ch]';
ok(@files > 10, 'there are sources to look at');

is(join(' ', grep { !$may_see{$_} } map { m{^core/(\w+)$} } glob 'core/*'),
   '', 'every folder of core has its place in the table');

my $allocates = qr/(?<![\w.>]) (malloc | calloc | realloc | free | strn?dup
                   | aligned_alloc | posix_memalign | v?asprintf | alloca)
                   \s* \(/x;

my (@arrows, @libraries, @memory, @mains);

for my $file (@files) {
    my $source = source($file);

    while ($source =~ /^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]/mg) {
        my $line = line($source, $-[0]);
        if ($1 eq '"') {
            push @arrows, "$file:$line: $2" unless arrow_ok($file, $2);
        } else {
            push @libraries, "$file:$line: <$2>" unless library_ok($file, $2);
        }
    }

    my $code = without_strings($source);
    while ($code =~ /$allocates/g) {
        push @memory, "$file:" . line($code, $-[0]) . ": $1"
            unless $file eq 'core/base/arena.c';
    }
    while ($code =~ /^main\s*\(/mg) {
        push @mains, $file;
    }
}

is(join("\n", @arrows), '', 'the arrows between folders point one way');
is(join("\n", @libraries), '', 'each library is seen by its owner only');
is(join("\n", @memory), '', 'only the arena asks the system for memory');
is(join("\n", grep { !m{^core/tool/} } @mains), '', 'only the tool has main()');

SKIP: {
    my $library = ($ENV{TEST_BUILD} || 'build') . '/libcmt.a';
    skip 'the library is not built here', 2 unless -e $library;

    my (@names, @writable);
    for (`nm -A -f sysv $library 2>/dev/null`) {
        my ($name, $class, $section) = (split /\s*\|\s*/)[0, 2, 6] or next;
        next unless defined $section;
        $name =~ s/^.*:([\w.-]+:)/$1/ or next;
        my $object = $1;
        $name =~ s/^\Q$object\E//;
        push @names, $name if $class =~ /^[TDBRC]$/
                              && $name !~ /^(__odr_asan\.)?cmt_/;
        push @writable, "$object$name"
            if writable($section, $class, $object, $name);
    }

    is(join("\n", @names), '', 'every global name of the library is cmt_...');
    is(join("\n", @writable), '', 'and it keeps nothing in global variables');
}

# What reads files of other systems belongs to the tool: nginx has no part in
# it, and none of its libraries.
SKIP: {
    my $module = ($ENV{TEST_BUILD} || 'build') . '/ngx_http_comments_module.so';
    skip 'the module is not built here', 1 unless -e $module;

    my @needed = map { /NEEDED.*\[(.*?)\]/ ? $1 : () } `readelf -d $module`;
    is(join(' ', grep { /sodium|expat|sqlite/ } map { s/\.so.*//r } @needed),
       'libsodium', 'nginx does not load the libraries that read files');
}

done_testing();


sub arrow_ok {
    my ($file, $header) = @_;

    if ($file =~ m{^ngx_module/}) {
        return $header eq '../core/cmt.h' || $header =~ /^ngx_\w+\.h$/;
    }
    return $header =~ /^cmt_\w+\.h$/ && -e "core/$header"
        if $file eq 'core/cmt.h';      # a part of it includes nothing
    return 0 unless $file =~ m{^core/(\w+)/};

    my $folder = $1;
    return 1 if $header eq '../cmt.h';
    return 1 if $header =~ /^\w+\.h$/ && -e "core/$folder/$header";

    my ($other) = $header =~ m{^\.\./(\w+)/\w+\.h$} or return 0;

    return !!grep { $_ eq $other } @{ $may_see{$folder} || [] };
}

sub library_ok {
    my ($file, $header) = @_;

    for (@owners) {
        my ($pattern, $owner) = @$_;
        return index($file, $owner) == 0 if $header =~ $pattern;
    }

    return 1;
}

# Thread-local test hooks are in .tbss; the sanitizers add names of their own.
sub writable {
    my ($section, $class, $object, $name) = @_;

    return 0 if $section !~ /^\.(data|bss)(?!\.rel\.ro)/ && $class ne 'C';
    return 0 if $name =~ /^(__odr_asan|__asan|_*ubsan|\.L)/;
    return !grep { "$object$name" eq $_ } @one_per_process;
}

# Comments become blanks, so that lines keep their numbers.
sub source {
    my ($file) = @_;

    open my $in, '<', $file or die "$file: $!";
    local $/;
    my $source = <$in>;
    $source =~ s{("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+')|(/\*.*?\*/)}
                {defined $1 ? $1 : $2 =~ s/[^\n]/ /gr}gse;

    return $source;
}

sub without_strings {
    my ($source) = @_;
    $source =~ s/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/""/g;
    return $source;
}

sub line {
    my ($text, $at) = @_;
    return 1 + (substr($text, 0, $at) =~ tr/\n//);
}

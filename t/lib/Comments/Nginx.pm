package Comments::Nginx;

# One nginx with the module, for one test file.  Core Perl only.
#
#   use Comments::Nginx;
#
#   my $nginx = Comments::Nginx->new(
#       location => 'comments_text_max 100;',     # all are optional
#       files    => { 'rules.lua' => '...' },
#   )->start;
#
#   my $got = $nginx->post_json('/comments/comment',
#                               { page => '/', text => 'Hello' });
#   is($got->{status}, 201, 'a comment is accepted');
#   is($got->{json}{status}, 'approved', 'and published');
#
#   $nginx->stop;       # one assertion: nothing above [error] was logged
#   done_testing();
#
# Everything lies in one temporary directory, %%DIR%% in snippets, which is
# removed at the end unless TEST_KEEP=1:
#
#   nginx.conf  error.log  access.log  stderr.log  comments.key  store/
#   site/       the document root           temp/  nginx's temporary files
#
# Where the build is comes from TEST_BUILD (build), which nginx to run from
# TEST_NGINX (/usr/sbin/nginx), which module from TEST_MODULE (that of the
# build); with TEST_STATIC=1 the module is in nginx.
# TEST_UNDER is a program, such as valgrind with its options, to run nginx in:
# what that says in lines of "==PID==" is alarming, and all may take longer, so
# that nginx says so.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(sleep time);

our $ROOT  = abs_path(dirname(__FILE__) . '/../../..');
our $BUILD = abs_path(
    ($ENV{TEST_BUILD} || 'build') =~ m{^(/.*)} ? $1
        : "$ROOT/" . ($ENV{TEST_BUILD} || 'build')) || "$ROOT/build";

my $NGINX      = $ENV{TEST_NGINX} || '/usr/sbin/nginx';
my @UNDER      = split ' ', $ENV{TEST_UNDER} || '';
our $LONGER    = @UNDER ? 6 : 1;       # all may take so many times as long
my $PATIENCE   = 20 * $LONGER;         # what takes longer has failed: nginx,
my $SECONDS    = $ENV{TEST_SECONDS} || $PATIENCE;       # an answer
my $ALARMING   = qr/ \[alert\]  | \[emerg\] | \[crit\]
                   | exited\ on\ signal | Sanitizer | runtime\ error:
                   | ^==\d+==\ /x;
my @RUNNING;                   # for END

# nginx would take it for sockets that it inherits.
delete $ENV{NGINX};


# new(%options): makes the directory, the key and nginx.conf.
#
#   main, http, server, location   snippets for these levels; `location` is
#                inside "location /comments/"
#   conf         a whole nginx.conf instead; load_module is put before it
#   site         the site's name; "test"
#   pages        comments_pages; "any", so that tests may post to pages that
#                their site does not have
#   workers      worker_processes; 1
#   level        of error_log; "info" ("debug" needs no other nginx)
#   files        { name => content } to put into the directory first
#   load         other modules, loaded before ours; after => 1: after it
#   key          0: do not make comments.key
#   beside       another one, whose store and key this one has, too
#   preload      libraries of t/fault to load before all others
#   env          { NAME => value } for nginx
#   rules        0: the built-in rules.  Else there is a file without any, so
#                that a test which is not about rules has its posts published

sub new {
    my ($class, %o) = @_;

    my $self = bless {
        site  => 'test', pages => 'any', workers => 1, level => 'info',
        load  => [], rules => 1, %o,
        dir   => tempdir('ngx-comments-XXXXXX', TMPDIR => 1),
        allow => @UNDER ? [ qr/a task takes longer than/ ] : [],
        seen  => {}, owner => $$,
    }, $class;

    $self->{port} = $self->free_port;
    chmod 0755, $self->{dir};
    make_path("$self->{dir}/site", "$self->{dir}/temp");
    $self->write($_, $o{files}{$_}) for sort keys %{ $o{files} || {} };

    if (!$o{beside} && ($o{key} // 1)) {
        my $made = $self->tool('key', 'new', "$self->{dir}/comments.key");
        die "no key: $made->{err}" if $made->{exit};
    }

    $self->configure;
    push @RUNNING, $self;

    return $self;
}

sub dir  { $_[0]{dir} }
sub port { $_[0]{port} }
sub pid  { $_[0]{pid} }


# A port of 127.0.0.1 that is ours until the test ends, though nobody listens
# on it meanwhile.  Tests run beside each other: so it lies below those that
# the system gives to clients, and the same port of another loopback address,
# which we keep, tells other tests that it is taken.

my @KEPT;

sub free_port {
    for (1 .. 1000) {
        my $port = 10000 + int rand 20000;
        my $kept = listener('127.7.7.7', $port) or next;
        listener('127.0.0.1', $port) or next;
        push @KEPT, $kept;
        return $port;
    }

    die "no port: $!";
}

sub listener {
    my ($address, $port) = @_;
    return IO::Socket::INET->new(Listen => 1, LocalAddr => $address,
                                 LocalPort => $port, ReuseAddr => 1);
}

# A small application behind nginx: it answers each request in a process of
# its own, by answer(socket, head).  Gives the process to be killed.

sub application {
    my ($port, $answer) = @_;

    my $listen = IO::Socket::INET->new(Listen => 50, ReuseAddr => 1,
        LocalAddr => '127.0.0.1', LocalPort => $port) or die "listen: $!";
    my $child = fork // die "fork: $!";
    return $child if $child;

    $SIG{CHLD} = 'IGNORE';
    while (my $socket = $listen->accept) {
        next if fork;
        my $head = '';
        while (my $line = <$socket>) {
            $head .= $line;
            last if $line eq "\r\n";
        }
        $answer->($socket, $head);
        close $socket;
        POSIX::_exit(0);
    }
    POSIX::_exit(0);
}


# Files of the directory: write(name, content), read(name).

sub write {
    my ($self, $name, $content) = @_;

    my $path = "$self->{dir}/$name";
    make_path(dirname($path));
    open my $file, '>:raw', $path or die "$path: $!";
    print $file bytes($self->expand($content));
    close $file or die "$path: $!";

    return $path;
}

sub read {
    my ($self, $name) = @_;

    open my $file, '<:raw', "$self->{dir}/$name" or return '';
    local $/;

    return scalar <$file> // '';
}

sub expand {
    my ($self, $text) = @_;

    $text =~ s/%%DIR%%/$self->{dir}/g;
    $text =~ s/%%PORT%%/$self->{port}/g;
    $text =~ s/%%ROOT%%/$ROOT/g;

    return $text;
}


# Writes nginx.conf again, with the options changed as given; then reload().

sub configure {
    my ($self, %o) = @_;

    %$self = (%$self, %o);
    my %s = map { $_ => $self->{$_} // '' } qw(main http server location);

    my @modules = $ENV{TEST_STATIC} ? ()
        : ($ENV{TEST_MODULE} || "$BUILD/ngx_http_comments_module.so");
    $self->{after} ? push(@modules, @{ $self->{load} })
                   : unshift(@modules, @{ $self->{load} });

    my $head = join '', map { "load_module $_;\n" } @modules;
    $head .= "user root;\n" if $> == 0;
    $head .= "env LD_PRELOAD;\nenv ASAN_OPTIONS;\n"    # of its new binary, too
        if $ENV{TEST_PRELOAD};
    $head .= <<"END";
worker_processes $self->{workers};
pid %%DIR%%/nginx.pid;
error_log %%DIR%%/error.log $self->{level};
worker_shutdown_timeout 10s;
END

    $self->write('no-rules.lua', "-- Everything is published.\n");
    my $rules = $self->{rules} ? 'comments_rules %%DIR%%/no-rules.lua;' : '';

    my $kept = $self->{beside} ? $self->{beside}->dir : '%%DIR%%';
    my $map = @UNDER ? ' map=1g' : '';        # valgrind has no room for more

    my $temp = join '', map { "    ${_}_temp_path %%DIR%%/temp/$_;\n" }
               qw(client_body proxy fastcgi uwsgi scgi);

    $self->write('nginx.conf', $head . ($self->{conf} // <<"END"));
$s{main}
events { worker_connections 512; }
http {
    default_type text/html;
    access_log %%DIR%%/access.log;
$temp
    comments_store $kept/store$map;
    comments_key   $kept/comments.key;
    comments_pages $self->{pages};
    $rules
    $s{http}
    server {
        listen 127.0.0.1:%%PORT%%;
        server_name localhost;
        root %%DIR%%/site;
        location /comments/ {
            comments $self->{site};
            $s{location}
        }
        $s{server}
    }
}
END

    return $self;
}


# nginx -t: {exit, err}.

sub test_config {
    my ($self) = @_;

    local %ENV = %ENV;
    sanitizer_env();
    # This one ends without giving anything back.
    $ENV{ASAN_OPTIONS} .= ':detect_leaks=0' if $ENV{ASAN_OPTIONS};

    return run($NGINX, '-t', '-e', "$self->{dir}/stderr.log", '-p',
               $self->{dir}, '-c', "$self->{dir}/nginx.conf");
}


# What a configuration that is to be refused is told.

sub refusal {
    my ($class, %options) = @_;

    my $bad = $class->new(%options);
    my $out = $bad->test_config;
    $bad->allow(qr/\[emerg\]/);
    return $out->{err} . $bad->read('stderr.log');
}


# start: returns when the port answers.  The master is our child; it stays in
# the foreground, so that a test can wait for it and kill it.  start(daemon =>
# 1): it leaves its parent, as it does where it is installed; only then does it
# obey USR2.  The test must be the one who inherits orphans (see subreaper).

sub start {
    my ($self, %o) = @_;

    my $daemon = $o{daemon} ? 'on' : 'off';
    my $pid    = fork // die "fork: $!";

    if ($pid == 0) {
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>>', "$self->{dir}/stderr.log";
        open STDERR, '>>', "$self->{dir}/stderr.log";
        sanitizer_env(@{ $self->{preload} || [] });
        $ENV{$_} = $self->expand($self->{env}{$_}) for keys %{ $self->{env} };
        exec(@UNDER, $NGINX, '-e', "$self->{dir}/stderr.log", '-p',
             $self->{dir}, '-c', "$self->{dir}/nginx.conf", '-g',
             "daemon $daemon;")
            or POSIX::_exit(127);
    }

    if ($o{daemon}) {
        waitpid $pid, 0;
        $self->until(sub { -s "$self->{dir}/nginx.pid" });
        $pid = 0 + $self->read('nginx.pid');
    }

    $self->{pid} = $pid;

    $self->until(sub {
        die "nginx did not start:\n", $self->read('stderr.log'),
            $self->read('error.log') if waitpid($pid, WNOHANG) == $pid;
        $self->connect(1) && $self->workers == $self->{workers};
    }, $PATIENCE) or die 'nginx does not listen';

    return $self;
}


# From now on orphans of our children are our children; false where that is
# not known how to be had.

sub subreaper {
    my %prctl = (x86_64 => 157, aarch64 => 167);
    my $number = $prctl{ (POSIX::uname())[4] } or return 0;
    return syscall($number, 36, 1, 0, 0, 0) == 0;
}


# stop: asks nginx to end, as a machine does that shuts down; then one
# assertion about its log.

sub stop {
    my ($self, $signal) = @_;

    my $pid = delete $self->{pid};

    if ($pid) {
        kill $signal || 'QUIT', $pid;
        my $ended = $self->until(sub { waitpid($pid, WNOHANG) == $pid },
                                 $PATIENCE);
        unless ($ended) {
            kill 'KILL', $pid, children($pid);
            waitpid $pid, 0;
            fail('nginx ends when it is asked to');
        }
    }

    my @lines = $self->alarming;
    is(join("\n", @lines), '', 'nginx logged nothing above [error]');

    return $self;
}

# A module with AddressSanitizer needs it before everything else.
sub sanitizer_env {
    my (@preload) = @_;

    unshift @preload, $ENV{TEST_PRELOAD} if $ENV{TEST_PRELOAD};
    $ENV{LD_PRELOAD} = join ':', @preload if @preload;
    $ENV{ASAN_OPTIONS} = $ENV{TEST_ASAN_OPTIONS} if $ENV{TEST_ASAN_OPTIONS};
}

sub restart { $_[0]->stop; $_[0]->start }


# reload: returns when the new workers run; reload(drain => 1) when the old
# ones have gone, too.

sub reload {
    my ($self, %o) = @_;

    my %old = map { $_ => 1 } $self->workers;
    kill 'HUP', $self->{pid};

    $self->until(sub {
        my @now = $self->workers;
        my $new = grep { !$old{$_} } @now;
        $new >= $self->{workers} && (!$o{drain} || $new == @now);
    }) or fail('nginx reloads');

    return $self;
}


# kill9: kills one worker (or the given one) and waits for its successor.
# kill9_all: kills master and workers at once, as a power cut does for
# processes; start() begins anew.

sub kill9 {
    my ($self, $worker) = @_;

    my %old = map { $_ => 1 } $self->workers;
    $worker //= (sort { $a <=> $b } keys %old)[0];
    $self->allow(qr/worker process $worker exited on signal 9/);
    kill 'KILL', $worker;

    $self->until(sub {
        my @now = $self->workers;
        !grep({ $_ == $worker } @now) && @now >= $self->{workers};
    }) or fail('a killed worker is replaced');

    return $self;
}

sub kill9_all {
    my ($self) = @_;

    my $pid  = delete $self->{pid};
    my @pids = children($pid);

    kill 'KILL', $pid, @pids;
    waitpid $pid, 0;
    $self->until(sub { !grep { alive($_) } @pids });

    return $self;
}

# The last thread closes the sockets: a process of the pool's threads is a
# zombie while one of them still waits for the disk.  The executable is gone
# before that.
sub alive {
    my ($pid) = @_;
    for my $path (glob "/proc/$pid/task/[0-9]*/stat") {
        open my $file, '<', $path or next;
        return 1 if (<$file> // '') =~ /^\d+ \(.*\) [^ZX] /;
    }
    return 0;
}

# Process ids of the workers.  Within another program nginx has no title.
sub workers {
    my ($self) = @_;
    return grep { @UNDER || process_title($_) =~ /worker process/ }
           children($self->{pid});
}

sub children {
    my ($parent) = @_;

    my @pids;
    for my $path (glob '/proc/[0-9]*/stat') {
        open my $file, '<', $path or next;
        my $stat = <$file> // next;
        # pid (name, which may have spaces) state ppid ...
        push @pids, $1 if $stat =~ /^(\d+) \(.*\) [^Z] (\d+) /
                          && $2 == $parent;
    }

    return @pids;
}

sub process_title {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/cmdline" or return '';
    return scalar <$file> // '';
}


# The log: allow(qr/.../) says which alarming lines a test expects; log()
# is the whole of it, log_has(qr/.../) waits for a line.

sub allow {
    my ($self, $pattern) = @_;
    push @{ $self->{allow} }, $pattern;
    return $self;
}

sub log { $_[0]->read('error.log') }

sub log_has {
    my ($self, $pattern, $seconds) = @_;
    return $self->until(sub { $self->log =~ $pattern },
                        $seconds // 5 * $LONGER);
}

# Alarming lines that no earlier call has given.
sub alarming {
    my ($self) = @_;

    my @found;
    for my $name ('error.log', 'stderr.log') {
        my @lines = split /\n/, $self->read($name);
        my $from  = $self->{seen}{$name} // 0;
        $self->{seen}{$name} = @lines;
        push @found, grep { /$ALARMING/ } @lines[$from .. $#lines];
    }

    return grep {
        my $line = $_;
        !grep { $line =~ $_ } @{ $self->{allow} }
    } @found;
}


# tool(arguments): build/ngx-comments; {exit, out, err}.

sub tool {
    my ($self, @arguments) = @_;
    return run("$BUILD/ngx-comments", @arguments);
}

# Any program: run(program, arguments) gives {exit, out, err}.
sub run {
    my (@command) = @_;

    my ($out, $err) = map { File::Temp->new } 1 .. 2;
    my $pid = fork // die "fork: $!";

    if ($pid == 0) {
        open STDIN,  '<', '/dev/null';
        open STDOUT, '>', $out->filename;
        open STDERR, '>', $err->filename;
        exec { $command[0] } @command or POSIX::_exit(127);
    }

    waitpid $pid, 0;
    my %result = (exit => $? & 127 ? 128 + ($? & 127) : $? >> 8);

    for (['out', $out], ['err', $err]) {
        open my $file, '<:raw', $_->[1]->filename or die $!;
        local $/;
        $result{ $_->[0] } = scalar <$file> // '';
    }

    return \%result;
}


# HTTP.  An answer is {status, reason, headers, body, json}: headers by
# lower-case name, several of one name joined by ", " (Set-Cookie by "\n");
# json is there when the type says so.  `headers` are pairs in an array.
#
#   get(path, headers)
#   post_json(path, object or text, headers)
#   post_form(path, { field => value } or [ field => value, ... ], headers)
#   post_multipart(path, the same, headers)
#   request(method, path, headers, body)

sub get {
    my ($self, $path, $headers) = @_;
    return $self->request('GET', $path, $headers);
}

sub post_json {
    my ($self, $path, $value, $headers) = @_;

    $value = JSON::PP->new->utf8->canonical->encode($value) if ref $value;

    return $self->request('POST', $path,
        ['Content-Type' => 'application/json', @{ $headers || [] }], $value);
}

sub post_form {
    my ($self, $path, $fields, $headers) = @_;

    my @pairs = ref $fields eq 'HASH'
        ? map({ $_ => $fields->{$_} } sort keys %$fields) : @$fields;
    my @parts;
    while (my ($name, $value) = splice @pairs, 0, 2) {
        push @parts, urlencode($name) . '=' . urlencode($value);
    }

    return $self->request('POST', $path,
        ['Content-Type' => 'application/x-www-form-urlencoded',
         @{ $headers || [] }], join '&', @parts);
}

sub post_multipart {
    my ($self, $path, $fields, $headers) = @_;

    my $boundary = 'part' . join '', map { int rand 10 } 1 .. 20;
    my @pairs = ref $fields eq 'HASH'
        ? map({ $_ => $fields->{$_} } sort keys %$fields) : @$fields;
    my $body = '';
    while (my ($name, $value) = splice @pairs, 0, 2) {
        $body .= "--$boundary\r\nContent-Disposition: form-data; "
               . "name=\"$name\"\r\n\r\n" . bytes($value) . "\r\n";
    }

    return $self->request('POST', $path,
        ['Content-Type' => "multipart/form-data; boundary=$boundary",
         @{ $headers || [] }], "$body--$boundary--\r\n");
}

sub request {
    my ($self, $method, $path, $headers, $body) = @_;

    my @pairs = @{ $headers || [] };
    my %given = map { lc($_) => 1 } @pairs[grep { $_ % 2 == 0 } 0 .. $#pairs];
    my $head  = "$method $path HTTP/1.1\r\n";

    $head .= "Host: localhost:$self->{port}\r\n" unless $given{host};
    $head .= "Connection: close\r\n" unless $given{connection};
    $body = bytes($body) if defined $body;
    $head .= 'Content-Length: ' . length($body) . "\r\n"
        if defined $body && !$given{'content-length'}
           && !$given{'transfer-encoding'};
    while (my ($name, $value) = splice @pairs, 0, 2) {
        $head .= "$name: " . bytes($value) . "\r\n";
    }

    my ($answer) = $self->answers($self->raw("$head\r\n" . ($body // '')),
                                  $method);

    return $answer || { status => 0, reason => 'no answer', headers => {},
                        body => '' };
}


# Hostile clients: raw(bytes or [bytes, ...]) sends the pieces, waiting
# `delay` seconds between them, and gives whatever comes back until the
# server closes or `seconds` pass; half => 1 shuts our side down first;
# socket => $s uses one that is open and leaves it open; one => 1 waits for one
# answer only.

sub raw {
    my ($self, $pieces, %o) = @_;

    my $socket = $o{socket} || $self->connect or return '';
    local $SIG{PIPE} = 'IGNORE';

    for my $piece (ref $pieces ? @$pieces : $pieces) {
        my $at = 0;
        while ($at < length $piece) {
            my $n = syswrite $socket, $piece, length($piece) - $at, $at;
            last unless defined $n;
            $at += $n;
        }
        sleep $o{delay} if $o{delay};
    }
    shutdown $socket, 1 if $o{half};

    my $select = IO::Select->new($socket);
    my $end    = time + ($o{seconds} // $SECONDS);
    my $got    = '';
    while ((my $left = $end - time) > 0) {
        next unless $select->can_read($left);
        sysread($socket, $got, 65536, length $got) or last;
        last if $o{one} && is_whole($got);
    }

    return $got;
}

sub is_whole {
    my ($head, $body) = split /\r\n\r\n/, $_[0], 2;
    return defined $body && $head =~ /^Content-Length: (\d+)\r?$/mi
           && length $body >= $1;
}

sub connect {
    my ($self, $seconds) = @_;
    return IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $self->{port},
        Timeout  => $seconds // $SECONDS);
}

# The answers that raw bytes hold, one after another; methods are those of
# the requests, since an answer to HEAD has no body.

sub answers {
    my ($self, $bytes, @methods) = @_;

    my @answers;
    while ($bytes =~ s{^HTTP/1\.[01] (\d+) ?(.*?)\r\n(|.*?\r\n)\r\n}{}s) {
        my %answer = (status => $1, reason => $2, headers => {});
        for (split /\r\n/, $3) {
            my ($name, $value) = /^([^:]+):\s*(.*)$/ or next;
            my $joint = lc $name eq 'set-cookie' ? "\n" : ', ';
            my $slot  = \$answer{headers}{ lc $name };
            $$slot = defined $$slot ? "$$slot$joint$value" : $value;
        }
        next if $answer{status} == 100;

        my $method = shift @methods // 'GET';
        $answer{body} = take_body(\$bytes, \%answer, $method);
        $answer{json} = eval { decode_json($answer{body}) }
            if ($answer{headers}{'content-type'} // '')
               =~ m{^application/(\w+\+)?json};
        push @answers, \%answer;
    }

    return @answers;
}

sub take_body {
    my ($bytes, $answer, $method) = @_;

    return '' if $method eq 'HEAD' || $answer->{status} =~ /^(204|304)$/;

    if (($answer->{headers}{'transfer-encoding'} // '') eq 'chunked') {
        my $body = '';
        while ($$bytes =~ s/^([0-9a-fA-F]+)[^\r\n]*\r\n//) {
            my $n = hex $1;
            $body .= substr $$bytes, 0, $n, '';
            $$bytes =~ s/^\r\n//;
            last if $n == 0;
        }
        return $body;
    }

    my $n = $answer->{headers}{'content-length'} // length $$bytes;

    return substr $$bytes, 0, $n, '';
}

# "name=value" of the cookies that an answer sets, for a Cookie header.
sub cookies {
    my ($self, $answer) = @_;
    return join '; ', map { /^([^;]*)/ }
           split /\n/, $answer->{headers}{'set-cookie'} // '';
}

sub bytes {
    my ($text) = @_;
    utf8::encode($text) if utf8::is_utf8($text);
    return $text;
}

sub urlencode {
    my $text = bytes($_[0]);
    $text =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;
    return $text;
}


# until(sub, seconds): calls it until it is true; false when time is up.

sub until {
    my ($self, $condition, $seconds) = @_;

    my $end = time + ($seconds // $SECONDS);
    while (1) {
        my $value = $condition->();
        return $value if $value;
        return 0 if time > $end;
        sleep 0.01;
    }
}


# A test that died or forgot to stop still leaves nothing behind, and still
# fails for what the log says.

END {
    my $status = $?;

    for my $self (@RUNNING) {
        next if $self->{owner} != $$;          # a child of the test ends

        if (my $pid = delete $self->{pid}) {
            kill 'KILL', $pid, children($pid);
            waitpid $pid, 0;
        }
        for ($self->alarming) {
            diag($_);
            $status ||= 1;
        }
        if ($ENV{TEST_KEEP}) {
            diag("kept $self->{dir}");
        } else {
            File::Path::remove_tree($self->{dir});
        }
    }

    $? = $status;
}

1;

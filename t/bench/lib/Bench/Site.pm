package Bench::Site;

# What is measured: one nginx with a thread of 100 comments, its bytes as a
# file, and posts; and a second one without cache.
#
#   /comments/  an empty rules file, no limits      /page.html  has a thread
#   /ruled/     the rules that nobody chose
#   /limited/   one post a day from one address
#
# All locations write into the same store.  Beside them what nginx does alone:
#
#   /static/thread.json, .gz, page.html   the bytes that we send, as files
#   /static/small.html                    4 KB
#   /text       those of the counts                 /nothing    204
#   /small      takes bodies of 1 KB
#   /oauth      what Waline asks a server elsewhere for, see Waline.pm

use strict;
use warnings;

use Bench::Client;
use Bench::Machine;
use Bench::Posts;
use Comments::Nginx;
use JSON::PP;
use Test::More ();

use constant {
    SITE    => 'bench',
    THREAD  => '/comments/thread?page=/thread&limit=100',
    ENTRIES => 100,
    SMALL   => 4096,
    COUNTS  => '/comments/count?' . join('&', 'page=/thread',
                                  map { sprintf 'page=/quiet/%d', $_ } 2 .. 50),
};

my $PAGE = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    . "<title>A page</title></head>\n<body><article>"
    . '<p>Words of the page, some of them.</p>' x 100
    . "</article>\n<!-- comments -->\n</body></html>\n";

# The harness speaks TAP; here only what went wrong is of interest.
my $tap = Test::More->builder;
$tap->output(\my $said);
$tap->failure_output(\my $failures);
$tap->no_ending(1);


# Starts the nginx that has everything; the other one when it is asked for.

sub new {
    my ($class) = @_;

    my $self = bless { acknowledged => 0, unsure => 0 }, $class;
    $self->{nginx} = serve('comments_cache 16m;');

    return $self;
}

sub nginx { $_[0]{nginx} }

# The same key makes the same bytes: pictures of authors are keyed.
sub uncached {
    my ($self) = @_;
    return $self->{uncached} //= serve(
        'comments_cache off;', Bench::Machine::slurp($self->key));
}

# One whose disk stands still as long as its directory has a file "still";
# then one post fills its queue.
sub still {
    my ($self) = @_;
    return $self->{still} //= serve(
        'comments_cache off; comments_queue 1;', undef,
        preload => [ "$Comments::Nginx::BUILD/fault/slow.so" ],
        env     => { SLOW_FILE => '%%DIR%%/still' });
}

sub posts    { $_[0]{nginx}->dir . '/posts.jsonl' }
sub store    { $_[0]{nginx}->dir . '/store' }
sub key      { $_[0]{nginx}->dir . '/comments.key' }
sub rules    { $_[0]{nginx}->dir . '/empty.lua' }


# more: options of Comments::Nginx.
sub serve {
    my ($cache, $key, %more) = @_;

    my $nginx = Comments::Nginx->new(
        %more,
        conf  => conf($cache, '', ''), level => 'warn', key => !defined $key,
        files => { 'empty.lua'    => "-- no rules\n",
                   'posts.jsonl'  => Bench::Posts::posts(),
                   'thread.jsonl' => Bench::Posts::thread(ENTRIES),
                   'site/page.html' => $PAGE,
                   'site/static/small.html'
                       => substr($PAGE x 2, 0, SMALL),
                   defined $key ? ('comments.key' => $key) : () });
    chmod 0600, $nginx->dir . '/comments.key';

    my $made = $nginx->tool(
        qw(import jsonl), $nginx->dir . '/thread.jsonl', '--site', SITE,
        '--store', $nginx->dir . '/store',
        '--key', $nginx->dir . '/comments.key');
    die "import: $made->{out}$made->{err}" if $made->{exit};
    $nginx->start;

    # The files have the bytes and, as far as nginx lets us, the headers of
    # what they stand beside.
    my $thread = expect($nginx, 200, THREAD);
    my $packed = expect($nginx, 200, THREAD, [ 'Accept-Encoding' => 'gzip' ]);
    my $counts = expect($nginx, 200, COUNTS);
    $nginx->write('site/static/thread.json', $thread->{body});
    $nginx->write('site/static/thread.json.gz', $packed->{body});
    $nginx->write('site/static/page.html', expect($nginx, 200, '/page.html')
                                           ->{body});
    $nginx->configure(conf => conf($cache, headers($thread),
                                   $counts->{body}));
    $nginx->reload(drain => 1);

    my ($worker) = $nginx->workers;
    Bench::Machine::watch($worker);
    $nginx->{bench_worker} = $worker;

    return $nginx;
}


# add_header for all that the file has not by itself.
sub headers {
    my ($answer) = @_;

    my %own = map { $_ => 1 } qw(server date connection etag content-type
                                 content-length last-modified);
    my %got = %{ $answer->{headers} };

    return join "\n", "default_type \"$got{'content-type'}\";",
        map { "add_header $_ \"$got{$_}\";" } grep { !$own{$_} } sort keys %got;
}


sub conf {
    my ($cache, $headers, $text) = @_;

    my $core = Bench::Machine::server_core();
    my $pin  = defined $core
        ? 'worker_cpu_affinity 1' . '0' x $core . ';' : '';
    my $site = SITE;
    my $temp = join '', map { "    ${_}_temp_path %%DIR%%/temp/$_;\n" }
               qw(client_body proxy fastcgi uwsgi scgi);

    return <<"END";
$pin
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
$temp
    comments_store %%DIR%%/store map=16g;     # valgrind gives it, too
    comments_key   %%DIR%%/comments.key;
    comments_pages any;
    $cache

    server {
        listen 127.0.0.1:%%PORT%%;
        root %%DIR%%/site;

        comments_limit_author off;
        comments_limit_address off;

        location /comments/ {
            comments $site;
            comments_rules %%DIR%%/empty.lua;
        }
        location /ruled/ {
            comments $site;
        }
        location /limited/ {
            comments $site;
            comments_rules %%DIR%%/empty.lua;
            comments_limit_address 1/1d;
        }
        location = /page.html {
            types { }
            default_type text/html;
            open_file_cache max=100 inactive=60s;
            open_file_cache_valid 60s;
            comments_insert /comments/ page=/thread;
        }
        location /static/ {
            gzip_static on;
            open_file_cache max=100 inactive=60s;
            open_file_cache_valid 60s;
            types { }
            $headers
        }
        location = /static/page.html {
            open_file_cache max=100 inactive=60s;
            open_file_cache_valid 60s;
            types { }
            default_type text/html;
            add_header Vary Cookie;
        }
        location = /small { client_max_body_size 1k; }
        location = /text {
            default_type application/json;
            add_header X-Content-Type-Options nosniff;
            return 200 '$text';
        }
        location = /nothing { return 204; }
        location = /oauth {
            default_type application/json;
            return 200 '{"services":[]}';
        }
    }
}
END
}


# An answer with the status that it must have.
sub expect {
    my ($nginx, $status, $path, $headers) = @_;

    my $answer = $nginx->get($path, $headers);
    die "GET $path: $answer->{status}, not $status\n$answer->{body}\n"
        if $answer->{status} != $status;

    return $answer;
}

sub url {
    my ($nginx, $path) = @_;
    return 'http://127.0.0.1:' . $nginx->port . $path;
}


# get(nginx, path, connections, bytes, headers), post(path, connections):
# what wrk says, and of each request cpu (us of the worker) and kb
# (written); rate (a second), times, and for posts how many share a commit.

sub get {
    my ($self, $nginx, $path, %o) = @_;

    return $self->measure($nginx, sub {
        Bench::Client::get(url => url($nginx, $path), connections => 16, %o);
    });
}

sub post {
    my ($self, $path, $connections, %o) = @_;

    my $commits = $self->commits;
    my $said = $self->measure($self->nginx, sub {
        $self->count(Bench::Client::post($self->post_options(
            path => $path, connections => $connections, %o)), $connections);
    });
    $commits = $self->commits - $commits;

    return { %$said, batch => $said->{requests} / ($commits || 1) };
}

# How many transactions the store has seen: the higher number of LMDB's two
# meta pages,
#   page header:16 magic:4 version:4 address:8 map:8 databases:96
#   last page:8 transaction:8
sub commits {
    my ($self) = @_;

    my ($last) = sort { $b <=> $a }
        map { unpack 'Q<', substr $_, 144, 8 } unpack '(a4096)2',
        Bench::Machine::slurp($self->store . '/data.mdb', 8192);

    return $last;
}

# How many comments the store has.
sub comments {
    my ($self) = @_;

    my $stats = $self->nginx->tool('stats', '--json', '--store', $self->store);
    die "stats: $stats->{err}" if $stats->{exit};

    return decode_json($stats->{out})->{comments};
}

# Posts that are all refused with the status; options of Bench::Client::flood.
sub refused {
    my ($self, $nginx, $path, %o) = @_;

    return $self->measure($nginx, sub {
        Bench::Client::finish(Bench::Client::flood_start(
            url => url($nginx, $path), connections => 16, %o));
    });
}

sub post_options {
    my ($self, %o) = @_;
    return (posts => $self->posts, %o, url => url($self->nginx, $o{path}));
}

# What the store must have at the end.  Of the last posts on each connection
# we know no answer.
sub count {
    my ($self, $said, $connections) = @_;

    $self->{acknowledged} += $said->{requests};
    $self->{unsure} += $connections;

    return $said;
}

sub measure {
    my ($self, $nginx, $code) = @_;

    my $worker  = $nginx->{bench_worker};
    my $began   = Bench::Machine::cpu_of($worker);
    my $written = Bench::Machine::written_by($worker);
    my $said    = $code->();
    my $cpu     = Bench::Machine::cpu_of($worker) - $began;
    my $bytes   = Bench::Machine::written_by($worker) // 0;

    return { %$said,
             cpu    => 1e6 * $cpu / $said->{requests},
             kb     => defined $written
                       ? ($bytes - $written) / 1024 / $said->{requests}
                       : undef,
             rate   => $said->{requests} / $said->{seconds},
             p50_ms => $said->{p50} / 1e3,
             p99_ms => $said->{p99} / 1e3 };
}


# Ends both; what was acknowledged must be there, and all must be sound.
sub end {
    my ($self) = @_;

    for my $nginx (grep { $_ } @$self{qw(nginx uncached still)}) {
        Bench::Machine::unwatch($nginx->{bench_worker});
        $nginx->stop;
    }

    my $nginx = $self->nginx;
    my $check = $nginx->tool('check', '--store', $self->store);
    die "check: $check->{out}$check->{err}" if $check->{exit};

    my $there = $self->comments - ENTRIES;
    die "$self->{acknowledged} posts were acknowledged, $there are there\n"
        if $there < $self->{acknowledged}
           || $there > $self->{acknowledged} + $self->{unsure};
    die "$failures\n" unless $tap->is_passing;

    my $posts = Bench::Table::thousands($self->{acknowledged});

    return "After $posts acknowledged posts all of them are there, and "
           . '`ngx-comments check` finds nothing.';
}

# What the servers logged, for a run that failed.
sub complaints {
    my ($self) = @_;
    return map { map { "$_\n" } $_->alarming }
           grep { $_ } @$self{qw(nginx uncached still)};
}

1;

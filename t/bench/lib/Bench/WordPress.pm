package Bench::WordPress;

# Debian's WordPress, by PHP-FPM behind an nginx, with and without
# fastcgi_cache; each page lives a second there, as a blog under load would
# have it.

use strict;
use warnings;

use Bench::Client;
use Bench::Machine;
use Bench::Posts;
use Comments::Nginx;
use File::Path qw(make_path remove_tree);
use Time::HiRes qw(sleep);

use constant CHILDREN => 4;


sub new {
    my ($class, $database, $site) = @_;

    my $self = bless { dir => $database->dir, database => $database }, $class;
    my $dir  = $self->{dir};

    remove_tree("$dir/wordpress");
    system('cp', '-rL', '/usr/share/wordpress', "$dir/wordpress") == 0
        or die "WordPress cannot be copied\n";
    $database->must('DROP DATABASE IF EXISTS wordpress; '
                    . 'CREATE DATABASE wordpress');

    my ($fpm) = glob '/usr/sbin/php-fpm[0-9]*' or die "there is no php-fpm\n";
    write_file("$dir/fpm.conf", <<"END");
[global]
error_log = $dir/fpm.log
daemonize = no
[www]
user = root
group = root
listen = $dir/fpm.sock
pm = static
pm.max_children = @{[ CHILDREN ]}
END

    $self->{nginx} = Comments::Nginx->new(key => 0, level => 'warn',
                                          conf => $self->conf)->start;
    $self->configure;
    $self->{fpm} = $database->child($fpm, '-R', '-F', '-y', "$dir/fpm.conf");
    for (1 .. 100) {
        last if -S "$dir/fpm.sock";
        sleep 0.1;
    }
    Bench::Machine::watch($_) for $self->{nginx}->workers,
                                  Comments::Nginx::children($self->{fpm});

    return $self;
}

sub name { 'WordPress' }

sub lifted {
    return 'WordPress: first comments wait for a moderator, and who comments '
        . 'twice in 15 seconds is refused; neither is so here.';
}

sub pids {
    my ($self) = @_;
    return ($self->{nginx}->workers, $self->{database}->pid,
            Comments::Nginx::children($self->{fpm}));
}

sub reads {
    my ($self, $get) = @_;

    my @of = ($self->{nginx}, $self->pids);
    my $page = "/?p=$self->{post}";
    my $json = "/index.php?rest_route=/wp/v2/comments&post=$self->{post}"
        . '&per_page=100&order=asc';

    return map { $get->($_->[0], $_->[1], $of[0], $_->[2], @of[1 .. $#of]) }
        [ 'wp page', 'WordPress, the page', $page ],
        [ 'wp json', 'WordPress, its JSON', $json ],
        [ 'wp cache', 'WordPress behind fastcgi_cache, the page',
          "/cached$page" ];
}

sub post {
    my ($self, $connections) = @_;

    return Bench::Client::post(
        url => Bench::Site::url($self->{nginx}, '/wp-comments-post.php'),
        connections => $connections, script => 't/bench/peers.lua',
        posts => "$self->{dir}/posts.form");
}


# The site, its post and the thread; the bodies to be posted.
sub configure {
    my ($self) = @_;

    my $dir  = $self->{dir};
    my $port = $self->{nginx}->port;
    my $db   = $self->{database}->port;

    write_file("$dir/wordpress/wp-config.php", <<"END");
<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:$dir/mysql.sock');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', 'http://127.0.0.1:$port');
define('WP_SITEURL', 'http://127.0.0.1:$port');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
foreach (array('AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY',
               'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT',
               'NONCE_SALT') as \$name) {
    define(\$name, 'bench');
}
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
END
    make_path("$dir/wordpress/wp-content/mu-plugins");
    write_file("$dir/wordpress/wp-content/mu-plugins/bench.php", <<'END');
<?php
add_filter('wp_is_comment_flood', '__return_false', 99);
END
    write_file("$dir/thread.jsonl", Bench::Posts::thread(100));

    my $made = Comments::Nginx::run('/usr/bin/php', 't/bench/wordpress.php',
                                    "$dir/wordpress", "$dir/thread.jsonl");
    ($self->{post}) = $made->{out} =~ /^post (\d+)$/m
        or die "WordPress: $made->{out}$made->{err}";

    write_file("$dir/posts.form", join '', map {
        join('&', map { "$_->[0]=" . Comments::Nginx::urlencode($_->[1]) }
             [ author => $_->{name} ], [ email => $_->{email} ],
             [ comment => $_->{text} ], [ comment_post_ID => $self->{post} ])
        . "\n";
    } map { JSON::PP::decode_json($_) } split /\n/, Bench::Posts::posts());
}

sub conf {
    my ($self) = @_;

    my $dir  = $self->{dir};
    my $core = Bench::Machine::server_core();
    my $pin  = defined $core ? 'worker_cpu_affinity 1' . '0' x $core . ';' : '';
    my $fcgi = join "\n", map { "fastcgi_param $_;" }
        'QUERY_STRING $args', 'REQUEST_METHOD $request_method',
        'CONTENT_TYPE $content_type', 'CONTENT_LENGTH $content_length',
        'SERVER_PROTOCOL $server_protocol',
        'REMOTE_ADDR $remote_addr', 'SERVER_NAME 127.0.0.1',
        'SERVER_PORT %%PORT%%', 'HTTP_HOST 127.0.0.1:%%PORT%%';

    return <<"END";
$pin
events { worker_connections 512; }
http {
    access_log off;
    keepalive_requests 1000000000;
    fastcgi_cache_path %%DIR%%/cache keys_zone=pages:10m;
    client_body_temp_path %%DIR%%/temp/client_body;
    fastcgi_temp_path %%DIR%%/temp/fastcgi;
    server {
        listen 127.0.0.1:%%PORT%%;
        root $dir/wordpress;
        location /cached/ {
            fastcgi_cache pages;
            fastcgi_cache_key \$request_uri;
            fastcgi_cache_valid 200 1s;
            fastcgi_cache_use_stale updating;
            fastcgi_cache_background_update on;
            $fcgi
            fastcgi_param REQUEST_URI /?\$args;
            fastcgi_param SCRIPT_FILENAME $dir/wordpress/index.php;
            fastcgi_pass unix:$dir/fpm.sock;
        }
        location / {
            index index.php;
        }
        location ~ [.]php\$ {
            $fcgi
            fastcgi_param REQUEST_URI \$request_uri;
            fastcgi_param SCRIPT_FILENAME \$document_root\$fastcgi_script_name;
            fastcgi_param SCRIPT_NAME \$fastcgi_script_name;
            fastcgi_pass unix:$dir/fpm.sock;
        }
    }
}
END
}

sub write_file {
    my ($path, $content) = @_;
    open my $out, '>:raw', $path or die "$path: $!\n";
    print $out $content;
    close $out or die "$path: $!\n";
}

1;

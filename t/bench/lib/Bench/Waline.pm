package Bench::Waline;

# Waline's server from npm, on the MariaDB that is there.

use strict;
use warnings;

use Bench::Client;
use Bench::Machine;
use Bench::Posts;
use Comments::Nginx;
use File::Path qw(make_path);
use JSON::PP;
use POSIX ();
use Time::HiRes qw(sleep);

use constant { VERSION => '1.39.3', SECONDS => 60, PAGE => '/thread' };


# undef, and a line that says so, when npm reaches no registry.

sub new {
    my ($class, $database, $site) = @_;

    my $dir  = $database->dir . '/waline';
    my $self = bless { dir => $dir, database => $database,
                       port => Comments::Nginx::free_port() }, $class;

    make_path($dir);
    # Without scripts: one of them would fetch a database that is not used.
    unless (-e "$dir/installed") {
        my $made = Comments::Nginx::run('npm', 'install', '--prefix', $dir,
            qw(--ignore-scripts --no-audit --no-fund --no-package-lock
               --loglevel=error), '@waline/vercel@' . VERSION);
        if ($made->{exit}) {
            print "Waline is left out: npm cannot install it.\n";
            return undef;
        }
        open my $done, '>', "$dir/installed" or die $!;
    }
    $self->tables;

    # Else it listens on all addresses, one of which keeps the port for us.
    open my $config, '>', "$dir/node_modules/\@waline/vercel/config.js"
        or die $!;
    print $config "module.exports = { host: '127.0.0.1' };\n";
    close $config;

    $self->{pid} = $database->child({
            MYSQL_HOST => '127.0.0.1', MYSQL_PORT => $database->port,
            MYSQL_DB => 'waline', MYSQL_USER => 'root', MYSQL_PASSWORD => '',
            JWT_TOKEN => 'bench', AKISMET_KEY => 'false', IPQPS => -60,
            DISABLE_REGION => 'true', DISABLE_USERAGENT => 'true',
            OAUTH_URL => Bench::Site::url($site->nginx, '/oauth'),
            SITE_NAME => 'bench', SITE_URL => 'http://127.0.0.1' },
        '/usr/bin/env', '-C', "$dir/node_modules/\@waline/vercel",
        'node', 'vanilla.js', $self->{port});

    for (1 .. 10 * SECONDS) {
        my $got = $self->get($self->path);
        if ($got->{status} == 200) {
            Bench::Machine::watch($_)
                for Comments::Nginx::children($self->{pid});
            return $self;
        }
        sleep 0.1;
    }
    die "Waline does not answer; see " . $database->dir . "/log\n";
}

sub name { 'Waline' }

sub lifted {
    return 'Waline: one comment a minute for each address (IPQPS), and its '
        . 'request to Akismet; neither is so here. It asks oauth.lithub.cc '
        . 'before each answer; here an nginx beside it says what that says.';
}

sub pids {
    my ($self) = @_;
    return ($self->{pid}, Comments::Nginx::children($self->{pid}),
            $self->{database}->pid);
}

sub path { '/api/comment?path=' . PAGE . '&pageSize=100&page=1'
           . '&sortBy=insertedAt_asc' }

# So that Bench::Site can ask it as it asks an nginx.
sub port { $_[0]{port} }
sub get  { Comments::Nginx::request($_[0], 'GET', $_[1], $_[2]) }
sub raw     { goto &Comments::Nginx::raw }
sub answers { goto &Comments::Nginx::answers }
sub connect { goto &Comments::Nginx::connect }

sub reads {
    my ($self, $get) = @_;
    return $get->('waline', 'Waline, its JSON', $self, $self->path,
                  $self->pids);
}

sub post {
    my ($self, $connections) = @_;

    return Bench::Client::post(
        url => "http://127.0.0.1:$self->{port}/api/comment",
        connections => $connections, script => 't/bench/peers.lua',
        posts => "$self->{dir}/posts.jsonl");
}


# Its tables, which its documentation has as a file, the thread in them, and
# the bodies to be posted.
sub tables {
    my ($self) = @_;

    my @lines = map { decode_json($_) } split /\n/, Bench::Posts::thread(100);
    my @rows  = map {
        my $line = $_;
        my $root = $line;
        ($root) = grep { $_->{id} == $root->{parent} } @lines
            while $root->{parent};
        sprintf '(%d, %s, %s, %s, %s, %s, %s, "%s", "approved", "%s")',
            $line->{id}, quoted($line->{text}), quoted($line->{name}),
            quoted($line->{email}), quoted($line->{created}),
            $line->{parent} || 'NULL', $line->{parent} ? $root->{id} : 'NULL',
            PAGE, '127.0.0.1';
    } @lines;
    my $rows = join ",\n", @rows;

    $self->{database}->must(<<"END");
SET NAMES utf8mb4;
DROP DATABASE IF EXISTS waline;
CREATE DATABASE waline CHARACTER SET utf8mb4;
USE waline;
CREATE TABLE wl_Comment (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, user_id INT,
    comment TEXT, insertedAt TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    ip VARCHAR(100) DEFAULT '', link VARCHAR(255), mail VARCHAR(255),
    nick VARCHAR(255), pid INT, rid INT, sticky TINYINT(1),
    status VARCHAR(50) NOT NULL DEFAULT '', `like` INT, ua TEXT,
    url VARCHAR(255), createdAt TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updatedAt TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE wl_Counter (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, time INT,
    url VARCHAR(255) NOT NULL DEFAULT '');
CREATE TABLE wl_Users (
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    display_name VARCHAR(255), email VARCHAR(255), password VARCHAR(255),
    type VARCHAR(50), label VARCHAR(255), url VARCHAR(255),
    avatar VARCHAR(255));
INSERT INTO wl_Comment (id, comment, nick, mail, insertedAt, pid, rid, url,
                        status, ip)
VALUES $rows;
END

    open my $out, '>:raw', "$self->{dir}/posts.jsonl" or die $!;
    for (split /\n/, Bench::Posts::posts()) {
        my $post = decode_json($_);
        print $out encode_json({
            comment => $post->{text}, nick => $post->{name},
            mail => $post->{email}, url => $post->{page}, link => '',
            ua => 'bench' }), "\n";
    }
    close $out or die $!;
}

sub quoted {
    my ($text) = @_;
    $text =~ s/T(\d\d:\d\d:\d\d)Z$/ $1/;
    $text =~ s/(['\\])/\\$1/g;
    utf8::encode($text);
    return "'$text'";
}

1;

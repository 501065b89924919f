package Bench::Desk;

# A store behind an nginx, and a moderator who is signed in.
#
#   new(store, key => file, conf => more of its http block)

use strict;
use warnings;

use Bench::Client;
use Bench::Machine;
use Bench::Site;
use Comments::Nginx;
use Time::HiRes qw(time);

my $password = 'correct horse battery';


sub new {
    my ($class, $store, %o) = @_;

    my $key   = $o{key} // '%%DIR%%/comments.key';
    my $conf  = $o{conf} // '';
    my $core  = Bench::Machine::server_core();
    my $pin   = defined $core
        ? 'worker_cpu_affinity 1' . '0' x $core . ';' : '';
    my $nginx = Comments::Nginx->new(level => 'warn', key => !$o{key},
                                     conf => <<"END");
$pin
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path %%DIR%%/temp/client_body;
    comments_store $store;
    comments_key   $key;
    keepalive_requests 1000000000;
    $conf
    server {
        listen 127.0.0.1:%%PORT%%;
        root %%DIR%%/site;
        location /comments/ {
            comments bench;
            comments_moderators %%DIR%%/moderators;
        }
        location /plain/ {
            comments bench;
            comments_rules %%DIR%%/empty.lua;
        }
    }
}
END
    my $self = bless { nginx => $nginx }, $class;

    $nginx->write('empty.lua', "-- no rules\n");
    $self->moderator;
    $nginx->start;
    ($self->{worker}) = $nginx->workers;
    $nginx->{bench_worker} = $self->{worker};
    Bench::Machine::watch($self->{worker});
    $self->sign_in;

    return $self;
}

sub moderator {
    my ($self) = @_;

    my $dir  = $self->{nginx}->dir;
    my $file = $self->{nginx}->write('password', "$password\n");
    my $made = Comments::Nginx::run('/bin/sh', '-c',
        "exec $Comments::Nginx::BUILD/ngx-comments moderator add kari --role "
        . "owner --file $dir/moderators --password-stdin < $file");
    die "moderator: $made->{err}" if $made->{exit};
}

sub sign_in {
    my ($self) = @_;

    my $nginx = $self->{nginx};
    my $own   = 'http://localhost:' . $nginx->port;
    my $got   = $nginx->post_json('/comments/moderate/session',
        { name => 'kari', password => $password }, [ Origin => $own ]);
    die "sign-in: $got->{status} $got->{body}\n" if $got->{status} != 200;
    $self->{cookie} = $nginx->cookies($got);
}


# One query after another, each on a connection of its own: median and p99 of
# the worker's CPU time and of what was waited, in ms; and what was found.
sub ask {
    my ($self, @queries) = @_;

    my (@cpu, @wall);
    my $found = 0;
    for my $query (@queries) {
        my $cpu   = Bench::Machine::cpu_of($self->{worker});
        my $began = time;
        my $got   = $self->{nginx}->raw(
            "GET /comments/moderate/queue?$query HTTP/1.1\r\n"
            . "Host: localhost:" . $self->{nginx}->port . "\r\n"
            . "Cookie: $self->{cookie}\r\nConnection: close\r\n\r\n");
        push @wall, 1e3 * (time - $began);
        push @cpu, 1e3 * (Bench::Machine::cpu_of($self->{worker}) - $cpu);

        die "$query: $got\n" if $got !~ m{^HTTP/1.1 200 };
        my $items = () = $got =~ /"id":\d+,"status":/g;
        $found += $items;
    }
    my @bad = $self->{nginx}->alarming;
    die "@bad\n" if @bad;

    @cpu  = sort { $a <=> $b } @cpu;
    @wall = sort { $a <=> $b } @wall;

    return { cpu => $cpu[$#cpu / 2], cpu_p99 => $cpu[99 * $#cpu / 100],
             wall => $wall[$#wall / 2], wall_p99 => $wall[99 * $#wall / 100],
             found => $found / @queries };
}

1;

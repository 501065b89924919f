package Bench::Database;

# A MariaDB of our own, below a directory, without a password, on a port of
# 127.0.0.1; it ends with us.

use strict;
use warnings;

use Bench::Machine;
use Comments::Nginx;
use File::Path qw(make_path);
use Time::HiRes qw(sleep);

use constant SECONDS => 60;


sub new {
    my ($class, $dir) = @_;

    my $self = bless { dir => $dir, port => Comments::Nginx::free_port(),
                       owner => $$, children => [] }, $class;
    make_path($dir);

    unless (-d "$dir/mysql/mysql") {
        my $made = Comments::Nginx::run(
            '/usr/bin/mariadb-install-db', '--no-defaults', '--user=root',
            "--datadir=$dir/mysql", '--auth-root-authentication-method=normal',
            '--skip-test-db');
        die "mariadb-install-db: $made->{out}$made->{err}" if $made->{exit};
    }

    $self->child('/usr/sbin/mariadbd', '--no-defaults', '--user=root',
                 "--datadir=$dir/mysql", "--socket=$dir/mysql.sock",
                 "--pid-file=$dir/mysql.pid", '--bind-address=127.0.0.1',
                 "--port=$self->{port}");
    for (1 .. 10 * SECONDS) {
        return $self if $self->ask('SELECT 1;')->{exit} == 0;
        sleep 0.1;
    }
    die "MariaDB does not answer; see $dir/log\n";
}

sub dir  { $_[0]{dir} }
sub port { $_[0]{port} }
sub pid  { $_[0]{children}[0] }

sub ask {
    my ($self, $sql) = @_;
    return Comments::Nginx::run('/usr/bin/mariadb', '--no-defaults',
        "--socket=$self->{dir}/mysql.sock", '-u', 'root', '-e', $sql);
}

sub must {
    my ($self, $sql) = @_;
    my $did = $self->ask($sql);
    die "MariaDB: $did->{err}" if $did->{exit};
}

# A program on nginx's core that ends with us; its pid.  env: of it alone.
sub child {
    my ($self, @command) = @_;

    my $env = ref $command[0] ? shift @command : {};
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        open STDIN,  '<',  '/dev/null';
        open STDOUT, '>>', "$self->{dir}/log";
        open STDERR, '>&', \*STDOUT;
        @ENV{ keys %$env } = values %$env;
        exec(Bench::Machine::pinned(Bench::Machine::server_core()), @command)
            or POSIX::_exit(127);
    }
    push @{ $self->{children} }, $pid;
    Bench::Machine::watch($pid);

    return $pid;
}

sub DESTROY {
    my ($self) = @_;

    return if $$ != $self->{owner};
    local $?;
    for my $pid (reverse @{ $self->{children} }) {
        kill 'TERM', $pid;
        waitpid $pid, 0;
    }
}

1;

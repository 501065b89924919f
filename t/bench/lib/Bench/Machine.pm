package Bench::Machine;

# What the figures were made on: cores and who gets which, how busy the
# machine is with other things, and the CPU time of processes.

use strict;
use warnings;

use POSIX ();
use Time::HiRes qw(time);

my @cores = allowed();
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK());
my %watched;                   # processes of ours that are not our children


# The cores that we may use.
sub allowed {
    my ($list) = slurp('/proc/self/status') =~ /^Cpus_allowed_list:\s*(\S+)/m;
    return map { /^(\d+)-(\d+)$/ ? $1 .. $2 : $_ } split /,/, $list // '0';
}

# nginx and what stands in for it have the first core, clients the second.
sub server_core { @cores > 1 ? $cores[0] : undef }
sub client_core { @cores > 1 ? $cores[1] : undef }

# The words before a command that keep it on a core.
sub pinned {
    my ($core) = @_;
    return defined $core ? ('taskset', '-c', $core) : ();
}


# A store in memory would make every figure of a durable answer a lie.
sub refuse_memory {
    my ($dir) = @_;
    chomp(my $type = `stat -f -c %T '$dir'`);
    die "$dir lies in memory ($type), not on a disk\n"
        if $type =~ /^(tmpfs|ramfs)$/;
}


sub description {
    my ($dir) = @_;

    my ($model)  = slurp('/proc/cpuinfo') =~ /^model name\s*:\s*(.*)$/m;
    my ($memory) = slurp('/proc/meminfo') =~ /^MemTotal:\s*(\d+)/m;
    my ($system) = slurp('/etc/os-release') =~ /^PRETTY_NAME="?([^"\n]*)/m;
    my @uname    = POSIX::uname();
    my ($version) = `/usr/sbin/nginx -v 2>&1` =~ m{nginx/(\S+)};
    my $disk = join ' ', (split ' ', `df --output=source,fstype '$dir'`)[2, 3];

    my $pinned = @cores > 1
        ? "nginx on core $cores[0], the client on core $cores[1]"
        : 'One core only: nginx and the client share it';

    return join '', map { "$_\n" }
        POSIX::strftime('%Y-%m-%d %H:%M', localtime)
            . sprintf(' on %s, %d core%s, %.0f GB, %s', $model // $uname[4],
                      scalar @cores, @cores == 1 ? '' : 's',
                      $memory / 2 ** 20, $disk),
        "$system, Linux $uname[2], nginx $version",
        "$pinned.  Load before: " . load();
}

sub load { join ' ', (split ' ', slurp('/proc/loadavg'))[0 .. 2] }


# CPU seconds that a process has used, all of its threads together.
sub cpu_of {
    my ($pid) = @_;

    my $ns = 0;
    for my $task (glob "/proc/$pid/task/*/schedstat") {
        my ($run) = split ' ', slurp($task);
        $ns += $run if defined $run;
    }
    return $ns / 1e9 if $ns;

    # Without CONFIG_SCHED_INFO: utime and stime, in hundredths of a second.
    my $stat = slurp("/proc/$pid/stat") =~ s/.*\) //sr;
    my @fields = split ' ', $stat or die "There is no process $pid\n";

    return ($fields[11] + $fields[12]) / $ticks;
}

# Bytes that a process has written, to files and sockets; undef when nobody
# counts them.  (write_bytes counts a whole folio when a page of it changes.)
sub written_by {
    my ($pid) = @_;
    return slurp("/proc/$pid/io") =~ /^wchar: (\d+)/m ? $1 : undef;
}

sub watch   { $watched{ $_[0] } = 1 }
sub unwatch { delete $watched{ $_[0] } }


# foreign(sub): calls it; gives what share of one core others had meanwhile
# (programs that are not ours, and the kernel for itself), in percent.

sub foreign {
    my ($code) = @_;

    my ($began, $busy, $own) = (time, busy(), own());
    $code->();
    my $foreign = (busy() - $busy) - (own() - $own);

    return 100 * ($foreign > 0 ? $foreign : 0) / (time - $began);
}

# CPU seconds that all cores have worked, stolen time included.
sub busy {
    my ($line) = slurp('/proc/stat') =~ /^cpu (.*)$/m;
    my ($user, $nice, $system, undef, undef, $irq, $soft, $steal)
        = split ' ', $line;
    return ($user + $nice + $system + $irq + $soft + $steal) / $ticks;
}

sub own {
    my $sum = 0;
    $sum += $_ for (POSIX::times())[1 .. 4];
    $sum /= $ticks;
    $sum += cpu_of($_) for keys %watched;
    return $sum;
}

# A file, or its first bytes.
sub slurp {
    my ($path, $bytes) = @_;
    open my $in, '<:raw', $path or return '';
    local $/ = $bytes ? \$bytes : undef;
    return scalar <$in> // '';
}

1;

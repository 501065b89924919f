package Bench::Client;

# Runs wrk and our C programs, one at a time or, with start and finish, next
# to another.  An answer that is not the one wanted ends the whole run.

use strict;
use warnings;

use Bench::Machine;
use Comments::Nginx;
use File::Temp;
use JSON::PP;
use POSIX ();

my $next = 1;                  # number of the next post


sub seconds { int($ENV{BENCH_SECONDS} || 1) || 1 }
sub rounds  { int($ENV{BENCH_ROUNDS} || 5) || 1 }


# get(%options): what wrk says of GETs, see report.lua.
#
#   url, connections, headers => [...], bytes => size of each body, if known

sub get {
    my (%o) = @_;

    my $run  = start(%o, script => 't/bench/report.lua');
    my $said = finish($run);

    my $each = $said->{bytes} / $said->{requests};
    die sprintf "%s: %.0f bytes an answer, not %d\n", $o{url}, $each, $o{bytes}
        if defined $o{bytes} && ($each < $o{bytes}
                                 || $each > 1.1 * $o{bytes} + 1000);

    return $said;
}


# post(%options): what wrk says of posts; requests are those that were
# answered with 201 or 202, and there are no others.
#
#   url, connections, posts => file, seconds,
#   quiet => 1: yields the core to others; not with SCHED_IDLE, which on a busy
#   machine gets none at all

sub post { post_finish(post_start(@_)) }

sub post_start {
    my (%o) = @_;
    return start(script => 't/bench/post.lua', %o,
                 arguments => [ $o{posts}, numbers() ]);
}

sub post_finish {
    my ($run) = @_;

    my $said = finish($run);
    my ($posts) = $said->{out} =~ /^posts (.*)$/m or die $said->{out};
    my %count = %{ decode_json($posts) };

    my ($why) = $said->{out} =~ /^refused (.*)$/m;
    die "$run->{command}\n$count{refused} posts were refused, as with $why\n"
        if $count{refused};

    return { %$said, %count, requests => $count{created} + $count{held} };
}


# flood_start(%options): begins posts of one body that are all answered with
# one status, for finish to wait for.
#
#   url, connections, headers, body => file, status, seconds, quiet,
#   length => what is announced instead of the body's, pause_ms => between an
#   answer and the next post of a connection

sub flood_start {
    my (%o) = @_;
    return start(script => 't/bench/flood.lua', %o, arguments => [
        $o{body}, $o{status}, $o{length} || -s $o{body}, $o{pause_ms} || 0 ]);
}


# program(name, arguments): one of build/bench, on nginx's core, and what it
# says of its time.
sub program {
    my ($name, @arguments) = @_;

    my $ran = Comments::Nginx::run(
        Bench::Machine::pinned(Bench::Machine::server_core()),
        "$Comments::Nginx::BUILD/bench/$name", @arguments);
    die "bench/$name: $ran->{err}\n" if $ran->{exit};

    return $ran->{out};
}

# Numbers of posts that nobody else has.
sub numbers { $next += 10_000_000; return $next }


# start(%options): begins a wrk, for finish to wait for.

sub start {
    my (%o) = @_;

    my @command = (
        Bench::Machine::pinned(Bench::Machine::client_core()),
        $o{quiet} ? qw(nice -n 10) : (),
        qw(wrk -t1 --timeout 20), "-c$o{connections}",
        '-d' . ($o{seconds} // seconds()),
        '-s', $o{script}, map({ ('-H', $_) } @{ $o{headers} || [] }),
        $o{url}, '--', @{ $o{arguments} || [] });

    my $out = File::Temp->new;
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        open STDOUT, '>', $out->filename;
        open STDERR, '>&', \*STDOUT;
        exec @command or POSIX::_exit(127);
    }

    return { pid => $pid, out => $out, command => "@command" };
}

sub finish {
    my ($run) = @_;

    waitpid $run->{pid}, 0;
    my $status = $?;
    my $out = Bench::Machine::slurp($run->{out}->filename);
    my ($line) = $out =~ /^bench (.*)$/m;
    die "$run->{command}\n$out\n" if $status || !$line;

    my $said = decode_json($line);
    for (qw(bad_status bad_socket)) {
        die "$run->{command}: $said->{$_} times $_\n$out\n" if $said->{$_};
    }
    die "$run->{command}: no answers\n" unless $said->{requests};

    return { %$said, out => $out, seconds => $said->{us} / 1e6 };
}

1;

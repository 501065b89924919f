# The power fails at some moment: what was answered is there, whole, and the
# store agrees with itself.  And the test can tell: on disks that lie, and with
# answers that leave too early, it finds what was lost.

use strict;
use warnings;

use Comments::Nginx;
use Comments::Power;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);

my $cuts    = $ENV{TEST_CUTS} || 200;
my $clients = 4;
my $posts   = 25;              # of each client
my $seed    = $ENV{TEST_SEED} || time ^ $$;

my $library = "$Comments::Nginx::BUILD/fault/record.so";
plan skip_all => "$library is not built: make test" unless -e $library;

note("TEST_SEED=$seed");


# What a comment says follows from its name, so that one that is not whole is
# seen.  The first letters are the number of its version.

sub text {
    my ($name, $version) = @_;
    my $many  = $name =~ /3$/ ? 1500 : 90;
    my $words = 3 + (unpack '%32C*', $name) * 7919 % $many;
    return join ' ', $version, $name, map { "$name$_" } 1 .. $words;
}

sub is_whole {
    my ($text) = @_;
    return $text =~ /^(\d+) (\w+)/ && $text eq text($2, $1);
}


# One client: posts and answers, edits each third, deletes each tenth.

sub client {
    my ($nginx, $who) = @_;

    my $pid = fork // die;
    return $pid if $pid;

    my $origin = 'http://localhost:' . $nginx->port;
    my %parent;                # by page

    for my $n (1 .. $posts) {
        my $name = "${who}x$n";
        my $page = '/' . $n % 3;
        my $got  = $nginx->post_json('/comments/comment', {
            page  => $page, name => $who, text => text($name, 1),
            email => "$who\@example.org",
            $parent{$page} ? (parent => $parent{$page}) : () });
        next if $got->{status} != 201;

        $parent{$page} = $n % 2 ? $got->{json}{id} : 0;

        my @mine = (Cookie => $nginx->cookies($got), Origin => $origin);
        my $path = "/comments/comment/$got->{json}{id}";
        $nginx->request('PATCH', $path, [ @mine,
            'Content-Type' => 'application/json' ],
            encode_json({ text => text($name, 2) })) if $n % 3 == 0;
        $nginx->request('DELETE', $path, \@mine) if $n % 10 == 0;
        $nginx->post_json("$path/vote", { value => 1 }) if $n % 5 == 0;
    }

    POSIX::_exit(0);
}

sub record {
    my ($disk, $workers) = @_;

    my $nginx = Comments::Nginx->new(
        workers  => $workers,
        files    => { 'rules.lua' => '' },
        preload  => [ $library ],
        env      => { FAULT_LOG => '%%DIR%%/log', FAULT_DISK => $disk },
        location => 'comments_rules %%DIR%%/rules.lua;
                     comments_text_max 20000;
                     comments_limit_author off; comments_limit_address off;',
    )->start;

    my @names = ('a' .. 'z')[0 .. $clients - 1];
    waitpid $_, 0 for map { client($nginx, $_) } @names;
    $nginx->stop;

    return $nginx;
}


# What the tool finds in the store after a cut, by id; undef and the reason
# when it is damaged.

sub look {
    my ($nginx) = @_;

    my @store = ('--store', $nginx->dir . '/cut');
    my $check = $nginx->tool('check', @store);
    return (undef, "check: $check->{out}$check->{err}") if $check->{exit};

    my $got = $nginx->tool('export', 'jsonl', '--site', 'test', '--key',
                           $nginx->dir . '/comments.key', @store);
    return {} if $got->{exit} && $got->{err} =~ /site/;
    return (undef, "export: $got->{err}") if $got->{exit};

    my %found = map { $_->{id} => $_ } map { decode_json($_) }
                split /\n/, $got->{out};
    my ($last) = sort { $b <=> $a } keys %found;
    if ($last && rand() < 0.25) {
        my $show = $nginx->tool('show', $last, '--json', @store);
        return (undef, "show: $show->{err}") if $show->{exit};
    }

    return \%found;
}


# What answers promised: by id the version that was said last, or that it is
# deleted.

my %parsed;

sub promised {
    my ($nginx, @answers) = @_;

    my %promised;
    for my $bytes (@answers) {
        my $json = $parsed{$bytes} //= do {
            my ($answer) = $nginx->answers($bytes);
            $answer->{json} || {};
        };
        my $id = $json->{id} or next;
        if ($json->{status} eq 'deleted') {
            $promised{$id} = 'deleted';
        } elsif (defined $json->{text} && $json->{text} =~ /^(\d+) /) {
            $promised{$id} = $1;
        }
    }

    return %promised;
}

sub judge {
    my ($nginx, $n) = @_;

    my $power = Comments::Power->new($nginx->dir . '/log');
    my %result = (damaged => 0, lost => 0, cuts => 0, checked => 0, why => '',
                  log => $power);

    $power->cut($n, $seed, sub {
        my ($cut) = @_;
        my %promised = promised($nginx, @{ $cut->{answers} });

        $result{cuts}++;
        if (!defined $cut->{bytes}) {
            $result{lost}++ if %promised;
            return;
        }

        File::Path::remove_tree($nginx->dir . '/cut');
        $nginx->write('cut/data.mdb', $cut->{bytes});
        my ($found, $why) = look($nginx);
        if (!$found) {
            $result{damaged}++;
            $result{why} ||= "at $cut->{at}: $why";
            return;
        }

        my @lost = grep { !kept($found->{$_}, $promised{$_}) } keys %promised;
        push @lost, grep { $found->{$_}{status} ne 'deleted'
                           && !is_whole($found->{$_}{text}) } keys %$found;
        $result{checked} += keys %promised;
        $result{lost}++ if @lost;
        $result{why} ||= "at $cut->{at}: lost or torn: @lost" if @lost;
    });

    return \%result;
}

sub kept {
    my ($found, $promised) = @_;

    return 0 unless $found;
    return 1 if $found->{status} eq 'deleted';        # by a later request
    return 0 if $promised eq 'deleted';
    return is_whole($found->{text}) && $found->{text} =~ /^(\d+)/
           && $1 >= $promised;
}


my $nginx  = record('honest', 2);
my $begun  = time;
my $result = judge($nginx, $cuts);
my $log    = $result->{log};

cmp_ok($log->count('a'), '>', $clients * $posts,
       $log->count('a') . ' answers, ' . $log->count('w') . ' writes, '
       . $log->count('d') . ' commits were recorded');
is($result->{cuts}, $cuts, "the power failed $cuts times");
is($result->{damaged}, 0, 'the store agreed with itself each time')
    or diag $result->{why};
is($result->{lost}, 0, "all of $result->{checked} promises were kept")
    or diag $result->{why};
note(sprintf '%.1f seconds', time - $begun);


# The same on machines that break the promise.

for (['lazy', 'a disk that ignores all syncs'],
     ['loose', 'a disk that forgets the last page'],
     ['late', 'answers that leave before their commit'])
{
    my ($disk, $what) = @$_;
    my $got = judge(record($disk, 1), 30);
    cmp_ok($got->{lost} + $got->{damaged}, '>', 3,
           "$what is found out: $got->{lost} lost, $got->{damaged} damaged");
    cmp_ok($got->{lost}, '>', 0, '... by a comment that is missing')
        if $disk ne 'lazy';
}

done_testing();

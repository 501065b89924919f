# ngx-comments moderator: what it says, a password that is typed at a terminal,
# and a file that cannot be written.

use strict;
use warnings;

use Comments::Fault;
use Comments::Tool;
use Errno qw(ENOSPC EIO);
use File::Copy qw(copy);
use IO::Select;
use JSON::PP;
use POSIX qw(:termios_h :sys_wait_h);
use Test::More;

my $t        = Comments::Tool->new;
my $file     = $t->dir . '/moderators';
my $password = 'correct horse battery';

sub moderator {
    my ($verb, @more) = @_;
    my $typed = $verb =~ /^(?:add|password)$/ && "@more" !~ /--no-password/;
    return $t->raw({ in => "$password\n" }, 'moderator', $verb, @more,
                   '--file', $file, $typed ? '--password-stdin' : ());
}

sub content {
    open my $in, '<:raw', $file or return 'no file';
    local $/;
    return scalar <$in>;
}


# What it says, in JSON too.

is_deeply(moderator('add', 'kari', '--role', 'owner', '--json')->{json},
          { name => 'kari' }, 'one is added');
is(moderator('add', 'ola', '--role', 'moderator', '--sites', 'a,b')->{out},
   "ola added\n", 'without --json in words');
is_deeply(moderator('password', 'ola', '--json')->{json}, { name => 'ola' },
          'one has another password');
is_deeply(moderator('list', '--json')->{json}, { moderators => [
    { name => 'kari', role => 'owner', sites => ['*'],
      password => JSON::PP::true },
    { name => 'ola', role => 'moderator', sites => [qw(a b)],
      password => JSON::PP::true } ] }, 'both are listed');
is_deeply(moderator('remove', 'ola', '--json')->{json}, { name => 'ola' },
          'one is removed');
for ([ 'remove', 'ola' ], [ 'password', 'ola' ],
     [ 'add', 'kari', '--role', 'owner' ]) {
    my $got = moderator(@$_, '--json');
    is("$got->{exit} " . ($got->{err} =~ tr/\n//), '1 1',
       "$_->[0] $_->[1]: refused in one line");
    is($got->{out}, '', '... and nothing else is said');
}


# At a terminal.

# A terminal with the tool in it: its master, the open slave, and the pid.
sub terminal {
    my (@command) = @_;

    open my $master, '+<', '/dev/ptmx' or return;
    my ($unlock, $number) = (pack('i', 0)) x 2;
    ioctl $master, 0x40045431, $unlock or return;             # TIOCSPTLCK
    ioctl $master, 0x80045430, $number or return;             # TIOCGPTN
    my $path = '/dev/pts/' . unpack 'i', $number;
    open my $slave, '+<', $path or return;

    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        POSIX::setsid();
        $SIG{$_} = 'DEFAULT' for qw(INT QUIT HUP TERM);
        open my $own, '+<', $path or POSIX::_exit(126);   # controls us now
        POSIX::dup2(fileno $own, $_) for 0 .. 2;
        exec @command or POSIX::_exit(127);
    }

    return { master => $master, slave => $slave, pid => $pid, said => '' };
}

# Until it has said so.
sub says {
    my ($tty, $what) = @_;
    my $select = IO::Select->new($tty->{master});
    for (1 .. 200) {
        return 1 if $tty->{said} =~ $what;
        next unless $select->can_read(0.1);
        sysread $tty->{master}, $tty->{said}, 4096, length $tty->{said}
            or last;
    }
    return $tty->{said} =~ $what;
}

sub type {
    my ($tty, $text) = @_;
    $tty->{said} = '';
    syswrite $tty->{master}, $text;
}

sub echoes {
    my ($tty) = @_;
    my $attributes = POSIX::Termios->new;
    $attributes->getattr(fileno $tty->{slave});
    return $attributes->getlflag & ECHO ? 1 : 0;
}

# How it ended: "exit 0", or "signal 2".
sub ended {
    my ($tty) = @_;
    my $select = IO::Select->new($tty->{master});
    for (1 .. 200) {
        sysread $tty->{master}, $tty->{said}, 4096, length $tty->{said}
            if $select->can_read(0.05);
        next unless waitpid $tty->{pid}, WNOHANG;
        return $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8);
    }
    kill 'KILL', $tty->{pid};
    return 'never';
}

my @add = ($Comments::Tool::TOOL, qw(moderator add per --role owner --file),
           $file);

SKIP: {
    my $tty = terminal(@add)
        or skip 'there are no terminals here', 20;

    ok(says($tty, qr/Password: /), 'a password is asked for');
    is(echoes($tty), 0, 'and not shown');
    type($tty, "$password\n");
    ok(says($tty, qr/Once more: /), 'it is asked for once more');
    unlike($tty->{said}, qr/horse/, 'nothing of it was seen');
    type($tty, "$password\n");
    is(ended($tty), 'exit 0', 'twice the same is one');
    like($tty->{said}, qr/per added/, 'as one is told');
    is(echoes($tty), 1, 'and the terminal is as before');
    like(content(), qr/^per owner \* \$argon2id/m, 'he is in the file');
    moderator('remove', 'per');

    my $before = content();
    $tty = terminal(@add);
    says($tty, qr/Password: /);
    type($tty, "$password\n");
    says($tty, qr/Once more: /);
    type($tty, "$password!\n");
    is(ended($tty), 'exit 1', 'two that differ are none');
    like($tty->{said}, qr/the two passwords are not the same/, 'and why');
    is(echoes($tty), 1, 'the terminal is as before');

    for (['Password: ' => "\cC", 'signal 2', 'interrupted'],
         ['Once more: ' => "\cC", 'signal 2', 'interrupted'],
         ['Password: ' => "\cD", 'exit 1', 'there is no password']) {
        my ($prompt, $key, $end, $said) = @$_;
        $tty = terminal(@add);
        says($tty, qr/Password: /);
        if ($prompt ne 'Password: ') {
            type($tty, "$password\n");
            says($tty, qr/\Q$prompt/);
        }
        type($tty, $key);
        is(ended($tty), $end, sprintf '%s Ctrl-%s: %s', $prompt,
           chr(64 + ord $key), $end);
        like($tty->{said}, qr/^\r?\nngx-comments: $said\r?\n\z/,
             "... and says $said");
        is(echoes($tty), 1, '... and the terminal is as before');
    }
    is(content(), $before, 'the file, too');
}


# A file that cannot be written: it stays as it was.

sub unharmed {
    my ($got, $before, $sentence) = @_;
    is("$got->{exit} " . ($got->{err} =~ tr/\n//), '1 1',
       "$sentence: refused in one line");
    is(content(), $before, '... and the file is as before');
    ok(!-e "$file.new", '... with nothing beside it');
}

my $before = content();
my $tool   = "$Comments::Tool::TOOL moderator remove kari --file $file";
my $err    = `sh -c "trap '' XFSZ; ulimit -f 0; $tool" 2>&1 >/dev/null`;
unharmed({ exit => $? >> 8, err => $err }, $before, 'no byte more fits');
like($err, qr/cannot write .*too large/i, '... as it says');

my $fault = Comments::Fault->new;
SKIP: for my $error (ENOSPC, EIO) {
    skip 'the library that fails is not built, or would not do', 1
        if !-e $fault->library || $ENV{TEST_PRELOAD};
    for (my $n = 1; $n < 20; $n++) {
        $fault->arm('aside', $n, error => $error);
        my %env = ($fault->env, LD_PRELOAD => $fault->library);
        local @ENV{ keys %env } = values %env;
        my $got = moderator('remove', 'kari');
        delete @ENV{ keys %env };
        if (!$fault->fired) {
            is($got->{exit}, 0, "no step is behind $n");
            cmp_ok($n, '>', 5, 'there are some');
            is(content() =~ /kari/, '', 'then it is written');
            last;
        }
        if (content() ne $before) {
            like($got->{err}, qr/cannot sync the folder/,
                 "step $n: it is there, but may not be after a power cut");
            is($got->{exit}, 1, '... which is told');
        } else {
            unharmed($got, $before, "step $n fails with $error");
        }
        restore();
    }
    restore();
}

SKIP: {
    skip 'only root can be somebody else', 3 if $> != 0;
    chmod 0755, $t->dir;
    chmod 0644, $file;

    # The sources may lie where somebody else cannot go.
    my $copy = $t->dir . '/tool';
    copy($Comments::Tool::TOOL, $copy) or die "$copy: $!";
    chmod 0755, $copy;
    my @remove = ($copy, qw(moderator remove kari --file), $file);

    my $pid = open(my $out, '-|') // die "fork: $!";
    if ($pid == 0) {
        chmod 0640, $file;
        chown 65534, 65534, $file;
        POSIX::setgid(65534);
        POSIX::setuid(65534);
        open STDERR, '>&', \*STDOUT;
        exec @remove or POSIX::_exit(127);
    }
    my $said = join '', <$out>;
    close $out;
    unharmed({ exit => $? >> 8, err => $said }, $before,
             'a folder that is not ours');
}

sub restore {
    open my $put, '>:raw', $file or die "$file: $!";
    print $put $before;
    close $put;
    chmod 0600, $file;
}

done_testing();

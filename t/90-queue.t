# A disk that stands still: posts wait in a queue that has an end, reads do not
# wait, and no worker keeps the disk for itself.

use strict;
use warnings;

use Comments::Nginx;
use IO::Select;
use Test::More;
use Time::HiRes qw(time);

use constant QUEUE => 4;

my $conf = 'comments_limit_author off; comments_limit_address off;
            comments_require none;';
my $slow = "$Comments::Nginx::BUILD/fault/slow.so";
my $n = 0;

sub body {
    my ($page) = @_;
    $n++;
    return '{"page":"' . $page . '","text":"text ' . $n . '"}';
}

# Sends posts on connections of their own and gives those.
sub send_posts {
    my ($nginx, $many, $page) = @_;

    return map {
        my $socket = $nginx->connect;
        my $body = body($page);
        syswrite $socket, "POST /comments/comment HTTP/1.1\r\n"
            . "Host: localhost\r\nConnection: close\r\n"
            . "Content-Type: application/json\r\nContent-Length: "
            . length($body) . "\r\n\r\n$body";
        $socket;
    } 1 .. $many;
}

sub answers {
    my ($nginx, @sockets) = @_;
    return map { ($nginx->answers($nginx->raw('', socket => $_)))[0] }
               @sockets;
}


my $nginx = Comments::Nginx->new(
    preload => [ $slow ], env => { SLOW_FILE => '%%DIR%%/still' },
    http => 'comments_queue ' . QUEUE . ';', location => $conf)->start;
my $still = $nginx->dir . '/still';

# Of how many sockets there is something to read.
sub ready {
    my @ready = IO::Select->new(@_)->can_read(0);
    return scalar @ready;
}

# Waits until so many of the sockets have an answer.
sub answered {
    my ($many, @sockets) = @_;
    return $nginx->until(sub {
        my @ready = IO::Select->new(@sockets)->can_read(0);
        @ready >= $many;
    });
}


# The queue has an end.

for my $more (0, 1, 5) {
    $nginx->write('still', '');
    my @sockets = send_posts($nginx, QUEUE + $more, '/p');
    answered($more, @sockets);
    unlink $still;

    my %by;
    push @{ $by{ $_->{status} } }, $_ for answers($nginx, @sockets);

    is(scalar @{ $by{201} || [] }, QUEUE,
       'as many as the queue takes, of ' . (QUEUE + $more));
    is(scalar @{ $by{503} || [] }, $more, 'and the others are told');
    is(join(' ', map { "$_->{json}{error}{code} $_->{headers}{'retry-after'}" }
                 @{ $by{503} || [] }),
       join(' ', ('busy 1') x $more), 'that it is busy, and when to come again')
        if $more;
}
is($nginx->get('/comments/thread?page=/p')->{json}{count}, 3 * QUEUE,
   'all that were taken are there');


# Reads go on while a commit waits for the disk.

$nginx->write('still', '');
my @waiting = send_posts($nginx, QUEUE + 1, '/q');
answered(1, @waiting);
for my $path ('thread?page=/p', 'count?page=/p&page=/q', 'thread?page=/q') {
    is($nginx->get("/comments/$path")->{status}, 200, "a read: $path");
}
is(ready(@waiting), 1, 'no post is through');
unlink $still;
is(join(' ', sort map { $_->{status} } answers($nginx, @waiting)),
   join(' ', (201) x QUEUE, 503), 'then they are');


# A flood is no flood of lines: one says it, and one a second how many more.

sub lines {
    my ($name, $pattern) = @_;
    return grep { /$pattern/ } split /\n/, $nginx->read($name);
}

sub busy_lines { return lines('error.log', 'busy: comments_queue is full') }

sub told_of {
    my $n = 0;
    $n += /: (\d+) more$/ ? $1 : 1 for busy_lines();
    return $n;
}

sub flood {
    my ($many) = @_;
    $nginx->write('still', '');
    my @waiting = send_posts($nginx, QUEUE, '/flood');
    answers($nginx, send_posts($nginx, 1, '/flood')) for 1 .. $many;
    unlink $still;
    answers($nginx, @waiting);
}

# nginx logs an answer a little later than it is there.
sub refused { return scalar lines('access.log', qr/" 503 /) }

my $before = busy_lines();
my $begun  = time;
flood(300);
ok($nginx->until(sub { refused() > 300 && told_of() == refused() }, 5),
   'a flood of posts is refused, and the lines tell of all')
    or diag told_of() . ' of ' . refused();
my $lines = busy_lines() - $before;
cmp_ok($lines, '<=', 3 + 2 * (time - $begun), "and are few: $lines");

flood(20);
$nginx->stop;
is(told_of(), refused(), 'also of those that were counted when nginx ends');


# Two workers take turns: each has a good part of what is committed.

$nginx = Comments::Nginx->new(
    workers => 2, preload => [ $slow ], env => { SLOW_MS => 20 },
    http => 'log_format pid "$pid $status"; access_log %%DIR%%/pid.log pid;',
    location => $conf)->start;

my $end = time + 3;
while (time < $end) {
    my %status;
    $status{ $_->{status} }++
        for answers($nginx, send_posts($nginx, 16, '/p'));
    is(join(' ', keys %status), 201, 'none is refused') if keys %status != 1;
}

my (%posts, $all);
for (split /\n/, $nginx->read('pid.log')) {
    my ($pid, $status) = split;
    $posts{$pid}++, $all++ if $status == 201;
}
my ($least) = sort { $a <=> $b } values %posts;
is(scalar(keys %posts), 2, 'both workers have committed');
cmp_ok($least, '>', $all / 10, 'neither is left behind')
    or diag join ' ', %posts;
$nginx->stop;

done_testing();

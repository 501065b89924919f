# An acknowledged comment is there after every nginx process was killed, and
# neither a reload nor a new binary loses a request.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time sleep);

use constant SLOTS => 80;

my $reloads = $ENV{TEST_RELOADS} || 10;
my $kills   = $ENV{TEST_KILLS} || 20;

my $nginx = Comments::Nginx->new(
    workers  => 2,
    files    => { 'rules.lua' => '' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my @store = ('--store', $nginx->dir . '/store');


# A child that posts until the file appears; it writes what was acknowledged.

sub poster {
    my ($name, $stop) = @_;

    my $pid = fork // die;
    return $pid if $pid;

    open my $out, '>', "$stop.$name" or die;
    $out->autoflush(1);

    for (my $n = 0; !-e $stop; $n++) {
        my $got = $nginx->post_json('/comments/comment',
            { page => "/$name", name => 'N', email => 'n@example.org',
              text => "$name $n" });
        print $out $got->{status} == 201 ? "ack $got->{json}{id}\n"
                                         : "no $got->{status}\n";
    }

    POSIX::_exit(0);
}

sub lines {
    my ($stop, @names) = @_;
    return map { my $name = $_; open my $in, '<', "$stop.$name" or die;
                 map { chomp; "$name $_" } <$in> } @names;
}


# Starts four, lets something happen, stops them; the lines they wrote.

sub during {
    my ($what, $happens) = @_;

    my $stop  = $nginx->dir . "/stop-$what";
    my @names = map { $what . $_ } 'a' .. 'd';
    my @pids  = map { poster($_, $stop) } @names;
    sleep 0.3;
    $happens->();
    open my $file, '>', $stop or die;
    waitpid $_, 0 for @pids;

    return lines($stop, @names);
}

# Those of them that are not there though it was said that they are.
sub missing {
    my @missing = grep { my (undef, undef, $id) = split;
                  $nginx->get("/comments/comment/$id")->{status} != 200 }
                  grep { / ack / } @_;
    return @missing < 9 ? @missing : scalar(@missing) . ' of them';
}

# Other answers than 201, and how many.
sub others {
    my %n;
    $n{$_}++ for map { / (no \d+)/ ? $1 : () } @_;
    return join ' ', map { "$_: $n{$_}" } sort keys %n;
}

sub stats {
    return decode_json($nginx->tool('stats', '--json', @store)->{out});
}


# Reloads, each with other rules and other sites.

my @lines = during('reload', sub {
    for my $n (1 .. $reloads) {
        $nginx->write('rules.lua', qq(rule("number $n", function(c)
            return score(0, "$n") end)));
        $nginx->configure(server => $n % 2
            ? "location /other/$n/ { comments other-$n; }" : '');
        $nginx->reload;
        sleep 0.1;
    }
});
cmp_ok(scalar @lines, '>', 50,
       scalar @lines . " posts during $reloads reloads");
is(others(@lines), '', 'every one was answered by 201');
is(join(' ', missing(@lines)), '', 'and is there');


# A new binary takes over: USR2, WINCH, QUIT, as nginx's manual has it.  The
# new master is a child of the old one; we inherit it.

SKIP: {
    skip 'orphans cannot be inherited here', 4
        unless Comments::Nginx::subreaper;
    $nginx->stop;
    $nginx->start(daemon => 1);

    my $old = $nginx->pid;
    @lines = during('upgrade', sub {
        kill 'USR2', $old;
        $nginx->until(sub { -s $nginx->dir . '/nginx.pid.oldbin'
                            && -s $nginx->dir . '/nginx.pid' });
        my $new = 0 + $nginx->read('nginx.pid');
        $nginx->until(sub { 2 == grep { Comments::Nginx::process_title($_)
            =~ /worker/ } Comments::Nginx::children($new) });
        sleep 0.3;
        kill 'WINCH', $old;
        $nginx->until(sub { !grep { $_ != $new }
                            Comments::Nginx::children($old) });
        sleep 0.2;
        kill 'QUIT', $old;
        waitpid $old, 0;
        $nginx->{pid} = $new;
    });
    cmp_ok(scalar @lines, '>', 20,
           scalar @lines . ' posts while another binary took over');
    is(others(@lines), '', 'every one was answered by 201');
    is(join(' ', missing(@lines)), '', 'and is there');
}


# kill -9 of everything right after a 201, again and again.

my $lost = 0;
for my $round (1 .. 8) {
    my $got = $nginx->post_json('/comments/comment',
        { page => '/kill', name => 'N', email => 'n@example.org',
          text => "round $round" });
    $nginx->kill9_all;
    $nginx->start;
    $lost++ unless $nginx->get("/comments/comment/$got->{json}{id}")->{status}
                   == 200;
}
is($lost, 0, 'no comment was lost when all processes were killed');


# kill -9 of workers under load.

my $before = stats();
@lines = during('kill', sub {
    for (1 .. $kills) {
        $nginx->kill9;
        sleep 0.05;
    }
});
my $after = stats();
my @acks  = grep { / ack / } @lines;

cmp_ok(scalar @acks, '>', 20, scalar @acks
       . " posts while workers were killed $kills times");
isnt(others(@lines), '', 'a request that a reload lost would be seen, as here: '
     . others(@lines));
is(join(' ', missing(@lines)), '', 'every acknowledged one is there');

# A worker has a slot for its event loop and one for each thread that reads.
cmp_ok($after->{readers}, '<', SLOTS,
       "killed readers leave their slots: $after->{readers} were in use");

my $grown = $after->{bytes_used} - $before->{bytes_used};
my $more  = $after->{comments} - $before->{comments};
cmp_ok($grown, '<', 2_000_000 + 8_000 * $more,
       "the file has grown by $grown bytes for $more comments");

my $check = $nginx->tool('check', @store);
is($check->{exit}, 0, 'the store is whole') or diag $check->{out},
                                                   $check->{err};


# Were an answer not kept, it would be seen: one comment is taken away.
my $n = $nginx->post_json('/comments/comment', { page => '/away', name => 'N',
    email => 'n@example.org', text => 'away' })->{json}{id};
$nginx->tool('delete', $n, @store);
is(join(' ', missing("x ack $n")), "x ack $n",
   'one that is not there is found out');

$nginx->stop;

# So would slots that nobody gives back.
SKIP: {
    my $stale = "$Comments::Nginx::BUILD/fault/stale.so";
    skip "$stale is not built: make test", 1 unless -e $stale;

    $nginx->{preload} = [ $stale ];
    $nginx->start;
    for (1 .. SLOTS) {
        $nginx->get('/comments/count?page=/') for 1 .. 4;
        $nginx->kill9;
    }
    cmp_ok(stats()->{readers}, '>=', SLOTS,
           'slots that are never given back are found out');
    $nginx->stop;
}

done_testing();

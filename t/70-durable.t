# An acknowledged comment is there after every nginx process was killed, and
# a reload loses no request.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;
use Time::HiRes qw(time sleep);

my $nginx = Comments::Nginx->new(
    workers  => 2,
    files    => { 'rules.lua' => '' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my $store = $nginx->dir . '/store';


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


# Reloads.

my $stop = $nginx->dir . '/stop-reload';
my @pids = map { poster($_, $stop) } 'a' .. 'd';
sleep 0.5;
for (1 .. 5) {
    $nginx->reload;
    sleep 0.2;
}
open my $file, '>', $stop;
waitpid $_, 0 for @pids;

my @lines = lines($stop, 'a' .. 'd');
cmp_ok(scalar @lines, '>', 50, scalar @lines . ' posts during five reloads');
is(join(' ', grep { !/ ack / } @lines), '', 'every one was answered by 201');


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

$stop = $nginx->dir . '/stop-kill';
@pids = map { poster($_, $stop) } 'e' .. 'h';
sleep 0.3;
for (1 .. 6) {
    $nginx->kill9;
    sleep 0.15;
}
open $file, '>', $stop;
waitpid $_, 0 for @pids;

my @acks = grep { / ack / } lines($stop, 'e' .. 'h');
my $missing = 0;
for (@acks) {
    my ($page, undef, $id) = split;
    $missing++ if $nginx->get("/comments/comment/$id")->{status} != 200;
}
cmp_ok(scalar @acks, '>', 20,
       scalar @acks . ' posts while workers were killed');
is($missing, 0, 'every acknowledged one is there');

my $check = $nginx->tool('check', '--store', $store);
is($check->{exit}, 0, 'the store is whole') or diag $check->{out},
                                                   $check->{err};

$nginx->stop;
done_testing();

# comments_purge: nginx's workers take old spam and rejected comments away for
# good, once a day, with a clock that runs faster than ours.

use strict;
use warnings;

use Comments::Nginx;
use Test::More;

my $library = "$Comments::Nginx::BUILD/fault/clock.so";
plan skip_all => "$library is not built: make test" unless -e $library;

my $nginx = Comments::Nginx->new(
    workers  => 2,
    preload  => [ $library ],
    env      => { CLOCK_DAYS => 0, CLOCK_SPEED => 1 },
    http     => 'comments_purge 30d;',
    location => 'comments_limit_author off; comments_limit_address off;',
);
$nginx->start;

my $store = $nginx->dir . '/store';

sub tool {
    my $got = $nginx->tool(@_, '--store', $store);
    BAIL_OUT("@_: $got->{err}") if $got->{exit};
    return $got->{out};
}

sub post {
    return $nginx->post_json('/comments/comment', { page => '/p',
        text => $_[0], name => 'N', email => 'n@example.org' })->{json}{id}
        // BAIL_OUT('post');
}

# A clock that is so many days ahead, sixty times as fast; woken up, so that
# upkeep comes within a second or two.
sub later {
    my ($days, $seen) = @_;
    $nginx->{env} = { CLOCK_DAYS => $days, CLOCK_SPEED => 60 };
    $nginx->restart;
    return $nginx->until(sub { $nginx->get('/comments/count?page=/p');
                               $seen->() });
}

my %id = map { $_ => post("A text that is $_.") }
         qw(approved spam rejected pending);
tool('spam', $id{spam});
tool('reject', $id{rejected});
tool('hold', $id{pending});

later(31, sub { tool('log') =~ /purge.*purge/s });

my $log = tool('log');
is(scalar(() = $log =~ /\bpurge\b/g), 2, 'after their days two are purged,');
like($log, qr/upkeep/, 'by upkeep,');
is($nginx->get('/comments/count?page=/p')->{json}{counts}{'/p'}, 1,
   'and not what readers see');
like(tool('list', '--status', 'pending', '--site', 'test'),
     qr/A text that is pending/, 'nor what waits');
ok($nginx->log_has(qr/comments_purge: \d+ comments are gone for good/),
   'nginx says so');

is($nginx->tool('check', '--store', $store)->{exit}, 0,
   'the store is sound');

$nginx->stop;
done_testing();

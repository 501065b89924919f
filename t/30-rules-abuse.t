# Texts that are made to keep rules busy: held in milliseconds, while the
# worker answers others and its memory stays what it was.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);

my $POSTS = 2000;
my $WARM  = 500;         # until each thread has met each kind of trouble

my $nginx = Comments::Nginx->new(
    workers  => 1,
    files    => { 'rules.lua' => <<'END' },
rule("casino", function(c)
  if c.text:find("http.*http.*http.*casino") then return spam() end
end)
rule("trim", function(c)
  if c.text:match("^%s*(.-)%s*$") == "" then return spam() end
  if c.text:find("%s+$") then return score(1) end
end)
rule("memory", function(c)
  if c.text:find("^much") then
    local s = c.text
    for i = 1, 40 do s = s .. s end
  end
end)
END
    location => 'comments_rules %%DIR%%/rules.lua; comments_text_max 65536;
                 comments_limit_author off; comments_limit_address off;',
)->start;

my ($worker) = $nginx->workers;
my $n = 0;

sub post {
    my ($text) = @_;
    my $from = time;
    my $got = $nginx->post_json('/comments/comment',
        { page => '/' . $n++ % 50, name => 'N', email => 'n@example.org',
          text => $text });
    return ($got, 1000 * (time - $from));
}

# Resident bytes of the worker that are its own.
sub memory {
    open my $in, '<', "/proc/$worker/smaps_rollup" or return 0;
    my ($kb) = map { /^Private_Dirty:\s+(\d+)/ ? $1 : () } <$in>;
    return 1024 * ($kb // 0);
}

my %texts = (
    'one KB of "http" under find("http.*http.*http.*casino")'
        => 'http' x 256,
    '64 KB of blanks under a pattern that trims'
        => 'x' . ' ' x 65000 . 'y',
    'a text that is doubled forty times' => 'much ' x 100,
);

for my $what (sort keys %texts) {
    my ($got, @ms);
    for my $k (1 .. 5) {
        ($got, my $ms) = post("$texts{$what} $k");
        push @ms, $ms;
    }
    my ($best) = sort { $a <=> $b } @ms;
    is($got->{status}, 202, "$what is held");
    cmp_ok($best, '<', 1000, '... in milliseconds');
    note sprintf '%.1f ms', $best;
}

my $list = $nginx->tool('list', '--status', 'pending', '--site', 'test',
                        '--limit', 1, '--store', $nginx->dir . '/store',
                        '--json');
like($list->{out}, qr/it used more than/, 'a receipt says what was too much');


# Others are answered meanwhile.

my $busy = fork // die;
if (!$busy) {
    post($texts{$_} . " $n") for (sort keys %texts) x 15;
    POSIX::_exit(0);
}

my @waits;
while (waitpid($busy, POSIX::WNOHANG()) == 0) {
    my $from = time;
    $nginx->get('/comments/count?page=/');
    push @waits, 1000 * (time - $from);
}
@waits = sort { $a <=> $b } @waits;
cmp_ok(scalar @waits, '>', 20, 'readers ask while rules are busy');
cmp_ok($waits[@waits / 2], '<', 50, '... and are answered at once');
note sprintf 'median %.1f ms, longest %.1f ms', $waits[@waits / 2], $waits[-1];


# Memory.

my @short = map { substr $texts{$_}, 0, 2000 } sort keys %texts;
post($short[$_ % @short] . " $n") for 1 .. $WARM;
my $before = memory();
post($short[$_ % @short] . " $n") for 1 .. $POSTS;
my $after = memory();

note sprintf '%.1f MB, after %d posts %.1f MB', $before / 2**20, $POSTS,
    $after / 2**20;
SKIP: {
    skip 'a sanitizer keeps what is freed', 1 if $ENV{TEST_PRELOAD};
    cmp_ok($after - $before, '<', 3 * 2**20,
           "the worker's memory is what it was before $POSTS posts");
}
is(join(' ', $nginx->workers), $worker, 'and it is the same worker');

$nginx->stop;
done_testing();

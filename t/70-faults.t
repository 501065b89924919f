# Each write, sync, mapping and allocation fails in turn, once and for good:
# the answer is a clear one, nothing is half done, and when the trouble is
# over everything goes on without a restart.

use strict;
use warnings;

use Comments::Fault;
use Comments::Nginx;
use JSON::PP;
use POSIX qw(EIO ENOSPC EAGAIN);
use Test::More;

my $n_max = $ENV{TEST_FAULTS} || 60;  # beyond it one in seventeen is tried
my $fault = Comments::Fault->new;

plan skip_all => $fault->library . ' is not built: make test'
    unless -e $fault->library;
plan skip_all => 'AddressSanitizer has an allocator of its own'
    if $ENV{TEST_PRELOAD};

my $nginx = Comments::Nginx->new(
    preload  => [ $fault->library ],
    env      => { $fault->env },
    files    => { 'rules.lua' => 'rule("all", function(c)
                      if c.text:find("held") then return hold("Wait.") end
                  end)' },
    location => 'comments_rules %%DIR%%/rules.lua;
                 comments_limit_author off; comments_limit_address off;',
);
my @store = ('--store', $nginx->dir . '/store');
my @key   = ('--key', $nginx->dir . '/comments.key');

my %clear = (201 => 1, 202 => 1, 503 => 1, 507 => 1);
my $posts = 0;


sub post {
    my ($text) = @_;
    $posts++;
    return $nginx->post_json('/comments/comment', { page => '/', name => 'N',
        email => 'n@example.org', text => "$posts " . ($text // 'words') });
}

sub found {
    my ($id) = @_;
    return $nginx->tool('show', $id, @store)->{exit} == 0;
}

# Is the store whole?  Without faults.
sub whole {
    my ($what) = @_;
    my $check = $nginx->tool('check', @store);
    return $check->{exit} == 0 ? () : "$what: check: $check->{out}";
}

# The numbers to try: all, then some.
sub after {
    my ($n) = @_;
    return $n < $n_max ? $n + 1 : $n + 17;
}


# Posting.  *what is tried with the n-th call failing, for each n until none
# does; gives how many and what went wrong.

sub sweep {
    my ($kind, %o) = @_;

    my ($n, $tried, @bad, %seen) = (1, 0);
    for (; $n < 20_000; $n = after($n)) {
        my $what = "$kind $n";

        $fault->arm($kind, $n, %o);
        my $got   = post($o{text});
        my $fired = $fault->fired;
        my $read  = $nginx->get('/comments/count?page=/')->{status};
        $fault->disarm;

        last if !$fired;
        $tried++;
        $seen{ $got->{status} }++;

        push @bad, "$what: $got->{status}" unless $clear{ $got->{status} };
        push @bad, "$what: no code" if $got->{status} >= 500
                                       && !$got->{json}{error}{code};
        push @bad, "$what: told $got->{json}{id}, not kept"
            if $got->{status} < 300 && !found($got->{json}{id});
        push @bad, "$what: reads stop: $read"
            if $read != 200 && $kind ne 'malloc';
        push @bad, whole($what) if $kind ne 'malloc' || $n % 10 == 0;

        my $next = post('after');
        push @bad, "$what: then $next->{status}" if $next->{status} != 201;
        last if @bad > 5;
    }

    push @bad, whole($kind);

    return ($tried, join("\n", @bad), join ' ', map { "$_:$seen{$_}" }
                                                sort keys %seen);
}

sub sweep_is_fine {
    my ($kind, $sentence, %o) = @_;
    my ($tried, $bad, $seen) = sweep($kind, %o);
    cmp_ok($tried, '>', 0, "$sentence: $tried places, answers $seen");
    is($bad, '', '... each answer is clear, and posting goes on');
    return $seen;
}

$nginx->start;
post('first');

for my $text ('words', 'long ' x 1500, 'held') {
    my $size = length $text;
    for my $kind (qw(pwrite writev fdatasync)) {
        sweep_is_fine($kind, "$kind fails once, $size bytes", text => $text);
    }
    sweep_is_fine('malloc', "malloc fails once, $size bytes", text => $text);
}

for my $kind (qw(pwrite writev fdatasync)) {
    my $seen = sweep_is_fine($kind, "$kind fails from then on", sticky => 1);
    like($seen, qr/^503:\d+$/, '... and each time it is 503');
}
for my $kind (qw(pwrite writev)) {
    my $seen = sweep_is_fine($kind, "$kind finds no room", sticky => 1,
                             error => ENOSPC);
    like($seen, qr/^507:\d+$/, '... and each time it is 507');
}

sweep_is_fine('malloc', 'malloc fails from then on', sticky => 1);


$nginx->stop;


# All that would see nothing if a failure were not told.  So one is not.

$nginx->start;
$fault->arm('pwrite', 2, sticky => 1, error => 0);
my @lied = map { post("lie $_") } 1 .. 5;
$fault->disarm;
cmp_ok(scalar(grep { $_->{status} == 201
                     && (!found($_->{json}{id}) || whole('lie')) } @lied),
       '>', 0, 'writes that are lost in silence are found out');
$nginx->kill9_all;
File::Path::remove_tree($nginx->dir . '/store');
$nginx->start;
is(post('again')->{status}, 201, 'a new store');
$nginx->stop;


# Starting: the store cannot be made or opened, until it can.

my ($n, @bad) = (1);
for my $kind (qw(open mmap pwrite fdatasync)) {
    for ($n = 1; $n < 200; $n = after($n)) {
        my $other = Comments::Nginx->new(
            preload => [ $fault->library ], env => { $fault->env });

        $fault->arm($kind, $n);
        $other->start;
        my $got   = $other->get('/comments/count?page=/');
        my $fired = $fault->fired;
        $fault->disarm;

        push @bad, "$kind $n: $got->{status}"
            unless $got->{status} =~ /^(200|503)$/;
        push @bad, "$kind $n: it never recovers"
            unless $other->until(sub {
                $other->post_json('/comments/comment', { page => '/',
                    name => 'N', email => 'n@example.org', text => 'x' })
                    ->{status} == 201 }, 5);
        $other->kill9_all;
        File::Path::remove_tree($other->dir);
        last if !$fired || @bad > 5;
    }
    cmp_ok($n, '>', 1, "starting without $kind: " . ($n - 1) . ' places');
}
is(join("\n", @bad), '', 'nginx starts, answers, and opens the store later');


# The tool: it does all or nothing and says which, in one sentence.

$nginx->write('lines.jsonl', join '', map { encode_json({ id => $_,
    page => "/imported", status => 'approved', name => 'N',
    created => '2013-01-08T09:40:00Z', text => "imported $_" }) . "\n" }
    1 .. 50);

$nginx->write('blog.xml', '<rss xmlns:wp="http://wordpress.org/export/1.2/">'
    . '<item><link>/blog</link>' . join('', map { "<wp:comment><wp:comment_id>"
    . "$_</wp:comment_id><wp:comment_date>2013-01-08 09:40:00</wp:comment_date>"
    . "<wp:comment_content>imported $_</wp:comment_content></wp:comment>" }
    1 .. 50) . '</item></rss>');

sub faulty {
    local %ENV = (%ENV, $fault->env, LD_PRELOAD => $fault->library);
    return $nginx->tool(@_, @store);
}

system('python3', '-c', <<'END', $nginx->dir . '/isso.db') == 0 or die;
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript("""
    CREATE TABLE threads (id INTEGER PRIMARY KEY, uri, title);
    CREATE TABLE comments (tid, id INTEGER PRIMARY KEY, parent, created,
        modified, mode, text, author, email, website);
    INSERT INTO threads VALUES (1, '/isso', 'Isso');
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 50)
    INSERT INTO comments SELECT 1, i, i - 1, 1357638000 + i, NULL, 1,
        'imported', 'N', 'n@example.org', NULL FROM n;
""")
END

my $round = 0;
my %commands = (
    check  => sub { ['check'] },
    copy   => sub { ['copy', $nginx->dir . '/copy' . ++$round] },
    export => sub { ['export', 'jsonl', '--site', 'test', @key] },
    import => sub { ['import', 'jsonl', $nginx->dir . '/lines.jsonl',
                     '--site', 'test' . ++$round, @key] },
    isso => sub { ['import', 'isso', $nginx->dir . '/isso.db',
                   '--site', 'test' . ++$round, @key] },
    wordpress => sub { ['import', 'wordpress', $nginx->dir . '/blog.xml',
                        '--site', 'test' . ++$round, @key] },
    approve => sub { ['approve', 1] },
    hold    => sub { ['hold', 1] },
    list    => sub { ['list', '--site', 'test', '--status', 'approved'] },
    show    => sub { ['show', 1] },
);

for my $name (sort keys %commands) {
    my ($tried, @wrong) = (0);

    for my $kind (qw(open mmap pwrite writev fdatasync malloc)) {
        for (my $n = 1; $n < 20_000; $n = after($n)) {
            my $command = $commands{$name}->();

            $fault->arm($kind, $n);
            my $got = faulty(@$command);
            my $fired = $fault->fired;
            $fault->disarm;
            last if !$fired;
            $tried++;

            push @wrong, "$kind $n: exit $got->{exit}"
                unless $got->{exit} =~ /^[01]$/;
            push @wrong, "$kind $n: $got->{err}"
                if $got->{exit} && $got->{err} !~ /\Angx-comments: .+\n\z/;
            push @wrong, whole("$kind $n") if $kind ne 'malloc';
            push @wrong, "$kind $n: half a copy is left"
                if $name eq 'copy' && $got->{exit}
                   && -e "$command->[1]/data.mdb";
            push @wrong, "$kind $n: exit 0, no good copy"
                if $name eq 'copy' && !$got->{exit}
                   && $nginx->tool('check', '--store',
                                   $command->[1])->{exit};
            last if @wrong > 5;
        }
    }

    push @wrong, whole($name);
    is(join("\n", @wrong), '', "$name: $tried failures, each is told");
}

# A copy of which nothing was written would be seen.
$fault->arm('pwrite', 1, sticky => 1, error => 0);
my $copied = faulty(@{ $commands{copy}->() });
$fault->disarm;
is($copied->{exit}, 0, 'a copy that is lost in silence');
is($nginx->tool('check', '--store', $nginx->dir . "/copy$round")->{exit}, 1,
   '... is found out');

done_testing();

# Tests of faults and of attacks fail where they should: on a build that makes
# the mistake that they are there to find.

use strict;
use warnings;

use Comments::Canary;
use Comments::Nginx;
use Test::More;
use Time::HiRes qw(time);

my $module = "$Comments::Nginx::BUILD/canary/ngx_http_comments_module.so";
plan skip_all => "$module is not built: make test" unless -e $module;

my $only = $ENV{TEST_CANARY} // '';

for my $c (@Comments::Canary::CANARIES) {
    sees($_, $c) for grep { "$c->{what} $_" =~ /$only/ }
                     sort keys %{ $c->{seen} };
}

is(join(' ', grep { knows_mistakes($_) } qw(ngx_http_comments_module.so
   ngx-comments)), '', 'nothing that is installed knows of mistakes');
ok(knows_mistakes("canary/$_"), "canary/$_ does")
    for qw(ngx_http_comments_module.so ngx-comments);

done_testing();


sub knows_mistakes {
    return Comments::Canary::source("$Comments::Nginx::BUILD/$_[0]")
           =~ /CANARY\0/;
}


sub sees {
    my ($test, $c) = @_;

    Comments::Canary::place($c, Comments::Canary::source($c->{in}))
        or return fail("$c->{in} has the place where $c->{what}");

    # once is enough: a busy machine may hide what takes time
    my $begun = time;
    my $why   = fails_not($test, $c) && fails_not($test, $c);
    ok(!$why, "$test sees that $c->{what}") or diag($why);
    note(sprintf '%.1f seconds', time - $begun);
}


# Why the test does not fail as it must; empty when it does.
sub fails_not {
    my ($test, $c) = @_;

    my $got    = Comments::Canary::run_broken($c, $test);
    my @failed = $got->{out} =~ /^not ok \d+ - (.*)$/mg;
    my @wanted = @{ $c->{seen}{$test} };

    return '' if $got->{exit} && @failed == @wanted && !grep {
        ref $wanted[$_] ? $failed[$_] !~ $wanted[$_]
                        : $failed[$_] ne $wanted[$_] } 0 .. $#wanted;

    return "exit $got->{exit}, failed: " . join(' | ', @failed) . "\n"
         . $got->{err};
}

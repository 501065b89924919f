# Every block of ```lua in the documentation is a whole file of rules: it
# loads, and its own tests pass.

use strict;
use warnings;

use Comments::Tool;
use Test::More;

my $tool = Comments::Tool->new;
my $n    = 0;

for my $page ('README.md', glob('docs/*.md')) {
    open my $in, '<:raw', $page or next;
    my $text = do { local $/; <$in> };

    while ($text =~ /^```lua\n(.*?)^```/msg) {
        my ($block, $at) = ($1, $-[0]);
        my $line = 1 + (substr($text, 0, $at) =~ tr/\n//);

        $tool->write('block.lua', $block);
        my $got = $tool->raw('rules', 'check', '%%DIR%%/block.lua');
        is($got->{exit}, 0, "$page:$line is a good file of rules")
            or diag $got->{err};
        $n++;
    }
}

ok($n > 2, "$n blocks of rules were found");

done_testing();

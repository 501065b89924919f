# A large WXR, and a hostile one, in bounded memory.

use strict;
use warnings;

use Comments::Tool;
use Test::More;
use Time::HiRes qw(time);

my $posts    = 2_000;
my $each     = 10;             # comments
my $memory   = 48 * 1024;      # KiB of data
my $seconds  = 120;            # far more than a slow machine takes
my $head     = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>';
my $foot     = "</channel></rss>\n";
my $t        = Comments::Tool->new;

# Each post has a text that nobody needs here, of 20 KB.
open my $out, '>', $t->dir . '/large.xml' or die "large.xml: $!";
print $out $head;
my $content = 'All of a post. ' x 1400;
for my $post (1 .. $posts) {
    print $out "<item><title>Post $post</title>"
             . "<link>https://blog.example/$post/</link>"
             . "<content>$content</content><wp:post_id>$post</wp:post_id>"
             . "<wp:status>publish</wp:status>\n",
               (map { comment($post, $_) } 1 .. $each), "</item>\n";
}
print $out $foot;
close $out or die "large.xml: $!";
note(-s $t->dir . '/large.xml', ' bytes');

my $n = $posts * $each;
my $began = time;
is(bounded("cat $t->{dir}/large.xml"),
   "comments $n, added $n, known 0, refused 0, skipped 0\n",
   "$n comments are imported in $memory KiB");
cmp_ok(time - $began, '<', $seconds, 'in reasonable time');
note(sprintf '%.1f s', time - $began);
is($t->run('check')->{out}, "no problems\n", 'the store is whole');

is(bounded("cat $t->{dir}/large.xml"),
   "comments $n, added 0, known $n, refused 0, skipped 0\n", 'once more');

my ($first, @rest) = map { $_->{created} }
                     Comments::Tool::lines($t->run('export', 'jsonl'));
my $falls = 0;
for (@rest) {
    $falls++ if $_ lt $first;
    $first = $_;
}
is($falls, 0, 'comments of all posts came in the order of their time');


# One text of 200 MB, in lines and in one.

for my $line ('x' x 65535 . "\n", 'x' x 65536) {
    like(bounded(qq{perl -e 'print q($head<item><link>/a</link>)
                  . q(<wp:comment><wp:comment_id>1</wp:comment_id>)
                  . q(<wp:comment_content>);
                  print shift for 1 .. 3200;
                  print q(</wp:comment_content></wp:comment></item>$foot)'}
               =~ s/\bshift\b/\$ARGV[0]/r . " '$line'"),
         qr/^ngx-comments:\ line\ 1:\ text_too_long:\ .*\n
            (.*\n)*comments\ 1,\ added\ 0,\ known\ 0,\ refused\ 1,/x,
         'a text of 200 MB is refused');
}

# The same where nothing is text: a tag that does not end.
like(bounded(qq{perl -e 'print q($head<item x="); print q(x) x 65536
                 for 1 .. 3200'}),
     qr/^ngx-comments: line 1: a tag of more than 1048576 bytes/,
     'a tag of 200 MB ends the import');

done_testing();


# Runs an import of what a command prints, with so much memory for data; what
# watches memory needs more of it.
sub bounded {
    my ($command) = @_;

    my $store = "--store $t->{dir}/store --site test --key $t->{dir}/key";
    my $limit = $ENV{TEST_PRELOAD} ? '' : "ulimit -d $memory";
    return scalar `$command | ($limit
                   exec $Comments::Tool::TOOL import wordpress - $store 2>&1)`;
}

# Each answers the one before, which stands behind it.
sub comment {
    my ($post, $i) = @_;

    my $id = $post * 100 + $i;
    my $parent = $i == $each ? 0 : $id + 1;
    return sprintf '<wp:comment><wp:comment_id>%d</wp:comment_id>'
                 . '<wp:comment_author><![CDATA[Reader %d]]>'
                 . '</wp:comment_author><wp:comment_author_email>'
                 . 'reader%d@example.org</wp:comment_author_email>'
                 . '<wp:comment_date_gmt>%d-%02d-08 09:40:%02d'
                 . '</wp:comment_date_gmt><wp:comment_content><![CDATA[Comment '
                 . "%d.\nWith a link, http://example.org/%d.]]>"
                 . '</wp:comment_content><wp:comment_approved>1'
                 . '</wp:comment_approved><wp:comment_parent>%d'
                 . "</wp:comment_parent></wp:comment>\n",
                   $id, $id % 1000, $id % 1000, 2000 + $post % 20,
                   1 + $post % 12, 59 - $i, $id, $id, $parent;
}

# The look of the sources: what a reader should never stumble over.

use strict;
use warnings;

use Test::More;

my $columns_max = 80;
my $lines_max   = 700;         # of a C file; aim for 300

# What git keeps; without git, what is there.
my @files = split /\0/, `git -c safe.directory='*' ls-files -z 2>/dev/null`;
@files = grep { !m{^\./(build|\.git)/} && -f } split /\n/,
         `find . -type f` unless @files;
s{^\./}{} for @files;
@files = grep { -f } @files;

ok(@files > 20, 'there are files to look at');

my (@tabs, @wide, @blanks, @long, @slashes, @words, @ends);

for my $file (grep { is_text($_) } @files) {
    my @lines = lines($file);
    my $is_c  = $file =~ /\.[ch]$/;

    push @ends, $file if @lines && $lines[-1] !~ /\n\z/;
    push @long, "$file: " . @lines . ' lines'
        if $is_c && @lines > $lines_max;

    for my $n (1 .. @lines) {
        my $line = $lines[$n - 1];
        chomp $line;

        push @tabs, "$file:$n" if $line =~ /\t/ && $file !~ /Makefile$/;
        push @wide, "$file:$n" if length $line > $columns_max
                                  && $file =~ /\.([chtj]s?|lua|p[lm]|sh|css)$
                                              |Makefile$|^dev$|^config$/x
                                  && $file !~ m{^t/lua/abuse/};
        push @blanks, "$file:$n" if $line =~ /[ \t\r]$/;
        push @slashes, "$file:$n" if $is_c && has_slashes($line);
        push @words, "$file:$n: $1" if $line =~ unfinished()
                                       && $file ne 't/00-style.t';
    }
}

is(join("\n", @tabs), '', 'no tabs but in the Makefile');
is(join("\n", @wide), '', "no line of code beyond $columns_max columns");
is(join("\n", @blanks), '', 'no blanks at the end of a line');
is(join("\n", @ends), '', 'every file ends with a line feed');
is(join("\n", @long), '', "no C file beyond $lines_max lines");
is(join("\n", @slashes), '', 'comments in C are /* these */');
is(join("\n", @words), '', 'nothing is marked as unfinished');
is(join("\n", grep { is_generated($_) } @files), '', 'nothing made is kept');

done_testing();


# Words that promise something for later, or point to what a reader of the
# source cannot open.
sub unfinished {
    return qr/\b(TODO|FIXME|XXX|HACK|(?i:stub|stubbed|issue\ \#?\d+|
              lorem\ ipsum))\b/x;
}

sub is_generated {
    my ($file) = @_;
    return $file =~ m{^build/ | \.(o|a|so|d|gcda|gcno|mdb|log|pid|orig|rej)$
                    | ~$ | (^|/)\.DS_Store$ | (^|/)node_modules/}x;
}

sub is_text {
    my ($file) = @_;
    return $file !~ /\.(png|jpe?g|gif|ico|woff2?|gz|mdb)$/
           && $file !~ m{^t/(fuzz|lua)/.*corpus|\.bin$} && -T $file;
}

# The lines of a file as characters.
sub lines {
    my ($file) = @_;
    open my $in, '<:encoding(UTF-8)', $file or die "$file: $!";
    return <$in>;
}

sub has_slashes {
    my ($line) = @_;
    $line =~ s/"(?:[^"\\]|\\.)*"//g;        # strings have addresses
    $line =~ s{/\*.*?(\*/|$)}{}g;           # so have comments
    return $line =~ m{(?<![:\w])//} && $line !~ /^ \*|^\s+\*/;
}

#!/usr/bin/perl
#
# Writes a script or a stylesheet of ours as browsers get it:
#
#   perl web/join.pl web/comments.js
#
# A script's parts are modules, each of which says what it needs from which
# other.  Browsers get them as one: in a function, each part after those that
# it imports.  So a name at the top of a part is one of the whole script, and
# stands there once (t/00-scripts.t).  A script that imports nothing, such as
# work.js, stays what it is.
#
# Comments go, and blanks that mean nothing.

use strict;
use warnings;

my $import = qr/^import\s[^;]*?\bfrom\s'(\.[^']+)';\n/m;
my %seen;

die "usage: perl web/join.pl FILE\n" if @ARGV != 1;

my $code = read_file($ARGV[0]);

if ($ARGV[0] =~ /\.css$/) {
    print slim_style($code);
    exit;
}

$code = "(()=>{'use strict';\n" . joined($ARGV[0]) . "})();\n"
    if $code =~ $import;
print slim($code);


# A part behind all that it needs and that does not stand there yet.
sub joined {
    my ($path) = @_;
    return '' if $seen{$path}++;

    my $folder = $path =~ m{^(.*/)} ? $1 : './';
    my $part   = read_file($path);
    my $needed = join '', map { joined(clean_path("$folder$_")) }
                          $part =~ /$import/g;

    $part =~ s/$import//g;
    $part =~ s/^export //mg;
    return $needed . $part;
}

sub clean_path {
    my ($path) = @_;
    $path =~ s{/\./}{/}g;
    1 while $path =~ s{/(?!\.\./)[^/]+/\.\./}{/};
    return $path;
}

sub read_file {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$in>;
}

# A slash that divides has a blank behind it; one that begins an expression
# for a search has none.  Around + and - blanks stay: "a + +b".
sub slim {
    my ($code) = @_;
    my $text    = join '|', map { "$_(?:[^$_\\\\]|\\\\.)*$_" } qw(' " `);
    my $pattern = qr{/(?![\s/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/};
    my $comment = qr{//[^\n]*|/\*.*?\*/}s;
    my $sign    = qr/[][=<>!&|?:,;{}()*%]+/;

    $code =~ s{((?s:$text)|$pattern)|(?:\s|$comment)*($sign)((?:\s|$comment)*)
               |((?:\s|$comment)+)}
              {$1 // (defined $2 ? sign($2, $3, substr $code, $+[0], 1)
                                 : blank($4))}gex;
    return $code =~ s/^\n+//r;
}

# The last of a block needs no end.  Lines stay behind the others, where a
# browser tells of one that is wrong.
sub sign {
    my ($sign, $space, $next) = @_;
    return $sign =~ s/;$//r if $next eq '}';
    return $sign =~ /;$/ && $space =~ /\n/ ? "$sign\n" : $sign;
}

sub blank {
    my ($space) = @_;
    return $space =~ /\n/ ? "\n" : ' ';
}

# A blank before a colon joins selectors; a text has no sign in it.
sub slim_style {
    my ($style) = @_;
    $style =~ s{/\*.*?\*/}{}gs;
    $style =~ s/\s+/ /g;
    $style =~ s{ ?([{};,]) ?|(:) }{$1 // $2}ge;
    return $style =~ s/^ |;(?=\})//gr;
}

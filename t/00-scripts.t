# The scripts of web/: each is written in parts and reaches the browser as
# one, so parts have to fit together.

use strict;
use warnings;

use Test::More;

my $name = qr/[A-Za-z_]\w*/;

for my $script (qw(comments console moderate)) {
    my @parts = parts("web/$script.js", {});
    next if @parts == 1;

    my %gives = map { $_ => names($_) } @parts;
    my (@not_there, @unused, @twice, @not_asked, %owner);

    for my $part (@parts) {
        my $code = code_of($part);

        while (my ($given, $how) = each %{ $gives{$part} }) {
            push @twice, "$given: $part, $owner{$given}" if $owner{$given};
            $owner{$given} = $part;
        }

        for my $import (imports($part)) {
            my ($from, @names) = @$import;
            push @not_there, map { "$part: $_ of $from" }
                grep { ($gives{$from}{$_} // '') ne 'exported' } @names;
            push @unused, map { "$part: $_" } grep { $code !~ /\b$_\b/ } @names;
        }
    }

    for my $part (@parts) {
        my %known = map { $_ => 1 } keys %{ $gives{$part} },
                    map { @$_[1 .. $#$_] } imports($part);
        my $code = code_of($part);
        my %used;

        $used{$1} = 1 while $code =~ /(?<![.\w])($name)\(/g;
        push @not_asked, map { "$part: $_ of $owner{$_}" }
            grep { $owner{$_} && !$known{$_} } sort keys %used;
    }

    is(join("\n", @not_there), '', "$script.js: what parts import is there");
    is(join("\n", @unused), '', '  and is used');
    is(join("\n", @not_asked), '', '  what they call of others they import');
    is(join("\n", @twice), '', '  a name stands at the top of one part');
}

for my $file (glob('web/*.js'), glob('web/*/*.js')) {
    unlike(slurp($file), qr/\$\{[^}]*`/, "$file: no template in a template");
}

my $got = joined(<<'END_OF_PART', <<'END_OF_ENTRY');
/*
 * A part.
 */

export const one = 1;          // the first
export function sum(a, b) {
  return a + +b - -one;        /* "no string" */
}
END_OF_PART
/* The entry. */
import { one,
         sum } from './part.js';

const said = ' // none, { } "' + '  \' ';
const path = said.replace(/ \/[/'"] /g, `  ${sum(one, 2)} = `);

if (path) {
  throw { status: path / 2 };
}
END_OF_ENTRY

is($got, <<'EXPECTED', 'blanks go where they mean nothing');
(()=>{'use strict';
const one=1;
function sum(a,b){return a + +b - -one}const said=' // none, { } "' + '  \' ';
const path=said.replace(/ \/[/'"] /g,`  ${sum(one, 2)} = `);
if(path){throw{status:path / 2}}})();
EXPECTED

for my $script (qw(comments console moderate work)) {
    my $code = `$^X web/join.pl web/$script.js`;
    unlike($code, qr/(?:while|for)\([^;{}]*\)\}/,
           "$script.js: no loop lost its end");
}

is(squeezed(<<'STYLE') . "\n", <<'EXPECTED', 'stylesheets, too');
/* A thread. */
.c :is(a, b):focus {
  margin: calc(2 * var(--gap)) 0;
}
@media print { p > b, i { top: 0; } }
STYLE
.c :is(a,b):focus{margin:calc(2 * var(--gap)) 0}@media print{p > b,i{top:0}}
EXPECTED

done_testing();


# A script and all that it imports.
sub parts {
    my ($file, $seen) = @_;
    return if $seen->{$file}++;
    return ($file, map { parts($_->[0], $seen) } imports($file));
}

# [file, names ...] for each import of a part.
sub imports {
    my ($file) = @_;
    my ($folder) = $file =~ m{^(.*)/};
    my @imports;

    for (slurp($file) =~ /^(import\s.*?);$/gms) {
        my ($names, $path) = m/^import\s+\{(.*?)\}\s+from\s+'\.\/(.*)'$/s
            ? ($1, "$folder/$2")
            : m/^import\s+\{(.*?)\}\s+from\s+'\.\.\/(.*)'$/s
            ? ($1, "web/$2") : die "$file: $_";
        push @imports, [ $path, $names =~ /$name/g ];
    }
    return @imports;
}

# What stands at the top of a part: { name => 'exported' or 'own' }.
sub names {
    my ($file) = @_;
    my %names;

    for (split /\n/, slurp($file)) {
        next unless /^(export[ ])?(?:async[ ])?(?:const|let|function)
                     [ ](.*?)(?:[ ]?=|\(|;|$)/x;
        my ($how, $names) = ($1 ? 'exported' : 'own', $2);
        $names =~ s/\w+: //g;
        $names{$_} = $how for $names =~ /$name/g;
    }
    return \%names;
}

# A part without its imports, comments and texts.
sub code_of {
    my ($file) = @_;
    my $code = slurp($file);
    $code =~ s/^import\s.*?;$//gms;
    $code =~ s{/\*.*?\*/}{}gs;
    $code =~ s{(^|  )// .*}{}gm;
    $code =~ s/'(?:[^'\\\n]|\\.)*'//g;
    return $code;
}

sub joined {
    my ($part, $entry) = @_;
    return browsers_get('entry.js', 'part.js' => $part, 'entry.js' => $entry);
}

sub squeezed { return browsers_get('x.css', 'x.css' => @_) }

sub browsers_get {
    my ($name, %files) = @_;
    my $folder = ($ENV{TEST_BUILD} || 'build') . "/scripts.$$";

    mkdir $folder or die "$folder: $!";
    for my $file (keys %files) {
        open my $out, '>', "$folder/$file" or die "$folder/$file: $!";
        print $out $files{$file};
    }
    my $got = `$^X web/join.pl $folder/$name`;
    unlink map { "$folder/$_" } keys %files;
    rmdir $folder;
    return $got;
}

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!";
    local $/;
    return scalar <$in>;
}

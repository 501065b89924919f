package Comments::XML;

# A strict reader of XML 1.0 for tests: no DTD, no processing instructions, no
# CDATA, and namespaces resolved.  parse(bytes) gives the root or dies.
#
#   { name => '{http://www.w3.org/2005/Atom}feed', attributes => { ... },
#     text => 'all text below', children => [ ... ] }

use strict;
use warnings;

my $name  = qr/[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/;
my %named = (amp => '&', lt => '<', gt => '>', quot => '"', apos => "'");

sub parse {
    my ($bytes) = @_;

    my $xml = $bytes;
    utf8::decode($xml) or die "not UTF-8\n";
    $xml =~ /([\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}])/
        and die sprintf "U+%04X is no character of XML\n", ord $1;
    $xml =~ s/^<\?xml version="1\.0" encoding="utf-8"\?>\s*//
        or die "no declaration\n";

    my $top   = { children => [], text => '', scope => {
        xml => 'http://www.w3.org/XML/1998/namespace' } };
    my @stack = ($top);

    while (length $xml) {
        if ($xml =~ s/^([^<]+)//) {
            my $text = unescape($1);
            die "text outside: $text\n" if @stack == 1 && $text =~ /\S/;
            $_->{text} .= $text for @stack;
        } elsif ($xml =~ s{^</($name)\s*>}{}) {
            my $element = pop @stack;
            die "</$1> does not end <$element->{tag}>\n"
                if !@stack || $element->{tag} ne $1;
        } elsif ($xml =~ s{^<($name)((?:\s+$name\s*=\s*
                           (?:"[^"<]*"|'[^'<]*'))*)\s*(/?)>}{}x) {
            my $element = element($stack[-1], $1, $2);
            die "two roots\n" if @stack == 1 && @{ $top->{children} };
            push @{ $stack[-1]{children} }, $element;
            push @stack, $element unless $3;
        } else {
            die 'no markup: ' . substr($xml, 0, 40) . "\n";
        }
    }

    die "<$stack[-1]{tag}> has no end\n" if @stack > 1;
    die "no root\n" unless @{ $top->{children} };

    return $top->{children}[0];
}

sub element {
    my ($parent, $tag, $rest) = @_;

    my %scope = %{ $parent->{scope} };
    my %given;
    while ($rest =~ /($name)\s*=\s*(?:"([^"]*)"|'([^']*)')/g) {
        die "$1 stands twice\n" if exists $given{$1};
        $given{$1} = unescape($2 // $3);
    }
    for (keys %given) {
        $scope{''} = delete $given{$_} if $_ eq 'xmlns';
        $scope{$1} = delete $given{$_} if /^xmlns:(.*)/;
    }

    my %attributes = map {
        (/:/ ? resolve(\%scope, $_) : $_) => $given{$_} } keys %given;

    return { tag => $tag, name => resolve(\%scope, $tag), text => '',
             attributes => \%attributes, scope => \%scope, children => [] };
}

sub resolve {
    my ($scope, $name) = @_;
    my ($prefix, $local) = $name =~ /^(.*):(.*)/ ? ($1, $2) : ('', $name);
    die "unknown prefix of $name\n" if $prefix && !defined $scope->{$prefix};
    return "{" . ($scope->{$prefix} // '') . "}$local";
}

sub unescape {
    my ($text) = @_;
    die "]]> in text\n" if $text =~ /\]\]>/;
    $text =~ s{&(?:(\w+)|\#(\d+)|\#x([0-9a-fA-F]+));|(&)}{
        defined $4 ? die "a bare &\n"
        : defined $1 ? $named{$1} // die "unknown entity $1\n"
        : chr(defined $2 ? $2 : hex $3) }ge;
    return $text;
}

1;

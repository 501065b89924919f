# The catalogues of words: every language says everything, with the same
# placeholders, in all the plural forms that it has.

use strict;
use warnings;
use utf8;

use JSON::PP;
use Test::More;

binmode $_, ':encoding(UTF-8)'
    for Test::More->builder->output, Test::More->builder->failure_output;

# The categories of the CLDR for whole numbers and for the rest.
my %plurals = (
    (map { $_ => 'one other' } qw(en nb nn sv da fi de nl)),
    (map { $_ => 'many one other' } qw(fr es pt it)),
    (map { $_ => 'few many one other' } qw(pl ru uk)),
    ar => 'few many one other two zero',
    he => 'one other two',
    ja => 'other', 'zh-Hans' => 'other',
);

# Categories that stand for one number alone need not say it.
my %exact = map { $_ => 1 } 'ar one', 'ar two', 'ar zero', 'he one', 'he two';

my %words    = catalogues('web/i18n');
my %moderate = catalogues('web/i18n/moderate');

is(join(' ', sort keys %words), join(' ', sort keys %plurals),
   'there is a catalogue for each language');
is(join(' ', sort keys %moderate), join(' ', sort keys %plurals),
   'and one for its moderators');

my $table = slurp('core/text/lang_choose.c');
is(join(' ', sort $table =~ /^    \{ "([\w-]+)", +"[^"]+", +[01] \}/mg),
   join(' ', sort keys %plurals), 'and a row in the table of languages');

my $en   = $words{en};
my $keys = join ' ', keys %$en, keys %{ $moderate{en} };
ok($keys !~ /[^a-z0-9_ ]|__|\b_|_\b/, 'keys are snake_case');

my @errors = map { "error_$_" }
             slurp('core/cmt_errors.h') =~ /X\(CMT_E\w+,\s+"(\w+)"/g;
ok(@errors > 30, 'there are errors');
is(join(' ', grep { !$en->{$_} } @errors), '', 'each error has its sentence');

# Words that readers' script asks for.
my $script = join '', map { slurp($_) } 'web/comments.js',
             glob('web/comments/*.js');
is(join(' ', grep { !exists $en->{$_} }
             $script =~ /(?<!\.)\bwords\.(?!js\b)(\w+)/g,
             $script =~ /\bcounted\('(\w+)'/g), '',
   "what the readers' script asks for is there");

# Words that the moderators' page asks for; a key may be made of two parts.
my $page  = join '', map { slurp($_) } 'web/moderate.js', 'web/console.js',
            glob('web/moderate/*.js'),
            map { "core/render/$_.c" } qw(desk_html desk_page console_html
                                          console_said);
my @asked = ($page =~ /(?<!\.)\bwords\.(?!js\b)(\w+)/g,
             $page =~ /\b(?:say|counted)\('(\w+[a-z])'/g,
             $page =~ /lang_put\(\S+, d->lang, "(\w+)"/g);
my %asked = map { $_ => 1 } @asked;
is(join(' ', grep { !exists $moderate{en}{$_} } sort keys %asked), '',
   'what the page of moderators asks for is there');
is(join(' ', grep { !$asked{$_}
                    && !/^(ban|do|done|status|tab|verdict)_/
                    && $page !~ /['"]\Q$_\E['"]|\b$_\(section\)/ }
             sort keys %{ $moderate{en} }), '', 'and all of it is asked for');

same_words($_, $words{$_}, $en) for sort keys %words;
same_words("$_, for moderators", $moderate{$_}, $moderate{en})
    for sort keys %moderate;

done_testing();


sub same_words {
    my ($name, $told, $en) = @_;
    my ($tag) = $name =~ /^([\w-]+)/;

    is(join(' ', grep { !exists $told->{$_} } sort keys %$en), '',
       "$name says everything");
    is(join(' ', grep { !exists $en->{$_} } sort keys %$told), '',
       "$name says nothing else");

    my @bad;
    for my $key (sort keys %$en) {
        my ($ours, $theirs) = ($en->{$key}, $told->{$key} // '');

        if (ref $ours) {
            push @bad, "$key: forms"
                if !ref $theirs || join(' ', sort keys %$theirs)
                                   ne $plurals{$tag};
            next unless ref $theirs;
            push @bad, map { "$key: $_" }
                grep { holders($theirs->{$_}) ne holders($ours->{other})
                       && !$exact{"$tag $_"} } keys %$theirs;
            next;
        }
        push @bad, "$key: form" if ref $theirs;
        push @bad, "$key: placeholders" if holders($theirs) ne holders($ours);
    }
    push @bad, grep { my $v = $told->{$_};
                      grep { !length || /^\s|\s$|[<>]|[\x00-\x1f]/ }
                           ref $v ? values %$v : $v } sort keys %$told;

    is(join("\n", @bad), '', "$name has the same placeholders and clean words");
}

sub catalogues {
    my ($folder) = @_;
    return map { m{([\w-]+)\.json$} => decode_json(slurp($_)) }
           glob "$folder/*.json";
}

sub holders { return join ' ', sort $_[0] =~ /\{\w*\}?/g }

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!";
    local $/;
    return scalar <$in>;
}

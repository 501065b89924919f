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

my %words = map { m{([\w-]+)\.json$} => decode_json(slurp($_)) }
            glob 'web/i18n/*.json';

is(join(' ', sort keys %words), join(' ', sort keys %plurals),
   'there is a catalogue for each language');

my $table = slurp('core/text/lang_choose.c');
is(join(' ', sort $table =~ /^    \{ "([\w-]+)", +"[^"]+", +[01] \}/mg),
   join(' ', sort keys %plurals), 'and a row in the table of languages');

my $en = $words{en};
ok(!(grep { !/^[a-z0-9]+(_[a-z0-9]+)*$/ } keys %$en), 'keys are snake_case');

my @errors = map { "error_$_" }
             slurp('core/cmt.h') =~ /X\(CMT_E\w+,\s+"(\w+)"/g;
ok(@errors > 30, 'there are errors');
is(join(' ', grep { !$en->{$_} } @errors), '', 'each error has its sentence');

for my $tag (sort keys %words) {
    my $told = $words{$tag};

    is(join(' ', grep { !exists $told->{$_} } sort keys %$en), '',
       "$tag says everything");
    is(join(' ', grep { !exists $en->{$_} } sort keys %$told), '',
       "$tag says nothing else");

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

    is(join("\n", @bad), '', "$tag has the same placeholders and clean words");
}

done_testing();


sub holders { return join ' ', sort $_[0] =~ /\{\w*\}?/g }

sub slurp {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!";
    local $/;
    return scalar <$in>;
}

package Comments::Tool;

# The command line tool alone, without nginx.
#
#   use Comments::Tool;
#
#   my $t = Comments::Tool->new;           # a directory with a key in it
#   my $got = $t->run('stats');            # --store is added where it fits
#   is($got->{exit}, 0, '...');            # also out, err, json
#   $t->run({ in => $text }, 'import', 'jsonl', '-');
#
# run() adds what a command needs and was not given: --store, and --site and
# --key for import and export.  raw() adds nothing.  %%DIR%% in arguments is
# the directory, which goes away at the end.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir tempfile);
use JSON::PP;

our $ROOT  = abs_path(dirname(__FILE__) . '/../../..');
our $BUILD = ($ENV{TEST_BUILD} || 'build') =~ m{^(/.*)}
             ? $1 : "$ROOT/" . ($ENV{TEST_BUILD} || 'build');
our $TOOL  = $ENV{TEST_TOOL} || "$BUILD/ngx-comments";

my $takes_store = qr/^(import|export|check|stats|copy|comment|show|list
                      |search|index
                      |approve|hold|spam|reject|delete|undo|note|pin|unpin
                      )$/x;
my $takes_site  = qr/^(import|export|list)$/;
my $takes_key   = qr/^(import|export)$/;


sub new {
    my ($class, %o) = @_;

    my $self = bless {
        site => 'test', store => 'store', %o,
        dir  => tempdir('ngx-comments-XXXXXX', TMPDIR => 1, CLEANUP => 1),
    }, $class;

    my $made = $self->raw('key', 'new', '%%DIR%%/key');
    die "no key: $made->{err}" if $made->{exit};

    return $self;
}

sub dir { $_[0]{dir} }

sub write {
    my ($self, $name, $content) = @_;

    open my $file, '>:raw', "$self->{dir}/$name" or die "$name: $!";
    print $file $content;
    close $file or die "$name: $!";

    return "$self->{dir}/$name";
}

sub run {
    my ($self, @arguments) = @_;

    my $options = ref $arguments[0] ? shift @arguments : {};
    my ($command) = grep { !/^-/ } @arguments;
    my $given = join ' ', @arguments;

    for (['store', $takes_store, "%%DIR%%/$self->{store}"],
         ['site',  $takes_site,  $self->{site}],
         ['key',   $takes_key,   '%%DIR%%/key'])
    {
        my ($name, $takes, $value) = @$_;
        push @arguments, "--$name", $value
            if $command =~ $takes && $given !~ /--$name\b/;
    }

    return $self->raw($options, @arguments);
}

sub raw {
    my ($self, @arguments) = @_;

    my $options = ref $arguments[0] ? shift @arguments : {};
    s/%%DIR%%/$self->{dir}/g for @arguments;

    my ($in, $out, $err) = map { File::Temp->new } 1 .. 3;
    binmode $in;
    print $in $options->{in} // '';
    close $in;

    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        my $from = $options->{pipe} ? "cat '$in' |" : "< $in";
        open STDIN, $options->{pipe} ? $from : "< $in";
        open STDOUT, '>', $options->{out} // "$out";
        open STDERR, '>', "$err";
        exec { $TOOL } $TOOL, @arguments or POSIX::_exit(127);
    }
    waitpid $pid, 0;

    my %got = (exit => $? & 127 ? 128 + ($? & 127) : $? >> 8,
               out  => slurp("$out"), err => slurp("$err"));
    $got{json} = eval { decode_json($got{out}) };

    return \%got;
}

# The lines of an output as objects.
sub lines {
    my ($got) = @_;
    return map { decode_json($_) } split /\n/, $got->{out};
}

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    return scalar <$file> // '';
}

1;

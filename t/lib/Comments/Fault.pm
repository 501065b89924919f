package Comments::Fault;

# Turns failures of t/fault/fail.c on and off while programs run.
#
#   my $fault = Comments::Fault->new($directory);
#   my $nginx = Comments::Nginx->new(preload => [ $fault->library ],
#                                    env     => { $fault->env });
#   $fault->arm('pwrite', 3, error => ENOSPC, sticky => 1);
#   ...
#   $fault->fired;      # has one failed?
#   $fault->disarm;

use strict;
use warnings;

use Comments::Nginx;
use File::Temp qw(tempdir);
use POSIX qw(EIO ENOMEM);

my %KINDS = (pwrite => 1, writev => 2, fdatasync => 4, mmap => 8,
             malloc => 16, open => 32, aside => 64);

sub library { return "$Comments::Nginx::BUILD/fault/fail.so" }

sub new {
    my ($class) = @_;

    my $dir = tempdir('ngx-comments-fault-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $dir;
    my $self = bless { path => "$dir/control" }, $class;
    $self->disarm;
    chmod 0666, $self->{path};

    return $self;
}

sub env { return (FAULT_CONTROL => $_[0]{path}) }

# The n-th call of the kind from now on fails; sticky: all after it, too.
sub arm {
    my ($self, $kind, $n, %o) = @_;

    my $error = $o{error} // ($kind eq 'malloc' ? ENOMEM : EIO);
    $self->put($KINDS{$kind} // die("no $kind"), $n, $o{sticky} // 0, $error,
               0, 0);
}

sub disarm { $_[0]->put((0) x 6) }

sub fired { return ($_[0]->get)[4] }
sub seen  { return ($_[0]->get)[5] }

sub put {
    my ($self, @numbers) = @_;

    open my $file, -e $self->{path} ? '+<:raw' : '>:raw', $self->{path}
        or die "$self->{path}: $!";
    syswrite $file, pack 'l6', @numbers;
}

sub get {
    my ($self) = @_;

    open my $file, '<:raw', $self->{path} or die "$self->{path}: $!";
    sysread $file, my $bytes, 24;
    return unpack 'l6', $bytes;
}

1;

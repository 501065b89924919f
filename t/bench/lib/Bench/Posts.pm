package Bench::Posts;

# Words for the measurements: the same ones in every run.
#
# In a line of posts() twelve zeros stand for the number of the post, which
# makes its text and its token like no other's.

use strict;
use warnings;
use utf8;

use JSON::PP;

use constant { POSTS => 10000, PAGES => 1000, AUTHORS => 5000 };

my $json = JSON::PP->new->utf8->canonical;
my $seed;

my @sentences = split /\n/, <<'END';
I read this twice and still think the second chart shows the opposite.
We tried the same in our workshop last winter, and it held until March.
Thank you for writing this down; nobody else explains the middle part.
Does anyone know whether the newer version behaves the same way?
The photo from the harbour is from 1962, not 1968, as the ferry shows.
My father worked there, and he told it rather differently at home.
Det samme skjedde hos oss i fjor, og ingen visste hvorfor før i juni.
Jeg er ikke enig i alt, men dette var godt skrevet og fint å lese.
It depends on the weather, of course, and on who is asked to pay for it.
The table is missing a line: what it costs when nobody turns up.
I would add one thing: measure before you change anything at all.
That sounds simple, but the people who live there say it never was.
Could you say a little more about the tools that you used for it?
There is a good book about this in the library, on the second floor.
Har dere prøvd å spørre kommunen? De svarte oss etter to uker.
We should not forget how long it took the last time somebody tried.
The link in the third paragraph is dead; there is a copy elsewhere.
Funny how the comments here are better than the article itself.
END


# Our own numbers: perl's differ from one version to the next.
sub any {
    my ($below) = @_;
    $seed = ($seed * 1103515245 + 12345) % 2 ** 31;
    return int($seed / 65536) % $below;
}

# Sentences, until there are so many bytes or a few more.
sub text {
    my ($bytes, $text) = @_;

    while (length($text) < $bytes) {
        $text .= any(6) == 0 ? "\n\n" : ' ' if length $text;
        $text .= $sentences[any(scalar @sentences)];
    }

    return $text;
}

sub author {
    my $n = any(AUTHORS);
    return (name => "Reader $n", email => "reader.$n\@example.org");
}


# One JSON body of a post in a line.
sub posts {
    $seed = 1;

    return join '', map {
        $json->encode({
            author(), page => '/page/' . any(PAGES),
            title => 'A page with comments',
            text  => text(270, 'On no. 000000000000:'),
            token => 'a-token-000000000000',
        }) . "\n";
    } 1 .. POSTS;
}

# A thread for the import: a third are answers.
sub thread {
    my ($n) = @_;

    $seed = 2;

    return join '', map {
        my %line = (
            author(), id => $_, page => '/thread', status => 'approved',
            title => 'A page with a thread', text => text(90, ''),
            created => sprintf('2024-05-%02dT12:%02d:00Z', 1 + $_ / 60,
                               $_ % 60));
        $line{parent} = 1 + any($_ - 1) if $_ > 1 && any(3) == 0;
        $json->encode(\%line) . "\n";
    } 1 .. $n;
}

# A comment as rules see it, with so many bytes of text or a few more.
sub comment {
    my ($bytes) = @_;
    $seed = 3;
    return $json->encode({ text => text($bytes - 30, '') });
}

# One with two links, by somebody who is new.
sub stranger {
    my ($bytes) = @_;
    $seed = 3;
    return $json->encode({
        text   => text($bytes - 60, 'See http://a.example/x and '
                                    . 'http://b.example/.'),
        author => { name => 'Reader', key => '0a1b', approved => 0 },
        form   => { seconds => 40 },
    });
}

1;

# Requests that are odd in themselves: bodies in parts that are none, odd heads,
# arguments twice, ids and cursors that belong to others.  Each has one named
# answer, by the same worker.

use strict;
use warnings;

use Comments::Nginx;
use JSON::PP;
use Test::More;

my $nginx = Comments::Nginx->new(
    location => 'comments_limit_author off; comments_limit_address off;
                 comments_require none;',
    server   => 'location /other/ { comments other; comments_require none;
                     comments_limit_author off; comments_limit_address off; }
                 location /files/ { alias %%DIR%%/site/; }',
)->start;

my $path   = '/comments/comment';
my $worker = join ' ', $nginx->workers;
my ($n, @bad) = (0);


sub named {
    my ($got) = @_;
    return "$got->{status} " . ($got->{json} ? $got->{json}{error}{code}
                                // 'done' : 'no JSON');
}

sub alive {
    my ($what) = @_;
    is(join("\n", splice @bad), '', $what);
    is(join(' ', $nginx->workers), $worker, '... by the same worker');
}

sub count_of { $nginx->get("/comments/count?page=$_[0]")
                     ->{json}{counts}{ $_[0] } }


# Bodies in parts.  The page tells whether anything of it was taken.

sub part {
    my ($name, $value, @more) = @_;
    return "Content-Disposition: form-data; name=\"$name\"\r\n"
         . join('', map { "$_\r\n" } @more) . "\r\n$value";
}

my @good = (part(page => '/parts'), part(text => 'words'));

sub in_parts {
    my ($type, $body) = @_;
    return $nginx->request('POST', $path, [ 'Content-Type' => $type ], $body);
}

sub joined {
    my ($boundary, @parts) = @_;
    return join('', map { "--$boundary\r\n$_\r\n" } @parts)
         . "--$boundary--\r\n";
}

my $type = 'multipart/form-data; boundary=xxBxx';
is(named(in_parts($type, joined('xxBxx', @good))), '201 done',
   'two parts are a comment');

my ($form, $empty) = ('400 form_invalid', '422 page_invalid');
for my $case (
    ['no boundary', $form, 'multipart/form-data', joined('xxBxx', @good)],
    ['an empty one', $form, 'multipart/form-data; boundary=',
     joined('', @good)],
    ['an empty one in quotes', $form, 'multipart/form-data; boundary=""',
     joined('', @good)],
    ['another boundary', $form, 'multipart/form-data; boundary=yy',
     joined('xxBxx', @good)],
    ['a boundary with a tab', $form,
     "multipart/form-data; boundary=\"x\ty\"", joined("x\ty", @good)],
    ['a boundary of 71', $form, 'multipart/form-data; boundary=' . 'x' x 71,
     joined('x' x 71, @good)],
    ['no end', $form, $type, join '', map { "--xxBxx\r\n$_\r\n" } @good],
    ['an end too early', $empty, $type,
     "--xxBxx--\r\n" . joined('xxBxx', @good)],
    ['nothing but an end', $empty, $type, "--xxBxx--\r\n"],
    ['a part without a head', $form, $type,
     joined('xxBxx', @good, "\r\nvalue")],
    ['a part without a name', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: form-data\r\n\r\nvalue")],
    ['a part that is attached', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: attachment; name=text\r\n\r\nvalue")],
    ['a head without an end', $form, $type, "--xxBxx\r\nContent-Disposition: "
     . 'form-data; name="text"'],
    ['a head of 64 KB', $form, $type, joined('xxBxx', @good,
     part('x', 'y', 'X-Long: ' . 'x' x 65_536))],
    ['10 000 parts', '413 body_too_large', $type, joined('xxBxx', @good,
     map { part("f$_", $_) } 1 .. 1000) x 10],
    ['parts within a part', $form, $type, joined('xxBxx', @good,
     "Content-Type: multipart/mixed; boundary=in\r\n"
     . part('text', joined('in', part('page', '/in'))))],
    ['another charset', '400 not_utf8', $type, joined('xxBxx', $good[0],
     part('text', "\xe9\xe8", 'Content-Type: text/plain; charset=latin1'))],
    ['a transfer encoding', $form, $type, joined('xxBxx', $good[0],
     part('text', 'd29yZHM=', 'Content-Transfer-Encoding: base64'))],
    ['a file', $form, $type, joined('xxBxx', $good[0],
     "Content-Disposition: form-data; name=\"text\"; filename=\"a.txt\"\r\n\r\n"
     . 'of a file')],
    ['a file by filename*', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: form-data; name=\"up\"; "
     . "filename*=UTF-8''..%2f..%2fetc%2fpasswd\r\n\r\nof a file")],
    ['a name by name*', $form, $type, joined('xxBxx', $good[0],
     "Content-Disposition: form-data; name*=UTF-8''text\r\n\r\nvalue")],
    ['a name twice', '201 done', $type, joined('xxBxx', $good[0],
     "Content-Disposition: form-data; name=a; name=text\r\n\r\nvalue")],
    ['a name with a quote', '201 done', $type, joined('xxBxx', @good,
     "Content-Disposition: form-data; name=\"a\\\"b\"\r\n\r\nvalue")],
    ['a name with a zero', $form, $type, joined('xxBxx', @good,
     "Content-Disposition: form-data; name=\"te\0xt\"\r\n\r\nvalue")],
    ['bytes', $form, $type, joined('xxBxx', $good[0], part('text',
     join '', map { chr } 0 .. 255))],
    ['the boundary in the text', '201 done', $type, joined('xxBxx', $good[0],
     part('text', "a --xxBxx b\r\n--xxBx\r\nc"))],
    ['bare line feeds', $form, $type, joined('xxBxx', @good) =~ s/\r//gr],
    ['a preamble', '201 done', $type, "preamble\r\n" . joined('xxBxx', @good)],
    ['an epilogue', '201 done', $type,
     joined('xxBxx', @good) . "epilogue\r\n--xxBxx\r\n"
     . part(page => '/in')],
    ['a type in capitals', '201 done', uc($type) =~ s/XXBXX/xxBxx/r,
     joined('xxBxx', @good)],
    ['a boundary twice', '201 done', "$type; boundary=yy", joined('yy', @good)],
    ['mixed parts', '415 media_type_unsupported',
     $type =~ s/form-data/mixed/r, joined('xxBxx', @good)],
) {
    my ($what, $want, $how, $body) = @$case;
    $body =~ s/words/words @{[ ++$n ]}/;
    my $got = named(in_parts($how, $body));
    push @bad, "$what: $got, not $want" if $got ne $want;
}
is(count_of('/in'), 0, 'no part within a part is read');
alive('bodies in parts that are none have one answer');

$nginx->stop;
done_testing();

#!/bin/sh
# Writes the files of web/, and the built-in rules beside it, as one C file,
# so that the module and the tool need nothing at run time:
#
#   sh web/embed.sh WEB_DIRECTORY > OUTPUT.c
#
# core/base/asset.h tells what the C file holds.  Nothing of the directory's
# own place gets into it.

set -eu
LC_ALL=C
export LC_ALL

cd "$1"

content() {
    case $1 in
    *.css | *.js) perl join.pl "$1" ;;
    *) cat "$1" ;;
    esac
}

# What is sent to browsers stands here compressed, too: once, as small as it
# gets, and without a time, so that the same files make the same bytes.
packed() {
    case $1 in
    *.lua) ;;
    *) content "$1" | gzip -9n ;;
    esac
}

bytes() {
    od -An -v -tu1 | awk '{ gsub(/ +/, ","); print substr($0, 2) "," }'
}

cat <<'END'
/* Made by web/embed.sh. */

#include <stddef.h>

struct cmt__asset_s {
    const char           *name;
    const char           *version;
    size_t                len;
    const unsigned char  *bytes;
    size_t                packed_len;
    const unsigned char  *packed;
};

extern const struct cmt__asset_s  cmt__assets[];

END

rows=
n=0

for file in i18n/*.json i18n/moderate/*.json comments.css comments.js work.js \
    moderate.css moderate.js console.js ../lua/*.lua; do
    if [ -f "$file" ]; then
        n=$((n + 1))
        echo "static const unsigned char  file_$n[] = {"
        content "$file" | bytes
        echo "0 };"
        echo "static const unsigned char  packed_$n[] = {"
        packed "$file" | bytes
        echo "0 };"
        # shellcheck disable=SC2046
        set -- $(content "$file" | cksum)
        version=$(printf '%08x' "$1")
        rows="$rows    { \"${file#../}\", \"$version\", $2, file_$n,
      sizeof(packed_$n) - 1, packed_$n },
"
    fi
done

echo "const struct cmt__asset_s  cmt__assets[] = {"
printf '%s' "$rows"
echo "    { NULL, NULL, 0, NULL, 0, NULL }"
echo "};"

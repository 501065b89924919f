/*
 * entity.c: character references that authors type: &amp; &#8217; &#x2019;
 * and the names of HTML 4.  What is none of these stays as it was typed.
 */

#include <string.h>

#include "html.h"


#define NAME_CHARS_MAX    8              /* "thetasym"                       */
#define NUMBER_CHARS_MAX  8


/* In the order of strcmp(). */
static const struct {
    char      name[NAME_CHARS_MAX + 1];
    uint16_t  point;
} names[] = {
    { "AElig", 198 }, { "Aacute", 193 }, { "Acirc", 194 }, { "Agrave", 192 },
    { "Alpha", 913 }, { "Aring", 197 }, { "Atilde", 195 }, { "Auml", 196 },
    { "Beta", 914 }, { "Ccedil", 199 }, { "Chi", 935 }, { "Dagger", 8225 },
    { "Delta", 916 }, { "ETH", 208 }, { "Eacute", 201 }, { "Ecirc", 202 },
    { "Egrave", 200 }, { "Epsilon", 917 }, { "Eta", 919 }, { "Euml", 203 },
    { "Gamma", 915 }, { "Iacute", 205 }, { "Icirc", 206 }, { "Igrave", 204 },
    { "Iota", 921 }, { "Iuml", 207 }, { "Kappa", 922 }, { "Lambda", 923 },
    { "Mu", 924 }, { "Ntilde", 209 }, { "Nu", 925 }, { "OElig", 338 },
    { "Oacute", 211 }, { "Ocirc", 212 }, { "Ograve", 210 }, { "Omega", 937 },
    { "Omicron", 927 }, { "Oslash", 216 }, { "Otilde", 213 }, { "Ouml", 214 },
    { "Phi", 934 }, { "Pi", 928 }, { "Prime", 8243 }, { "Psi", 936 },
    { "Rho", 929 }, { "Scaron", 352 }, { "Sigma", 931 }, { "THORN", 222 },
    { "Tau", 932 }, { "Theta", 920 }, { "Uacute", 218 }, { "Ucirc", 219 },
    { "Ugrave", 217 }, { "Upsilon", 933 }, { "Uuml", 220 }, { "Xi", 926 },
    { "Yacute", 221 }, { "Yuml", 376 }, { "Zeta", 918 }, { "aacute", 225 },
    { "acirc", 226 }, { "acute", 180 }, { "aelig", 230 }, { "agrave", 224 },
    { "alefsym", 8501 }, { "alpha", 945 }, { "amp", 38 }, { "and", 8743 },
    { "ang", 8736 }, { "apos", 39 }, { "aring", 229 }, { "asymp", 8776 },
    { "atilde", 227 }, { "auml", 228 }, { "bdquo", 8222 }, { "beta", 946 },
    { "brvbar", 166 }, { "bull", 8226 }, { "cap", 8745 }, { "ccedil", 231 },
    { "cedil", 184 }, { "cent", 162 }, { "chi", 967 }, { "circ", 710 },
    { "clubs", 9827 }, { "cong", 8773 }, { "copy", 169 }, { "crarr", 8629 },
    { "cup", 8746 }, { "curren", 164 }, { "dArr", 8659 }, { "dagger", 8224 },
    { "darr", 8595 }, { "deg", 176 }, { "delta", 948 }, { "diams", 9830 },
    { "divide", 247 }, { "eacute", 233 }, { "ecirc", 234 }, { "egrave", 232 },
    { "empty", 8709 }, { "emsp", 8195 }, { "ensp", 8194 }, { "epsilon", 949 },
    { "equiv", 8801 }, { "eta", 951 }, { "eth", 240 }, { "euml", 235 },
    { "euro", 8364 }, { "exist", 8707 }, { "fnof", 402 }, { "forall", 8704 },
    { "frac12", 189 }, { "frac14", 188 }, { "frac34", 190 }, { "frasl", 8260 },
    { "gamma", 947 }, { "ge", 8805 }, { "gt", 62 }, { "hArr", 8660 },
    { "harr", 8596 }, { "hearts", 9829 }, { "hellip", 8230 },
    { "iacute", 237 }, { "icirc", 238 }, { "iexcl", 161 }, { "igrave", 236 },
    { "image", 8465 }, { "infin", 8734 }, { "int", 8747 }, { "iota", 953 },
    { "iquest", 191 }, { "isin", 8712 }, { "iuml", 239 }, { "kappa", 954 },
    { "lArr", 8656 }, { "lambda", 955 }, { "lang", 9001 }, { "laquo", 171 },
    { "larr", 8592 }, { "lceil", 8968 }, { "ldquo", 8220 }, { "le", 8804 },
    { "lfloor", 8970 }, { "lowast", 8727 }, { "loz", 9674 }, { "lrm", 8206 },
    { "lsaquo", 8249 }, { "lsquo", 8216 }, { "lt", 60 }, { "macr", 175 },
    { "mdash", 8212 }, { "micro", 181 }, { "middot", 183 }, { "minus", 8722 },
    { "mu", 956 }, { "nabla", 8711 }, { "nbsp", 160 }, { "ndash", 8211 },
    { "ne", 8800 }, { "ni", 8715 }, { "not", 172 }, { "notin", 8713 },
    { "nsub", 8836 }, { "ntilde", 241 }, { "nu", 957 }, { "oacute", 243 },
    { "ocirc", 244 }, { "oelig", 339 }, { "ograve", 242 }, { "oline", 8254 },
    { "omega", 969 }, { "omicron", 959 }, { "oplus", 8853 }, { "or", 8744 },
    { "ordf", 170 }, { "ordm", 186 }, { "oslash", 248 }, { "otilde", 245 },
    { "otimes", 8855 }, { "ouml", 246 }, { "para", 182 }, { "part", 8706 },
    { "permil", 8240 }, { "perp", 8869 }, { "phi", 966 }, { "pi", 960 },
    { "piv", 982 }, { "plusmn", 177 }, { "pound", 163 }, { "prime", 8242 },
    { "prod", 8719 }, { "prop", 8733 }, { "psi", 968 }, { "quot", 34 },
    { "rArr", 8658 }, { "radic", 8730 }, { "rang", 9002 }, { "raquo", 187 },
    { "rarr", 8594 }, { "rceil", 8969 }, { "rdquo", 8221 }, { "real", 8476 },
    { "reg", 174 }, { "rfloor", 8971 }, { "rho", 961 }, { "rlm", 8207 },
    { "rsaquo", 8250 }, { "rsquo", 8217 }, { "sbquo", 8218 },
    { "scaron", 353 }, { "sdot", 8901 }, { "sect", 167 }, { "shy", 173 },
    { "sigma", 963 }, { "sigmaf", 962 }, { "sim", 8764 }, { "spades", 9824 },
    { "sub", 8834 }, { "sube", 8838 }, { "sum", 8721 }, { "sup", 8835 },
    { "sup1", 185 }, { "sup2", 178 }, { "sup3", 179 }, { "supe", 8839 },
    { "szlig", 223 }, { "tau", 964 }, { "there4", 8756 }, { "theta", 952 },
    { "thetasym", 977 }, { "thinsp", 8201 }, { "thorn", 254 },
    { "tilde", 732 }, { "times", 215 }, { "trade", 8482 }, { "uArr", 8657 },
    { "uacute", 250 }, { "uarr", 8593 }, { "ucirc", 251 }, { "ugrave", 249 },
    { "uml", 168 }, { "upsih", 978 }, { "upsilon", 965 }, { "uuml", 252 },
    { "weierp", 8472 }, { "xi", 958 }, { "yacute", 253 }, { "yen", 165 },
    { "yuml", 255 }, { "zeta", 950 }, { "zwj", 8205 }, { "zwnj", 8204 },
};

/* What old software means by &#128; to &#159;: Windows-1252. */
static const uint16_t  windows[32] = {
    0x20ac, 0x0000, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x0000, 0x017d, 0x0000,
    0x0000, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x0000, 0x017e, 0x0178
};


static uint32_t entity_point(cmt_str_t name);
static uint32_t name_point(cmt_str_t name);
static uint32_t number_point(cmt_str_t digits, unsigned base);


void
cmt__entity_decode(cmt__buf_t *b, cmt_str_t s)
{
    char      c[4];
    size_t    i, from, len;
    uint32_t  point;

    from = 0;

    for (i = 0; i < s.len; i++) {

        if (s.data[i] != '&') {
            continue;
        }

        for (len = 1; len <= NAME_CHARS_MAX + 1 && i + len < s.len; len++) {
            if (s.data[i + len] == ';') {
                break;
            }
        }

        if (len > NAME_CHARS_MAX + 1 || i + len == s.len) {
            continue;
        }

        point = entity_point(cmt__str_sub(s, i + 1, i + len));
        if (point == 0) {
            continue;
        }

        cmt__buf_put(b, s.data + from, i - from);
        cmt__buf_put(b, c, cmt__utf8_put(c, point));

        i += len;
        from = i + 1;
    }

    if (from < s.len) {
        cmt__buf_put(b, s.data + from, s.len - from);
    }
}


/* 0: no character of a comment has this name. */

static uint32_t
entity_point(cmt_str_t name)
{
    uint32_t  point;

    if (name.len < 2) {
        return 0;
    }

    if (name.data[0] != '#') {
        return name_point(name);
    }

    point = (name.data[1] | 0x20) == 'x'
            ? number_point(cmt__str_sub(name, 2, name.len), 16)
            : number_point(cmt__str_sub(name, 1, name.len), 10);

    if (point >= 0x80 && point < 0xa0) {
        point = windows[point - 0x80];
    }

    /* ends of line are markup: they must be typed as such */

    if (point == '\t' || point == '\n') {
        return ' ';
    }

    return cmt__control(point) || point > 0x10ffff
           || (point >= 0xd800 && point <= 0xdfff)
           ? 0 : point;
}


static uint32_t
name_point(cmt_str_t name)
{
    int     order;
    size_t  low, middle, high;

    low = 0;
    high = sizeof(names) / sizeof(names[0]);

    while (low < high) {

        middle = (low + high) / 2;

        order = strncmp(name.data, names[middle].name, name.len);

        if (order == 0 && names[middle].name[name.len] != '\0') {
            order = -1;
        }

        if (order == 0) {
            return names[middle].point;
        }

        if (order < 0) {
            high = middle;

        } else {
            low = middle + 1;
        }
    }

    return 0;
}


static uint32_t
number_point(cmt_str_t digits, unsigned base)
{
    size_t    i;
    uint32_t  n, digit;

    if (digits.len == 0 || digits.len >= NUMBER_CHARS_MAX) {
        return 0;
    }

    n = 0;

    for (i = 0; i < digits.len; i++) {

        digit = (unsigned char) digits.data[i];

        if (digit >= '0' && digit <= '9') {
            digit -= '0';

        } else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f') {
            digit = (digit | 0x20) - 'a' + 10;

        } else {
            return 0;
        }

        if (digit >= base) {
            return 0;
        }

        n = n * base + digit;
    }

    return n;
}

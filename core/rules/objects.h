/*
 * objects.h: the comment, its parts, lists and matches, as rules see them.
 * A part of engine.h, which includes it.
 */

#ifndef CMT_RULES_OBJECTS_H
#define CMT_RULES_OBJECTS_H


typedef enum {
    CMT__FACT_STRING,                /* cmt_str_t; data NULL is nil          */
    CMT__FACT_INTEGER,               /* int64_t; CMT__UNKNOWN is nil         */
    CMT__FACT_ID,                    /* uint64_t; 0 is nil                   */
    CMT__FACT_SIZE,                  /* size_t                               */
    CMT__FACT_FLAG,                  /* int; CMT__UNKNOWN is nil             */
    CMT__FACT_WORD,                  /* an enum, by row.words                */
    CMT__FACT_KIND,                  /* cmt_kind_t                           */
    CMT__FACT_OBJECT,                /* row.class, of the same comment       */
    CMT__FACT_LINKS,
    CMT__FACT_PARENT,
    CMT__FACT_META,                  /* cmt__json_t *: an object of texts    */
    CMT__FACT_THOUSANDTHS,           /* int64_t                              */
    CMT__FACT_SHARE,                 /* double                               */
    CMT__FACT_CALL,                  /* a function; a test gives a value:
                                        cmt__json_t *                        */
    CMT__FACT_AUTHORS,               /* int64_t, or asked of the past        */
    CMT__FACT_PER_HOUR,              /* the same                             */

    /* What follows from the text, made when it is read. */
    CMT__FACT_FOLDED,
    CMT__FACT_SHAPE,                 /* size_t in cmt__shape_t               */
    CMT__FACT_SCRIPT,
    CMT__FACT_TAGS,
    CMT__FACT_LANG
} cmt__fact_type_t;

typedef struct cmt__class_s  cmt__class_t;

typedef struct {
    const char          *name;
    cmt__fact_type_t     type;
    size_t               offset;     /* in cmt__facts_t or cmt__link_t       */
    const char *const   *words;      /* ends with NULL                       */
    const cmt__class_t  *class;
    unsigned             own:1;      /* not known of a parent                */
} cmt__fact_t;

typedef struct {
    const char          *name;
    lua_CFunction        function;
} cmt__method_t;

struct cmt__class_s {
    const char          *name;       /* type in messages: "comment"          */
    const char          *prefix;     /* "author." in receipts                */
    unsigned             first;      /* bit of the first row                 */
    size_t               n;
    const cmt__fact_t   *rows;
    const cmt__method_t *methods;    /* end with name NULL; or NULL          */
};

/* (facts.c) */
extern const cmt__class_t  cmt__class_comment;
extern const cmt__class_t  cmt__class_link;      /* one link                 */
extern const cmt__class_t  cmt__class_links;     /* the list; has no rows    */
extern const cmt__class_t  cmt__class_meta;      /* any names                */
extern const cmt__class_t  cmt__class_list;      /* what list() gives        */
extern const cmt__class_t  cmt__class_match;     /* (listlib.c)              */
/* The names of class "html", in the order of their counts. */
extern const char *const  cmt__tag_names[];
#define CMT__TAG_NAMES  21

const cmt__fact_t *cmt__class_find(const cmt__class_t *class, cmt_str_t name);

/* Is it a fact or a method?  If not, raises what may have been meant; place:
 * "file:1: " or empty.  (field.c) */
int cmt__field_is_there(const cmt__class_t *class, cmt_str_t name);
_Noreturn void cmt__field_raise(lua_State *L, const char *place,
    const cmt__class_t *class, cmt_str_t name);

/* Notes that a fact of the author was read. */
void cmt__facts_note_author(cmt__engine_t *e, const char *name);
/* Notes that the work was asked for, as a rule that reads it does. */
void cmt__facts_read_work(cmt__engine_t *e);
/* Writes the names of the facts that were read as JSON strings. */
void cmt__facts_read_json(const uint64_t read[2], cmt__buf_t *b);

/* Writes the facts that only a receipt keeps, as a JSON object.  (given.c) */
void cmt__given_write(const cmt__facts_t *facts, const uint64_t read[2],
    cmt__buf_t *b);

/* Fills facts from the members of a JSON object.  (facts_json.c) */
int cmt__facts_from_json(const cmt__json_t *comment, cmt_arena_t *arena,
    cmt__facts_t *facts, cmt_error_t *err) CMT_CHECK;

/* Pushes the comment as rules see it.  (comment.c) */
void cmt__comment_push(lua_State *L, const cmt__facts_t *facts);
/* How many links the object at index lists, -1 when it is something else. */
lua_Integer cmt__comment_links(lua_State *L, int index);
/* Pushes the n-th of them. */
void cmt__comment_link(lua_State *L, int index, lua_Integer n);
/* Pushes an object of ours that rules can read. */
void cmt__object_push(lua_State *L, const cmt__class_t *class,
    const void *data);
/* What the object at index stands for; NULL: it is not of this class. */
const void *cmt__object_data(lua_State *L, int index,
    const cmt__class_t *class);
/* Notes for the receipt that a field of the comment was read. */
void cmt__comment_note(cmt__engine_t *e, const char *name);
/* The comment's plain text, folded; raises. */
const cmt__folded_t *cmt__comment_folded(lua_State *L);
const cmt__shape_t *cmt__comment_shape(lua_State *L);
/* Name of the class of the userdata at index, or NULL. */
const char *cmt__comment_class(lua_State *L, int index);


/* The same as below, with what the store answers kept for the receipt, or
 * given from one: these are what rules call.  (answers.c) */
int cmt__answer_pair_replies(lua_State *L);
int cmt__answer_rate_add(lua_State *L);
int cmt__answer_rate_count(lua_State *L);
int cmt__answer_recent(lua_State *L);
int cmt__answer_store_get(lua_State *L);
void cmt__answer_authors(lua_State *L);
void cmt__answer_per_hour(lua_State *L);

/* What the store knows of earlier comments.  (pastlib.c) */
int cmt__past_recent(lua_State *L);
int cmt__past_pair_replies(lua_State *L);
void cmt__past_push_authors(lua_State *L);
void cmt__past_push_per_hour(lua_State *L);

/*
 * What `rate` counts.  (kinds.c)
 */

#define CMT__KINDS_MAX  128          /* places where files name one          */

typedef struct {
    cmt_str_t     name;
    cmt_str_t     file;
    size_t        line;
    int           is_added;          /* rate.add; else rate.count            */
} cmt__kind_t;

typedef struct {
    int           open;              /* others may be counted, too           */
    size_t        n;
    cmt__kind_t   rows[CMT__KINDS_MAX];
} cmt__kinds_t;

/* Does the core count it for each comment, and as what? */
int cmt__kind_is_core(cmt_str_t name, cmt__posts_t *of);
/* The texts are those of the caller. */
void cmt__kinds_note(cmt__kinds_t *kinds, const cmt__kind_t *kind);
/* Raises when one is asked for that nothing counts. */
void cmt__kinds_check(lua_State *L, const cmt__kinds_t *kinds);

/* What rules remember.  (memorylib.c) */
int cmt__rate_lib_add(lua_State *L);
int cmt__rate_lib_count(lua_State *L);
int cmt__store_lib_del(lua_State *L);
int cmt__store_lib_get(lua_State *L);
int cmt__store_lib_set(lua_State *L);
/* Pushes text, number, boolean, or a flat table; nil for the rest. */
void cmt__push_json(lua_State *L, const cmt__json_t *value);

/* A place in a text: what list and text find. */
typedef struct {
    cmt_str_t             text;
    size_t                at;        /* bytes before it                      */
    int64_t               weight;    /* thousandths                          */
    cmt_str_t             note;      /* data NULL: none                      */
} cmt__found_t;

/* (listlib.c) */
int cmt__register_list(lua_State *L);
int cmt__comment_find(lua_State *L);
int cmt__comment_find_all(lua_State *L);
int cmt__comment_count(lua_State *L);
int cmt__list_has(lua_State *L);
int cmt__list_find(lua_State *L);
void cmt__found_push(lua_State *L, const cmt__found_t *m);
/* The match at index, or NULL. */
const cmt__found_t *cmt__found_at(lua_State *L, int index);
/* All hits of the list at index in folded text, at most max; raises.  The
 * matches are in the machine's memory. */
size_t cmt__list_matches(lua_State *L, int index, const cmt__folded_t *f,
    cmt__found_t **matches, size_t max);
/* Memory of the machine, charged; raises. */
void *cmt__machine_alloc(lua_State *L, size_t bytes);
/* Folds into the machine's memory; map: with the way back; raises. */
void cmt__fold(lua_State *L, cmt_str_t s, int map, cmt__folded_t *f);
/* Is the site's script Cyrillic?  (textlib.c) */
int cmt__site_cyrillic(const cmt_ruleset_t *rs);

int cmt__lang_lib_guess(lua_State *L);       /* (fold.c) */
/* Charged; raises. */
void cmt__guess(lua_State *L, cmt_str_t s, const cmt__shape_t *shape,
    cmt__guess_t *guess);

int cmt__text_lib_contacts(lua_State *L);    /* (textlib.c) */
int cmt__text_lib_distance(lua_State *L);
int cmt__text_lib_fold(lua_State *L);
int cmt__text_lib_leet(lua_State *L);
int cmt__text_lib_len(lua_State *L);
int cmt__text_lib_links(lua_State *L);
int cmt__text_lib_lower(lua_State *L);
int cmt__text_lib_mask(lua_State *L);
int cmt__text_lib_near(lua_State *L);
int cmt__text_lib_sub(lua_State *L);
int cmt__text_lib_trim(lua_State *L);
int cmt__text_lib_words(lua_State *L);

int cmt__time_lib_date(lua_State *L);        /* (timelib.c) */
int cmt__time_lib_human(lua_State *L);
int cmt__time_lib_local(lua_State *L);
int cmt__time_lib_parse(lua_State *L);
int cmt__time_lib_span(lua_State *L);
/* A span as a number of seconds or as text, 1 s to 400 days; raises. */
int64_t cmt__span_arg(lua_State *L, int arg);


#endif /* CMT_RULES_OBJECTS_H */

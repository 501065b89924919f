/*
 * jsonl_waiting.c: lines that wait for what they answer, in the order of the
 * file.  What is kept of a line is its place or, from a pipe, its text.
 */

#include "exchange.h"


int
cmt__waiting_open(cmt__waiting_list_t *list, size_t bytes_max)
{
    list->first = NULL;
    list->last = NULL;
    list->n = 0;
    list->arena = cmt_arena_create(bytes_max);

    return list->arena != NULL ? CMT_OK : CMT_ENOMEM;
}


void
cmt__waiting_close(cmt__waiting_list_t *list)
{
    while (list->first != NULL) {
        cmt__waiting_drop(list, list->first);
    }

    cmt_arena_destroy(list->arena);
}


int
cmt__waiting_add(cmt__waiting_list_t *list, uint64_t line, off_t at,
    cmt_str_t text)
{
    cmt__waiting_t  *w;

    w = cmt_calloc(list->arena, sizeof(cmt__waiting_t));
    if (w == NULL) {
        return CMT_ENOMEM;
    }

    w->line = line;
    w->at = at;

    if (at < 0) {
        w->text = cmt__str_copy(list->arena, text);
        if (w->text.data == NULL) {
            return CMT_ENOMEM;
        }
    }

    w->prev = list->last;

    if (list->last != NULL) {
        list->last->next = w;
    } else {
        list->first = w;
    }

    list->last = w;
    list->n++;

    return CMT_OK;
}


/* The memory stays taken; what stood in it does not. */

void
cmt__waiting_drop(cmt__waiting_list_t *list, cmt__waiting_t *w)
{
    if (w->prev != NULL) {
        w->prev->next = w->next;
    } else {
        list->first = w->next;
    }

    if (w->next != NULL) {
        w->next->prev = w->prev;
    } else {
        list->last = w->prev;
    }

    list->n--;
    cmt__str_wipe(w->text);
}


void
cmt__str_wipe(cmt_str_t s)
{
    if (s.len != 0) {
        cmt__wipe((void *) (uintptr_t) s.data, s.len);
    }
}

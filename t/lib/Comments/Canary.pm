package Comments::Canary;

# Mistakes, and the tests that must see them.
#
# A test of a fault that cannot fail is worth nothing.  So the core and the
# module are built once more with the mistakes below in them, in build/canary;
# each is made when the variable CANARY says its name, and t/70-canary.t sees
# which test fails then.  No mistake is in what is installed.
#
#   what   its name: what goes wrong
#   in     the source file ...
#   at     ... and the function
#   not    statements of it, with any blanks between words; they stand there
#          once
#   but    what the broken build does instead; nothing, if this is not given
#   seen   by which tests: unit/NAME or a file of t/, and what fails in it, in
#          this order: sentences, or patterns for them.  A file of t/ ends with
#          the last of them

use strict;
use warnings;

our @CANARIES = (

    # Memory that is not there.

    { what => 'an allocation that is to fail is made',
      in   => 'core/base/arena.c', at => 'fault_is_due',
      not  => 'return fail_at == 0;',
      but  => 'return 0;',
      seen => { 'unit/arena_test' => [
          'making an arena can fail', 'the second does' ] } },

    { what => 'a string without memory is not copied',
      in   => 'core/base/strings.c', at => 'cmt__str_copy',
      not  => 'if (copy == NULL) { return cmt_null_str; }',
      but  => 'if (copy == NULL) { return s; }',
      seen => { 'unit/strings_test' => [ 'without memory there is none' ],
                'unit/page_test' => [
          'no memory is told', 'and the output is untouched' ] } },

    { what => 'what is written without memory is cut short',
      in   => 'core/base/buf.c', at => 'cmt__buf_end',
      not  => 'if (b->failed) { return CMT_ENOMEM; }',
      seen => { 'unit/json_test' => [ 'without, it is told' ],
                'unit/desk_test' => [ 'and was answered so' ],
                'unit/form_test' => [
          'without, it is told, and the output is untouched' ],
                'unit/jsonl_record_test' => [
          'every failing allocation is told' ] } },

    { what => 'a document without memory has no members',
      in   => 'core/base/json_read.c', at => 'pop',
      not  => 'if (items == NULL) { return cmt__json_no_memory(r); }',
      but  => 'if (items == NULL) { out->n = 0; r->n = first; r->depth--;
                                    return CMT_OK; }',
      seen => { 'unit/json_test' => [
          'without, it is told, and the output is untouched' ] } },

    { what => 'a line without memory is empty',
      in   => 'core/text/line.c', at => 'cmt__text_line',
      not  => 'if (line == NULL) { return CMT_ENOMEM; }',
      but  => 'if (line == NULL) { *out = cmt_null_str; return CMT_OK; }',
      seen => { 'unit/text_line_test' => [
          'a line without memory is told', 'so is an address' ] } },

    { what => 'an address without memory stays as it was typed',
      in   => 'core/text/url.c', at => 'host_canonical',
      not  => 'if (lower == NULL) { return CMT_ENOMEM; }',
      but  => 'if (lower == NULL) { *host = typed; return CMT_OK; }',
      seen => { 'unit/text_line_test' => [ 'so is an address' ] } },

    { what => 'a text without memory stays as it was typed',
      in   => 'core/text/render.c', at => 'normalise',
      not  => 'if (kept == NULL) { return CMT_ENOMEM; }',
      but  => 'if (kept == NULL) { *text = typed; return CMT_OK; }',
      seen => { 'unit/text_fault_test' => [
          'each allocation of a plain text that fails is told',
          'so is each of HTML', 'and of markdown' ] } },

    { what => 'a page without memory has no tags',
      in   => 'core/text/page_about.c', at => 'read_tag',
      not  => 'if (p == NULL) { return CMT_ENOMEM; }',
      but  => 'if (p == NULL) { return CMT_OK; }',
      seen => { 'unit/page_head_test' => [ 'without memory it says so' ] } },

    { what => 'a share without memory is none',
      in   => 'core/actions/share.c', at => 'cmt_share_prepare',
      not  => 'return cmt__fail(err, CMT_ENOMEM, NULL,
                                "no memory for a share");',
      but  => 'return CMT_OK;',
      seen => { 'unit/share_test' => [ 'a share without memory says so' ] } },

    { what => 'a note is lost without memory',
      in   => 'core/actions/decide.c', at => 'cmt__note_copy',
      not  => 'return copy->data != NULL ? CMT_OK
                   : cmt__fail(err, CMT_ENOMEM, NULL, "no memory");',
      but  => 'return CMT_OK;',
      seen => { 'unit/decide_test' => [ 'a decision without memory says so' ],
                'unit/moderate_test' => [
          qr/^a ban without memory says so/,
          qr/^a closing without memory says so/ ] } },

    { what => 'an edit without memory is none',
      in   => 'core/actions/edit.c', at => 'cmt_edit_prepare',
      not  => 'return cmt__fail(err, CMT_ENOMEM, NULL,
                                "no memory for an edit");',
      but  => 'return CMT_OK;',
      seen => { 'unit/own_test' => [ qr/^a edit without memory says so/ ] } },

    { what => 'rules that find no memory accept',
      in   => 'core/actions/verdict.c', at => 'cmt__judge',
      not  => 'decision.verdict = CMT_VERDICT_HOLD;',
      but  => 'decision.verdict = CMT_VERDICT_ACCEPT;',
      seen => { 'unit/own_test' => [
          qr/^a comment without memory says so/,
          qr/^a edit without memory says so/ ] } },

    { what => 'rules that find no memory know nobody',
      in   => 'core/actions/facts.c', at => 'hash_hex',
      not  => 'return hex->data != NULL ? CMT_OK : CMT_ENOMEM;',
      but  => 'return CMT_OK;',
      seen => { 'unit/own_test' => [
          qr/^a comment without memory says so/,
          qr/^a edit without memory says so/ ] } },

    { what => 'want of memory for a store is told as something else',
      in   => 'core/store/env.c', at => 'store_alloc',
      not  => 'if (arena == NULL) { return cmt__fail(err, CMT_ENOMEM, NULL,
                                          "no memory for a store"); }',
      but  => 'if (arena == NULL) { return cmt__fail(err, CMT_EIO, NULL,
                                                     "no"); }',
      seen => { 'unit/env_test' => [
          'each allocation of opening a store has failed',
          'which is told, and then it is opened' ] } },

    { what => 'a change that failed is not applied once more',
      in   => 'core/actions/commit.c', at => 'cmt_commit',
      not  => 'rc = apply_all(store, &changes[i], 1, &err);',
      seen => { 'unit/decide_test' => [
          'one that lacks memory in the transaction is applied once more' ],
                'unit/own_test' => [
          qr/^a vote is applied though memory was short/,
          qr/^a deletion is applied though memory was short/ ] } },

    { what => 'a change that failed is kept as far as it came',
      in   => 'core/actions/commit.c', at => 'apply_all',
      not  => 'if (rc != CMT_OK) { cmt__write_abort(write); return rc; }',
      but  => 'if (rc != CMT_OK) { return cmt__write_commit(write, err); }',
      seen => { 'unit/decide_test' => [
          'one that lacks memory in the transaction is applied once more' ],
                'unit/own_test' => [
          qr/^a vote is applied though memory was short/,
          qr/^a deletion is applied though memory was short/ ],
                'unit/commit_test' => [
          'a full map is told as such', 'one that does not fit fails alone'
          ] } },

    { what => 'a comment that finds no memory is erased by half',
      in   => 'core/actions/erase.c', at => 'erase_one',
      not  => 'rc = cmt__comment_erase(write, entry.comment, err);',
      but  => '(void) !cmt__comment_erase(write, entry.comment, err);',
      seen => { 'unit/erase_test' => [
          'erasing without memory fails or is done', 'the store is whole',
          'a site that there is not is told', 'the store is whole' ] } },

    { what => 'a line that finds no memory is left out',
      in   => 'core/exchange/jsonl_import.c', at => 'job_take',
      not  => 'if (rc != CMT_OK) {
                   return job_settle(im, job, rc, &why, err); }',
      but  => 'if (rc != CMT_OK) {
                   return rc == CMT_ENOMEM ? CMT_OK
                          : job_settle(im, job, rc, &why, err); }',
      seen => { 'unit/jsonl_import_test' => [
          'after every failing allocation a second run completes it' ] } },

    { what => 'an export without memory is empty',
      in   => 'core/exchange/jsonl_export.c', at => 'cmt_export_jsonl',
      not  => 'return cmt__fail(err, CMT_ENOMEM, NULL, NULL);',
      but  => '*n = 0; return CMT_OK;',
      seen => { 'unit/jsonl_import_test' => [
          'an export without memory is told' ] } },

    { what => 'rows that find no memory are none',
      in   => 'core/exchange/spool.c', at => 'rows_grow',
      not  => 'if (rows == NULL) { cmt_arena_destroy(arena);
                                   return CMT_ENOMEM; }',
      but  => 'if (rows == NULL) { cmt_arena_destroy(arena);
                                   return CMT_OK; }',
      seen => { 'unit/foreign_test' => [ 'without memory there is none' ]
      } },

    { what => 'a file is opened without memory for its lines',
      in   => 'core/exchange/lines.c', at => 'cmt__lines_open',
      not  => 'if (lines->data == NULL) { return CMT_ENOMEM; }',
      seen => { 'unit/jsonl_lines_test' => [
          'without memory a stream is not opened' ] } },

    { what => 'a ruleset without memory keeps no files',
      in   => 'core/rules/load.c', at => 'cmt__ruleset_load',
      not  => 'rc = cmt__fail(err, CMT_ENOMEM, NULL, NULL);',
      seen => { 'unit/rules_history_test' => [
          'which is told, and then not any more' ],
                'unit/rules_live_test' => [
          'each is told, and the old rules go on' ] } },

    { what => 'a ruleset without memory has no digest',
      in   => 'core/rules/load.c', at => 'load',
      not  => 'if (make_digest(rs, temp) != CMT_OK) {
                   return cmt__fail(err, CMT_ENOMEM, NULL, NULL); }',
      but  => '(void) !make_digest(rs, temp);',
      seen => { 'unit/rules_fault_test' => [
          'a load without memory says so' ] } },

    { what => 'a machine without memory decides',
      in   => 'core/rules/kept.c', at => 'cmt__kept_make',
      not  => 'if (k == NULL) { return CMT_ENOMEM; }',
      but  => 'if (k == NULL) { return CMT_OK; }',
      seen => { 'unit/rules_fault_test' => [
          ('an evaluation without memory says so and decides nothing') x 2
          ] } },

    { what => 'the memory of a machine is not given back',
      in   => 'core/rules/kept.c', at => 'drop_all',
      not  => 'cmt_arena_destroy(k->heap.arena);',
      seen => { 'unit/rules_fault_test' => [
          'the memory of the process is back where it was' ] } },

    { what => 'words that find no memory are not searched',
      in   => 'core/store/find.c', at => 'terms_of',
      not  => 'return b.failed ? CMT_ENOMEM : CMT_OK;',
      but  => 'if (b.failed) { *n = 0; } return CMT_OK;',
      seen => { 'unit/search_fault_test' => [
          'each allocation of a search can fail', 'with a segment as well'
          ] } },

    # Disks that fail, and others who write meanwhile.

    { what => 'a commit that failed is told as made',
      in   => 'core/store/txn.c', at => 'cmt__write_commit',
      not  => 'return rc == 0 ? CMT_OK : cmt__store_fail(err, rc, "commit");',
      but  => 'return CMT_OK;',
      seen => { 'unit/commit_test' => [
          ('no acknowledged comment was lost') x 2 ],
                'unit/decide_fault_test' => [
          'writes and syncs were made to fail',
          'and each time all was made or nothing' ],
                'unit/search_fault_test' => [
          'a step is done as a whole or not at all' ] } },

    { what => 'a segment is taken though its comments have changed',
      in   => 'core/store/index_step.c', at => 'cmt__index_take',
      not  => 'rc = cmt__index_read(&write->view, &now);',
      but  => 'now = *index;',
      seen => { 'unit/search_fault_test' => [
          'into the index', 'the check finds nothing' ] } },

    { what => 'half a file of moderators is left beside it',
      in   => 'core/actions/moderators_write.c', at => 'write_aside',
      not  => '(void) close(fd); (void) unlink(aside);',
      but  => '(void) close(fd);',
      seen => { 't/10-tool-moderator.t' => [ '... with nothing beside it' ]
      } },

    { what => 'a file of moderators is changed where it is',
      in   => 'core/actions/moderators_write.c', at => 'write_aside',
      not  => '(void) unlink(aside);

               fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
                                | O_NOFOLLOW, 0600);',
      but  => 'strcpy(aside, edit->path);
               fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
                                | O_NOFOLLOW, 0600);',
      seen => { 't/10-tool-moderator.t' => [
          '... and the file is as before' ] } },

    # Clients that mean harm, and too many of them.

    { what => 'the queue of posts has no end',
      in   => 'ngx_module/ngx_http_comments_writer.c',
      at   => 'ngx_http_comments_writer_full',
      not  => 'return worker->waiting >= worker->conf->queue;',
      but  => 'return 0;',
      seen => { 't/90-queue.t' => [
          'as many as the queue takes, of 5', 'and the others are told',
          'that it is busy, and when to come again' ] } },

    { what => 'commits are made on the event loop',
      in   => 'ngx_module/ngx_http_comments_writer.c',
      at   => 'ngx_http_comments_start',
      not  => 'batch->store = batch->worker->store;',
      but  => 'batch->store = batch->worker->store;
               if (batch == &batch->worker->commit) {
                   batch->task.handler(batch, batch->worker->log);
                   ngx_post_event(&batch->task.event, &ngx_posted_events);
                   return;
               }',
      seen => { 't/90-queue.t' => [
          qr/^a read: |^as many as the queue takes, of/ ] } },

    { what => 'each refusal has a line in the log',
      in   => 'ngx_module/ngx_http_comments_log.c',
      at   => 'ngx_http_comments_log',
      not  => 'if (ctx->worker
                   && ngx_http_comments_log_again(ctx->worker, err)) {
                   return; }',
      seen => { 't/90-queue.t' => [ qr/^and are few/ ] } },

    { what => 'a body is freed while it is being sent',
      in   => 'ngx_module/ngx_http_comments_cache.c',
      at   => 'ngx_http_comments_hold',
      not  => 'cln->handler = ngx_http_comments_release;
               cln->data = entry;

               entry->refs++;',
      seen => { 't/90-slow.t' => [
          'what was asked for before comes whole, with sendfile' ] } },

    { what => 'a body that was sent is never freed',
      in   => 'ngx_module/ngx_http_comments_cache.c',
      at   => 'ngx_http_comments_hold',
      not  => 'cln->data = entry;',
      but  => 'cln->handler = NULL;',
      seen => { 't/90-slow.t' => [ qr/^rounds of slow clients/ ] } },

    { what => 'a stream takes 32 KB',
      in   => 'ngx_module/ngx_http_comments_stream.c',
      at   => 'ngx_http_comments_stream',
      not  => 'listener = ngx_pcalloc(r->pool,
                   sizeof(ngx_http_comments_listener_t));',
      but  => 'listener = ngx_pcalloc(r->pool, 32768);',
      seen => { 't/90-streams.t' => [ 'a stream costs less than 16 KB' ] } },

    { what => 'streams look a million times a second',
      in   => 'ngx_module/ngx_http_comments_notify.c',
      at   => 'ngx_http_comments_tick_handler',
      not  => 'ngx_http_comments_look(stream);',
      but  => 'for (int i = 0; i < 1000000; i++) {
                   ngx_http_comments_look(stream); }',
      seen => { 't/90-streams.t' => [
          'and all of them less than a twentieth of a processor' ] } },

    { what => 'limits are asked and not kept',
      in   => 'core/actions/limits.c', at => 'cmt__limits',
      not  => 'if (wait > 0) {
                   return cmt__refuse(change, CMT_EFLOOD, NULL, wait); }',
      seen => { 't/90-limits.t' => [
          'three a minute are three, however they come' ] } },

    { what => 'posts in vain are not counted',
      in   => 'ngx_module/ngx_http_comments_flood.c',
      at   => 'ngx_http_comments_flood_in_vain',
      not  => 'flood->posts++;',
      seen => { 't/90-limits.t' => [
          'one too many is refused before its body is read' ] } },

    { what => 'parts need no last boundary',
      in   => 'core/base/multipart.c', at => 'cmt__form_multipart',
      not  => 'return cmt__fail(err, CMT_EFORM, NULL,
                   "the final boundary is missing");',
      but  => 'return CMT_OK;',
      seen => { 't/90-attack.t' => [
          'bodies in parts that are none have one answer' ] } },

    { what => 'comments of other sites are found',
      in   => 'core/actions/reader.c', at => 'cmt__reader_target',
      not  => 'return rc == CMT_OK && comment->site != site_id
                   ? CMT_ENOTFOUND : rc;',
      but  => 'return rc;',
      seen => { 't/90-attack.t' => [
          'ids, cursors and arguments that are none are told' ] } },

    { what => 'a feed believes in any host',
      in   => 'ngx_module/ngx_http_comments_feed.c',
      at   => 'ngx_http_comments_base',
      not  => 'if (!ngx_http_comments_is_host(&host)) {
                   cscf = ngx_http_get_module_srv_conf(r,
                              ngx_http_core_module);
                   host = cscf->server_name; }',
      seen => { 't/90-attack.t' => [
          "a feed names a host, or the server's own" ] } },

    { what => 'what has come so far is taken for a whole body',
      in   => 'ngx_module/ngx_http_comments_post.c',
      at   => 'ngx_http_comments_body_handler',
      not  => 'if (!r->reading_body) { break; }',
      but  => 'break;',
      seen => { 't/90-http2.t' => [
          'posts, refusals and a thread on one connection' ] } },

    { what => 'the body of what is refused is not read',
      in   => 'ngx_module/ngx_http_comments_reply.c',
      at   => 'ngx_http_comments_reply_refusal',
      not  => 'if (ngx_http_discard_request_body(r) != NGX_OK) {
                   r->keepalive = 0; }',
      seen => { 't/90-hostile.t' => [ qr/^a refused origin: / ] } },

    { what => 'a parent that is no number is none',
      in   => 'core/actions/submit.c', at => 'submit_ids',
      not  => 'return cmt__fail(err, CMT_EPARENT, "parent",
                                "parent is no number");',
      seen => { 't/90-hostile.t' => [
          'a parent that is none here is refused' ] } },
);


# The statements that a mistake is about, with their place in the source: an
# empty list when they are not there, or not once.
sub place {
    my ($c, $source) = @_;

    my $words = join '\s+', map { quotemeta } split ' ', $c->{not};
    my ($begin, $end) = $source =~ /^\Q$c->{at}\E\(.*?^\}/ms
                        ? ($-[0], $+[0]) : return;
    my @found;
    my $body = substr $source, $begin, $end - $begin;
    push @found, [ $begin + $-[0], $+[0] - $-[0] ] while $body =~ /$words/g;

    return @found == 1 ? @{ $found[0] } : ();
}

sub source {
    my ($path) = @_;
    open my $in, '<:raw', $path or die "$path: $!\n";
    local $/;
    return scalar <$in>;
}


# The source with its mistakes, for `make`.  One without a place is left out,
# so that the test, which will tell, can be built.
sub broken {
    my ($path) = @_;

    my $source = source($path);

    for my $c (grep { $_->{in} eq $path } @CANARIES) {
        my ($at, $len) = place($c, $source) or next;
        my $right = substr $source, $at, $len;
        my $wrong = $c->{but} // '';
        substr($source, $at, $len)
            = "if (canary(\"$c->{what}\")) { $wrong } else { $right }";
    }

    return "int canary(const char *name);\n#line 1 \"$path\"\n$source";
}


# Runs a test with a mistake: {exit, out, err}.
sub run_broken {
    my ($c, $test) = @_;

    my $folder = "$Comments::Nginx::BUILD/canary";
    local %ENV = (%ENV, CANARY => $c->{what}, TEST_SECONDS => 3,
                  TEST_TOOL => "$folder/ngx-comments",
                  TEST_MODULE => "$folder/ngx_http_comments_module.so");
    my $n = @{ $c->{seen}{$test} };

    return Comments::Nginx::run('timeout', 120, $test =~ /\.t$/
        ? ($^X, '-It/lib', "-MComments::Canary=$n", $test)
        : "$folder/$test");
}


# use Comments::Canary N: a test file ends when N of its tests have failed.
sub import {
    my (undef, $n) = @_;

    return if !$n;

    $SIG{TERM} = sub { exit 1 };       # so that no nginx is left

    require Test::Builder;
    my $ok = \&Test::Builder::ok;
    no warnings 'redefine';
    *Test::Builder::ok = sub {
        local $Test::Builder::Level = $Test::Builder::Level + 1;
        my $held = $ok->(@_);
        exit 1 if !$held && --$n == 0;
        return $held;
    };
}

1;

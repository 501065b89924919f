# ngx-comments.  GNU make.  `./dev TARGET` installs what a target needs first.
#
#   build       build/ngx_http_comments_module.so and build/ngx-comments
#   test        everything, in one run of prove
#   canaries    what t/70-canary.t runs: all of it once more, with mistakes
#   test-quick  the C units and the checks of the source, without nginx
#   test-asan   as test, with AddressSanitizer and UBSan, in build/asan
#   test-tsan   what threads share, with ThreadSanitizer, in build/tsan
#   test-power  CUTS simulated power cuts
#   test-kills  KILLS killed workers and RELOADS reloads under load
#   test-valgrind  nginx and units within valgrind's memcheck
#   test-static as --add-module: builds an nginx with the module in it
#   test-asan-nginx  so, and all of that nginx with sanitizers
#   cover       which lines ran, by gcov, in build/cover
#   fuzz        each t/fuzz/*.c for FUZZ_SECONDS
#   bench       the measurements of t/bench (BENCH=read post latency rules
#               memory search flood; or one of instructions, scale,
#               peers)
#   instructions  how many of them a request takes
#   screenshots   pictures of what readers and moderators see
#   demo        a small site with comments on 127.0.0.1:$(PORT)
#   demo-reset  forgets its comments
#   install     below $(DESTDIR)$(PREFIX)
#
# OUT=dir puts all output elsewhere.  SAN=address,undefined adds sanitizers.
# V=1 shows the commands.

ifneq ($(words $(CURDIR)),1)
$(error nginx's configure cannot build in a path with spaces: $(CURDIR))
endif

OUT          ?= build
PORT         ?= 8080
PREFIX       ?= /usr
FUZZ_SECONDS ?= 60
CUTS         ?= 5000
KILLS        ?= 300
RELOADS      ?= 100
COVER_PERCENT ?= 90
JOBS         ?= $(shell nproc)
PROVE        ?= prove
NGINX_SRC    ?= /usr/share/nginx/src

CC      = gcc
CFLAGS  = -O2 -g -fstack-protector-strong
WARN    = -Wall -Wextra -Werror
LIBS    = -lsodium -llmdb -lmd4c -licuuc -licui18n -lz -lstemmer \
          -lm -ldl \
          -lpthread

# What only files of other systems need: nginx does without.
FILES_LIBS = -lexpat -lsqlite3

# So many counts are made by threads at once.
ifdef COVER
CFLAGS = -Og -g --coverage -fprofile-update=atomic
endif

ifndef SAN
CFLAGS += -D_FORTIFY_SOURCE=2
else
CFLAGS += -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
endif

# The library hides what cmt.h does not name; only the units see it all.
CORE_FLAGS = -std=gnu11 -D_GNU_SOURCE -fPIC -fvisibility=hidden \
             -I/usr/include/lua5.4 $(WARN) -Wconversion $(CFLAGS) -MMD -MP
UNIT_FLAGS = -std=gnu11 -D_GNU_SOURCE -I. -It/unit -I/usr/include/lua5.4 \
             $(WARN) $(CFLAGS) -MMD -MP

TOOL_C  = $(wildcard core/tool/*.c)
CORE_C  = $(filter-out $(TOOL_C),$(wildcard core/*/*.c))
UNIT_C  = $(wildcard t/unit/*_test.c)
FUZZ_C  = $(wildcard t/fuzz/*.c)
NGX_C   = $(wildcard ngx_module/*.c)
NGX_H   = $(wildcard core/*.h ngx_module/*.h)
WEB     = web/embed.sh web/join.pl \
          $(wildcard web/i18n/*.json web/i18n/*/*.json web/*.css web/*.js \
                     web/*/*.js lua/*.lua)

LIB     = $(OUT)/libcmt.a
TOOL    = $(OUT)/ngx-comments
MODULE  = $(OUT)/ngx_http_comments_module.so
NGINX   = $(abspath $(OUT))/nginx
FAULTS  = $(patsubst t/fault/%.c,$(OUT)/fault/%.so,$(wildcard t/fault/*.c))
BENCHES = $(patsubst t/%.c,$(OUT)/%,$(wildcard t/bench/*.c))
UNITS   = $(UNIT_C:t/unit/%.c=$(OUT)/unit/%)
FUZZERS = $(FUZZ_C:t/fuzz/%.c=$(OUT)/fuzz/%)
SEEDED  = $(FUZZ_C:t/fuzz/%.c=$(OUT)/seeds/%)
FUZZ_O  = $(CORE_C:core/%.c=$(OUT)/fuzz/obj/%.o)
NODE    = build/node/installed
SAY     = $(if $(V),,@echo '  $(1) $@';)
OBJ     = $(patsubst core/%.c,$(OUT)/obj/%.o,$(1))


.PHONY: build unit canaries test screenshots test-quick test-asan test-tsan \
        test-power test-kills test-valgrind test-static test-asan-nginx cover \
        cover-run fuzz bench instructions demo demo-reset install clean always
.DELETE_ON_ERROR:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules
unexport NGINX

build: $(MODULE) $(TOOL)

$(OUT)/obj/%.o: core/%.c
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(CORE_FLAGS) -c -o $@ $<

# The files of web/ and lua/ that are compiled in, see core/base/asset.h.

$(OUT)/web.c: $(WEB)
	@mkdir -p $(@D)
	$(call SAY,embed)sh web/embed.sh web > $@

$(OUT)/obj/web.o: $(OUT)/web.c
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(CORE_FLAGS) -c -o $@ $<

$(LIB): $(call OBJ,$(CORE_C)) $(OUT)/obj/web.o
	@rm -f $@
	$(call SAY,ar)ar rcs $@ $^

$(TOOL): $(call OBJ,$(TOOL_C)) $(LIB)
	$(call SAY,ld)$(CC) $(CFLAGS) -o $@ $^ $(LIBS) $(FILES_LIBS)

$(OUT)/unit/%.o: t/unit/%.c
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(UNIT_FLAGS) -c -o $@ $<

$(OUT)/unit/%: $(OUT)/unit/%.o $(LIB)
	$(call SAY,ld)$(CC) $(CFLAGS) -o $@ $< $(LIB) $(LIBS) $(FILES_LIBS)


# What fuzzers begin with.  With these files each is a test, too.

SEEDS_rules_load = lua lua/policies t/lua/abuse
SEEDS = $(SEEDS_$(notdir $(1))) $(wildcard t/fuzz/seeds/$(notdir $(1)))

$(OUT)/seeds/%: t/fuzz/%.c t/lib/seeds.c $(LIB)
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(UNIT_FLAGS) -MF $@.d -MT $@ -DTARGET='"$*"' \
	    -DSEEDS='$(foreach s,$(call SEEDS,$@),"$s",) NULL' \
	    -o $@ $< t/lib/seeds.c $(LIB) $(LIBS) $(FILES_LIBS)


# The module is built the way Debian builds modules: nginx-dev's configure
# makes a Makefile for it.  That takes some seconds, so it runs again only
# when config, nginx-dev or the list of source files changed.  The core is not
# compiled once more but linked, which nginx's Makefile cannot know of.

$(OUT)/sources: always
	@mkdir -p $(@D)
	@printf '%s\n' $(NGX_C) $(NGX_H) '$(SAN)' > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(NGINX)/Makefile: config $(OUT)/sources $(NGINX_SRC)/conf_flags
	@mkdir -p $(@D)
	$(call SAY,configure)cd $(NGINX_SRC) && bash -c '. ./conf_flags && \
	    COMMENTS_LIBRARY=$(abspath $(LIB)) bash ./configure \
	    --with-cc-opt="$(CFLAGS) -fPIC" --with-ld-opt="$(CFLAGS)" \
	    "$${NGX_CONF_FLAGS[@]}" --builddir=$(NGINX) \
	    --add-dynamic-module=$(CURDIR)' > $(NGINX)/configure.log \
	    || { tail -n 20 $(NGINX)/configure.log; rm -f $@; exit 1; }

$(MODULE): $(NGINX)/Makefile $(LIB) $(NGX_C) $(NGX_H)
	@rm -f $(NGINX)/$(@F)
	$(call SAY,ld)$(MAKE) $(if $(V),,-s) --no-print-directory \
	    -f $(NGINX)/Makefile -C $(NGINX_SRC) modules
	@cp $(NGINX)/$(@F) $@.new && mv $@.new $@     # an nginx may run it


# What the tests look for.  nginx itself has no sanitizer: ours is loaded
# before it, and what nginx leaves at its end is not ours to count.

export TEST_BUILD = $(OUT)
ifdef SAN
export TEST_PRELOAD = $(shell $(CC) -print-file-name=libasan.so)
export TEST_ASAN_OPTIONS = detect_leaks=0:detect_odr_violation=0
endif

unit: $(UNITS) $(SEEDED)
	$(PROVE) --exec t/run $^

# Libraries that are loaded before all others and play a bad machine.

$(OUT)/fault/%.so: t/fault/%.c
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(UNIT_FLAGS) -fPIC -shared -fvisibility=hidden \
	    -MF $@.d -MT $@ -o $@ $< -ldl

# Where threads meet: those files of the core, seen by ThreadSanitizer, and all
# others as they are, which takes seconds (`test-tsan`: all of them).

MEET = $(addprefix core/,store/env.c store/txn.c store/upkeep.c rules/kept.c \
       rules/live.c rules/load.c rules/lua_api.c actions/moderators.c \
       text/guess.c text/lang.c text/lang_date.c)
THREADS = $(if $(SAN)$(COVER),,$(OUT)/threads/test $(OUT)/threads/no_locks)

$(OUT)/threads/no_locks: LOCKS = -include t/unit/no_locks.h

$(THREADS): t/unit/threads_test.c t/unit/no_locks.h $(MEET) $(LIB)
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(UNIT_FLAGS) -fsanitize=thread $(LOCKS) -MF $@.d \
	    -MT $@ -o $@ $< $(MEET) $(LIB) $(LIBS)

# The core and the module once more, with mistakes in them that tests must see.

MISTAKES  = t/lib/Comments/Canary.pm
FIND      = $(shell sed -n "s|.*'\($1\)'.*|\1|p" $(MISTAKES) | sort -u)
BROKEN   := $(patsubst %.c,$(OUT)/canary/%.o, \
              $(call FIND,core[^ ]*\.c) $(call FIND,ngx_module[^ ]*\.c))
CANARY    = $(OUT)/canary/$(notdir $(MODULE))
CANARIES  = $(if $(SAN)$(COVER),,$(CANARY) $(OUT)/canary/$(notdir $(TOOL)) \
              $(addprefix $(OUT)/canary/,$(call FIND,unit/[a-z_]*)))

$(OUT)/canary/%.c: %.c $(MISTAKES)
	@mkdir -p $(@D)
	$(call SAY,break)perl -It/lib -MComments::Canary \
	    -e 'print Comments::Canary::broken($$ARGV[0])' $< > $@

$(OUT)/canary/core/%.o: $(OUT)/canary/core/%.c
	$(call SAY,cc)$(CC) $(CORE_FLAGS) -w -iquote $(dir core/$*) -c -o $@ $<

$(OUT)/canary/t/%.o: t/%.c
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(CORE_FLAGS) -c -o $@ $<

$(OUT)/canary/ngx_module/%.o: $(OUT)/canary/ngx_module/%.c $(MODULE)
	@rm -f $@
	$(call SAY,cc)$(MAKE) $(if $(V),,-s) --no-print-directory \
	    -f $(NGINX)/Makefile -C $(NGINX_SRC) $(abspath $@) \
	    --eval='$(abspath $@): ; $$(CC) -c -fPIC $$(CFLAGS) $$(ALL_INCS) -w \
	            -iquote $(CURDIR)/ngx_module -o $$@ $(abspath $<)'

$(OUT)/canary/unit/%: $(OUT)/unit/%.o $(filter $(OUT)/canary/core/%,$(BROKEN)) \
                      $(OUT)/canary/t/lib/canary.o $(LIB)
	@mkdir -p $(@D)
	$(call SAY,ld)$(CC) $(CFLAGS) -o $@ $^ $(LIBS) $(FILES_LIBS)

$(OUT)/canary/$(notdir $(TOOL)): $(call OBJ,$(TOOL_C)) \
    $(filter $(OUT)/canary/core/%,$(BROKEN)) $(OUT)/canary/t/lib/canary.o $(LIB)
	$(call SAY,ld)$(CC) $(CFLAGS) -o $@ $^ $(LIBS) $(FILES_LIBS)

$(CANARY): $(BROKEN) $(OUT)/canary/t/lib/canary.o $(MODULE)
	$(call SAY,ld)$(CC) $(CFLAGS) -shared -Wl,-z,nodelete -o $@ \
	    $(filter %.o,$^) $(patsubst %.c,$(NGINX)/addon/%.o, \
	        $(filter-out $(BROKEN:$(OUT)/canary/%.o=%.c),$(NGX_C))) \
	    $(NGINX)/$(basename $(@F))_modules.o $(LIB) $(LIBS)

canaries: $(CANARIES)

test: build $(UNITS) $(SEEDED) $(FAULTS) $(THREADS) $(CANARIES) $(NODE)
	$(PROVE) -j$(JOBS) --exec t/run $(UNITS) $(SEEDED) t/*.t t/browser/*.mjs

# The browser is Debian's; what drives it and what judges pages is not.  Where
# npm reaches no registry, t/run skips the browser tests and says so.
$(NODE):
	@npm install --prefix $(@D) --no-save --no-package-lock --no-audit \
	    --no-fund --loglevel=error --fetch-timeout=60000 --fetch-retries=1 \
	    playwright-core@1.48.2 axe-core@4.10.2 && touch $@ \
	    || echo "npm cannot install what the browser tests need:" \
	            "they will be skipped." >&2

# The tests of the browser take them on their way; those of the tour of
# docs/moderating.md are kept with it.
screenshots: build $(NODE)
	TOUR=docs/images $(PROVE) --exec t/run t/browser/tour.mjs
	$(PROVE) --exec t/run t/browser/look.mjs t/browser/moderate.mjs

test-quick: $(UNITS) $(SEEDED)
	$(PROVE) -j$(JOBS) --exec t/run $(UNITS) $(SEEDED) t/00-*.t

test-asan:
	$(MAKE) OUT=$(OUT)/asan SAN=address,undefined test

THREADED = $(OUT)/tsan/unit/threads_test $(OUT)/tsan/unit/rules_kept_test

test-tsan:
	$(MAKE) OUT=$(OUT)/tsan SAN=thread $(THREADED)
	$(PROVE) --exec t/run $(THREADED)
	@if TEST_RACE=1 $(OUT)/tsan/unit/threads_test > /dev/null 2>&1; \
	    then echo 'A race that is there was not found out.'; exit 1; fi

# Longer runs of what the suite does in short.

test-power: build $(FAULTS)
	TEST_CUTS=$(CUTS) $(PROVE) --exec t/run t/70-power.t

test-kills: build $(FAULTS)
	TEST_KILLS=$(KILLS) TEST_RELOADS=$(RELOADS) \
	    $(PROVE) --exec t/run t/70-durable.t

# Within valgrind, which sees what is read before it was written: nginx with
# clients of all sorts, and what reads strangers' bytes.
VALGRIND_UNITS = arena check commit decide desk env erase foreign form \
                 form_token gzip identity json jsonl_lines jsonl_record \
                 marker memory moderate own page page_head pages receipt_pack \
                 recent report rules rules_fault rules_include rules_list \
                 rules_live rules_memory rules_pack rules_paste search_words \
                 strings text_fault text_html text_markdown text_mention \
                 text_plain text_xss txn
VALGRIND = valgrind -q --fair-sched=yes --num-callers=20 --error-exitcode=99 \
           --suppressions=t/lib/valgrind.supp

test-valgrind: build $(UNITS) $(SEEDED)
	TEST_UNDER="$(VALGRIND)" $(PROVE) -j$(JOBS) --exec t/run \
	    $(filter-out %/rules_load,$(SEEDED)) \
	    $(VALGRIND_UNITS:%=$(OUT)/unit/%_test) t/20-post.t t/20-body.t \
	    t/20-own.t t/20-thread.t t/20-thread-html.t \
	    t/30-rules.t t/30-rules-reload.t t/30-moderate-http.t t/60-insert.t \
	    t/60-stream.t t/60-feeds.t t/30-attack.t t/90-attack.t \
	    t/90-hostile.t t/90-limits.t

STATIC_TESTS = t/20-post.t t/20-thread.t t/20-thread-html.t t/20-conf.t \
               t/60-insert.t t/60-pages.t t/60-stream.t t/60-feeds.t

test-static: build
	SAN=$(SAN) t/static $(OUT)/static $(STATIC_TESTS)

# In test-asan the module alone has sanitizers; here nginx has them, too, whose
# pools hide what is written past the end of a piece.
STRANGERS = $(wildcard t/20-*.t t/60-*.t t/90-*.t) t/30-attack.t \
            t/30-moderate-http.t t/70-sanitizers.t

test-asan-nginx:
	$(MAKE) OUT=$(OUT)/asan SAN=address,undefined \
	    STATIC_TESTS="$(STRANGERS)" test-static

# Counts add up over all processes of all tests: what each of them did in its
# own way is one table at the end.  Of those that are killed nothing is known.

cover:
	find $(OUT)/cover -name '*.gcda' -delete 2>/dev/null || :
	$(MAKE) OUT=$(OUT)/cover COVER=1 cover-run; failed=$$?; \
	    t/cover $(OUT)/cover $(COVER_PERCENT) && exit $$failed

cover-run: build $(UNITS) $(SEEDED) $(FAULTS)
	$(PROVE) -j$(JOBS) --exec t/run $(UNITS) $(SEEDED) \
	    $(filter-out t/00-%,$(wildcard t/*.t))

# Fuzzers see through the core: it is compiled for them once more, by clang.

FUZZ_CC = clang -O1 -g -std=gnu11 -D_GNU_SOURCE -I. -I/usr/include/lua5.4 \
          -fno-sanitize-recover=all -MMD -MP

$(OUT)/fuzz/obj/%.o: core/%.c
	@mkdir -p $(@D)
	$(call SAY,clang)$(FUZZ_CC) -fsanitize=fuzzer-no-link,address,undefined \
	    -c -o $@ $<

$(OUT)/fuzz/%: t/fuzz/%.c $(FUZZ_O) $(OUT)/obj/web.o
	$(call SAY,clang)$(FUZZ_CC) -MF $@.d -MT $@ \
	    -fsanitize=fuzzer,address,undefined -o $@ $< $(FUZZ_O) \
	    $(OUT)/obj/web.o $(LIBS) $(FILES_LIBS)

fuzz: $(FUZZERS)
	$(foreach f,$^,mkdir -p $f.corpus && $f -timeout=10 \
	    -max_total_time=$(FUZZ_SECONDS) $f.corpus $(call SEEDS,$f) &&) :

$(OUT)/bench/%: t/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(call SAY,cc)$(CC) $(UNIT_FLAGS) -MF $@.d -MT $@ \
	    -o $@ $< $(LIB) $(LIBS)

bench: build $(BENCHES) $(FAULTS)
	t/bench/run $(BENCH)

instructions: build
	t/bench/run instructions

demo: build
	PORT=$(PORT) web/demo/run

demo-reset:
	rm -rf build/demo

install: build
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/nginx/modules $(MODULE)
	install -D -t $(DESTDIR)$(PREFIX)/bin $(TOOL)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/*.1
	cd lua && find . -type f -exec install -D -m 644 {} \
	    $(abspath $(DESTDIR)$(PREFIX))/share/ngx-comments/{} \;

clean:
	rm -rf $(OUT)

-include $(patsubst %.o,%.d,$(call OBJ,$(CORE_C) $(TOOL_C))) $(UNITS:=.d) \
         $(BROKEN:.o=.d) \
         $(FUZZ_O:.o=.d) $(FUZZERS:=.d) $(SEEDED:=.d) $(BENCHES:=.d) \
         $(FAULTS:=.d) $(THREADS:=.d)

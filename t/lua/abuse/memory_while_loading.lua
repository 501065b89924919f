-- expect: load
-- note: only rules can remember

store.set("s", "k", 1, "1d")

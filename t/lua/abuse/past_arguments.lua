-- expect: hold
-- note: a span such as

rule("past", function(c) c.author.recent({}) end)
rule("more", function(c) c.thread.pair_replies({}, {}, "soon") end)

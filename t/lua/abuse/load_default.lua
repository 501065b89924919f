-- expect: load
-- note: must be "accept" or "hold"
-- A default that is none.

settings { default = "spam" }

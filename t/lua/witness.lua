-- Loaded behind every file of abuse/: shows that what a rule does to itself
-- does not keep the others from running.

rule("witness", function()
  return score(1, "the rules behind ran")
end)

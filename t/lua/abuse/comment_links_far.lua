-- expect: accept
-- Links that are not there.

rule("abuse", function(c)
  for _, i in ipairs { 0, 1, -1, 1e15, 1.5 } do
    assert(c.links[i] == nil)
  end
end)

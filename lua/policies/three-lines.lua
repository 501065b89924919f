-- The smallest policy: who sends many links waits for a person.

rule("many links", function(c)
  if #c.links > 2 then
    return hold("Comments with more than two links are read first.")
  end
end)

test("two links are published", {
  text = "http://a.example/ http://b.example/",
}, "accept")
test("three links wait", {
  text = "http://a.example/ http://b.example/ http://c.example/",
}, "hold", "many links")

-- expect: accept
-- note: "tags":["a  b c

rule("tags", function(c) tag("a\r\nb\27c\xff</script>") end)

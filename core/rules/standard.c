/*
 * standard.c: lua/standard.lua, which is used when no file is configured.
 * Kept by hand, so that nginx's own build needs no other tool; the unit test
 * of the rules holds both equal to the byte.
 */

#include "engine.h"


const char  cmt__rules_standard[] =
    "-- The rules of a site that has none: careful, and with no settings.\n"
    "-- core/rules/standard.c holds this text; a test compares both.\n"
    "\n"
    "rule(\"honeypot\", function(c)\n"
    "  if c.form.honeypot then\n"
    "    return spam(\"the hidden field was filled\")\n"
    "  end\n"
    "end)\n"
    "\n"
    "rule(\"many links\", function(c)\n"
    "  if #c.links > 2 then\n"
    "    return hold({\n"
    "      en = \"Comments with more than two links are read by a person "
    "first.\",\n"
    "      nb = \"Kommentarer med mer enn to lenker leses av et menneske "
    "først.\",\n"
    "    }, #c.links .. \" links\")\n"
    "  end\n"
    "end)\n"
    "\n"
    "test(\"an ordinary comment is published\", { text = \"Thank you!\" }, "
    "\"accept\")\n"
    "test(\"two links are fine\", {\n"
    "  text = \"http://a.example/ http://b.example/\",\n"
    "}, \"accept\")\n"
    "test(\"three links wait\", {\n"
    "  text = \"http://a.example/ http://b.example/ http://c.example/\",\n"
    "}, \"hold\", \"many links\")\n"
    "test(\"machines fill the hidden field\", {\n"
    "  form = { honeypot = true },\n"
    "}, \"spam\", \"honeypot\")\n";

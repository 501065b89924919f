# What a browser gets of a script of ours: no comment, no indentation.  A
# comment is at the head of the file, has a line of its own, or stands two
# blanks behind code; no text in our scripts looks so.
1,/^ \*\/$/d
s/^ *//
/^\/\/ /d
s/  *\/\/ [^'"`]*$//
/^$/d

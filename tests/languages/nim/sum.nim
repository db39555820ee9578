import std/[sequtils, strutils]

echo stdin.lines.toSeq.map(parseInt).foldl(a + b)

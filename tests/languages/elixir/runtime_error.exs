IO.puts(hd([]))

val () = print (1 + 1)

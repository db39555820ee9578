val () = print (hd [])

let rec loop () = loop ()

let () = loop ()

(let loop ()
  (loop))

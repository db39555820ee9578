(define blocks '())

(let grow ()
  (set! blocks (cons (make-vector 100000 1) blocks))
  (grow))

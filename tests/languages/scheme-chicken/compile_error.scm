(define (greet name)
  (display name)

(greet "world")

(define (sum total)
  (let ((number (read)))
    (if (eof-object? number)
        total
        (sum (+ total number)))))

(display (sum 0))
(newline)

#lang racket

(let grow ([blocks '()])
  (grow (cons (make-vector 100000 (length blocks)) blocks)))

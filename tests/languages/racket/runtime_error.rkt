#lang racket

(displayln (first '()))

#lang racket

(displayln greeting)

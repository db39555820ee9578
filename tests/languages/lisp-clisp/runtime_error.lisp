(defun divide (dividend divisor)
  (/ dividend divisor))

(print (divide 1 0))

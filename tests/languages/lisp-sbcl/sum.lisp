(defun sum-of-lines ()
  (loop for line = (read-line *standard-input* nil)
        while line
        sum (parse-integer line)))

(format t "~d~%" (sum-of-lines))

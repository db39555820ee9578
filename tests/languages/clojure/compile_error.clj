(println (undeclared 42))

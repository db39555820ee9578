fun sum total =
  case TextIO.inputLine TextIO.stdIn of
    SOME line => sum (total + valOf (Int.fromString line))
  | NONE => total

val () = print (Int.toString (sum 0) ^ "\n")

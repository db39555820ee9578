Adds up lines of numbers and prints their sum up to 99
Cells: character; newline or not; number; sum

,[
  ----------
  >+<
  [
    a digit: number becomes ten times itself and the digit
    >-
    >[->>++++++++++<<]>>[-<<+>>]<<
    <<--------------------------------------[->>+<<]
  ]
  >[
    a newline: the sum takes the number
    ->[->+<]<
  ]
  <,
]

>>> sum
divided by ten: rest and quotient land two and three cells on
>++++++++++<[->-[>+>>]>[+[-<+>]>+>>]<<<<<]
>>>[>++++++++[-<++++++>]<.[-]]
<>++++++++[-<++++++>]<.
[-]++++++++++.

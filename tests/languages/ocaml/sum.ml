let rec sum total =
  match read_line () with
  | line -> sum (total + int_of_string line)
  | exception End_of_file -> total

let () = Printf.printf "%d\n" (sum 0)

fun grow blocks = grow (Array.array (100000, 1) :: blocks)

val () = grow []

block = copies('x', 1000000)
do i = 1
  blocks.i = block || i
end

program broken
  implicit none
  count = 1
end program broken

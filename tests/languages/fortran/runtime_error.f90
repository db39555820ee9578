program failing
  implicit none
  integer :: number
  read (*, *) number
  print *, number
end program failing

program hungry
  implicit none
  type block
    integer :: numbers(262144)
    type(block), pointer :: next
  end type block
  type(block), pointer :: newest, older
  nullify (newest)
  do
    older => newest
    allocate (newest)
    newest%numbers = 1
    newest%next => older
  end do
end program hungry

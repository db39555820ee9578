BEGIN {
  field = -1
  print $field
}

puts [expr {1 / 0}]

"x" | until(false; . + .)

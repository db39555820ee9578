[inputs] | add

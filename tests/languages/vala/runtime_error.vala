void main (string[] args) {
    int divisor = args.length - 1;
    stdout.printf ("%d\n", 100 / divisor);
}

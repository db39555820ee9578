void main () {
    stdout.printf ("Hello, world!\n");
}

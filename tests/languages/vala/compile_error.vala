void main () {
    string text = 42;
    stdout.printf ("%s\n", text);
}

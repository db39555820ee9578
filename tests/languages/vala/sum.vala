void main () {
    int64 sum = 0;
    string? line;
    while ((line = stdin.read_line ()) != null) {
        sum += int64.parse (line);
    }
    stdout.printf ("%" + int64.FORMAT + "\n", sum);
}

class Main {
    static function main() {
        var sum = 0;
        try {
            while (true) {
                sum += Std.parseInt(Sys.stdin().readLine());
            }
        } catch (end:haxe.io.Eof) {
            Sys.println(sum);
        }
    }
}

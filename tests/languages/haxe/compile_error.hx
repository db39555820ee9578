class Main {
    static function main() {
        var text:String = 42;
        Sys.println(text);
    }
}

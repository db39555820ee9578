using StringTools;

class Main {
    static function main() {
        var block = "".rpad("x", 1000000);
        var blocks = [];
        while (true) {
            blocks.push(block + blocks.length);
        }
    }
}

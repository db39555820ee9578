import haxe.io.Bytes;

class Main {
    static function main() {
        var blocks = [];
        while (true) {
            var block = Bytes.alloc(1000000);
            block.fill(0, block.length, 1);
            blocks.push(block);
        }
    }
}

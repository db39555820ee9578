class Block {
    public uint8[] data = new uint8[1000000];
}

void main () {
    var blocks = new GenericArray<Block> ();
    while (true) {
        var block = new Block ();
        Memory.set (block.data, 1, block.data.length);
        blocks.add (block);
    }
}

const blocks: number[][] = [];
while (true) blocks.push(new Array<number>(100000).fill(1));

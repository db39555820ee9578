const blocks = [];
while (true) blocks.push(new Array(100000).fill(1));

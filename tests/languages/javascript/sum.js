const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n');
console.log(lines.map(Number).reduce((sum, number) => sum + number, 0));

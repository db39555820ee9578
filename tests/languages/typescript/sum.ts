import { readFileSync } from 'fs';

const numbers: number[] = readFileSync(0, 'utf8').trim().split('\n').map(Number);
console.log(numbers.reduce((sum, number) => sum + number, 0));

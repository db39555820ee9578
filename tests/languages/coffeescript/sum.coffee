fs = require 'fs'

sum = 0
sum += Number line for line in fs.readFileSync(0, 'utf8').trim().split '\n'
console.log sum

person = undefined
console.log person.name

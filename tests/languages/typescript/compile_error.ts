const answer: number = ;
console.log(answer);

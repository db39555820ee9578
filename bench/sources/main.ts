const greeting: string = "Hello, rota!";
console.log(greeting);

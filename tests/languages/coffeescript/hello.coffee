console.log 'Hello, world!'

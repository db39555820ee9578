SELEC 'Hello, world!';

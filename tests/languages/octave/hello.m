disp('Hello, world!')

for i = 1:3
  disp('Hello, world!'
end

: fill-memory
  begin
    1000000 allocate throw 1000000 255 fill
  again ;

fill-memory

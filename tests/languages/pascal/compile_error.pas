program Broken;
begin
  Count := 1
end.

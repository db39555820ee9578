procedure Compile_Error is
begin
   Count := 1;
end Compile_Error;

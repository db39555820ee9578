procedure Timeout is
begin
   loop
      null;
   end loop;
end Timeout;

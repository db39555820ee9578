with Ada.Text_IO; use Ada.Text_IO;

procedure Runtime_Error is
   Numbers : array (1 .. 3) of Integer := (others => 0);
   Index   : Integer := 3;
begin
   while Index > 0 loop
      Index := Index + 1;
      Numbers (Index) := Index;
   end loop;
   Put_Line (Integer'Image (Numbers (1)));
end Runtime_Error;

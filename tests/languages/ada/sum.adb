with Ada.Text_IO;         use Ada.Text_IO;
with Ada.Integer_Text_IO; use Ada.Integer_Text_IO;

procedure Sum is
   Number : Integer;
   Total  : Integer := 0;
begin
   while not End_Of_File loop
      Get (Number);
      Total := Total + Number;
   end loop;
   Put (Total, Width => 0);
   New_Line;
end Sum;

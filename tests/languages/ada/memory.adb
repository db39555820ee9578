procedure Memory is
   type Block;
   type Block_Access is access Block;
   type Number_Array is array (1 .. 262_144) of Integer;
   type Block is record
      Numbers : Number_Array;
      Next    : Block_Access;
   end record;
   Newest : Block_Access;
begin
   loop
      Newest := new Block'(Numbers => (others => 1), Next => Newest);
   end loop;
end Memory;

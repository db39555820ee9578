program Hungry;
const
  Mebibyte = 1024 * 1024;
var
  Block: Pointer;
begin
  while True do
  begin
    GetMem(Block, Mebibyte);
    FillChar(Block^, Mebibyte, 1);
  end;
end.

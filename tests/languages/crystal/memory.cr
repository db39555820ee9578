blocks = [] of Bytes
loop do
  blocks << Bytes.new(1_000_000, 1)
end

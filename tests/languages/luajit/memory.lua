local numbers = {}
while true do
  numbers[#numbers + 1] = {#numbers}
end

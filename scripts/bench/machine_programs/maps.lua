local function main()
  local names = {}
  for i = 0, 999 do names[i] = "name " .. i end
  local by_name = {}
  local by_number = {}
  for round = 0, 999 do
    for i = 0, 999 do
      local name = names[i * 7 % 1000]
      if by_name[name] then by_name[name] = by_name[name] + i else by_name[name] = i end
      local number = i * 31 % 997
      if by_number[number] then by_number[number] = by_number[number] + 1 else by_number[number] = 1 end
    end
  end
  local total = 0
  for _, count in pairs(by_name) do total = total + count end
  for number, count in pairs(by_number) do total = total + number * count end
  return total
end

print(main())

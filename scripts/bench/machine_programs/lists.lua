local function main()
  local list = {}
  for i = 0, 2999999 do list[#list + 1] = i end
  local total = 0
  for _, item in ipairs(list) do total = total + item end
  for i = 1, #list do total = total + list[i] end
  return total
end

print(main())

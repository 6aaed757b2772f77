local function main()
  local total = 0
  for i = 0, 29999999 do total = total + i % 7 end
  return total
end

print(main())

local function main()
  local lines = {}
  for row = 0, 39999 do
    local line = ""
    for column = 0, 19 do line = line .. row * column .. "," end
    lines[#lines + 1] = line .. " end of row " .. tostring(row)
  end
  local text = table.concat(lines, "\n")
  return #text
end

print(main())

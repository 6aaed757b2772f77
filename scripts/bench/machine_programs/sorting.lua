local function main()
  local seed = 42
  local pairs = {}
  for i = 0, 299999 do
    seed = (seed * 1103515245 + 12345) % 2147483648
    pairs[#pairs + 1] = {seed % 100000, i}
  end
  local function by(pair) return pair[1] * 1000000 + pair[2] end
  table.sort(pairs, function(a, b) return by(a) < by(b) end)
  local total = 0
  for i = 1, #pairs do total = (total * 31 + pairs[i][2]) % 1000003 end
  return total
end

print(main())

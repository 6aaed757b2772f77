local function counter(step)
  local count = 0
  return function()
    count = count + step
    return count
  end
end

local function compose(f, g)
  return function(x) return g(f(x)) end
end

local function main()
  local following = counter(3)
  local twice_and_one = compose(function(x) return x * 2 end, function(x) return x + 1 end)
  local total = 0
  for i = 0, 1499999 do
    local add = function(x) return x + i end
    total = total + add(following()) + twice_and_one(i)
  end
  return total
end

print(main())

local Particle = {}
Particle.__index = Particle

local function particle(x, y, vx, vy)
  return setmetatable({x = x, y = y, vx = vx, vy = vy}, Particle)
end

function Particle:energy()
  return 0.5 * (self.vx * self.vx + self.vy * self.vy)
end

local function main()
  local particles = {}
  for i = 0, 999 do particles[#particles + 1] = particle(i + 0.0, 0.0, 1.0, 0.5 * i) end
  local total = 0.0
  for step = 0, 599 do
    for _, p in ipairs(particles) do
      p.x = p.x + p.vx * 0.01
      p.y = p.y + p.vy * 0.01
      if p.y > 100.0 then p.vy = -p.vy end
      total = total + p:energy()
    end
    local middle = particle(0.0, 0.0, 0.0, 0.0)
    for _, p in ipairs(particles) do
      middle = particle(middle.x + p.x, middle.y + p.y, 0.0, 0.0)
    end
    total = total + middle.x
  end
  return total
end

print(string.format("%.3f", main()))

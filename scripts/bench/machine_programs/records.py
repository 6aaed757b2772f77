class Particle:
    __slots__ = ("x", "y", "vx", "vy")

    def __init__(self, x, y, vx, vy):
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy

    def energy(self):
        return 0.5 * (self.vx * self.vx + self.vy * self.vy)


def main():
    particles = [Particle(float(i), 0.0, 1.0, 0.5 * i) for i in range(1000)]
    total = 0.0
    for step in range(600):
        for p in particles:
            p.x += p.vx * 0.01
            p.y += p.vy * 0.01
            if p.y > 100.0:
                p.vy = -p.vy
            total += p.energy()
        middle = Particle(0.0, 0.0, 0.0, 0.0)
        for p in particles:
            middle = Particle(middle.x + p.x, middle.y + p.y, 0.0, 0.0)
        total += middle.x
    return total


print(f"{main():.3f}")

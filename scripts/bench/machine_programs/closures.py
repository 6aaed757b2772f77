def counter(step):
    count = 0

    def advance():
        nonlocal count
        count += step
        return count

    return advance


def compose(f, g):
    return lambda x: g(f(x))


def main():
    following = counter(3)
    twice_and_one = compose(lambda x: x * 2, lambda x: x + 1)
    total = 0
    for i in range(1_500_000):
        add = lambda x: x + i
        total += add(following()) + twice_and_one(i)
    return total


print(main())

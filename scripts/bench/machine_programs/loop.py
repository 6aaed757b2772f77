def main():
    total = 0
    for i in range(30_000_000):
        total += i % 7
    return total


print(main())

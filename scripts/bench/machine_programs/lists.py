def main():
    items = []
    for i in range(3_000_000):
        items.append(i)
    total = 0
    for item in items:
        total += item
    for i in range(len(items)):
        total += items[i]
    return total


print(main())

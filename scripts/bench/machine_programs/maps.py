def main():
    names = [f"name {i}" for i in range(1000)]
    by_name = {}
    by_number = {}
    for round in range(1000):
        for i in range(1000):
            name = names[i * 7 % 1000]
            if name in by_name:
                by_name[name] += i
            else:
                by_name[name] = i
            number = i * 31 % 997
            if number in by_number:
                by_number[number] += 1
            else:
                by_number[number] = 1
    total = 0
    for name in by_name:
        total += by_name[name]
    for number in by_number:
        total += number * by_number[number]
    return total


print(main())

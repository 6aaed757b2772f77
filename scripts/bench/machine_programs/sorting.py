def main():
    seed = 42
    pairs = []
    for i in range(300_000):
        seed = (seed * 1103515245 + 12345) % 2147483648
        pairs.append([seed % 100_000, i])
    ordered = sorted(pairs, key=lambda pair: pair[0] * 1_000_000 + pair[1])
    total = 0
    for i in range(len(ordered)):
        total = (total * 31 + ordered[i][1]) % 1_000_003
    return total


print(main())

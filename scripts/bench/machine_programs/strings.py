def main():
    lines = []
    for row in range(40_000):
        line = ""
        for column in range(20):
            line += f"{row * column},"
        lines.append(line + " end of row " + str(row))
    text = "\n".join(lines)
    return len(text)


print(main())

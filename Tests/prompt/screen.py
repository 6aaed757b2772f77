"""What a terminal shows: enough of an xterm to see where letters and the cursor end up."""
import re
import unicodedata

SEQUENCE = re.compile(r"\x1b\[([0-9;?]*)([@-~])|\x1b[=>78]|\x1b\][^\x07]*\x07")


def width(letter):
    """Columns that a character takes."""
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


class Screen:
    """Rows of cells; a wide letter takes a cell and an empty one. Narrowing and widening wrap anew, as most terminals do."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns]
        self.wrapped = [False]  # whether a row goes on in the next
        self.row = self.column = 0
        self.left = ""

    def lines(self):
        """The rows as text, without blanks at their ends."""
        return ["".join(row).rstrip() for row in self.cells]

    def cursor(self):
        """The text of the cursor's row before it."""
        return "".join(self.cells[self.row][:self.column])

    def feed(self, text):
        text, self.left = self.left + text, ""
        place = 0
        while place < len(text):
            letter = text[place]
            if letter == "\x1b":
                found = SEQUENCE.match(text, place)
                if not found:
                    if len(text) - place < 32:
                        self.left = text[place:]
                        return
                    place += 1
                    continue
                if found.group(2):
                    self.command(found.group(1), found.group(2))
                place = found.end()
                continue
            self.put(letter)
            place += 1

    def put(self, letter):
        if letter == "\n":
            self.down()
        elif letter == "\r":
            self.column = 0
        elif letter == "\b":
            self.column = max(0, self.column - 1)
        elif letter == "\t":
            self.column = min(self.columns - 1, self.column - self.column % 8 + 8)
        elif letter >= " ":
            self.letter(letter)

    def letter(self, letter):
        size = width(letter)
        if size == 0:
            place = max(0, self.column - 1)
            while place > 0 and self.cells[self.row][place] == "":
                place -= 1
            self.cells[self.row][place] += letter
            return
        if self.column + size > self.columns:
            self.wrapped[self.row] = True
            self.column = 0
            self.down()
        self.cells[self.row][self.column] = letter
        if size == 2:
            self.cells[self.row][self.column + 1] = ""
        self.column += size

    def down(self):
        self.row += 1
        if self.row == len(self.cells):
            self.cells.append([" "] * self.columns)
            self.wrapped.append(False)

    def command(self, arguments, name):
        if arguments.startswith("?"):
            return
        numbers = [int(part or 0) for part in arguments.split(";")] if arguments else []
        count = max(1, numbers[0]) if numbers else 1
        row = self.cells[self.row]
        self.column = min(self.column, self.columns - 1) if name in "CDGKPX@" else self.column
        if name == "A":
            self.row = max(0, len(self.cells) - self.rows, self.row - count)
        elif name == "B":
            for _ in range(count):
                self.down()
        elif name == "C":
            self.column = min(self.columns - 1, self.column + count)
        elif name == "D":
            self.column = max(0, self.column - count)
        elif name == "G":
            self.column = min(self.columns, count) - 1
        elif name == "H":
            top = max(0, len(self.cells) - self.rows)
            self.row = top + count - 1
            self.column = (numbers[1] if len(numbers) > 1 else 1) - 1
            while self.row >= len(self.cells):
                self.cells.append([" "] * self.columns)
                self.wrapped.append(False)
        elif name == "K":
            mode = numbers[0] if numbers else 0
            start, end = (self.column, self.columns) if mode == 0 else (0, self.column + 1) if mode == 1 else (0, self.columns)
            row[start:end] = [" "] * (end - start)
            if mode == 0:
                self.wrapped[self.row] = False
        elif name == "J":
            row[self.column:] = [" "] * (self.columns - self.column)
            self.wrapped[self.row] = False
            del self.cells[self.row + 1:], self.wrapped[self.row + 1:]
        elif name == "P":
            del row[self.column:self.column + count]
            row.extend([" "] * (self.columns - len(row)))
        elif name == "@":
            row[self.column:self.column] = [" "] * count
            del row[self.columns:]

    def resize(self, columns):
        """Wraps every line anew; the cursor stays on its letter."""
        cells, wrapped = [], []
        line, cursor = [], None
        place = (0, 0)
        for number, row in enumerate(self.cells):
            if number == self.row:
                cursor = len(line) + self.column
            line += row
            if self.wrapped[number] and number + 1 < len(self.cells):
                continue
            while line and line[-1] == " ":
                line.pop()
            if cursor is not None:
                line += [" "] * (cursor - len(line))
            start = len(cells)
            rows = [line[at:at + columns] for at in range(0, len(line), columns)] or [[]]
            if cursor is not None:
                place = (start + min(cursor // columns, len(rows)), cursor % columns)
                if place[0] == start + len(rows):
                    rows.append([])
            for part in rows:
                cells.append(part + [" "] * (columns - len(part)))
                wrapped.append(part is not rows[-1])
            line, cursor = [], None
        self.columns, self.cells, self.wrapped = columns, cells, wrapped
        self.row, self.column = place

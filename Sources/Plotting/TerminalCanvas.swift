/// What a terminal can show.
public struct TerminalStyle: Sendable {
    public enum Colors: Sendable { case none, palette256, all }

    public var columns: Int
    public var colors: Colors

    public init(columns: Int = 80, colors: Colors = .none) {
        self.columns = max(20, min(400, columns))
        self.colors = colors
    }

    /// Text in a colour, followed by a return to the terminal's own colour.
    func colored(_ text: String, _ foreground: Color?, on background: Color? = nil) -> String {
        guard colors != .none, foreground != nil || background != nil else { return text }
        let codes = [foreground.map { code($0, 38) }, background.map { code($0, 48) }].compactMap { $0 }
        return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
    }

    private func code(_ color: Color, _ kind: Int) -> String {
        if colors == .all { return "\(kind);2;\(color.red);\(color.green);\(color.blue)" }
        func level(_ part: UInt8) -> Int { (Int(part) * 5 + 127) / 255 }
        if color.red == color.green, color.green == color.blue {
            let grey = (Int(color.red) - 8 + 5) / 10
            return "\(kind);5;\(grey < 0 ? 16 : grey > 23 ? 231 : 232 + grey)"
        }
        return "\(kind);5;\(16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue))"
    }
}

/// A field of Braille characters: two dots across and four down in each cell, one colour a cell.
struct TerminalCanvas {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    private var colors: [Color?]
    private var marks: [Character?]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        dots = Array(repeating: 0, count: columns * rows)
        colors = Array(repeating: nil, count: columns * rows)
        marks = Array(repeating: nil, count: columns * rows)
    }

    var dotColumns: Int { columns * 2 }
    var dotRows: Int { rows * 4 }

    /// Sets the dot at `x` from the left and `y` from the top.
    mutating func set(_ x: Int, _ y: Int, _ color: Color) {
        guard x >= 0, x < dotColumns, y >= 0, y < dotRows else { return }
        let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
        let cell = y / 4 * columns + x / 2
        dots[cell] |= bits[y % 4][x % 2]
        colors[cell] = color
    }

    /// A straight line of dots (Bresenham).
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ color: Color) {
        let (spanX, spanY) = (abs(end.x - start.x), -abs(end.y - start.y))
        let (stepX, stepY) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
        var (x, y, error) = (start.x, start.y, spanX + spanY)
        while true {
            set(x, y, color)
            if x == end.x && y == end.y { return }
            let doubled = 2 * error
            if doubled >= spanY {
                error += spanY
                x += stepX
            }
            if doubled <= spanX {
                error += spanX
                y += stepY
            }
        }
    }

    /// A character in place of the dots of a cell.
    mutating func mark(_ x: Int, _ y: Int, _ character: Character) {
        guard x >= 0, x < dotColumns, y >= 0, y < dotRows else { return }
        marks[y / 4 * columns + x / 2] = character
    }

    func text(row: Int, _ style: TerminalStyle) -> String {
        var result = ""
        for column in 0..<columns {
            let cell = row * columns + column
            if let mark = marks[cell] {
                result += style.colored(String(mark), colors[cell])
            } else if dots[cell] == 0 {
                result += " "
            } else if let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) {
                result += style.colored(String(Character(scalar)), colors[cell])
            }
        }
        return result
    }
}

import Base

/// A string with values in it: its pieces in order, those that are known and the registers of those that are not.
final class TextTemplate {
    enum Part {
        case text(String)
        /// The value in a register.
        case value(Int)
        case formatted(Int, FormatSpecification)
    }

    /// A part without references, so that going through the parts counts none.
    private enum Piece {
        case text(UnsafeBufferPointer<UInt8>)
        case value(Int)
        case formatted(Int, format: Int)
    }
    private let pieces: UnsafeMutableBufferPointer<Piece>
    private let formats: [FormatSpecification]
    /// Where the values are.
    let registers: [Int]

    init(_ parts: [Part]) {
        pieces = .allocate(capacity: parts.count)
        var formats: [FormatSpecification] = []
        var registers: [Int] = []
        for (position, part) in parts.enumerated() {
            let piece: Piece
            switch part {
            case .text(let text):
                let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
                _ = bytes.initialize(from: text.utf8)
                piece = .text(UnsafeBufferPointer(bytes))
            case .value(let register):
                registers.append(register)
                piece = .value(register)
            case .formatted(let register, let format):
                registers.append(register)
                piece = .formatted(register, format: formats.count)
                formats.append(format)
            }
            pieces.initializeElement(at: position, to: piece)
        }
        self.formats = formats
        self.registers = registers
    }

    deinit {
        for case .text(let bytes) in pieces { bytes.deallocate() }
        pieces.deallocate()
    }

    /// Adds the string at the end of `text`.
    func add(to text: inout String, _ base: UnsafeMutablePointer<Value>) throws {
        var short = ShortText()
        var length = text.utf8.count
        for piece in pieces {
            switch piece {
            case .text(let bytes): short.add(bytes, to: &text)
            case .value(let register):
                if let string = (base + register).string {
                    short.add(string._withUnsafeGuaranteedRef { $0.string }, to: &text)
                } else if case .integer(let number) = base[register] {
                    short.add(number, to: &text)
                } else {
                    short.add(base[register].text, to: &text)
                }
            case .formatted(let register, let number): short.add(try formats[number].apply(to: base[register]), to: &text)
            }
            try MemoryBudget.require(text: text.utf8.count, having: length)
            length = text.utf8.count
        }
        short.flush(to: &text)
    }
}

extension Machine {
    func interpolate(_ template: TextTemplate, _ base: UnsafeMutablePointer<Value>) throws -> Value {
        var text = ""
        try template.add(to: &text, base)
        return .string(text)
    }

    /// Adds a template's string at the end of the text in a register when that alone holds it; false otherwise.
    func extendText(
        _ register: UnsafeMutablePointer<Value>, by template: TextTemplate, _ base: UnsafeMutablePointer<Value>
    ) throws -> Bool {
        guard let text = register.string, register.isOnlyReference else { return false }
        try text._withUnsafeGuaranteedRef { text in try text.change { try template.add(to: &$0, base) } }
        return true
    }
}

/// What stands around the cursor of an unfinished text: an open string, the call whose arguments are being given, a
/// field's receiver.
struct CompletionContext {
    /// The call that the cursor stands in, between its parentheses.
    struct Call {
        /// The text before the parenthesis, such as `register` or `atlas.register`.
        let callee: ArraySlice<UInt8>
        /// True when a value is piped into the call and takes its first parameter.
        let isPiped: Bool
        /// Arguments given so far: how many by position, and the names of the others.
        let positional: Int
        let names: Set<String>
    }

    /// Text between the quote and the cursor when a string is open.
    private(set) var openString: (text: String, opening: Int)?
    /// The call that the open string is an argument of, and the name that it is given by.
    private(set) var openArgument: (call: Call, name: String?)?
    /// The name, or the part of one, before the cursor.
    private(set) var word = ""
    private(set) var wordStart = 0
    /// Set when an argument could begin at the word.
    private(set) var call: Call?
    /// The offset of the bracket that the cursor stands in directly, and its byte.
    private(set) var enclosing: (offset: Int, bracket: UInt8)?
    let bytes: [UInt8]

    private struct Frame {
        var bracket: UInt8
        var offset: Int
        var itemStart: Int
        var positional = 0
        var names: Set<String> = []
        var isTriple = false
    }

    init(_ text: String, at offset: Int) {
        bytes = Array(text.utf8.prefix(offset))
        var frames: [Frame] = []
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            if frames.last?.bracket == UInt8(ascii: "\"") {
                place = CompletionContext.inString(bytes, place, &frames)
                continue
            }
            switch byte {
            case UInt8(ascii: "\""):
                let isTriple = bytes[place...].starts(with: [byte, byte, byte])
                place += isTriple ? 2 : 0
                frames.append(Frame(bracket: byte, offset: place, itemStart: place + 1, isTriple: isTriple))
            case UInt8(ascii: "#"):
                while place < bytes.count, bytes[place] != 0x0A { place += 1 }
                continue
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                frames.append(Frame(bracket: byte, offset: place, itemStart: place + 1))
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                if !frames.isEmpty { frames.removeLast() }
            case UInt8(ascii: ","):
                if let last = frames.indices.last {
                    if CompletionContext.name(bytes, frames[last].itemStart, place) == nil { frames[last].positional += 1 }
                    if let name = CompletionContext.name(bytes, frames[last].itemStart, place) { frames[last].names.insert(name) }
                    frames[last].itemStart = place + 1
                }
            default: break
            }
            place += 1
        }
        if let frame = frames.last, frame.bracket == UInt8(ascii: "\"") {
            let start = min(frame.itemStart, bytes.count)
            openString = (String(decoding: bytes[start...], as: UTF8.self), start - (frame.isTriple ? 3 : 1))
            guard let around = frames.dropLast().last, let opening = openString?.opening else { return }
            enclosing = (around.offset, around.bracket)
            let name = CompletionContext.name(bytes, around.itemStart, opening)
            let before = bytes[around.itemStart..<max(around.itemStart, opening)].drop { $0 <= 0x20 }.dropFirst(name.map { $0.utf8.count } ?? 0)
            guard before.allSatisfy({ $0 <= 0x20 || $0 == UInt8(ascii: ":") }) else { return }
            openArgument = CompletionContext.call(around, bytes).map { ($0, name) }
            return
        }
        wordStart = bytes.count
        while wordStart > 0, isNamePart(bytes[wordStart - 1]) { wordStart -= 1 }
        word = String(decoding: bytes[wordStart...], as: UTF8.self)
        guard let frame = frames.last else { return }
        enclosing = (frame.offset, frame.bracket)
        let isItemStart = frame.itemStart <= wordStart && bytes[frame.itemStart..<wordStart].allSatisfy { $0 <= 0x20 }
        if isItemStart { call = CompletionContext.call(frame, bytes) }
    }

    /// The call whose arguments stand in a bracket; nil for other brackets.
    private static func call(_ frame: Frame, _ bytes: [UInt8]) -> Call? {
        guard frame.bracket == UInt8(ascii: "(") else { return nil }
        let callee = ReceiverPath.text(before: frame.offset, in: bytes)
        guard !callee.isEmpty else { return nil }
        var before = callee.startIndex
        while before > 0, bytes[before - 1] <= 0x20 { before -= 1 }
        return Call(
            callee: callee, isPiped: bytes[..<before].suffix(2).elementsEqual([UInt8(ascii: "|"), UInt8(ascii: ">")]),
            positional: frame.positional, names: frame.names)
    }

    /// One step inside a string: to its end, into a value between braces, or on.
    private static func inString(_ bytes: [UInt8], _ place: Int, _ frames: inout [Frame]) -> Int {
        let quote = UInt8(ascii: "\"")
        switch bytes[place] {
        case UInt8(ascii: "\\"): return place + 2
        case UInt8(ascii: "{"):
            if place + 1 < bytes.count, bytes[place + 1] == bytes[place] { return place + 2 }
            frames.append(Frame(bracket: bytes[place], offset: place, itemStart: place + 1))
        case quote:
            guard frames[frames.count - 1].isTriple else {
                frames.removeLast()
                break
            }
            if bytes[place...].starts(with: [quote, quote, quote]) {
                frames.removeLast()
                return place + 3
            }
        default: break
        }
        return place + 1
    }

    /// The name of a named argument in a range, nil for others.
    private static func name(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String? {
        var first = start
        while first < end, bytes[first] <= 0x20 { first += 1 }
        var last = first
        while last < end, isNamePart(bytes[last]) { last += 1 }
        guard last > first, last < end, bytes[last] == UInt8(ascii: ":") else { return nil }
        return String(decoding: bytes[first..<last], as: UTF8.self)
    }
}

/// A chain such as `cases[0].image` as a receiver of fields.
enum ReceiverPath {
    enum Step {
        case name(String)
        case index(Int)
        case key(String)
    }

    /// The chain that ends before `end`; empty when there is none.
    static func text(before end: Int, in bytes: [UInt8]) -> ArraySlice<UInt8> {
        var start = end
        while start > 0 {
            if isNamePart(bytes[start - 1]) || bytes[start - 1] == UInt8(ascii: ".") {
                start -= 1
            } else if bytes[start - 1] == UInt8(ascii: "]"), let opening = opening(before: start - 1, in: bytes), opening > 0 {
                start = opening
            } else {
                break
            }
        }
        return bytes[start..<end]
    }

    private static func opening(before end: Int, in bytes: [UInt8]) -> Int? {
        var place = end
        while place > 0, bytes[place - 1] != UInt8(ascii: "[") {
            if bytes[place - 1] == UInt8(ascii: "]") || bytes[place - 1] == 0x0A { return nil }
            place -= 1
        }
        return place > 0 ? place - 1 : nil
    }

    /// The steps of a chain; nil when a step is no name, whole number or plain text.
    static func steps(_ text: ArraySlice<UInt8>) -> [Step]? {
        var steps: [Step] = []
        var rest = text
        while let first = rest.first {
            if first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
                guard let next = rest.first, isNamePart(next) else { return nil }
            } else if first == UInt8(ascii: "[") {
                guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
                let inner = String(decoding: rest[rest.startIndex + 1..<end], as: UTF8.self)
                if let number = Int(inner) {
                    steps.append(.index(number))
                } else if inner.count >= 2, inner.first == "\"", inner.last == "\"" {
                    steps.append(.key(String(inner.dropFirst().dropLast())))
                } else {
                    return nil
                }
                rest = rest[(end + 1)...]
            } else {
                let name = rest.prefix(while: isNamePart)
                guard !name.isEmpty else { return nil }
                steps.append(.name(String(decoding: name, as: UTF8.self)))
                rest = rest[name.endIndex...]
            }
        }
        guard case .name? = steps.first else { return nil }
        return steps
    }
}

func isNamePart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= 0x80 || (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A)
        || (byte >= 0x61 && byte <= 0x7A)
}

import Machine
import Syntax

extension Session {
    /// Whole words that could stand in place of the name before `offset` (UTF-8 bytes into `text`): after `x.` the
    /// fields of `x` and every function, else every name.
    public func completions(_ text: String, at offset: Int) -> [String] {
        let bytes = Array(text.utf8.prefix(offset))
        var start = bytes.count
        while start > 0, isNamePart(bytes[start - 1]) { start -= 1 }
        guard start > 0, bytes[start - 1] == UInt8(ascii: "."), start < 2 || bytes[start - 2] != UInt8(ascii: ".") else {
            return everyName + Session.keywords
        }
        var from = start - 1
        while from > 0, isNamePart(bytes[from - 1]) || bytes[from - 1] == UInt8(ascii: ".") { from -= 1 }
        let path = String(decoding: bytes[from..<(start - 1)], as: UTF8.self).split(separator: ".").map(String.init)
        guard let first = path.first, var value = value(of: first) else { return functionNames }
        for name in path.dropFirst() {
            guard let next = (try? value.object?.field(name)) ?? nil else { return functionNames }
            value = next
        }
        if let module = value.object as? ModuleScope { return module.publicNames }
        return (value.object?.fieldNames ?? []) + functionNames
    }

    static let keywords = [
        "let", "fn", "record", "model", "use", "param", "if", "else", "for", "while", "match", "try", "catch", "raise",
        "assert", "return", "break", "continue", "true", "false", "nil", "and", "or", "not", "in",
    ]

    private var everyName: [String] {
        scope.names + scope.importedNames + machine.prelude.values.keys
    }

    private var functionNames: [String] {
        everyName.filter { value(of: $0)?.object?.isCallable ?? false }
    }

    private func value(of name: String) -> Value? {
        scope.value(of: name) ?? imported(name) ?? machine.prelude.values[name]
    }

    /// A name that `use` brought in, or the module an alias stands for.
    public func imported(_ name: String) -> Value? { scope.importedValue(name) }

    private func isNamePart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A)
            || (byte >= 0x61 && byte <= 0x7A)
    }
}

import Machine

extension Session {
    /// What help could be about at a place of a text (`offset` in bytes of UTF-8), the nearest first: the name or chain that
    /// stands there, its last name alone, and the function whose arguments are being given.
    public func subjects(in text: String, at offset: Int) -> [String] {
        let bytes = Array(text.utf8)
        var end = min(max(0, offset), bytes.count)
        while end < bytes.count, isNamePart(bytes[end]) { end += 1 }
        let context = CompletionContext(text, at: offset)
        var chains: [ArraySlice<UInt8>] = []
        if context.openString == nil { chains.append(ReceiverPath.text(before: end, in: bytes)) }
        if let open = context.enclosing, open.bracket == UInt8(ascii: "(") {
            chains.append(ReceiverPath.text(before: open.offset, in: bytes))
        }
        return chains.flatMap { chain -> [String] in
            guard let steps = ReceiverPath.steps(chain) else { return [] }
            let whole = String(decoding: chain, as: UTF8.self)
            // `x.f(a)` is `f(x, a)`.
            if steps.count > 1, case .name(let last)? = steps.last { return [whole, last] }
            return [whole]
        }
    }

    /// How a function or record is called: `relu(x: Tensor) -> Tensor`; nil for other values.
    public func signature(of name: String) -> String? {
        switch value(of: name)?.object {
        case let primitive as Primitive: primitive.signature
        case let closure as ClosureObject: closure.signature
        case let type as RecordType: type.signature
        default: nil
        }
    }
}

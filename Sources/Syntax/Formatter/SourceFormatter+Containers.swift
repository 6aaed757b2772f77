extension SourceFormatter {
    /// Items between brackets: on one line, or each on its own with a `,` behind it.
    private func container(_ open: String, _ close: String, _ items: [Item], in inner: Span) -> Document {
        if items.isEmpty, !hasComment(before: inner.end) { return .text(open + close) }
        let isOpen = hasComment(before: inner.end) || hasNewline(inner.start, items.first?.span.start ?? inner.end)
        if isOpen {
            let body = lines(items, in: inner, separator: .text(","), packs: true)
            return .sequence([.text(open), .indented(.hardLine, .sequence(body)), .hardLine, .text(close)])
        }
        return packed(open, close, items.map { $0.document() })
    }

    /// All on one line, or as many on each line as fit.
    private func packed(_ open: String, _ close: String, _ documents: [Document]) -> Document {
        let body = documents.enumerated().flatMap { number, document in
            number == 0 ? [document] : [.text(","), .group(.line, document)]
        }
        return .group(
            .text(open), .indented(.softLine, .sequence(body)), .either(broken: .text(","), flat: .nothing), .softLine,
            .text(close))
    }

    private func inside(_ span: Span) -> Span {
        Span(span.start + 1, max(span.start + 1, span.end - 1))
    }

    func list(_ elements: [Expression], _ span: Span) -> Document {
        container("[", "]", elements.map { element in Item(span: element.span) { self.expression(element) } }, in: inside(span))
    }

    func map(_ entries: [MapEntry], _ span: Span) -> Document {
        let items = entries.map { entry -> Item in
            switch entry.key {
            case .name(let name):
                return Item(span: Span(name.span.start, entry.value.span.end)) {
                    .sequence([.text(name.text + ": "), self.expression(entry.value)])
                }
            case .expression(let key):
                let isBare = self.isBareKey(key)
                return Item(span: Span(key.span.start - (isBare ? 0 : 1), entry.value.span.end)) {
                    let written = self.expression(key)
                    let bracketed = isBare ? written : .sequence([.text("["), written, .text("]")])
                    return .sequence([bracketed, .text(": "), self.expression(entry.value)])
                }
            }
        }
        return container("{", "}", items, in: inside(span))
    }

    private func isBareKey(_ key: Expression) -> Bool {
        switch key.kind {
        case .string, .integer: return !key.isParenthesized
        default: return false
        }
    }

    /// The place of a byte from an offset on, comments left out.
    private func next(_ byte: UInt8, from start: Int) -> Int {
        var place = start
        while place < file.bytes.count, file.bytes[place] != byte {
            if file.bytes[place] == UInt8(ascii: "#") {
                while place < file.bytes.count, file.bytes[place] != 0x0A { place += 1 }
            } else {
                place += 1
            }
        }
        return place
    }

    /// `(a, name: b)`; the parentheses begin behind `start`.
    func arguments(_ arguments: [Argument], from start: Int) -> Document {
        let open = next(UInt8(ascii: "("), from: start)
        let inner = Span(open + 1, next(UInt8(ascii: ")"), from: arguments.last?.value.span.end ?? open))
        let items = arguments.map { argument in
            Item(span: Span(argument.name?.span.start ?? argument.value.span.start, argument.value.span.end)) {
                let value = self.expression(argument.value)
                return argument.name.map { .sequence([.text($0.text + ": "), value]) } ?? value
            }
        }
        let isOpen = hasNewline(inner.start, items.first?.span.start ?? inner.end)
        guard !isOpen, let last = arguments.last, let opening = opening(last, isAlone: arguments.count == 1),
            !hasCommentOutside(last.value, inner)
        else { return container("(", ")", items, in: inner) }
        let documents = items.map { $0.document() }
        let others = documents.dropLast()
        let packed = packed("(", ")", documents)
        if others.contains(where: { $0.isForced }) { return packed }
        let head = Document.sequence([.text("("), .sequence(joined(others + [.text(opening)]))])
        let whole = Document.sequence(
            [.text("("), .sequence(joined(others.map { Document(.flat($0)) } + documents.suffix(1))), .text(")")])
        return Document(.hugging(head: head, whole: whole, packed: packed))
    }

    /// How the last argument begins when it may open its bracket on the line of the call: `f(a, x => {`.
    private func opening(_ argument: Argument, isAlone: Bool) -> String? {
        let name = argument.name.map { $0.text + ": " } ?? ""
        switch argument.value.kind {
        case .function(let function) where isBracket(function.body):
            return name + function.parameters.map(\.name.text).joined(separator: ", ") + " => {"
        case .list where isAlone, .map where isAlone: return name + "["
        case .string where isAlone && !argument.value.isParenthesized: return name
        default: return nil
        }
    }

    /// True when comments stand among the arguments and not inside the last one.
    private func hasCommentOutside(_ last: Expression, _ inner: Span) -> Bool {
        program.comments.contains { comment in
            comment.span.start >= inner.start && comment.span.start < inner.end
                && !(comment.span.start >= last.span.start && comment.span.end <= last.span.end)
        }
    }

    /// `(name: Annotation = default, …)`; the parentheses begin behind `start`.
    func parameters(_ parameters: [ParameterDeclaration], from start: Int) -> Document {
        let items = parameters.map { parameter in
            let end = parameter.defaultValue?.span.end ?? parameter.annotation?.span.end ?? parameter.name.span.end
            return Item(span: Span(parameter.name.span.start, end)) {
                var parts = [Document.text(parameter.name.text), self.contract(parameter.annotation)]
                if let value = parameter.defaultValue { parts += [.text(" = "), self.expression(value)] }
                return .sequence(parts)
            }
        }
        guard let last = items.last else { return .text("()") }
        let open = next(UInt8(ascii: "("), from: start)
        let close = next(UInt8(ascii: ")"), from: last.span.end)
        return container("(", ")", items, in: Span(min(open + 1, last.span.start), close))
    }

    /// `: Tensor[B, C]`, or nothing.
    func contract(_ annotation: Annotation?) -> Document {
        annotation.map { .text(": " + text($0)) } ?? .nothing
    }

    func text(_ annotation: Annotation) -> String {
        var text = annotation.name.text
        if let dimensions = annotation.dimensions {
            let words = dimensions.map { dimension -> String in
                switch dimension {
                case .name(let name): return name.text
                case .size(_, let span): return source(span)
                case .ellipsis: return "..."
                }
            }
            text += "[" + words.joined(separator: ", ") + "]"
        }
        return text + (annotation.isOptional ? "?" : "")
    }

    // MARK: Patterns

    func pattern(_ pattern: Pattern) -> Document {
        switch pattern.kind {
        case .wildcard: return .text("_")
        case .name(let name): return .text(name)
        case .literal(let value): return expression(value)
        case .list(let elements, let rest):
            let parts = elements.map(self.pattern) + (rest.map { [.text("..." + $0.text)] } ?? [])
            return .sequence([.text("[")] + joined(parts) + [.text("]")])
        case .map(let entries):
            let parts = entries.map { entry -> Document in
                if entry.pattern.span == entry.key.span, case .name = entry.pattern.kind { return .text(entry.key.text) }
                return .sequence([.text(source(entry.key.span) + ": "), self.pattern(entry.pattern)])
            }
            return .sequence([.text("{")] + joined(parts) + [.text("}")])
        case .record(let name, let fields):
            return .sequence([.text(name.text + "(")] + joined(fields.map(self.pattern)) + [.text(")")])
        }
    }
}

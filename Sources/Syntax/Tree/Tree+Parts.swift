extension Pattern {
    /// The names a pattern binds, left to right.
    public var names: [Name] {
        switch kind {
        case .wildcard, .literal: return []
        case .name(let name): return [Name(name, span)]
        case .list(let parts, let rest): return parts.flatMap(\.names) + (rest.map { [$0] } ?? [])
        case .map(let entries): return entries.flatMap { $0.pattern.names }
        case .record(_, let parts): return parts.flatMap(\.names)
        }
    }
}

extension Statement {
    /// Names that the statement binds at the top level.
    public var declaredNames: [Name] {
        switch kind {
        case .binding(let pattern, _, _): return pattern.names
        case .function(let function): return function.name.map { [$0] } ?? []
        case .record(let record): return [record.name]
        case .model(let model): return [model.name]
        case .parameter(let name, _, _): return [name]
        default: return []
        }
    }
}

extension Expression {
    /// The expressions that are evaluated as parts of this one; what stands in blocks and functions is not among them.
    private var parts: [Expression] {
        switch kind {
        case .none, .boolean, .integer, .float, .name, .function, .ifElse, .match, .tryCatch, .block, .breaking, .continuing:
            return []
        case .string(let pieces):
            return pieces.compactMap { piece in
                if case .value(let value, _) = piece { return value }
                return nil
            }
        case .list(let items): return items
        case .map(let entries):
            return entries.flatMap { entry -> [Expression] in
                if case .expression(let key) = entry.key { return [key, entry.value] }
                return [entry.value]
            }
        case .range(let first, let second, _), .binary(_, let first, let second, _), .and(let first, let second),
            .or(let first, let second), .pipe(let first, let second):
            return [first, second]
        case .unary(_, let value), .field(let value, _), .raise(let value): return [value]
        case .call(let callee, let arguments, _): return [callee] + arguments.map(\.value)
        case .index(let base, let items):
            return [base]
                + items.flatMap { item -> [Expression] in
                    switch item {
                    case .single(let value): return [value]
                    case .slice(let lower, let upper, let step, _): return [lower, upper, step].compactMap { $0 }
                    case .ellipsis: return []
                    }
                }
        case .returning(let value): return value.map { [$0] } ?? []
        case .assert(let condition, let message): return [condition] + (message.map { [$0] } ?? [])
        }
    }

    /// Whether statements run where the expression stands, which may assign the names around it.
    public var runsStatements: Bool {
        switch kind {
        case .ifElse, .match, .tryCatch, .block: return true
        default: return parts.contains { $0.runsStatements }
        }
    }

    /// Whether evaluating the expression runs statements or functions, which may assign names of the module as well.
    public var runsCode: Bool {
        switch kind {
        case .ifElse, .match, .tryCatch, .block, .call, .pipe: return true
        default: return parts.contains { $0.runsCode }
        }
    }
}

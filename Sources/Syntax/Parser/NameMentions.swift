/// Where a program reads names as values.
public enum NameMentions {
    /// Every name that stands as an expression, in the order of the text, with the place of its letters: no names of
    /// patterns, keys, fields, arguments or types, and none that a parameter around it binds.
    public static func find(in program: Program) -> [(name: String, span: Span)] {
        let walk = Walk(program.file)
        for statement in program.statements { walk.visit(statement) }
        return walk.mentions.sorted { $0.span.start < $1.span.start }
    }

    private final class Walk {
        private let file: SourceFile
        private var parameters: [Set<String>] = []
        var mentions: [(name: String, span: Span)] = []

        init(_ file: SourceFile) { self.file = file }

        private func add(_ name: String, _ expression: Expression) {
            guard !parameters.contains(where: { $0.contains(name) }) else { return }
            guard expression.isParenthesized else { return mentions.append((name, expression.span)) }
            // The parentheses hold the name, and perhaps comments in front of it and behind.
            let lexer = Lexer(SourceFile(name: "", text: file.text(of: expression.span)))
            lexer.run()
            guard let token = lexer.tokens.first(where: { $0.kind == .name }) else { return }
            mentions.append((name, Span(expression.span.start + token.span.start, expression.span.start + token.span.end)))
        }

        func visit(_ statement: Statement) {
            switch statement.kind {
            case .expression(let value), .binding(_, _, let value), .parameter(_, _, let value): visit(value)
            case .assignment(let target, _, let value):
                visit(target)
                visit(value)
            case .function(let function): visit(function)
            case .record(let record):
                visit(record.fields)
                inside(record.fields) { record.methods.forEach(visit) }
            case .model(let model):
                visit(model.parameters)
                inside(model.parameters) {
                    model.body.forEach(visit)
                    model.methods.forEach(visit)
                }
            case .use: break
            case .forLoop(_, let sequence, let body):
                visit(sequence)
                visit(body)
            case .whileLoop(let condition, let body):
                visit(condition)
                visit(body)
            }
        }

        private func visit(_ block: Block) { block.statements.forEach(visit) }

        private func visit(_ declared: [ParameterDeclaration]) {
            for parameter in declared { parameter.defaultValue.map(visit) }
        }

        private func inside(_ declared: [ParameterDeclaration], _ body: () -> Void) {
            parameters.append(Set(declared.map(\.name.text)))
            body()
            parameters.removeLast()
        }

        private func visit(_ function: FunctionDeclaration) {
            visit(function.parameters)
            inside(function.parameters) { visit(function.body) }
        }

        private func visit(_ expression: Expression) {
            switch expression.kind {
            case .none, .boolean, .integer, .float, .breaking, .continuing: break
            case .string(let parts): for case .value(let value, _) in parts { visit(value) }
            case .name(let name): add(name, expression)
            case .list(let items): items.forEach(visit)
            case .map(let entries):
                for entry in entries {
                    if case .expression(let key) = entry.key { visit(key) }
                    visit(entry.value)
                }
            case .unary(_, let value), .raise(let value), .field(let value, _): visit(value)
            case .range(let first, let second, _), .binary(_, let first, let second, _), .and(let first, let second),
                .or(let first, let second), .pipe(let first, let second):
                visit(first)
                visit(second)
            case .call(let callee, let arguments, let trailing):
                visit(callee)
                for argument in arguments { visit(argument.value) }
                trailing.map(visit)
            case .index(let base, let items):
                visit(base)
                for item in items {
                    switch item {
                    case .single(let value): visit(value)
                    case .slice(let lower, let upper, let step, _): [lower, upper, step].forEach { $0.map(visit) }
                    case .ellipsis: break
                    }
                }
            case .function(let function): visit(function)
            case .ifElse(let condition, let then, let otherwise):
                visit(condition)
                visit(then)
                otherwise.map(visit)
            case .match(let value, let arms):
                visit(value)
                for arm in arms {
                    arm.condition.map(visit)
                    visit(arm.body)
                }
            case .tryCatch(let body, _, let handler):
                visit(body)
                visit(handler)
            case .block(let block): visit(block)
            case .returning(let value): value.map(visit)
            case .assert(let condition, let reason):
                visit(condition)
                reason.map(visit)
            }
        }
    }
}

/// Writes a tree as nested lists, one statement a line: `(let x (+ 1 (* 2 3)))`.
///
/// Two texts with the same dump mean the same; places and comments are left out.
public enum TreeDump {
    /// The dump of a whole program.
    public static func dump(_ program: Program) -> String {
        program.statements.map(dump).joined(separator: "\n")
    }

    /// The dump of one statement; documentation and a silencing `;` are part of it.
    public static func dump(_ statement: Statement) -> String {
        var text = bare(statement)
        if let documentation = statement.documentation { text = "(doc \(quoted(documentation)) \(text))" }
        return statement.isSilenced ? "(silent \(text))" : text
    }

    /// The dump of one expression.
    public static func dump(_ expression: Expression) -> String {
        switch expression.kind {
        case .none: return "nil"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .float(let value): return "\(value)"
        case .string(let parts): return dump(parts)
        case .name(let name): return name
        case .list(let elements): return list("list", elements.map(dump))
        case .map(let entries): return list("map", entries.map(dump))
        case .range(let lower, let upper, let isClosed): return list(isClosed ? "..." : "..<", [dump(lower), dump(upper)])
        case .unary(let operation, let operand): return list(operation.rawValue, [dump(operand)])
        case .binary(let operation, let left, let right, _): return list(operation.rawValue, [dump(left), dump(right)])
        case .and(let left, let right): return list("and", [dump(left), dump(right)])
        case .or(let left, let right): return list("or", [dump(left), dump(right)])
        case .call(let callee, let arguments, let trailing):
            return list("call", [dump(callee)] + arguments.map(dump) + (trailing.map { [dump($0)] } ?? []))
        case .pipe(let left, let right): return list("|>", [dump(left), dump(right)])
        case .index(let base, let items): return list("index", [dump(base)] + items.map(dump))
        case .field(let base, let name): return list(".", [dump(base), name.text])
        case .function(let function): return dump(function)
        case .ifElse(let condition, let block, let otherwise):
            return list("if", [dump(condition), dump(block)] + (otherwise.map { [dump($0)] } ?? []))
        case .match(let value, let arms): return list("match", [dump(value)] + arms.map(dump))
        case .tryCatch(let block, let name, let handler):
            return list("try", [dump(block), name?.text ?? "_", dump(handler)])
        case .block(let block): return dump(block)
        case .returning(let value): return list("return", value.map { [dump($0)] } ?? [])
        case .breaking: return "(break)"
        case .continuing: return "(continue)"
        case .raise(let value): return list("raise", [dump(value)])
        case .assert(let condition, let reason): return list("assert", [dump(condition)] + (reason.map { [dump($0)] } ?? []))
        }
    }

    private static func bare(_ statement: Statement) -> String {
        switch statement.kind {
        case .expression(let expression): return dump(expression)
        case .binding(let pattern, let annotation, let value):
            return list("let", [dump(pattern)] + dump(annotation) + [dump(value)])
        case .assignment(let target, let operation, let value):
            return list("\(operation?.rawValue ?? "")=", [dump(target), dump(value)])
        case .function(let function): return dump(function)
        case .record(let record):
            return list("record", [record.name.text, dump(record.fields)] + record.methods.map(dump))
        case .model(let model):
            return list("model", [model.name.text, dump(model.parameters)] + model.body.map(dump) + model.methods.map(dump))
        case .use(let use): return dump(use)
        case .parameter(let name, let annotation, let value): return list("param", [name.text] + dump(annotation) + [dump(value)])
        case .forLoop(let pattern, let sequence, let block): return list("for", [dump(pattern), dump(sequence), dump(block)])
        case .whileLoop(let condition, let block): return list("while", [dump(condition), dump(block)])
        }
    }

    private static func list(_ head: String, _ parts: [String]) -> String {
        "(" + ([head] + parts).joined(separator: " ") + ")"
    }

    private static func dump(_ block: Block) -> String {
        list("do", block.statements.map(dump))
    }

    private static func dump(_ parts: [StringPart]) -> String {
        if parts.isEmpty { return "\"\"" }
        if parts.count == 1, case .text(let text) = parts[0] { return quoted(text) }
        return list(
            "string",
            parts.map { part in
                switch part {
                case .text(let text): return quoted(text)
                case .value(let value, let format): return list("value", [dump(value)] + (format.map { [quoted($0)] } ?? []))
                }
            })
    }

    private static func dump(_ entry: MapEntry) -> String {
        switch entry.key {
        case .name(let name): return "(\(name.text) \(dump(entry.value)))"
        case .expression(let key): return "([\(dump(key))] \(dump(entry.value)))"
        }
    }

    private static func dump(_ argument: Argument) -> String {
        (argument.name.map { "\($0.text): " } ?? "") + dump(argument.value)
    }

    private static func dump(_ item: IndexItem) -> String {
        switch item {
        case .single(let value): return dump(value)
        case .slice(let lower, let upper, let step, _):
            return list(":", [lower, upper, step].map { $0.map(dump) ?? "_" })
        case .ellipsis: return "..."
        }
    }

    private static func dump(_ arm: MatchArm) -> String {
        list("arm", [dump(arm.pattern)] + (arm.condition.map { ["(if \(dump($0)))"] } ?? []) + [dump(arm.body)])
    }

    private static func dump(_ pattern: Pattern) -> String {
        switch pattern.kind {
        case .wildcard: return "_"
        case .name(let name): return name
        case .literal(let value): return "'\(dump(value))"
        case .list(let elements, let rest): return "[" + (elements.map(dump) + (rest.map { ["...\($0.text)"] } ?? [])).joined(separator: " ") + "]"
        case .map(let entries): return "{" + entries.map { "\($0.key.text): \(dump($0.pattern))" }.joined(separator: " ") + "}"
        case .record(let name, let fields): return list(name.text, fields.map(dump))
        }
    }

    private static func dump(_ annotation: Annotation?) -> [String] {
        guard let annotation else { return [] }
        var text = annotation.name.text
        if let dimensions = annotation.dimensions {
            text += "["
            text += dimensions.map { dimension in
                switch dimension {
                case .name(let name): return name.text
                case .size(let size, _): return "\(size)"
                case .ellipsis: return "..."
                }
            }.joined(separator: " ")
            text += "]"
        }
        return [":" + text + (annotation.isOptional ? "?" : "")]
    }

    private static func dump(_ parameters: [ParameterDeclaration]) -> String {
        let parts = parameters.map { parameter -> String in
            let words = [parameter.name.text] + dump(parameter.annotation) + (parameter.defaultValue.map { ["= " + dump($0)] } ?? [])
            return words.count == 1 ? words[0] : "(" + words.joined(separator: " ") + ")"
        }
        return "(" + parts.joined(separator: " ") + ")"
    }

    private static func dump(_ function: FunctionDeclaration) -> String {
        var parts = [function.name?.text, dump(function.parameters)].compactMap { $0 }
        parts += dump(function.result)
        parts.append(dump(function.body))
        return list(function.name == nil ? "=>" : "fn", parts)
    }

    private static func dump(_ use: UseDeclaration) -> String {
        let source: String
        switch use.source {
        case .library(let name): source = name.text
        case .file(let path, _): source = quoted(path)
        }
        switch use.selection {
        case .everything: return list("use", [source])
        case .alias(let name): return list("use", [source, "as", name.text])
        case .names(let names): return list("use", [source] + names.map { name in name.alias.map { "\(name.name.text)=\($0.text)" } ?? name.name.text })
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text.unicodeScalars {
            switch character {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(character)
            }
        }
        return result + "\""
    }
}

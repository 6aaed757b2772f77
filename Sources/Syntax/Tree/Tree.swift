/// A parsed source text: its statements in order, and its division into cells.
public struct Program {
    public var file: SourceFile
    public var statements: [Statement]
    public var cells: [Cell]
    /// Every comment of the text in order, cell markers included; the formatter puts them back.
    public var comments: [Comment]

    public init(file: SourceFile, statements: [Statement], cells: [Cell] = [], comments: [Comment] = []) {
        self.file = file
        self.statements = statements
        self.cells = cells
        self.comments = comments
    }
}

/// One notebook-style cell, started by a line `# %% title` or `# %% [markdown]`.
public struct Cell {
    public enum Kind { case code, markdown }
    public var kind: Kind
    public var title: String
    /// From the cell's marker line (or the file's start) to the next marker.
    public var span: Span
    /// A markdown cell's text with the leading `# ` of each line taken off; a code cell's source text.
    public var body: String
    /// Indices into `Program.statements`.
    public var statements: Range<Int>

    public init(kind: Kind, title: String, span: Span, body: String, statements: Range<Int>) {
        self.kind = kind
        self.title = title
        self.span = span
        self.body = body
        self.statements = statements
    }
}

public struct Statement {
    public indirect enum Kind {
        case expression(Expression)
        /// `let pattern: annotation = value`
        case binding(Pattern, Annotation?, Expression)
        /// `target = value`, where the target is a name, an index or a field; `operation` is set for `+=` and kin.
        case assignment(target: Expression, operation: BinaryOperator?, value: Expression)
        case function(FunctionDeclaration)
        case record(RecordDeclaration)
        case model(ModelDeclaration)
        case use(UseDeclaration)
        /// `param name: annotation = value`
        case parameter(Name, Annotation?, Expression)
        case forLoop(Pattern, Expression, Block)
        case whileLoop(Expression, Block)
    }
    public var kind: Kind
    public var span: Span
    /// Text of the `##` lines directly above a declaration.
    public var documentation: String?
    /// True when a `;` at the line's end asks the REPL not to show the value.
    public var isSilenced: Bool

    public init(_ kind: Kind, span: Span, documentation: String? = nil, isSilenced: Bool = false) {
        self.kind = kind
        self.span = span
        self.documentation = documentation
        self.isSilenced = isSilenced
    }
}

public struct Name: Hashable {
    public var text: String
    public var span: Span
    public init(_ text: String, _ span: Span) {
        self.text = text
        self.span = span
    }
}

/// `{ statement … }`; its value is the value of its last statement when that is an expression, else nil.
public struct Block {
    public var statements: [Statement]
    public var span: Span
    public init(statements: [Statement], span: Span) {
        self.statements = statements
        self.span = span
    }
}

public struct Expression {
    public indirect enum Kind {
        case none
        case boolean(Bool)
        case integer(Int)
        case float(Double)
        case string([StringPart])
        case name(String)
        case list([Expression])
        case map([MapEntry])
        /// `lower..<upper` and `lower...upper`
        case range(Expression, Expression, isClosed: Bool)
        case unary(UnaryOperator, Expression)
        /// The operator's own span is kept for diagnostics.
        case binary(BinaryOperator, Expression, Expression, operatorSpan: Span)
        case and(Expression, Expression)
        case or(Expression, Expression)
        /// `f(a, name: b)` and `f(a) { block }`; the block is the argument `trailing`, a function without parameters
        /// (or with those of `{ x => … }` / `{ (a, b) => … }`).
        case call(Expression, [Argument], trailing: FunctionDeclaration?)
        /// `x |> f(a)` is `f(x, a)`; the right side is kept as written (a call, or a bare callable).
        case pipe(Expression, Expression)
        case index(Expression, [IndexItem])
        case field(Expression, Name)
        case function(FunctionDeclaration)
        /// `otherwise` is an `.ifElse` (for `else if`) or a `.block`.
        case ifElse(Expression, Block, otherwise: Expression?)
        case match(Expression, [MatchArm])
        case tryCatch(Block, Name?, Block)
        case block(Block)
        case returning(Expression?)
        case breaking
        case continuing
        case raise(Expression)
        /// `assert condition, "why"`
        case assert(Expression, Expression?)
    }
    public var kind: Kind
    public var span: Span
    /// True when the text has parentheses around it; `span` covers them.
    public var isParenthesized = false
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

public enum StringPart {
    case text(String)
    /// `{value:format}`; the format is the text after the colon, for instance `.3f` or `>5`.
    case value(Expression, format: String?)
}

public struct MapEntry {
    public enum Key {
        case name(Name)
        /// A string, an integer or any bracketed expression `[e]: value`.
        case expression(Expression)
    }
    public var key: Key
    public var value: Expression
    public init(key: Key, value: Expression) {
        self.key = key
        self.value = value
    }
}

public struct Argument {
    public var name: Name?
    public var value: Expression
    public init(name: Name?, value: Expression) {
        self.name = name
        self.value = value
    }
}

public enum IndexItem {
    case single(Expression)
    /// `lower:upper:step`, each may be absent; `:` alone has none.
    case slice(Expression?, Expression?, Expression?, Span)
    case ellipsis(Span)
}

public enum UnaryOperator: String { case negate = "-", not = "not", plus = "+" }

public enum BinaryOperator: String, CaseIterable {
    case add = "+", subtract = "-", multiply = "*", divide = "/", floorDivide = "//", remainder = "%", power = "**"
    case matrixProduct = "@"
    case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case contains = "in", notContains = "not in"
    /// `&`, `|`, `^`: bits of integers, element by element on bool and integer tensors.
    case bitAnd = "&", bitOr = "|", bitXor = "^"
}

public struct MatchArm {
    public var pattern: Pattern
    /// `pattern if condition => …`
    public var condition: Expression?
    /// An expression, or a `.block`.
    public var body: Expression
    public init(pattern: Pattern, condition: Expression?, body: Expression) {
        self.pattern = pattern
        self.condition = condition
        self.body = body
    }
}

public struct Pattern {
    public indirect enum Kind {
        case wildcard
        case name(String)
        /// A literal (number, string, boolean, nil, or a range of numbers).
        case literal(Expression)
        /// `[a, b]`, and with a rest `[first, ...others]` (the rest stands last).
        case list([Pattern], rest: Name?)
        /// `{dice, hd95: h}`: keys of a map or fields of a record.
        case map([(key: Name, pattern: Pattern)])
        /// `Case(id, image)`: a record of that type, fields by position.
        case record(Name, [Pattern])
    }
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

/// A contract: `Int`, `Tensor[B, C, H, W]`, `Volume?`.
public struct Annotation {
    public enum Dimension {
        /// Binds at its first use in a call; a field or parameter of that name fixes it.
        case name(Name)
        case size(Int, Span)
        /// `...`: any number of dimensions.
        case ellipsis(Span)
    }
    public var name: Name
    public var dimensions: [Dimension]?
    /// `?` after the annotation: nil is accepted as well.
    public var isOptional: Bool
    public var span: Span
    public init(name: Name, dimensions: [Dimension]?, isOptional: Bool, span: Span) {
        self.name = name
        self.dimensions = dimensions
        self.isOptional = isOptional
        self.span = span
    }
}

public struct ParameterDeclaration {
    public var name: Name
    public var annotation: Annotation?
    public var defaultValue: Expression?
    public init(name: Name, annotation: Annotation?, defaultValue: Expression?) {
        self.name = name
        self.annotation = annotation
        self.defaultValue = defaultValue
    }
}

public struct FunctionDeclaration {
    /// nil for `x => …`, `(a, b) => …` and trailing blocks.
    public var name: Name?
    public var parameters: [ParameterDeclaration]
    public var result: Annotation?
    /// An expression (after `=` or `=>`), or a `.block`.
    public var body: Expression
    public var documentation: String?
    public var span: Span
    public init(
        name: Name?, parameters: [ParameterDeclaration], result: Annotation?, body: Expression,
        documentation: String?, span: Span
    ) {
        self.name = name
        self.parameters = parameters
        self.result = result
        self.body = body
        self.documentation = documentation
        self.span = span
    }
}

/// `record Case(id, image, labels = nil)`, optionally with a block of functions that see the fields.
public struct RecordDeclaration {
    public var name: Name
    public var fields: [ParameterDeclaration]
    public var methods: [FunctionDeclaration]
    public init(name: Name, fields: [ParameterDeclaration], methods: [FunctionDeclaration]) {
        self.name = name
        self.fields = fields
        self.methods = methods
    }
}

/// `model Net(inputs) { let … fn forward(x) = … }`. The block's statements run in order when the model is made.
public struct ModelDeclaration {
    public var name: Name
    public var parameters: [ParameterDeclaration]
    /// `let` bindings become fields; other statements (assignments, loops) run too.
    public var body: [Statement]
    /// The functions of the block; `forward` is what a call of the model runs.
    public var methods: [FunctionDeclaration]
    public init(name: Name, parameters: [ParameterDeclaration], body: [Statement], methods: [FunctionDeclaration]) {
        self.name = name
        self.parameters = parameters
        self.body = body
        self.methods = methods
    }
}

public struct UseDeclaration {
    /// `use registration` or `use "./helpers.rs4"`.
    public enum Source {
        case library(Name)
        case file(String, Span)
    }
    public enum Selection {
        /// Every public name, directly.
        case everything
        /// `as l`: one name that holds the module.
        case alias(Name)
        /// `.{dice_loss, other as o}`
        case names([(name: Name, alias: Name?)])
    }
    public var source: Source
    public var selection: Selection
    public init(source: Source, selection: Selection) {
        self.source = source
        self.selection = selection
    }
}

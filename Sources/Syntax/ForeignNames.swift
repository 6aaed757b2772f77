/// Names that other languages have for what RS4 calls or writes otherwise.
public enum ForeignNames {
    /// Functions and methods, and the functions of RS4 that do the same.
    static let functions = [
        "length": "len", "push": "append", "push_back": "append", "add": "append",
        "sort": "sorted", "reverse": "reversed", "println": "print", "echo": "print", "printf": "print", "puts": "print",
        "toString": "str", "to_string": "str", "toUpperCase": "upper", "toLowerCase": "lower", "strip": "trim",
        "indexOf": "find", "startsWith": "starts_with", "startswith": "starts_with",
        "endsWith": "ends_with", "endswith": "ends_with", "includes": "contains", "concatenate": "cat", "typeof": "type",
        "foreach": "each", "forEach": "each",
    ]

    private static let statements = ["pass": "an empty block is written `{ }`", "range": "a range is written `0..<10`"]

    private static let types = [
        "int": "Int", "integer": "Int", "str": "String", "string": "String", "float": "Float", "double": "Float",
        "bool": "Bool", "boolean": "Bool", "Boolean": "Bool", "list": "List", "array": "List", "Array": "List",
        "dict": "Map", "map": "Map", "object": "Any", "any": "Any", "None": "Nil", "nil": "Nil", "void": "Nil",
        "number": "Number", "tensor": "Tensor", "ndarray": "Tensor", "volume": "Volume", "callable": "Function",
        "function": "Function",
    ]

    /// The type of RS4 that an annotation of another language means; nil for names that are none of those.
    public static func type(_ name: String) -> String? { types[name] }

    /// A help line for a name that nothing has and that is written otherwise; nil for all others.
    public static func help(for name: String) -> String? {
        if let known = statements[name] { return known }
        if name.hasSuffix("Error") || name.hasSuffix("Exception"), name.first?.isUppercase ?? false {
            return "a failure is raised with its reason: `raise \"why\"`"
        }
        return nil
    }

    /// A help line for a function of tensors that was given a list; nil when lists have none of that meaning.
    public static func help(forList function: String) -> String? {
        switch function {
        case "sort": return "lists have `sorted(list)`"
        case "flip": return "lists have `reversed(list)`"
        default: return nil
        }
    }

    /// A help line for a field that no value has, because it is a function: `len(x)` for `x.length`.
    public static func help(forField name: String) -> String? {
        if let function = functions[name] { return "did you mean `\(function)(x)`?" }
        return nil
    }
}

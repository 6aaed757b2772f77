import Base

/// An entry of an array file that cannot become a tensor, although nothing may be wrong with the file.
public struct LeftOutArray: Sendable {
    public var name: String
    /// What it is instead, to stand behind "but is": `complex numbers`, `compressed with Blosc (…)`.
    public var reason: String
    /// How to come to its numbers all the same.
    public var help: String?
    /// True when the file is at fault, so that the rest of it deserves doubt too.
    public var isDamaged = false

    init(name: String, _ unreadable: Unreadable) {
        (self.name, reason, help, isDamaged) = (name, unreadable.reason, unreadable.help, unreadable.isDamage)
    }

    init(_ name: String, _ reason: String, help: String? = nil) {
        (self.name, self.reason, self.help) = (name, reason, help)
    }

    /// The error for whoever asks for it by its name.
    public func failure(in path: String) -> Failure {
        Failure(
            "file", "\(name.isEmpty ? "the whole" : "`\(name)`") of \(path) must be an array of real numbers, but is \(reason)",
            help: help, argument: "path")
    }
}

/// Thrown inside a reader for one array alone; the others of the file are read.
struct Unreadable: Error {
    var reason: String
    var help: String?
    var isDamage: Bool

    init(_ reason: String, help: String? = nil, isDamage: Bool = false) {
        (self.reason, self.help, self.isDamage) = (reason, help, isDamage)
    }

    /// The file is truncated or was changed.
    static func damage(_ reason: String, help: String? = "the file is truncated or damaged; copy or write it again") -> Unreadable {
        Unreadable(reason, help: help, isDamage: true)
    }

    static let complexHelp = "write its parts as two arrays, x.real and x.imag"

    /// Of a type that no tensor here has, named as its format names it.
    static func type(_ name: String) -> Unreadable {
        let lower = name.lowercased()
        if lower.hasPrefix("complex") || lower.hasPrefix("c64") || lower.hasPrefix("c128") {
            return Unreadable("complex numbers", help: complexHelp)
        }
        return Unreadable(
            "numbers of the type \(name)",
            help: lower.hasPrefix("float8") || lower.hasPrefix("f8_")
                ? "in Python, make it float32 before it is saved: x.float()" : nil)
    }
}

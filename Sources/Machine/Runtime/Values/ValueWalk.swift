/// The way through a value: how deep it has gone, under which names, and what it has come past.
public final class ValueWalk {
    /// Values that are written, hashed or kept may be nested so deep: a circle never ends.
    @inlinable public static var depthLimit: Int { 64 }

    // Asked for every number in a list: other targets see through these.
    @usableFromInline var names: [PartName?] = []
    /// Held, so that no later object has the address of one that is gone.
    private var seen: [ObjectIdentifier: AnyObject] = [:]

    public init() {}

    @inlinable public var isTooDeep: Bool { names.count >= ValueWalk.depthLimit }
    /// Objects that `isNew` has been told of.
    public var seenCount: Int { seen.count }

    /// The names that lead here from where the walk began, `cases.0.image`; empty there.
    public var path: String {
        var path = ""
        for case let name? in names {
            if !path.isEmpty { path += "." }
            path += name.text
        }
        return path
    }

    /// The path of a part of what the walk has come to.
    public func path(to part: String) -> String { inside(.name(part)) { path } }

    /// Goes one deeper for `body`: into a part, or, without a name, into what needs none on the path.
    @inlinable
    public func inside<Result>(_ name: PartName?, _ body: () throws -> Result) rethrows -> Result {
        names.append(name)
        defer { names.removeLast() }
        return try body()
    }

    /// False for what the walk has come past before.
    public func isNew(_ object: AnyObject) -> Bool {
        seen.updateValue(object, forKey: ObjectIdentifier(object)) == nil
    }

    /// How a walk goes on from an object: to its parts, past them, or not at all.
    public enum Step { case into, past, end }

    /// Comes past every object in `value`, each once, its parts after it and in their order, as deep as it goes; not into
    /// what is whole.
    public func objects(in value: Value, _ see: (Object, Content) throws -> Step) rethrows {
        // Not by calling itself: a list in a list in a list … may be deeper than the stack.
        var open: [(parts: Content.Parts, next: Int)] = []
        let start = names.count
        defer { names.removeLast(names.count - start) }
        guard try show(value, &open, see) else { return }
        while let last = open.last {
            guard last.next < last.parts.count else {
                open.removeLast()
                if !open.isEmpty { names.removeLast() }
                continue
            }
            open[open.count - 1].next += 1
            let part = last.parts[last.next]
            guard case .object = part.value else { continue }
            let depth = open.count
            names.append(part.name)
            guard try show(part.value, &open, see) else { return }
            if open.count == depth { names.removeLast() }
        }
    }

    /// Shows one object, and opens its parts when it is new and has any; false at the end of the walk.
    private func show(
        _ value: Value, _ open: inout [(parts: Content.Parts, next: Int)], _ see: (Object, Content) throws -> Step
    ) rethrows -> Bool {
        guard case .object(let object) = value, isNew(object) else { return true }
        let content = object.content
        let step = try see(object, content)
        if step == .into, case let parts = content.parts, !parts.isEmpty { open.append((parts, 0)) }
        return step != .end
    }
}

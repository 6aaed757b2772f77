/// Lets go of what containers hold. Each would free what is inside it with a call inside its own, and lists in lists, a
/// million deep, would need a stack of that depth; past some levels what is held waits for the outermost to come back.
enum Release {
    private static let deepest = 200
    nonisolated(unsafe) private static var depth = 0
    nonisolated(unsafe) private static var waiting: [Any] = []

    /// For the `deinit` of a container: leaves `held` empty.
    @inline(__always)
    static func from<Held>(_ held: inout Held, leaving empty: Held) {
        if depth == deepest {
            wait(&held, empty)
            return
        }
        depth += 1
        replace(&held, by: empty)
        depth -= 1
        if depth == 0, !waiting.isEmpty { releaseWaiting() }
    }

    /// For the `deinit` of an object whose values lie in memory of its own: what is there afterwards is no value any more.
    @inline(__always)
    static func from(_ values: UnsafeMutablePointer<Value>, count: Int) {
        var place = 0
        while place < count, !(values + place).holdsObject { place += 1 }
        if place == count { return }
        if depth == deepest {
            waiting.append(Array(UnsafeBufferPointer(start: values, count: count)))
            deinitialize(values, count)
            return
        }
        depth += 1
        deinitialize(values, count)
        depth -= 1
        if depth == 0, !waiting.isEmpty { releaseWaiting() }
    }

    // None of these may be inlined: what they let go of must be gone when they return, and not at the end of whoever calls
    // them, where the optimiser may put it.

    @inline(never)
    private static func replace<Held>(_ held: inout Held, by empty: Held) { held = empty }

    @inline(never)
    private static func deinitialize(_ values: UnsafeMutablePointer<Value>, _ count: Int) { values.deinitialize(count: count) }

    @inline(never)
    private static func wait<Held>(_ held: inout Held, _ empty: Held) {
        waiting.append(held)
        held = empty
    }

    @inline(never)
    private static func releaseLast() { waiting.removeLast() }

    @inline(never)
    private static func releaseWaiting() {
        while !waiting.isEmpty {
            depth += 1
            releaseLast()
            depth -= 1
        }
    }
}

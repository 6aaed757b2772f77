import CBase

/// Gathers numbers and texts into one 128-bit hash (XXH3): an address for content. It is no guard against
/// someone who wants two contents to meet.
public final class ContentHash {
    private var state: OpaquePointer?

    /// Code `memory` when there is none left.
    public init() throws {
        state = cb_hash_begin()
        if state == nil { throw Failure("memory", "a hash must fit in memory, but does not") }
    }

    deinit { _ = address() }

    public func add(_ bytes: UnsafeRawBufferPointer) {
        if let state { cb_hash_add(state, bytes.baseAddress, bytes.count) }
    }

    /// The length goes first, so that two texts in a row differ from their letters split elsewhere.
    public func add(_ text: String) {
        let bytes = Array(text.utf8)
        add([bytes.count])
        bytes.withUnsafeBytes(add)
    }

    public func add(_ numbers: [Int]) { numbers.map { Int64($0) }.withUnsafeBytes(add) }

    /// By their bits: 0 and −0 differ.
    public func add(_ numbers: [Double]) { numbers.map(\.bitPattern).withUnsafeBytes(add) }

    /// The hash as 32 hexadecimal digits. It ends the gathering: nothing can be added afterwards.
    public func address() -> String {
        guard let ended = state else { return "" }
        state = nil
        let bytes = [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            if let start = buffer.baseAddress { cb_hash_end(ended, start) }
            count = 16
        }
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// The signatures of the latest messages, by which one that comes again is known. Every message has an identifier of its own,
/// so that two that are meant have different signatures.
struct TakenSignatures {
    /// How many are remembered: as many as Jupyter's own sessions do.
    static let most = 1 << 16
    private var known: Set<[UInt8]> = []
    /// In the order in which they came; a new one takes the place of the oldest.
    private var order: [[UInt8]] = []
    private var oldest = 0

    /// False when the signature is among them.
    mutating func insert(_ signature: [UInt8]) -> Bool {
        guard known.insert(signature).inserted else { return false }
        if order.count < TakenSignatures.most {
            order.append(signature)
        } else {
            known.remove(order[oldest])
            order[oldest] = signature
            oldest = (oldest + 1) % TakenSignatures.most
        }
        return true
    }
}

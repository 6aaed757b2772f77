import Base

extension Memory {
    /// Throws code `memory` when a tensor of a shape cannot fit.
    public static func check(shape: [Int], dtype: DType, device: Device = .cpu) throws {
        var bytes = Double(dtype.byteCount)
        for size in shape { bytes *= Double(size) }
        guard device.kind == .cpu, bytes >= Double(checkedFrom), let available = shortage(of: bytes) else { return }
        throw Failure(
            "memory",
            "a tensor of shape \(shape) and dtype \(dtype.name) needs \(ByteSize.gigabytes(bytes)), but the machine has \(ByteSize.gigabytes(Double(available))) left")
    }
}

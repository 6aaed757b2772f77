import Base

extension ContentHash {
    /// Shape, dtype and elements.
    public func add(_ tensor: Tensor) throws {
        add([tensor.rank] + tensor.shape)
        add(tensor.dtype.name)
        try tensor.detached().withUnsafeBytes(add)
    }
}

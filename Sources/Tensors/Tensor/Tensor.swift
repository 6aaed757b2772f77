import Base
import CTorch

/// An array of numbers of any rank, on some device, with the record that gradients are computed from.
///
/// Owns one libtorch tensor and frees it the moment the last reference goes.
public final class Tensor {
    let handle: ct_tensor

    /// Takes over an owned handle.
    init(owning handle: ct_tensor) { self.handle = handle }

    /// Takes over a handle that libtorch may have left undefined.
    convenience init(result handle: ct_tensor?) throws {
        guard let handle else { throw Failure("value", "the operation gave no tensor") }
        self.init(owning: handle)
    }

    deinit { ct_release(handle) }

    // MARK: Properties

    /// Number of dimensions.
    public var rank: Int { Int(ct_rank(handle)) }
    /// Number of elements.
    public var count: Int { Int(ct_count(handle)) }
    /// Size of each dimension.
    public var shape: [Int] {
        let rank = self.rank
        return [Int](unsafeUninitializedCapacity: rank) { buffer, used in
            buffer.withMemoryRebound(to: Int64.self) { sizes in
                if let start = sizes.baseAddress { ct_sizes(handle, start) }
            }
            used = rank
        }
    }
    public var dtype: DType { DType(rawValue: ct_dtype(handle)) ?? .float32 }
    public var device: Device {
        let kind = Device.Kind(rawValue: ct_device_kind(handle)) ?? .cpu
        return Device(kind, index: max(0, Int(ct_device_index(handle))))
    }
    /// True when the elements lie in memory in the order of the shape, without gaps.
    public var isContiguous: Bool { ct_is_contiguous(handle) }

    /// Bytes of memory that this tensor keeps alive: a view keeps all of what it looks into.
    public var storageByteCount: Int { Int(ct_storage_bytes(handle)) }

    // MARK: Gradients

    /// True when operations on this tensor are recorded for gradients.
    public var requiresGrad: Bool { ct_requires_grad(handle) }
    /// True when the tensor was not computed from others that need gradients.
    public var isLeaf: Bool { ct_is_leaf(handle) }

    /// Asks for gradients of this tensor, or stops asking. Floating-point tensors only.
    @discardableResult
    public func setRequiresGrad(_ required: Bool = true) throws -> Tensor {
        if required && !dtype.isFloatingPoint && !dtype.isComplex {
            throw Failure(
                "type", "a tensor that needs gradients must hold floats, but holds \(dtype.name)",
                help: "convert it with `float(x)` first")
        }
        try check(ct_set_requires_grad(handle, required))
        return self
    }

    /// The gradient that `backward` gathered here; nil before, and for tensors that are not leaves. Assigning nil
    /// drops it.
    public var grad: Tensor? {
        get {
            var result: ct_tensor?
            return ct_grad(handle, &result) == CT_OK ? result.map { Tensor(owning: $0) } : nil
        }
        set { _ = ct_set_grad(handle, newValue?.handle) }
    }

    /// Replaces the gradient, or drops it with nil.
    public func setGrad(_ gradient: Tensor?) throws { try check(ct_set_grad(handle, gradient?.handle)) }

    /// Gives this tensor the memory, dtype and device of another, wherever it is held. Its gradient must be nil when these
    /// differ.
    public func setData(_ data: Tensor) throws { try check(ct_set_data(handle, data.handle)) }
}

/// Throws what libtorch said unless the status is good.
@inline(__always)
func check(_ status: Int32) throws {
    if status != CT_OK { throw lastFailure(status) }
}

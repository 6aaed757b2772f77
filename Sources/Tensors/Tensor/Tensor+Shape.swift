import Base

extension Tensor {
    /// The same elements in another shape; one size may be -1 and is then worked out.
    public func reshaped(_ shape: [Int]) throws -> Tensor {
        let open = shape.filter { $0 == -1 }.count
        let fits = ShapeCheck.count(of: shape.filter { $0 != -1 }).map { known in
            open == 0 ? known == count : open == 1 && known > 0 && count % known == 0
        }
        guard fits == true else {
            throw Failure(
                "shape", "a tensor of shape \(self.shape) with \(count) elements cannot be reshaped to \(shape)")
        }
        return try aten("reshape", .tensor(self), .ints(shape))
    }

    /// Dimensions in another order.
    public func permuted(_ order: [Int]) throws -> Tensor {
        let rank = self.rank
        guard order.count == rank, Set(order.map { $0 < 0 ? $0 + rank : $0 }) == Set(0..<rank) else {
            throw Failure(
                "shape", "permute of a tensor of rank \(rank) takes each dimension once, but was given \(order)")
        }
        return try aten("permute", .tensor(self), .ints(order))
    }

    public func transposed(_ first: Int = -2, _ second: Int = -1) throws -> Tensor {
        let one = try ShapeCheck.dimension(first, rank: rank)
        let other = try ShapeCheck.dimension(second, rank: rank)
        return try aten("transpose.int", .tensor(self), .int(one), .int(other))
    }

    /// A view with dimensions of size 1 stretched to `shape`.
    public func expanded(_ shape: [Int]) throws -> Tensor { try aten("expand", .tensor(self), .ints(shape)) }
    public func unsqueezed(_ dimension: Int) throws -> Tensor { try aten("unsqueeze", .tensor(self), .int(dimension)) }
    public func squeezed(_ dimension: Int) throws -> Tensor { try aten("squeeze.dim", .tensor(self), .int(dimension)) }

    /// Laid out in row-major order; the tensor itself when it already is.
    public func contiguous() throws -> Tensor { isContiguous ? self : try aten("contiguous", .tensor(self)) }

    /// A copy with memory of its own, still part of the gradient's record.
    public func cloned() throws -> Tensor { try aten("clone", .tensor(self)) }
    /// The same memory without the gradient's record.
    public func detached() throws -> Tensor { try aten("detach", .tensor(self)) }

    /// Converted to a dtype; the tensor itself when it already has it.
    public func to(dtype: DType) throws -> Tensor {
        self.dtype == dtype
            ? self : try aten("to.dtype", .tensor(self), .dtype(dtype))
    }

    /// Moved to a device; the tensor itself when it is already there.
    public func to(device: Device) throws -> Tensor {
        self.device == device
            ? self : try aten("to.device", .tensor(self), .device(device), .dtype(dtype))
    }

    public func onCPU() throws -> Tensor { try to(device: .cpu) }

    /// Concatenation along an existing dimension.
    public static func cat(_ tensors: [Tensor], dimension: Int = 0) throws -> Tensor {
        guard let first = tensors.first else { throw Failure("value", "cat takes at least one tensor, but got none", argument: "tensors") }
        let along = try ShapeCheck.dimension(dimension, rank: first.rank)
        for (index, tensor) in tensors.enumerated() where tensor.count > 0 || tensor.rank > 1 {
            let fits = tensor.rank == first.rank
                && zip(tensor.shape, first.shape).enumerated().allSatisfy { $0.offset == along || $0.element.0 == $0.element.1 }
            guard fits else {
                throw Failure(
                    "shape",
                    "tensors of cat must agree in every dimension but \(along), but number 0 has shape \(first.shape) and number \(index) has \(tensor.shape)", argument: "tensors")
            }
        }
        return try aten("cat", .tensors(tensors), .int(along))
    }

    /// Concatenation along a new dimension.
    public static func stack(_ tensors: [Tensor], dimension: Int = 0) throws -> Tensor {
        guard let first = tensors.first else { throw Failure("value", "stack takes at least one tensor, but got none", argument: "tensors") }
        for (index, tensor) in tensors.enumerated() where tensor.shape != first.shape {
            throw Failure(
                "shape",
                "tensors of stack must have one shape, but number 0 has \(first.shape) and number \(index) has \(tensor.shape)", argument: "tensors")
        }
        return try aten("stack", .tensors(tensors), .int(dimension))
    }

    /// Copies the elements of another tensor (broadcast) into this one's memory.
    @discardableResult
    public func copyElements(from source: Tensor) throws -> Tensor {
        try aten("copy_", .tensor(self), .tensor(source))
    }
}

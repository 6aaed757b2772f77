import Foundation
import Tensors

/// Refines a displacement u by Gauss-Newton steps on the mean squared difference of the descriptors plus `smoothness`
/// times the squared gradient of u (diffusion), on a grid of two voxels a node.
///
/// A step linearises the descriptors, with slopes averaged over both images, and solves
/// (A + α · L) · (u + du) = A · u − b at all nodes together: A sums the products of the slopes, b slopes times
/// differences, L is the Laplacian. Conjugate gradients solve it.
struct DisplacementRefinement {
    private let sizes: [Int]
    private let spacing: [Double]
    private let radius: [Int]
    private let smoothness: Double
    private let still: Tensor
    private let other: Tensor
    private let slopesOfFixed: Tensor
    private let base: Tensor
    private let toSampler: Tensor
    /// Square roots of how much each node counts, [X, Y, Z].
    private let weightRoots: Tensor?

    /// `weights` [X, Y, Z] tell how much each voxel of `image` counts; nil: all the same.
    init(_ image: FramedImage, fixed: Tensor, moving: Tensor, weights: Tensor? = nil, smoothness: Double) throws {
        (sizes, spacing, radius) = coarseGrid(image, step: 2)
        self.smoothness = smoothness
        still = try average(fixed, to: sizes)
        other = try average(moving, to: sizes)
        slopesOfFixed = try slopes(of: still, spacing)
        toSampler = try samplerMatrix(image.extent)
        weightRoots = try weights.map { try aten("sqrt", .tensor(average($0.unsqueezed(0), to: coarseGrid(image, step: 2).sizes))).squeezed(0) }
        base = try centredPoints(sizes, spacing).matmul(toSampler).unsqueezed(0)
    }

    /// The moving descriptors seen through a displacement.
    private func seen(through vectors: Tensor) throws -> Tensor {
        let coordinates = try base.adding(vectors.permuted([1, 2, 3, 0]).matmul(toSampler).unsqueezed(0))
        return try sample(other, at: coordinates, padding: .border)
    }

    /// What the steps make small, a node: squared differences of the descriptors and `smoothness` times squared slopes.
    /// The middle of slices counts more, as it does for the affine map.
    func energy(of field: CoarseDisplacement) throws -> Double {
        func sum(_ channels: Tensor) throws -> Tensor {
            try aten("sum.dim_IntList", .tensor(aten("square", .tensor(channels))), [0])
        }
        let bending = try sum(slopes(of: field.vectors, spacing).reshaped([-1] + sizes)).multiplying(smoothness)
        let nodes = try sum(difference(to: seen(through: field.vectors))).adding(bending)
        let importance = try middleWeights(sizes, axes: (0..<3).filter { radius[$0] > 0 })
        return try aten("sum", .tensor(nodes.multiplying(importance))).item() / aten("sum", .tensor(importance)).item()
    }

    /// Of descriptors from those of the fixed image, counted as the weights say.
    private func difference(to seen: Tensor) throws -> Tensor {
        let plain = try seen.subtracting(still)
        return try weightRoots.map { try plain.multiplying($0) } ?? plain
    }

    func run(from start: CoarseDisplacement, iterations: Int, check: () throws -> Void) throws -> CoarseDisplacement {
        var vectors = try interpolated(start.vectors, to: sizes)
        for _ in 0..<iterations {
            try check()
            let seen = try seen(through: vectors)
            var both = try slopesOfFixed.adding(slopes(of: seen, spacing)).multiplying(0.5)
            if let weightRoots { both = try both.multiplying(weightRoots) }
            let system = try DisplacementSystem(
                slopes: both, difference: difference(to: seen), around: vectors, smoothness: smoothness, spacing: spacing)
            let change = try system.solved(from: vectors, rounds: 8).subtracting(vectors)
            // No further than a node at once: beyond that the slopes mean nothing.
            let reach = spacing.min() ?? 1
            vectors = try vectors.adding(aten("clamp", .tensor(change), .float(-reach), .float(reach)))
        }
        return CoarseDisplacement(vectors: vectors, spacing: spacing, radius: radius)
    }
}

/// Slopes of channels [C, X, Y, Z] along the three axes, a mm: [3, C, X, Y, Z].
private func slopes(of channels: Tensor, _ spacing: [Double]) throws -> Tensor {
    try Tensor.stack((0..<3).map { try gradient(channels, along: $0 + 1).dividing(spacing[$0]) })
}

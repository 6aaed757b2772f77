import Base
import Machine
import Tensors

/// Reading images at other places: resizing, grids, borders, patches.
enum SamplingPrimitives {
    static let module = PrimitiveModule("sampling", "Resizing, sampling and padding of images.", [
        Primitive(
            "interpolate(x: Tensor, size = nil, scale = nil, mode: \(ResizingMode.type) = \"linear\", align_corners: Bool = false) -> Tensor",
            "Resizes [B, C, ...] to a spatial size or by a scale.",
            details:
                "\"bilinear\" and \"trilinear\" are other names of \"linear\", \"bicubic\" of \"cubic\", which is for 2-D. All but \"nearest\" go by the centres of voxels, so that what is in the middle stays there; \"nearest\" is PyTorch's mode of that name, which takes the voxel under a voxel's first corner and moves pictures by up to half a voxel. With `align_corners` the centres of the corner voxels stay in place. Tensors of integers are resized by the nearest modes only and keep their dtype; `resize_labels` of `slices` keeps shapes better.",
            example: "interpolate(tensor([[[0.0, 1.0]]]), size: 3, align_corners: true)  # => tensor([[[0.0, 0.5, 1.0]]])"
        ) { (x: Tensor, size: [Int]?, scale: [Double]?, mode: ResizingMode, corners: Bool) in
            try interpolate(x, size, scale, mode, corners: corners)
        },
        Primitive(
            "grid_sample(x: Tensor, grid: Tensor, mode: \(GridMode.type) = \"linear\", padding: \(GridPadding.type) = \"zeros\", align_corners: Bool = false) -> Tensor",
            "Reads [B, C, H, W] at places given from -1 to 1 as (x, y), or [B, C, D, H, W] as (x, y, z).",
            details:
                "grid [B, h, w, 2] gives [B, C, h, w]; grid [B, d, h, w, 3] gives [B, C, d, h, w]. \"cubic\" is for 2-D. Jaderberg et al., 2015.",
            example: "grid_sample(ones(1, 1, 2, 2), zeros(1, 1, 1, 2))  # => tensor([[[[1.0]]]])"
        ) { (x: Tensor, grid: Tensor, mode: GridMode, padding: GridPadding, corners: Bool) in
            try gridSample(x, grid, mode, padding, corners: corners)
        },
        Primitive(
            "affine_grid(matrices: Tensor, size: List, align_corners: Bool = false) -> Tensor",
            "The grid for `grid_sample` of affine maps: matrices [B, 2, 3] or [B, 3, 4] from result to source.",
            details: "`size` is the result's [B, C, H, W] or [B, C, D, H, W].",
            example: "affine_grid(tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), [1, 1, 2, 2]).shape  # => [1, 2, 2, 2]"
        ) { (matrices: Tensor, size: [Int], corners: Bool) in
            let spatial = size.count - 2
            guard spatial == 2 || spatial == 3, matrices.shape == [size[0], spatial, spatial + 1] else {
                throw Failure.shape(
                    "matrices", "`matrices` of affine_grid must be [B, 2, 3] for a size [B, C, H, W], or [B, 3, 4] for [B, C, D, H, W], but the shape is \(matrices.shape) and the size \(size)")
            }
            try NumberCheck.sizes(size, "size", of: "affine_grid")
            try Tensor.checkSizes(size)
            return try aten("affine_grid_generator", .tensor(matrices), .ints(size), .bool(corners))
        },
        Primitive(
            "pad(x: Tensor, sizes, mode: \(PaddingMode.type) = \"constant\", value: Float = 0.0) -> Tensor",
            "Adds elements around a tensor: before and after the last dimension, then the one before it, and so on.",
            details: "Negative sizes cut off.",
            example: "pad(tensor([1, 2]), [1, 2])  # => tensor([0, 1, 2, 0, 0])"
        ) { (x: Tensor, sizes: [Int], mode: PaddingMode, value: Double) in
            guard sizes.count % 2 == 0, sizes.count <= 2 * x.rank else {
                throw Failure.shape(
                    "sizes", "`sizes` of pad must be pairs (before, after), at most \(x.rank) of them, but has \(sizes.count) numbers")
            }
            try NumberCheck.sizes(sizes, "sizes", of: "pad", from: -NumberCheck.largestSize)
            for pair in 0..<sizes.count / 2 {
                let axis = x.rank - 1 - pair
                let left = x.shape[axis] + sizes[2 * pair] + sizes[2 * pair + 1]
                guard left >= 0 else {
                    throw Failure.shape(
                    "sizes", "`sizes` of pad must leave 0 elements or more, but dimension \(axis) of size \(x.shape[axis]) would be left with \(left)")
                }
            }
            return try aten("pad", .tensor(x), .ints(sizes), .string(mode.rawValue), mode == .constant ? .float(value) : .none)
        },
        Primitive(
            "unfold(x: Tensor, kernel, stride = 1, padding = 0, dilation = 1) -> Tensor",
            "The patches of [B, C, H, W] as columns: [B, C · kernel², L].",
            example: "unfold(zeros(1, 1, 4, 4), 2, stride: 2).shape  # => [1, 4, 4]"
        ) { (x: Tensor, kernel: Window, stride: Window, padding: Window, dilation: Window) in
            guard x.rank == 4 else {
                throw Failure.shape(
                    "x", "`x` of unfold must be [B, C, H, W], but has shape \(x.shape)")
            }
            let (kernel, stride, padding, dilation) = (try kernel.sizes(2), try stride.sizes(2), try padding.sizes(2, from: 0), try dilation.sizes(2))
            // libtorch multiplies these without a look at overflow.
            let places: [Int] = (0..<2).map { (axis: Int) -> Int in
                let padded: Int = x.shape[2 + axis] + 2 * padding[axis]
                let reach: Int = dilation[axis] * (kernel[axis] - 1) + 1
                return max(0, (padded - reach) / stride[axis] + 1)
            }
            try Tensor.checkSizes(Array(x.shape.prefix(2)) + kernel + places)
            return try aten("im2col", .tensor(x), .ints(kernel), .ints(dilation), .ints(padding), .ints(stride))
        },
        Primitive(
            "fold(x: Tensor, size, kernel, stride = 1, padding = 0, dilation = 1) -> Tensor",
            "Adds patches back into an image: the transposed of `unfold`.",
            example: "fold(ones(1, 4, 4), [4, 4], 2, stride: 2).shape  # => [1, 1, 4, 4]"
        ) { (x: Tensor, size: Window, kernel: Window, stride: Window, padding: Window, dilation: Window) in
            try aten(
                "col2im", .tensor(x), .ints(size.sizes(2)), .ints(kernel.sizes(2)), .ints(dilation.sizes(2)),
                .ints(padding.sizes(2, from: 0)), .ints(stride.sizes(2)))
        },
        Primitive(
            "pixel_shuffle(x: Tensor, factor: Int) -> Tensor", "Turns channels into space: [B, C · factor², H, W] gives [B, C, H · factor, W · factor].",
            example: "pixel_shuffle(zeros(1, 4, 2, 2), 2).shape  # => [1, 1, 4, 4]"
        ) { (x: Tensor, factor: Int) in
            try NumberCheck.sizes([factor], "factor", of: "pixel_shuffle")
            return try aten("pixel_shuffle", .tensor(x), .int(factor))
        },
    ])

    /// How an image is resized.
    private enum ResizingMode: String, ScriptWord {
        case nearestExact = "nearest-exact"
        case nearest, linear, bilinear, trilinear, cubic, bicubic, area
    }

    /// How an image is read between its elements.
    private enum GridMode: String, ScriptWord { case linear, bilinear, nearest, cubic, bicubic }

    /// What lies beyond an image that is read, in libtorch's order.
    private enum GridPadding: String, ScriptWord { case zeros, border, reflection }

    /// What is added around a tensor.
    private enum PaddingMode: String, ScriptWord { case constant, reflect, replicate, circular }

    private static func interpolate(
        _ x: Tensor, _ wanted: [Int]?, _ given: [Double]?, _ mode: ResizingMode, corners: Bool
    ) throws -> Tensor {
        guard (3...5).contains(x.rank) else {
            throw Failure.shape("x", "`x` of interpolate must be [B, C, W], [B, C, H, W] or [B, C, D, H, W], but has shape \(x.shape)")
        }
        let spatial = x.rank - 2
        guard (wanted == nil) != (given == nil) else {
            throw Failure("value", "interpolate takes either `size` or `scale`, but got \(wanted == nil ? "neither" : "both")")
        }
        let size: [Int]
        var scales: [Double]?
        if let given {
            let factors = given.count == 1 ? Array(repeating: given[0], count: spatial) : given
            guard factors.count == spatial, factors.allSatisfy({ $0 > 0 }) else {
                throw Failure.shape("scale", "`scale` of interpolate must be one positive number or \(spatial), but is \(given.count == 1 ? formatFloat(given[0]) : Value.list(given.map(Value.float)).text)")
            }
            scales = factors
            size = try zip(x.shape.dropFirst(2), factors).map {
                try NumberCheck.integer((Double($0) * $1).rounded(.down), "a size that `scale` of interpolate gives")
            }
            try NumberCheck.sizes(size, "size", of: "interpolate", from: 0)
        } else {
            size = try Window("size", of: "interpolate", wanted ?? []).sizes(spatial)
        }
        guard size.allSatisfy({ $0 > 0 }) else {
            throw Failure.shape(wanted == nil ? "scale" : "size", "the sizes of interpolate must be 1 or more, but are \(size)")
        }
        let target: AtenArgument = scales == nil ? .ints(size) : .none
        let factor: AtenArgument = scales.map { .floats($0) } ?? .none
        if mode == .nearest || mode == .nearestExact {
            let name = mode == .nearest ? "upsample_nearest\(spatial)d.vec" : "_upsample_nearest_exact\(spatial)d.vec"
            return try aten(name, .tensor(exact(x)), target, factor).to(dtype: x.dtype)
        }
        guard x.dtype.isFloatingPoint else {
            throw Failure(
                "type", "`x` of interpolate must hold floats with mode \"\(mode.rawValue)\", but holds \(x.dtype.name)",
                help: "labels are resized with `mode: \"nearest-exact\"`", argument: "x")
        }
        switch mode {
        case .area: return try aten("adaptive_avg_pool\(spatial)d", .tensor(x), .ints(size))
        case .cubic, .bicubic:
            guard spatial == 2 else {
                throw Failure.shape("x", "`x` of interpolate must be [B, C, H, W] with mode \"\(mode.rawValue)\", but has shape \(x.shape)")
            }
            return try aten("upsample_bicubic2d.vec", .tensor(x), target, .bool(corners), factor)
        default:
            let name = ["upsample_linear1d.vec", "upsample_bilinear2d.vec", "upsample_trilinear3d.vec"][spatial - 1]
            return try aten(name, .tensor(x), target, .bool(corners), factor)
        }
    }

    /// Floats that hold every number of `x`: float32 has whole numbers up to 2²⁴ only.
    private static func exact(_ x: Tensor) throws -> Tensor {
        [.int32, .int64].contains(x.dtype) ? try x.to(dtype: .float64) : try Reduction.floating(x)
    }

    private static func gridSample(
        _ x: Tensor, _ grid: Tensor, _ mode: GridMode, _ padding: GridPadding, corners: Bool
    ) throws -> Tensor {
        let spatial = x.rank - 2
        guard spatial == 2 || spatial == 3 else {
            throw Failure.shape(
                    "x", "`x` of grid_sample must be [B, C, H, W] or [B, C, D, H, W], but has shape \(x.shape)")
        }
        guard grid.rank == x.rank, grid.shape.last == spatial, grid.shape[0] == x.shape[0] else {
            throw Failure.shape(
                    "grid", "`grid` of grid_sample must be [\(x.shape[0]), \(spatial == 2 ? "h, w, 2" : "d, h, w, 3")] for `x` of shape \(x.shape), but has shape \(grid.shape)")
        }
        let modeNumber = mode == .nearest ? 1 : mode == .cubic || mode == .bicubic ? 2 : 0
        let paddingNumber = GridPadding.allCases.firstIndex(of: padding) ?? 0
        let numbers = try modeNumber == 1 ? Reduction.floating(x) : x
        guard numbers.dtype == grid.dtype else {
            throw Failure(
                "type", "`x` and `grid` of grid_sample must hold the same floats, but hold \(x.dtype.name) and \(grid.dtype.name)",
                argument: "grid")
        }
        return try aten("grid_sampler", .tensor(numbers), .tensor(grid), .int(modeNumber), .int(paddingNumber), .bool(corners))
            .to(dtype: x.dtype)
    }
}

import Base
import Machine
import Tensors

/// Reading images at other places: resizing, grids, borders, patches.
enum SamplingPrimitives {
    static let module = PrimitiveModule("sampling", "Resizing, sampling and padding of images.", [
        Primitive(
            "interpolate(x: Tensor, size = nil, scale = nil, mode: String = \"linear\", align_corners: Bool = false) -> Tensor",
            "Resizes [B, C, ...] to a spatial size or by a scale.",
            details:
                "`mode` is \"nearest-exact\", \"nearest\", \"linear\" (also under the names bilinear and trilinear), \"cubic\" (2-D) or \"area\". All but \"nearest\" go by the centres of voxels, so that what is in the middle stays there; \"nearest\" is PyTorch's mode of that name, which takes the voxel under a voxel's first corner and moves pictures by up to half a voxel. With `align_corners` the centres of the corner voxels stay in place. Tensors of integers are resized by the nearest modes only and keep their dtype; `resize_labels` of `slices` keeps shapes better.",
            example: "interpolate(tensor([[[0.0, 1.0]]]), size: 3, align_corners: true)  # => tensor([[[0.0, 0.5, 1.0]]])"
        ) { call in try interpolate(call) },
        Primitive(
            "grid_sample(x: Tensor, grid: Tensor, mode: String = \"linear\", padding: String = \"zeros\", align_corners: Bool = false) -> Tensor",
            "Reads [B, C, H, W] at places given from -1 to 1 as (x, y), or [B, C, D, H, W] as (x, y, z).",
            details:
                "grid [B, h, w, 2] gives [B, C, h, w]; grid [B, d, h, w, 3] gives [B, C, d, h, w]. `mode` is \"linear\", \"nearest\" or \"cubic\" (2-D); `padding` is \"zeros\", \"border\" or \"reflection\". Jaderberg et al., 2015.",
            example: "grid_sample(ones(1, 1, 2, 2), zeros(1, 1, 1, 2))  # => tensor([[[[1.0]]]])"
        ) { call in try gridSample(call) },
        Primitive(
            "affine_grid(matrices: Tensor, size: List, align_corners: Bool = false) -> Tensor",
            "The grid for `grid_sample` of affine maps: matrices [B, 2, 3] or [B, 3, 4] from result to source.",
            details: "`size` is the result's [B, C, H, W] or [B, C, D, H, W].",
            example: "affine_grid(tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]), [1, 1, 2, 2]).shape  # => [1, 2, 2, 2]"
        ) { call in
            let matrices = try call.tensor(0)
            let size = try call.ints(1)
            let spatial = size.count - 2
            guard spatial == 2 || spatial == 3, matrices.shape == [size[0], spatial, spatial + 1] else {
                throw call.shapeFailure(
                    0, "`matrices` of affine_grid must be [B, 2, 3] for a size [B, C, H, W], or [B, 3, 4] for [B, C, D, H, W], but the shape is \(matrices.shape) and the size \(size)")
            }
            try NumberCheck.sizes(size, "size", of: "affine_grid")
            try Tensor.checkSizes(size)
            return .tensor(try aten("affine_grid_generator", .tensor(matrices), .ints(size), .bool(call.bool(2))))
        },
        Primitive(
            "pad(x: Tensor, sizes, mode: String = \"constant\", value: Float = 0.0) -> Tensor",
            "Adds elements around a tensor: before and after the last dimension, then the one before it, and so on.",
            details: "`mode` is \"constant\", \"reflect\", \"replicate\" or \"circular\". Negative sizes cut off.",
            example: "pad(tensor([1, 2]), [1, 2])  # => tensor([0, 1, 2, 0, 0])"
        ) { call in
            let x = try call.tensor(0)
            let sizes = try call.ints(1)
            guard sizes.count % 2 == 0, sizes.count <= 2 * x.rank else {
                throw call.shapeFailure(1, "`sizes` of pad must be pairs (before, after), at most \(x.rank) of them, but has \(sizes.count) numbers")
            }
            try NumberCheck.sizes(sizes, "sizes", of: "pad", from: -NumberCheck.largestSize)
            for pair in 0..<sizes.count / 2 {
                let axis = x.rank - 1 - pair
                let left = x.shape[axis] + sizes[2 * pair] + sizes[2 * pair + 1]
                guard left >= 0 else {
                    throw call.shapeFailure(
                        1, "`sizes` of pad must leave 0 elements or more, but dimension \(axis) of size \(x.shape[axis]) would be left with \(left)")
                }
            }
            let mode = try choice(call, 2, ["constant", "reflect", "replicate", "circular"])
            return .tensor(try aten("pad", .tensor(x), .ints(sizes), .string(mode), mode == "constant" ? .float(call.float(3)) : .none))
        },
        Primitive(
            "unfold(x: Tensor, kernel, stride = 1, padding = 0, dilation = 1) -> Tensor",
            "The patches of [B, C, H, W] as columns: [B, C · kernel², L].",
            example: "unfold(zeros(1, 1, 4, 4), 2, stride: 2).shape  # => [1, 4, 4]"
        ) { call in
            let x = try call.tensor(0)
            guard x.rank == 4 else { throw call.shapeFailure(0, "`x` of unfold must be [B, C, H, W], but has shape \(x.shape)") }
            let (kernel, stride) = (try call.windows(1, 2), try call.windows(2, 2))
            let (padding, dilation) = (try call.windows(3, 2, from: 0), try call.windows(4, 2))
            // libtorch multiplies these without a look at overflow.
            let places: [Int] = (0..<2).map { (axis: Int) -> Int in
                let padded: Int = x.shape[2 + axis] + 2 * padding[axis]
                let reach: Int = dilation[axis] * (kernel[axis] - 1) + 1
                return max(0, (padded - reach) / stride[axis] + 1)
            }
            try Tensor.checkSizes(Array(x.shape.prefix(2)) + kernel + places)
            return .tensor(
                try aten("im2col", .tensor(x), .ints(kernel), .ints(dilation), .ints(padding), .ints(stride)))
        },
        Primitive(
            "fold(x: Tensor, size, kernel, stride = 1, padding = 0, dilation = 1) -> Tensor",
            "Adds patches back into an image: the transposed of `unfold`.",
            example: "fold(ones(1, 4, 4), [4, 4], 2, stride: 2).shape  # => [1, 1, 4, 4]"
        ) { call in
            .tensor(
                try aten(
                    "col2im", .tensor(call.tensor(0)), .ints(call.windows(1, 2)), .ints(call.windows(2, 2)),
                    .ints(call.windows(5, 2)), .ints(call.windows(4, 2, from: 0)), .ints(call.windows(3, 2))))
        },
        Primitive(
            "pixel_shuffle(x: Tensor, factor: Int) -> Tensor", "Turns channels into space: [B, C · factor², H, W] gives [B, C, H · factor, W · factor].",
            example: "pixel_shuffle(zeros(1, 4, 2, 2), 2).shape  # => [1, 1, 4, 4]"
        ) { call in .tensor(try aten("pixel_shuffle", .tensor(call.tensor(0)), .int(call.size(1)))) },
    ])

    static func choice(_ call: PrimitiveCall, _ position: Int, _ choices: [String]) throws -> String {
        let given = try call.string(position)
        guard choices.contains(given) else {
            let name = call.primitive.parameters[position].name
            throw Failure(
                "value",
                "`\(name)` of \(call.primitive.name) must be one of \(choices.map { "\"\($0)\"" }.joined(separator: ", ")), but is \"\(given)\"",
                argument: name)
        }
        return given
    }

    private static func interpolate(_ call: PrimitiveCall) throws -> Value {
        let x = try call.tensor(0)
        guard (3...5).contains(x.rank) else {
            throw call.shapeFailure(0, "`x` of interpolate must be [B, C, W], [B, C, H, W] or [B, C, D, H, W], but has shape \(x.shape)")
        }
        let spatial = x.rank - 2
        guard call.isNone(1) != call.isNone(2) else {
            throw Failure("value", "interpolate takes either `size` or `scale`, but got \(call.isNone(1) ? "neither" : "both")")
        }
        let size: [Int]
        var scales: [Double]?
        if call.isNone(1) {
            var given = try call.floats(2)
            if given.count == 1 { given = Array(repeating: given[0], count: spatial) }
            guard given.count == spatial, given.allSatisfy({ $0 > 0 }) else {
                throw call.shapeFailure(2, "`scale` of interpolate must be one positive number or \(spatial), but is \(call[2].text)")
            }
            scales = given
            size = try zip(x.shape.dropFirst(2), given).map {
                try NumberCheck.integer((Double($0) * $1).rounded(.down), "a size that `scale` of interpolate gives")
            }
            try NumberCheck.sizes(size, "size", of: "interpolate", from: 0)
        } else {
            size = try call.windows(1, spatial)
        }
        guard size.allSatisfy({ $0 > 0 }) else {
            throw call.shapeFailure(call.isNone(1) ? 2 : 1, "the sizes of interpolate must be 1 or more, but are \(size)")
        }
        let target: AtenArgument = scales == nil ? .ints(size) : .none
        let factor: AtenArgument = scales.map { .floats($0) } ?? .none
        let mode = try choice(
            call, 3, ["nearest", "nearest-exact", "linear", "bilinear", "trilinear", "cubic", "bicubic", "area"])
        if mode.hasPrefix("nearest") {
            let name = mode == "nearest" ? "upsample_nearest\(spatial)d.vec" : "_upsample_nearest_exact\(spatial)d.vec"
            return .tensor(try aten(name, .tensor(exact(x)), target, factor).to(dtype: x.dtype))
        }
        guard x.dtype.isFloatingPoint else {
            throw Failure(
                "type", "`x` of interpolate must hold floats with mode \"\(mode)\", but holds \(x.dtype.name)",
                help: "labels are resized with `mode: \"nearest-exact\"`", argument: "x")
        }
        let corners = AtenArgument.bool(try call.bool(4))
        switch mode {
        case "area": return .tensor(try aten("adaptive_avg_pool\(spatial)d", .tensor(x), .ints(size)))
        case "cubic", "bicubic":
            guard spatial == 2 else { throw call.shapeFailure(0, "`x` of interpolate must be [B, C, H, W] with mode \"\(mode)\", but has shape \(x.shape)") }
            return .tensor(try aten("upsample_bicubic2d.vec", .tensor(x), target, corners, factor))
        default:
            let name = ["upsample_linear1d.vec", "upsample_bilinear2d.vec", "upsample_trilinear3d.vec"][spatial - 1]
            return .tensor(try aten(name, .tensor(x), target, corners, factor))
        }
    }

    /// Floats that hold every number of `x`: float32 has whole numbers up to 2²⁴ only.
    private static func exact(_ x: Tensor) throws -> Tensor {
        [.int32, .int64].contains(x.dtype) ? try x.to(dtype: .float64) : try Reduction.floating(x)
    }

    private static func gridSample(_ call: PrimitiveCall) throws -> Value {
        let (x, grid) = (try call.tensor(0), try call.tensor(1))
        let spatial = x.rank - 2
        guard spatial == 2 || spatial == 3 else {
            throw call.shapeFailure(0, "`x` of grid_sample must be [B, C, H, W] or [B, C, D, H, W], but has shape \(x.shape)")
        }
        guard grid.rank == x.rank, grid.shape.last == spatial, grid.shape[0] == x.shape[0] else {
            throw call.shapeFailure(
                1, "`grid` of grid_sample must be [\(x.shape[0]), \(spatial == 2 ? "h, w, 2" : "d, h, w, 3")] for `x` of shape \(x.shape), but has shape \(grid.shape)")
        }
        let mode = try choice(call, 2, ["linear", "bilinear", "nearest", "cubic", "bicubic"])
        let padding = try choice(call, 3, ["zeros", "border", "reflection"])
        let modeNumber = mode == "nearest" ? 1 : mode.hasSuffix("cubic") ? 2 : 0
        let paddingNumber = ["zeros": 0, "border": 1, "reflection": 2][padding] ?? 0
        let numbers = try modeNumber == 1 ? Reduction.floating(x) : x
        guard numbers.dtype == grid.dtype else {
            throw Failure(
                "type", "`x` and `grid` of grid_sample must hold the same floats, but hold \(x.dtype.name) and \(grid.dtype.name)",
                argument: "grid")
        }
        return .tensor(
            try aten("grid_sampler", .tensor(numbers), .tensor(grid), .int(modeNumber), .int(paddingNumber), .bool(call.bool(4)))
                .to(dtype: x.dtype))
    }
}

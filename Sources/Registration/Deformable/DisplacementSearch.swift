import Tensors

/// A displacement on a coarse grid that covers an image, in mm along the image's axes, shape [3, X, Y, Z].
struct CoarseDisplacement {
    var vectors: Tensor
    /// mm between its nodes.
    var spacing: [Double]
    /// Neighbours that smoothing reaches along each axis: none across thick slices.
    var radius: [Int]

    var sizes: [Int] { Array(vectors.shape.dropFirst()) }
}

/// Sizes and spacing of a coarse grid of `step` voxels a node over an image; thick axes keep every slice.
func coarseGrid(_ image: FramedImage, step: Double) -> (sizes: [Int], spacing: [Double], radius: [Int]) {
    let thick = image.thickAxis
    let sizes = (0..<3).map { max(1, Int((Double(image.shape[$0]) / ($0 == thick ? 1 : step)).rounded())) }
    return (
        sizes, (0..<3).map { image.extent[$0] / Double(sizes[$0]) },
        (0..<3).map { $0 == thick || sizes[$0] < 2 ? 0 : 1 }
    )
}

/// Tries every displacement of a window at every node of a coarse grid and keeps a smooth choice of the best: costs and
/// smoothness are coupled and the coupling is tightened in six rounds (Siebert, Hansen and Heinrich, "Fast 3D
/// registration with accurate optimisation and little learning for Learn2Reg 2021"; Heinrich et al., MICCAI 2014).
///
/// `fixed` and `moving` are descriptors of `image` and of the moving image brought onto it; `weights` [X, Y, Z] tell how
/// much each voxel counts.
func searchDisplacement(
    _ image: FramedImage, fixed: ChannelImage, moving: ChannelImage, weights: Tensor? = nil, check: () throws -> Void
) throws -> CoarseDisplacement {
    let (sizes, spacing, radius) = coarseGrid(image, step: 3)
    let window = (0..<3).map { radius[$0] == 0 ? 0 : 3 }
    let search = DisplacementSearch(sizes: sizes, spacing: spacing, radius: radius, window: window)
    try check()
    let importance = try weights.map { try average($0.unsqueezed(0), to: sizes).floats() }
    search.fillCosts(fixed.averaged(to: sizes), moving.averaged(to: sizes), importance)
    let finest = 3 * image.finest
    search.choose(tightness: 0)
    for weight in [0.003, 0.01, 0.03, 0.1, 0.3, 1] {
        try check()
        search.choose(tightness: Float(weight / (finest * finest)))
    }
    return CoarseDisplacement(vectors: try search.vectors.tensor(), spacing: spacing, radius: radius)
}

private final class DisplacementSearch: @unchecked Sendable {
    private let sizes: [Int]
    private let radius: [Int]
    private let window: [Int]
    /// The shifts that are tried, in mm: one group of four for each axis, and again for the next four.
    private let shifts: ChannelImage
    /// What each costs at each node: groups of four shifts, node by node.
    private let costs: ChannelImage
    private let count: Int
    /// What is chosen, mm.
    private(set) var vectors: ChannelImage

    init(sizes: [Int], spacing: [Double], radius: [Int], window: [Int]) {
        (self.sizes, self.radius, self.window) = (sizes, radius, window)
        count = window.reduce(1) { $0 * (2 * $1 + 1) }
        costs = ChannelImage(sizes: sizes, channels: count)
        vectors = ChannelImage(sizes: sizes, channels: 3)
        shifts = ChannelImage(sizes: [costs.groups, 1, 1], channels: 12)
        var place = 0
        for a in -window[0]...window[0] {
            for b in -window[1]...window[1] {
                for c in -window[2]...window[2] {
                    for (axis, steps) in [a, b, c].enumerated() {
                        shifts.values[3 * (place / 4) + axis][place % 4] = Float(Double(steps) * spacing[axis])
                    }
                    place += 1
                }
            }
        }
    }

    func fillCosts(_ still: ChannelImage, _ moving: ChannelImage, _ weights: [Float]?) {
        let (window, sizes, groups, width) = (window, sizes, still.groups, costs.groups)
        let wide = zip(sizes, window).map { $0 + 2 * $1 }
        let padded = ChannelImage(sizes: wide, channels: still.channels)
        inParallel(wide[0]) { x in
            var target = padded.values + x &* wide[1] &* wide[2] &* groups
            for y in 0..<wide[1] {
                for z in 0..<wide[2] {
                    let a = min(max(x &- window[0], 0), sizes[0] &- 1)
                    let b = min(max(y &- window[1], 0), sizes[1] &- 1)
                    let c = min(max(z &- window[2], 0), sizes[2] &- 1)
                    let source = moving.values + ((a &* sizes[1] &+ b) &* sizes[2] &+ c) &* groups
                    for group in 0..<groups { target[group] = source[group] }
                    target += groups
                }
            }
        }
        inParallel(sizes[0]) { [costs] x in
            for y in 0..<sizes[1] {
                for z in 0..<sizes[2] {
                    let node = (x &* sizes[1] &+ y) &* sizes[2] &+ z
                    let wanted = still.values + node &* groups
                    let weight = weights?[node] ?? 1
                    let target = UnsafeMutableRawPointer(costs.values + node &* width).assumingMemoryBound(to: Float.self)
                    var place = 0
                    for a in 0...(2 &* window[0]) {
                        for b in 0...(2 &* window[1]) {
                            var source = padded.values + (((x &+ a) &* wide[1] &+ y &+ b) &* wide[2] &+ z) &* groups
                            for _ in 0...(2 &* window[2]) {
                                var sum = SIMD4<Float>.zero
                                for group in 0..<groups {
                                    let difference = source[group] - wanted[group]
                                    sum += difference * difference
                                }
                                target[place] = weight * (sum[0] + sum[1] + sum[2] + sum[3])
                                place &+= 1
                                source += groups
                            }
                        }
                    }
                    // What fills the last group is never chosen.
                    while place < 4 &* width {
                        target[place] = .greatestFiniteMagnitude / 1e6
                        place &+= 1
                    }
                }
            }
        }
        averageNeighbours(costs, radius: radius)
    }

    /// Makes the choice with the smallest cost and `tightness` times the squared distance (mm) from the choice before, and
    /// takes the mean with the neighbours.
    func choose(tightness: Float) {
        let (sizes, width) = (sizes, costs.groups)
        inParallel(sizes[0]) { [costs, shifts, vectors] x in
            for node in (x &* sizes[1] &* sizes[2])..<((x &+ 1) &* sizes[1] &* sizes[2]) {
                let cost = costs.values + node &* width
                let now = vectors.values[node]
                var least = SIMD4<Float>(repeating: .infinity)
                var best = SIMD4<Int32>.zero
                for group in 0..<width {
                    let shift = shifts.values + 3 &* group
                    let (a, b, c) = (shift[0] - now[0], shift[1] - now[1], shift[2] - now[2])
                    let total = cost[group] + (a * a + b * b + c * c) * tightness
                    let isLess = total .< least
                    least.replace(with: total, where: isLess)
                    best.replace(with: SIMD4(repeating: Int32(truncatingIfNeeded: group)), where: isLess)
                }
                var lane = 0
                for other in 1..<4 where least[other] < least[lane]
                    || least[other] == least[lane] && best[other] < best[lane] { lane = other }
                let shift = shifts.values + 3 &* Int(best[lane])
                vectors.values[node] = SIMD4(shift[0][lane], shift[1][lane], shift[2][lane], 0)
            }
        }
        averageNeighbours(vectors, radius: radius)
    }
}

/// Takes the mean over direct neighbours along the axes whose radius is 1, the border repeated.
func averageNeighbours(_ image: ChannelImage, radius: [Int]) {
    let sizes = image.sizes
    let third: Float = 1 / 3
    for axis in 0..<3 where radius[axis] > 0 {
        let stride = sizes[(axis + 1)...].reduce(image.groups, *)
        let length = sizes[axis]
        // Lines along the axis, as many neighbours at once as lie side by side in memory.
        let blocks = sizes[..<axis].reduce(1, *)
        let chunk = min(stride, 256)
        let chunks = (stride + chunk - 1) / chunk
        inParallel(blocks * chunks) { part in
            let (block, first) = (part / chunks, part % chunks * chunk)
            let start: UnsafeMutablePointer<SIMD4<Float>> = image.values + (block * stride * length + first)
            let width = min(chunk, stride - first)
            let before = UnsafeMutablePointer<SIMD4<Float>>.allocate(capacity: width)
            defer { before.deallocate() }
            for place in 0..<width { before[place] = start[place] }
            for index in 0..<length {
                let here = start + index &* stride
                let after = index &+ 1 < length ? here + stride : here
                for place in 0..<width {
                    let value = here[place]
                    var sum: SIMD4<Float> = before[place]
                    sum += value
                    sum += after[place]
                    here[place] = sum * third
                    before[place] = value
                }
            }
        }
    }
}

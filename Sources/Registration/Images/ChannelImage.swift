import Tensors

/// An image of several channels a voxel, which lie side by side in memory in groups of four (the rest of the last group
/// is 0), so that one instruction handles four of them. Written while it is made, only read afterwards.
public final class ChannelImage: @unchecked Sendable {
    /// X, Y, Z.
    let sizes: [Int]
    let channels: Int
    /// Groups of four channels a voxel.
    let groups: Int
    /// One group after the other, voxel by voxel, Z fastest.
    let values: UnsafeMutablePointer<SIMD4<Float>>

    /// All 0.
    init(sizes: [Int], channels: Int) {
        (self.sizes, self.channels, groups) = (sizes, channels, (channels + 3) / 4)
        let count = sizes.reduce(groups, *)
        values = .allocate(capacity: max(1, count))
        values.initialize(repeating: .zero, count: max(1, count))
    }

    /// From [C, X, Y, Z].
    convenience init(_ tensor: Tensor) throws {
        self.init(sizes: Array(tensor.shape.dropFirst()), channels: tensor.shape[0])
        let (voxels, width) = (voxels, 4 * groups)
        let flat = UnsafeMutableRawPointer(values).assumingMemoryBound(to: Float.self)
        try tensor.to(dtype: .float32).withUnsafeElements(as: Float.self) { source in
            for channel in 0..<channels {
                for voxel in 0..<voxels { flat[voxel &* width &+ channel] = source[channel &* voxels &+ voxel] }
            }
        }
    }

    deinit { values.deallocate() }

    var voxels: Int { sizes.reduce(1, *) }

    /// [C, X, Y, Z].
    func tensor() throws -> Tensor {
        let (voxels, width) = (voxels, 4 * groups)
        let flat = UnsafeRawPointer(values).assumingMemoryBound(to: Float.self)
        let result = try Tensor.zeros([channels] + sizes)
        try result.withUnsafeMutableElements(as: Float.self) { target in
            for channel in 0..<channels {
                for voxel in 0..<voxels { target[channel &* voxels &+ voxel] = flat[voxel &* width &+ channel] }
            }
        }
        return result
    }

    /// Means over boxes so that the image gets other sizes over the same field of view.
    func averaged(to wanted: [Int]) -> ChannelImage {
        if wanted == sizes { return self }
        let result = ChannelImage(sizes: wanted, channels: channels)
        let (groups, plane, row) = (groups, sizes[1] * sizes[2], sizes[2])
        let boxes = (0..<3).map { axis in (0..<wanted[axis]).map { box($0, of: wanted[axis], over: sizes[axis]) } }
        inParallel(wanted[0]) { [values] x in
            var target = result.values + x &* wanted[1] &* wanted[2] &* groups
            for y in 0..<wanted[1] {
                for z in 0..<wanted[2] {
                    let (a, b, c) = (boxes[0][x], boxes[1][y], boxes[2][z])
                    let share = 1 / Float(a.count &* b.count &* c.count)
                    for i in a {
                        for j in b {
                            var source = values + (i &* plane &+ j &* row &+ c.lowerBound) &* groups
                            for _ in c {
                                for group in 0..<groups { target[group] += source[group] }
                                source += groups
                            }
                        }
                    }
                    for group in 0..<groups { target[group] *= share }
                    target += groups
                }
            }
        }
        return result
    }

    /// The channels at a place between voxel centres, by linear interpolation; the border holds beyond it.
    @inline(__always)
    func sample(at place: SIMD4<Float>, into target: UnsafeMutablePointer<SIMD4<Float>>) {
        let cell = TrilinearCell(place, sizes, stride: groups)
        let source = UnsafePointer(values)
        for group in 0..<groups { target[group] = cell.value(in: source + group) }
    }

    /// The slope along an axis at a voxel whose index there is `index`, a voxel: half of what the neighbours differ by.
    @inline(__always)
    func slope(_ voxel: Int, _ axis: Int, _ index: Int, group: Int) -> SIMD4<Float> {
        let stride = axis == 0 ? sizes[1] &* sizes[2] : axis == 1 ? sizes[2] : 1
        let before = index > 0 ? stride : 0
        let after = index &+ 1 < sizes[axis] ? stride : 0
        let difference = values[(voxel &+ after) &* groups &+ group] - values[(voxel &- before) &* groups &+ group]
        return before > 0 && after > 0 ? difference * 0.5 : difference
    }
}

/// The voxels that voxel `index` of `count` averages over on an axis of `length`, as libtorch's adaptive pooling has it.
private func box(_ index: Int, of count: Int, over length: Int) -> Range<Int> {
    (index * length / count)..<(((index + 1) * length + count - 1) / count)
}

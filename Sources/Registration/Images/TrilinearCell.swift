/// What linear interpolation mixes: single values, or four channels at once.
protocol Mixable {
    static func + (left: Self, right: Self) -> Self
    static func - (left: Self, right: Self) -> Self
    static func * (left: Self, right: Float) -> Self
}

extension Float: Mixable {}
extension SIMD4: Mixable where Scalar == Float {}

/// The eight voxels around a place between voxel centres, and how near it is to the further ones; the border holds beyond it.
struct TrilinearCell {
    /// Where the first of them stands in memory, and how far it is to the next along each axis.
    private let corner: Int
    private let alongX: Int
    private let alongY: Int
    private let alongZ: Int
    private let share: (x: Float, y: Float, z: Float)

    /// `place` in voxels of an image of `sizes`, X, Y, Z, whose neighbours along Z stand `stride` values apart.
    @inline(__always)
    init(_ place: SIMD4<Float>, _ sizes: [Int], stride: Int) {
        let x = min(max(place[0], 0), Float(sizes[0] &- 1))
        let y = min(max(place[1], 0), Float(sizes[1] &- 1))
        let z = min(max(place[2], 0), Float(sizes[2] &- 1))
        let (i, j, k) = (Int(x), Int(y), Int(z))
        share = (x - Float(i), y - Float(j), z - Float(k))
        alongX = i &+ 1 < sizes[0] ? sizes[1] &* sizes[2] &* stride : 0
        alongY = j &+ 1 < sizes[1] ? sizes[2] &* stride : 0
        alongZ = k &+ 1 < sizes[2] ? stride : 0
        corner = ((i &* sizes[1] &+ j) &* sizes[2] &+ k) &* stride
    }

    /// What the image of these values has there.
    @inline(__always)
    func value<Number: Mixable>(in values: UnsafePointer<Number>) -> Number {
        let here = values + corner
        let v00 = here[0] + (here[alongZ] - here[0]) * share.z
        let v01 = here[alongY] + (here[alongY &+ alongZ] - here[alongY]) * share.z
        let v10 = here[alongX] + (here[alongX &+ alongZ] - here[alongX]) * share.z
        let v11 = here[alongX &+ alongY] + (here[alongX &+ alongY &+ alongZ] - here[alongX &+ alongY]) * share.z
        let v0 = v00 + (v01 - v00) * share.y
        let v1 = v10 + (v11 - v10) * share.y
        return v0 + (v1 - v0) * share.x
    }
}

/// What a run of steps looks for, and how far it may go.
struct AffineSteps {
    /// 6 for rigid maps, 12 for affine ones.
    var parameters: Int
    /// Steps at most.
    var count: Int
    /// How far the map can look beyond the field of view, as a part of it.
    var margin: Double
    /// The part of the points that the moving image should cover at least.
    var overlap: Double
    var prior: Prior?
    /// Turns and stretches cost nothing but for want of evidence.
    var isFree = false
    /// Voxels around what the moving image does not cover that are not counted either.
    var reach = [0, 0, 0]

    /// What is expected of where the centre goes: `weight` times the squared distance (mm) of the shift from the nearest of
    /// `anchors`, in the frame of the moving image.
    struct Prior {
        var weight: Double
        var anchors: [[Double]]

        func nearest(to shift: [Double]) -> (anchor: [Double], cost: Double) {
            let costs = anchors.map { anchor in zip(anchor, shift).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
            let best = costs.indices.min { costs[$0] < costs[$1] } ?? 0
            return (anchors[best], weight * costs[best])
        }
    }
}

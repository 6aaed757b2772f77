import Tensors
import Volumes

/// Raised with every change to `register` that changes its results, so that kept registrations of older versions are
/// not taken for new ones.
public let registrationVersion = 2

/// The address of a registration: a hash of both images (voxels and grids), the options, and the version of the
/// algorithm. Equal keys mean equal results.
public struct RegistrationKey: Hashable, Sendable {
    /// 32 hexadecimal digits.
    public let text: String

    init(text: String) { self.text = text }

    /// `moving` and `fixed` are what `contentAddress` gives.
    public init(moving: String, fixed: String, options: RegistrationOptions) throws {
        let hash = try ContentHash()
        hash.add("RS4 registration")
        hash.add([registrationVersion])
        hash.add(options.words)
        if let mask = options.mask { hash.add(try contentAddress(mask)) }
        hash.add(moving)
        hash.add(fixed)
        text = hash.address()
    }
}

/// The address of an image as `register` sees it: its voxels as float32, and its grid.
public func contentAddress(_ volume: Volume) throws -> String {
    let hash = try ContentHash()
    hash.add(volume.grid.affine.elements)
    try hash.add(try volume.data.detached().to(dtype: .float32))
    return hash.address()
}

extension RegistrationOptions {
    /// Every option that changes the result, in words: `kind=deformable smoothness=1.0 iterations=8 …`.
    public var words: String {
        "kind=\(kind.rawValue) smoothness=\(smoothness) iterations=\(iterations) similarity=\(similarity.rawValue) "
            + "mask=\(mask == nil ? "none" : "given") seed=\(seed) isInvertible=\(isInvertible)"
    }
}

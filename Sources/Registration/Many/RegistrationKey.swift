import Base
import Tensors
import Volumes

/// Raised with every change to `register` that changes its results, so that kept registrations of older versions are
/// not taken for new ones.
public let registrationVersion = 6

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
        hash.add(try options.words())
        hash.add(moving)
        hash.add(fixed)
        text = hash.address()
    }
}

/// The address of an image as `register` sees it: its voxels as float32, what those leave out of numbers with more
/// digits, and its grid.
public func contentAddress(_ volume: Volume) throws -> String {
    let hash = try ContentHash()
    hash.add(volume.grid.affine.elements)
    // The transform keeps it, so it is part of the address, where there is one.
    if let frame = volume.grid.itkFrame { hash.add(frame.elements) }
    let data = try volume.data.detached()
    let rounded = try data.to(dtype: .float32)
    try hash.add(rounded)
    if data.dtype == .int32 || data.dtype == .int64 || data.dtype == .float64 {
        let rest = try data.subtracting(rounded.to(dtype: data.dtype))
        if try aten("any", .tensor(rest)).item() > 0 { try hash.add(rest) }
    }
    return hash.address()
}

extension RegistrationOptions {
    /// Every option that can change the result, in words: `kind=deformable smoothness=1.0 iterations=12`. They are read
    /// off the options themselves, so that one added later is part of the address without anyone thinking of it.
    public func words() throws -> String {
        try Mirror(reflecting: self).children.compactMap { child -> String? in
            guard let name = child.label, name != "check" else { return nil }
            return "\(name)=\(try Self.word(child.value))"
        }.joined(separator: " ")
    }

    private static func word(_ value: Any) throws -> String {
        if let volume = value as? Volume { return try contentAddress(volume) }
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return String(describing: value) }
        return try mirror.children.first.map { try word($0.value) } ?? "nil"
    }
}

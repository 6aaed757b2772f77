import Foundation
import Tensors
import Volumes

/// A volume with what registration works out from it alone (scaled intensities, coarser images, descriptors), each done
/// when it is first asked for and kept as long as this object. May be shared by threads.
public final class PreparedImage: @unchecked Sendable {
    public let volume: Volume
    private let frames = Memo<String, (image: FramedImage, grid: Grid)>()

    public init(_ volume: Volume) { self.volume = volume }

    /// The image with its axes turned to `orientation`, and its grid then; `name` is for errors.
    func framed(_ orientation: Orientation, _ name: String) throws -> (image: FramedImage, grid: Grid) {
        try frames.value(orientation.codes) {
            let turned = try volume.reoriented(to: orientation)
            return (try Registration.framed(turned, name), turned.grid)
        }
    }

    /// Bytes that it may come to keep: the scaled image, its coarser ones, and the descriptors.
    var largestSize: Int { 6 * volume.grid.count + (24 << 20) }
}

/// Values that are worked out once. A thread that asks while another works the value out waits for it.
final class Memo<Key: Hashable, Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var known: [Key: Value] = [:]

    func value(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
        lock.lock()
        defer { lock.unlock() }
        if let value = known[key] { return value }
        let value = try make()
        known[key] = value
        return value
    }
}

/// The prepared images in use lately, up to a number of bytes.
final class PreparedImages: @unchecked Sendable {
    private let lock = NSLock()
    private let limit: Int
    private var kept: [(address: String, image: PreparedImage)] = []

    /// At least the two images of a pair are kept.
    init(limit: Int) { self.limit = limit }

    func image(_ address: String, _ volume: Volume) -> PreparedImage {
        lock.lock()
        defer { lock.unlock() }
        if let place = kept.firstIndex(where: { $0.address == address }) {
            kept.append(kept.remove(at: place))
        } else {
            kept.append((address, PreparedImage(volume)))
        }
        while kept.count > 2, kept.reduce(0, { $0 + $1.image.largestSize }) > limit { kept.removeFirst() }
        return kept[kept.count - 1].image
    }
}

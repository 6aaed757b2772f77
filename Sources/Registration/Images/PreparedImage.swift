import Foundation
import Tensors
import Volumes

/// A volume with what registration works out from it alone (scaled intensities, coarser images, descriptors), each done
/// when it is first asked for and kept as long as this object. May be shared by threads.
public final class PreparedImage: @unchecked Sendable {
    public let volume: Volume
    private let frames = Memo<String, (image: FramedImage, grid: Grid)>(limit: 4)

    public init(_ volume: Volume) { self.volume = volume }

    /// The image with its axes turned to `orientation`, and its grid then; `name` is for errors.
    func framed(_ orientation: Orientation, _ name: String) throws -> (image: FramedImage, grid: Grid) {
        try frames.value(orientation.codes) {
            let turned = try volume.reoriented(to: orientation)
            return (try Registration.framed(turned, name), turned.grid)
        }
    }

    /// What it keeps, or, before it was asked for anything, soon will: the scaled image, its coarser ones, and the
    /// descriptors.
    var bytes: Int { max(6 * volume.grid.count + (24 << 20), frames.values.reduce(0) { $0 + $1.image.bytes }) }
}

/// Values that are worked out once, as long as they are among the `limit` that were asked for last. A thread that asks
/// while another works a value out waits for it.
final class Memo<Key: Hashable, Value>: @unchecked Sendable {
    private let making = NSLock()
    private let counting = NSLock()
    private let limit: Int
    private var known: [(key: Key, value: Value)] = []

    init(limit: Int) { self.limit = limit }

    func value(_ key: Key, _ make: () throws -> Value) rethrows -> Value {
        try making.withLock {
            if let value = found(key) { return value }
            let value = try make()
            counting.withLock {
                known.append((key, value))
                if known.count > limit { known.removeFirst() }
            }
            return value
        }
    }

    private func found(_ key: Key) -> Value? {
        counting.withLock {
            guard let place = known.firstIndex(where: { $0.key == key }) else { return nil }
            known.append(known.remove(at: place))
            return known[known.count - 1].value
        }
    }

    /// What is kept now; never waits for work under way.
    var values: [Value] { counting.withLock { known.map(\.value) } }
}

/// The prepared images in use lately, up to a number of bytes.
final class PreparedImages: @unchecked Sendable {
    private let lock = NSLock()
    private let limit: Int
    private var kept: [(address: String, image: PreparedImage)] = []

    /// At least the two images of a pair are kept.
    init(limit: Int) { self.limit = limit }

    func image(_ address: String, _ volume: Volume) -> PreparedImage {
        lock.withLock {
            if let place = kept.firstIndex(where: { $0.address == address }) {
                kept.append(kept.remove(at: place))
            } else {
                kept.append((address, PreparedImage(volume)))
            }
            while kept.count > 2, bytes > limit { kept.removeFirst() }
            return kept[kept.count - 1].image
        }
    }

    private var bytes: Int { kept.reduce(0) { $0 + $1.image.bytes } }
}

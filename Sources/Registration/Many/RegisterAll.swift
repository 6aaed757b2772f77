import Base
import Foundation
import Tensors
import Volumes

/// A volume of a list, with the name that messages and the log call it by.
public struct NamedVolume {
    public var name: String
    public var volume: Volume
    /// On the same grid. Of a target: where it is 0 nothing is compared; of a source: where it is 0 it is not looked for.
    public var mask: Volume?

    public init(_ name: String, _ volume: Volume, mask: Volume? = nil) {
        (self.name, self.volume, self.mask) = (name, volume, mask)
    }
}

/// How far `registerAll` is.
public struct RegistrationProgress: Sendable {
    public var total: Int
    /// Registered by this run.
    public var made = 0
    /// Found whole in the cache, or made by another process meanwhile.
    public var found = 0
    /// Of those made, how many took the place of a damaged entry.
    public var repaired = 0
    /// Entries that were not there at the start.
    public var missing: Int
    /// Since the start.
    public var seconds = 0.0

    public var done: Int { made + found }
    /// Seconds that the rest should take; nil until one registration is done.
    public var remaining: Double? {
        let left = max(0, min(total - done, missing + repaired - made))
        return left == 0 ? 0 : made == 0 ? nil : seconds / Double(made) * Double(left)
    }
}

/// The registrations of every source onto every target, read from their cache when they are asked for.
public struct RegistrationTable {
    public let cache: RegistrationCache
    public let sources: [String]
    public let targets: [String]
    public let progress: RegistrationProgress
    let keys: [[RegistrationKey]]
    /// Of the volumes, which know more of their files than the cache does.
    let grids: (sources: [Grid], targets: [Grid])

    /// The transform that brings source number `source` onto target number `target`. Code `file` when its entry was
    /// removed or damaged since.
    public func transform(source: Int, target: Int) throws -> Transform {
        let help = "run register_all again: it makes what is missing"
        switch cache.entry(keys[source][target]) {
        case .whole(let transform): return try transform.laidOut(moving: grids.sources[source], fixed: grids.targets[target])
        case .damaged(let reason): throw Failure("file", "a kept registration must be whole, but \(reason)", help: help)
        case .absent:
            throw Failure(
                "file", "the registration of \(sources[source]) onto \(targets[target]) must be in \(cache.folder), but is not there any more",
                help: help)
        }
    }
}

/// Registers every source onto every target; what `cache` holds whole already is not done again.
///
/// `workers` threads register one pair each with one thread of libtorch, so that the numbers do not depend on how many
/// there are. Per-volume work is shared. Memory: the given volumes, about 1 GiB of prepared images (more only where two
/// take more), and what one registration takes, for each worker. `progress` is called on the caller's thread ten times a second; what it or `options.check`
/// throws, and the first error of a pair, ends the run once every worker has come to its next step. What was finished
/// stays in the cache.
public func registerAll(
    _ sources: [NamedVolume], onto targets: [NamedVolume], cache: RegistrationCache,
    options: RegistrationOptions = RegistrationOptions(), workers: Int,
    progress: (RegistrationProgress) throws -> Void = { _ in }
) throws -> RegistrationTable {
    let sourceAddresses = try sources.map { try contentAddress($0.volume) }
    let targetAddresses = try targets.map { try contentAddress($0.volume) }
    func masked(_ options: RegistrationOptions, _ source: Int, _ target: Int) -> RegistrationOptions {
        var options = options
        if let mask = targets[target].mask { options.mask = mask }
        if let mask = sources[source].mask { options.movingMask = mask }
        return options
    }
    let keys = try sources.indices.map { source in
        try targets.indices.map { target in
            try RegistrationKey(
                moving: sourceAddresses[source], fixed: targetAddresses[target], options: masked(options, source, target))
        }
    }
    let words = try options.words()
    // Pairs of one target follow each other, because most of the per-volume work is the target's.
    var seen = Set<RegistrationKey>()
    var pairs: [RegistrationQueue.Pair] = []
    for target in targets.indices {
        for source in sources.indices where seen.insert(keys[source][target]).inserted {
            pairs.append(RegistrationQueue.Pair(source: source, target: target, key: keys[source][target]))
        }
    }
    let missing = pairs.filter { !FileManager.default.fileExists(atPath: cache.path($0.key)) }.count
    let queue = RegistrationQueue(pairs, missing: missing)
    let images = PreparedImages(limit: 1 << 30)
    var inner = options
    inner.check = queue.check

    let threadsBefore = Engine.threadCount
    defer { Engine.threadCount = threadsBefore }
    for _ in 0..<max(1, min(workers, pairs.count)) {
        queue.startWorker {
            Engine.threadCount = 1
            try queue.work(cache) { pair in
                let (source, target) = (sources[pair.source], targets[pair.target])
                do {
                    return try register(
                        images.image(sourceAddresses[pair.source], source.volume),
                        onto: images.image(targetAddresses[pair.target], target.volume), options: masked(inner, pair.source, pair.target))
                } catch var error as Failure where error.code != "interrupted" {
                    error.message = "\(source.name) onto \(target.name): \(error.message)"
                    throw error
                }
            } note: { pair in
                "\(sources[pair.source].name) onto \(targets[pair.target].name), \(words)"
            }
        }
    }
    let end = try queue.wait { state in
        try options.check()
        try progress(state)
    }
    return RegistrationTable(
        cache: cache, sources: sources.map(\.name), targets: targets.map(\.name), progress: end, keys: keys,
        grids: (sources.map(\.volume.grid), targets.map(\.volume.grid)))
}

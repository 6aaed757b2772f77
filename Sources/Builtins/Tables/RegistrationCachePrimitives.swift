import Base
import Foundation
import Machine
import Registration
import Tensors
import Volumes

/// Registering many volumes, each pair once.
enum RegistrationCachePrimitives {
    static let primitives = [
        Primitive(
            "register_all(sources: List, targets: List, cache: String, workers: Int? = nil, kind: \(RegistrationOptions.Kind.type) = \"deformable\", "
                + "smoothness: Float = 1.0, iterations: Int = 5, progress = true, \(RegistrationPrimitives.similarityParameter), seed: Int = 0, "
                + "invertible: Bool = false, masks: List? = nil, moving_masks: List? = nil) -> Registrations",
            "Registers every source onto every target, and keeps the transforms in the folder `cache`: no pair is done twice.",
            details: """
                Sources and targets are volumes, or records with an `image`, such as cases. `all[i, j]` of the result is the \
                transform that brings source `i` onto target `j`; it is read from the folder when it is asked for.

                `masks` has a mask for each target, or nil: where it is 0 nothing is compared. `moving_masks` has one for each \
                source: what it leaves is what is looked for.

                An entry's name is a hash of both images, the options and the version of the algorithm, so changed images or \
                options are registered anew, and two experiments can share a folder. A run that was stopped or killed goes on \
                where it was; several runs on one folder share the work; a damaged entry is noticed and made again. \
                `log.tsv` in the folder has a line for every entry made.

                `workers` pairs are registered at once, each on one thread, as many as `threads()` unless given; the results \
                do not depend on it. Memory: the volumes themselves, about 1 GiB for what is worked out once a volume, and one \
                registration's own for each worker. `progress` is `true` (now and then a line with the remaining time), \
                `false`, or a function that gets a map with `done`, `total`, `made`, `found`, `seconds` and `remaining`.
                """,
            example: """
                fn blob(at) = volume(tensor(map(0..<16, x => map(0..<16, y => map(0..<16, z => exp(-((x - at) ** 2 + (y - 8) ** 2 + (z - 8) ** 2) / 18.0))))))
                let all = register_all([blob(7), blob(8)], [blob(9)], cache: "/tmp/rs4-example-registrations")
                all[0, 0].kind  # => "deformable"
                register_all([blob(7), blob(8)], [blob(9)], cache: "/tmp/rs4-example-registrations").made  # => 0
                """
        ) { call in
            let workers = try call.optional(3, call.int) ?? Engine.threadCount
            guard (1...Engine.largestThreadCount).contains(workers) else {
                throw call.mismatch(3, expected: "from 1 to \(Engine.largestThreadCount)", found: String(workers))
            }
            let report = try ProgressReport(call, 7)
            let table = try registerAll(
                masked(call, volumes(call, 0), by: 12), onto: masked(call, volumes(call, 1), by: 11), cache: RegistrationCache(try call.string(2)),
                options: RegistrationOptions(
                    kind: try .read(call, 4), smoothness: try call.float(5),
                    iterations: try call.int(6), similarity: try RegistrationPrimitives.ChosenSimilarity.read(call, 8).similarity,
                    seed: UInt64(bitPattern: Int64(try call.int(9))), isInvertible: try call.bool(10),
                    check: call.machine.checkInterrupt),
                workers: workers, progress: report.show)
            try report.end(table.progress)
            return .object(RegistrationTableObject(table))
        }
    ]

    /// The volumes with the masks of a list that may be nil, one for each.
    private static func masked(_ call: PrimitiveCall, _ volumes: [NamedVolume], by position: Int) throws -> [NamedVolume] {
        guard let masks = try call.optional(position, call.list) else { return volumes }
        guard masks.count == volumes.count else {
            throw call.mismatch(position, expected: "a list of \(volumes.count), one for each volume", found: "a list of \(masks.count)")
        }
        return try zip(volumes, masks).enumerated().map { place, pair in
            if case .none = pair.1 { return pair.0 }
            guard let mask = (pair.1.object as? VolumeObject)?.volume else {
                throw call.mismatch(position, expected: "a list of volumes and nil", found: "\(pair.1.typeName) at \(place)")
            }
            return NamedVolume(pair.0.name, pair.0.volume, mask: mask)
        }
    }

    /// The volumes of a list, named by the record's `id` or the file's name, else by their place.
    private static func volumes(_ call: PrimitiveCall, _ position: Int) throws -> [NamedVolume] {
        try call.list(position).enumerated().map { place, item in
            let word = "\(call.primitive.parameters[position].name)[\(place)]"
            var image = item
            var name: String?
            if let object = item.object, !(object is VolumeObject) {
                if let found = try object.field("image") { image = found }
                name = try object.field("id")?.text
            }
            guard let volume = (image.object as? VolumeObject)?.volume else {
                throw call.mismatch(
                    position, expected: "a list of volumes, or of records with an `image`", found: "\(item.typeName) at \(place)")
            }
            guard volume.labels == nil else {
                throw call.mismatch(
                    position, expected: "a list of images", found: "labels at \(place)", help: RegistrationPrimitives.needsImages)
            }
            return NamedVolume(name ?? volume.path.map { FileAccess.name(of: $0) } ?? word, volume)
        }
    }
}

/// How a long call says how far it is: a line now and then, a function of the script, or nothing.
private final class ProgressReport {
    private let call: PrimitiveCall
    private let function: Value?
    private let isShown: Bool
    private var lastLine = Date()
    private var lastDone = -1
    private var hasShown = false

    /// `position` is that of the parameter: true, false, nil or a function.
    init(_ call: PrimitiveCall, _ position: Int) throws {
        self.call = call
        switch call[position] {
        case .boolean(let truth): (isShown, function) = (truth, nil)
        case .none: (isShown, function) = (false, nil)
        case .object(let object) where object.isCallable: (isShown, function) = (false, call[position])
        default: throw call.mismatch(position, expected: "true, false or a function")
        }
    }

    func show(_ state: RegistrationProgress) throws {
        if let function {
            guard state.done != lastDone else { return }
            lastDone = state.done
            _ = try call.machine.call(function, CallArguments([.object(map(state))]))
        } else if isShown, Date().timeIntervalSince(lastLine) >= max(5, state.seconds / 10) {
            lastLine = Date()
            hasShown = true
            let remaining = state.remaining.map { ", about \(shortSeconds($0)) left" } ?? ""
            call.machine.host.write(
                "  \(state.done) of \(state.total) registrations (\(state.found) found) in \(shortSeconds(state.seconds))\(remaining)\n")
        }
    }

    /// The last state, for a function always, in words after other words.
    func end(_ state: RegistrationProgress) throws {
        if function != nil { return try show(state) }
        if hasShown {
            call.machine.host.write("  \(state.total) registrations (\(state.found) found) in \(shortSeconds(state.seconds))\n")
        }
    }

    private func map(_ state: RegistrationProgress) -> MapObject {
        MapObject([
            ("done", .integer(state.done)), ("total", .integer(state.total)), ("made", .integer(state.made)),
            ("found", .integer(state.found)), ("seconds", .float(state.seconds)),
            ("remaining", state.remaining.map { .float($0) } ?? .none),
        ])
    }
}

import Base
import Foundation
import Tensors
import Testing
import Volumes

@testable import Registration

@Suite struct RegistrationCacheTests {
    private let folder = NSTemporaryDirectory() + "rs4-registrations-\(UUID().uuidString)"
    private let grid: Grid
    init() throws { grid = try Grid(shape: [14, 12, 10], spacing: [2, 2, 2], origin: [-9, 4, 1]) }

    private func volumes(_ count: Int) throws -> [NamedVolume] {
        try (0..<count).map { NamedVolume("case \($0)", try Phantom.image(grid, seed: $0 + 1)) }
    }

    private func remove() { try? FileManager.default.removeItem(atPath: folder) }

    @Test func everyOptionIsPartOfTheAddress() throws {
        let words = try RegistrationOptions(iterations: 12).words()
        #expect(words.contains("kind=deformable") && words.contains("smoothness=1.0") && words.contains("iterations=12"))
        // What was kept before similarities had files of their own is found again.
        for (similarity, name) in zip(similarities, ["selfSimilarity", "correlation", "mutualInformation"]) {
            #expect(try RegistrationOptions(similarity: similarity).words().contains("similarity=\(name) "))
        }
        let names = Mirror(reflecting: RegistrationOptions()).children.compactMap(\.label)
        #expect(words.split(separator: " ").map { $0.prefix { $0 != "=" } } == names.filter { $0 != "check" }.map { $0[...] })
        for other in [RegistrationOptions(kind: .rigid), RegistrationOptions(smoothness: 2), RegistrationOptions(iterations: 3)] {
            #expect(try other.words() != words)
        }
    }

    @Test func addressesDifferWhereResultsMay() throws {
        let image = try Phantom.image(grid)
        let same = try contentAddress(Volume(data: image.data.multiplying(1), grid: grid))
        #expect(try contentAddress(image) == same)
        #expect(try contentAddress(Volume(data: image.data.adding(1e-3), grid: grid)) != same)
        let moved = try Grid(shape: grid.shape, spacing: [2, 2, 2], origin: [-9, 4, 1.5])
        #expect(try contentAddress(Volume(data: image.data, grid: moved)) != same)
        let key = try RegistrationKey(moving: "a", fixed: "b", options: RegistrationOptions())
        #expect(try RegistrationKey(moving: "b", fixed: "a", options: RegistrationOptions()) != key)
        #expect(try RegistrationKey(moving: "a", fixed: "b", options: RegistrationOptions(smoothness: 2)) != key)
    }

    @Test func masksArePartOfTheAddressAndReachThePair() throws {
        defer { remove() }
        let cache = try RegistrationCache(folder)
        var (sources, targets) = (try volumes(1), [try volumes(2)[1]])
        #expect(try registerAll(sources, onto: targets, cache: cache, workers: 1).progress.made == 1)
        let half = try Tensor((0..<grid.shape[0]).map { $0 < 8 ? Float(1) : 0 }, shape: [grid.shape[0], 1, 1])
        let mask = try Volume(data: half.expanded(grid.shape).contiguous(), grid: grid)
        targets[0].mask = mask
        let masked = try registerAll(sources, onto: targets, cache: cache, workers: 1)
        #expect(masked.progress.made == 1)
        let alone = try register(
            moving: sources[0].volume, onto: targets[0].volume, options: RegistrationOptions(mask: mask))
        #expect(try masked.transform(source: 0, target: 0).affine == alone.affine)
        (sources[0].mask, targets[0].mask) = (mask, nil)
        #expect(try registerAll(sources, onto: targets, cache: cache, workers: 1).progress.made == 1)
        #expect(try registerAll(sources, onto: targets, cache: cache, workers: 1).progress.made == 0)
    }

    @Test func anEntryComesBackAsItWas() throws {
        defer { remove() }
        let cache = try RegistrationCache(folder)
        let key = try RegistrationKey(moving: "a", fixed: "b", options: RegistrationOptions())
        guard case .absent = cache.entry(key) else { return #expect(Bool(false), "nothing was kept yet") }
        let transform = try register(moving: Phantom.image(grid, seed: 2), onto: Phantom.image(grid))
        try cache.keep(transform, key, note: "a\tonto\nb")
        guard case .whole(let kept) = cache.entry(key) else { return #expect(Bool(false), "the entry must be whole") }
        #expect(kept.kind == transform.kind && kept.affine == transform.affine)
        #expect(kept.fixed == transform.fixed && kept.moving == transform.moving)
        let displacement = disagreement(try kept.displacement?.floats(), try transform.displacement?.floats())
        #expect(displacement == nil)
        #expect(kept.similarity?.after == transform.similarity?.after && kept.seconds == transform.seconds)
        let log = try String(contentsOfFile: "\(folder)/log.tsv", encoding: .utf8)
        #expect(log.hasSuffix("\ta onto b\n") && log.split(separator: "\n").count == 1)
    }

    @Test func noDamageIsTakenForAnEntry() throws {
        defer { remove() }
        let cache = try RegistrationCache(folder)
        let key = try RegistrationKey(moving: "a", fixed: "b", options: RegistrationOptions())
        let field = try Tensor((0..<(3 * grid.count)).map { Float($0 % 7) }, shape: [3] + grid.shape)
        try cache.keep(Transform(kind: .deformable, fixed: grid, moving: grid, displacement: field), key, note: "")
        let path = cache.path(key)
        let whole = [UInt8](try #require(FileManager.default.contents(atPath: path)))
        for place in stride(from: 0, to: whole.count, by: 61) {
            var bytes = whole
            bytes[place] ^= 0x10
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            // Bytes that say nothing (dates, flags of the archive) may change.
            if case .whole(let kept) = cache.entry(key) {
                #expect(try kept.displacement?.floats() == field.floats() && kept.affine == .identity, "byte \(place)")
            }
        }
        for count in stride(from: 0, to: whole.count, by: 997) {
            try Data(whole.prefix(count)).write(to: URL(fileURLWithPath: path))
            guard case .damaged = cache.entry(key) else { return #expect(Bool(false), "cut to \(count) bytes") }
        }
        let other = try RegistrationKey(moving: "b", fixed: "a", options: RegistrationOptions())
        try FileManager.default.createDirectory(
            atPath: (cache.path(other) as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(whole).write(to: URL(fileURLWithPath: cache.path(other)))
        guard case .damaged = cache.entry(other) else { return #expect(Bool(false), "an entry under another's name") }
    }

    @Test func aLockKeepsOthersOut() throws {
        defer { remove() }
        let (cache, other) = (try RegistrationCache(folder), try RegistrationCache(folder))
        let key = try RegistrationKey(moving: "a", fixed: "b", options: RegistrationOptions())
        var lock = try cache.lock(key)
        #expect(lock != nil)
        #expect(try other.lock(key) == nil)
        #expect(try other.lock(RegistrationKey(moving: "c", fixed: "b", options: RegistrationOptions())) != nil)
        lock = nil
        #expect(try other.lock(key) != nil)
    }

    @Test func whatAKilledProcessLeftIsRemovedButNotWhatOneIsWriting() throws {
        defer { remove() }
        let cache = try RegistrationCache(folder)
        let keys = try ["a", "b"].map { try RegistrationKey(moving: $0, fixed: "c", options: RegistrationOptions()) }
        let files = keys.map { key -> String in
            let entry = cache.path(key) as NSString
            return "\(entry.deletingLastPathComponent)/.writing-1-2-\(entry.lastPathComponent)"
        }
        for file in files {
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data([1, 2]).write(to: URL(fileURLWithPath: file))
        }
        let lock = try cache.lock(keys[1])
        _ = try RegistrationCache(folder)
        #expect(!FileManager.default.fileExists(atPath: files[0]))
        withExtendedLifetime(lock) { #expect(FileManager.default.fileExists(atPath: files[1])) }
    }

    @Test func resultsDoNotDependOnTheNumberOfWorkers() throws {
        defer { remove() }
        let images = try volumes(3)
        let tables = try [1, 2, 4].map { workers in
            try registerAll(images, onto: images, cache: RegistrationCache("\(folder)/\(workers)"), workers: workers)
        }
        for table in tables { #expect(table.progress.made == 9 && table.progress.found == 0) }
        for source in 0..<3 {
            for target in 0..<3 {
                let all = try tables.map { try $0.transform(source: source, target: target) }
                for other in all.dropFirst() {
                    #expect(other.affine == all[0].affine)
                    let displacement = disagreement(try other.displacement?.floats(), try all[0].displacement?.floats())
                    #expect(displacement == nil)
                }
            }
        }
        let threads = Engine.threadCount
        let again = try registerAll(images, onto: images, cache: tables[0].cache, workers: 2)
        #expect(again.progress.made == 0 && again.progress.found == 9)
        #expect(Engine.threadCount == threads)
    }

    @Test func equalVolumesAreRegisteredOnce() throws {
        defer { remove() }
        let images = try volumes(2)
        let table = try registerAll([images[0], images[0]], onto: [images[1], images[1]], cache: RegistrationCache(folder), workers: 2)
        #expect(table.progress.total == 1 && table.progress.made == 1)
        #expect(try table.transform(source: 1, target: 1).affine == table.transform(source: 0, target: 0).affine)
    }

    @Test func aPairThatCannotBeRegisteredEndsTheRunAndIsNamed() throws {
        defer { remove() }
        let empty = NamedVolume("empty", try Volume(data: Tensor.zeros(grid.shape), grid: grid))
        #expect {
            try registerAll(volumes(1) + [empty], onto: volumes(1), cache: RegistrationCache(folder), workers: 1)
        } throws: { error in
            (error as? Failure)?.code == "value" && (error as? Failure)?.message.hasPrefix("empty onto case 0: ") == true
        }
    }

    @Test func stopsWhenAskedAndGoesOn() throws {
        defer { remove() }
        struct Stop: Error {}
        let images = try volumes(4)
        let cache = try RegistrationCache(folder)
        #expect(throws: Stop.self) {
            try registerAll(images, onto: images, cache: cache, workers: 2) { if $0.made >= 2 { throw Stop() } }
        }
        let table = try registerAll(images, onto: images, cache: cache, workers: 2)
        #expect(table.progress.made + table.progress.found == 16 && table.progress.found >= 2)
    }

    @Test func aFolderThatCannotBeIsAnError() throws {
        let file = NSTemporaryDirectory() + "rs4-no-folder-\(UUID().uuidString)"
        try Data().write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        for path in ["", file, "/proc/none/cache"] {
            #expect { try RegistrationCache(path) } throws: { ($0 as? Failure)?.code == "file" }
        }
    }
}

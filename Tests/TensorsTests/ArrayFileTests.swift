import Base
import Foundation
import Testing

@testable import Tensors

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/arrays").path
private let expected: [String: Any] = {
    let data = FileManager.default.contents(atPath: "\(fixtures)/expected.json") ?? Data()
    return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
}()

/// A folder that goes when the test ends.
final class TemporaryFolder {
    let path = NSTemporaryDirectory() + "rs4-test-\(UUID().uuidString)"
    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func file(_ name: String) -> String { "\(path)/\(name)" }
}

private func read(_ name: String) throws -> [String: Tensor] {
    Dictionary(try readArrays("\(fixtures)/\(name)").map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
}

/// Σ value·(index + first), which notices order as well as values.
private func weighted(_ tensor: Tensor, from first: Int) throws -> Double {
    try tensor.doubles().enumerated().reduce(0) { $0 + $1.element * Double($1.offset + first) }
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-6) -> Bool {
    abs(a - b) <= tolerance * max(1, abs(b))
}

/// Runs `body`, which must throw code `file`, and gives the message with the help.
private func fileError(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch let error as Failure {
        return error.code == "file" ? error.message + " | " + (error.help ?? "") : "code \(error.code): \(error.message)"
    } catch {
        return "another error: \(error)"
    }
}

@Suite struct ArrayFileReading {
    @Test func numpyTypes() throws {
        let arrays = try read("types.npz")
        let sums = try #require(expected["npz_sum"] as? [String: Double])
        let products = try #require(expected["npz_weighted"] as? [String: Double])
        #expect(arrays["text"] == nil)
        for (name, sum) in sums {
            let tensor = try #require(arrays[name])
            #expect(isClose(try weighted(tensor, from: 0), try #require(products[name])), "\(name)")
            #expect(isClose(try tensor.doubles().reduce(0, +), sum), "\(name)")
        }
        #expect(arrays["le_f2"]?.dtype == .float32)
        #expect(arrays["be_u2"]?.dtype == .int32)
        #expect(arrays["fortran"]?.shape == [2, 3, 4])
        #expect(arrays["scalar"]?.shape == [])
        #expect(arrays["empty"]?.shape == [0, 3])
        #expect(try readArrays("\(fixtures)/one.npy").map(\.name) == ["array"])
    }

    @Test func safetensorsTypes() throws {
        let arrays = try read("types.safetensors")
        #expect(arrays.count == 10)
        #expect(arrays["bf16"]?.dtype == .bfloat16)
        #expect(arrays["f16"]?.dtype == .float16)
        #expect(try arrays["i64"]?.ints() == [-1, 5])
        #expect(try arrays["u16"]?.ints() == [1, 65535])
        #expect(try arrays["scalar"]?.item() == 1.5)
        #expect(arrays["empty"]?.shape == [0, 2])
        let same = try #require(arrays["f32"])
        #expect(isClose(try weighted(same, from: 1), try #require((expected["h5"] as? [String: Double])?["image"])))
    }

    @Test func hdf5Types() throws {
        let arrays = try read("types.h5")
        let sums = try #require(expected["h5"] as? [String: Double])
        for (name, key) in [("image", "image"), ("be", "be"), ("group/inner/label", "label"), ("i64", "i64"), ("half", "half")] {
            #expect(isClose(try weighted(try #require(arrays[name]), from: 1), try #require(sums[key])), "\(name)")
        }
        #expect(arrays["group/inner/label"]?.dtype == .uint8)
        #expect(arrays["bool"]?.dtype == .bool)
        #expect(try arrays["scalar"]?.item() == 3.5)
        #expect(arrays["empty"]?.shape == [0, 2])
        #expect(arrays["text"] == nil)
    }

    @Test func torchCheckpoint() throws {
        let arrays = try read("checkpoint.pth")
        let sums = try #require(expected["torch"] as? [String: [Any]])
        for (name, entry) in sums {
            let key = name == "x2" ? "optimizer.state.0.exp_avg" : "model.\(name)"
            let tensor = try #require(arrays[key], "\(key)")
            #expect(tensor.shape == entry[0] as? [Int])
            #expect(isClose(try weighted(tensor, from: 1), try #require((entry[1] as? NSNumber)?.doubleValue), 1e-5), "\(key)")
        }
        #expect(try arrays["epoch"]?.itemInt() == 3)
        #expect(try arrays["best"]?.item() == 0.75)
        #expect(try arrays["lr.1"]?.item() == 0.2)
        #expect(arrays["model.brain"]?.dtype == .bfloat16)
        #expect(arrays["name"] == nil)
        #expect(
            try readArrays("\(fixtures)/state.pth").map(\.name) == [
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
            ])
    }

    @Test func modelsAndOldFilesAreRefused() {
        #expect(fileError { _ = try readArrays("\(fixtures)/whole_model.pth") }.contains("state_dict"))
        #expect(fileError { _ = try readArrays("\(fixtures)/legacy.pth") }.contains("save it again"))
    }

    @Test func missingFileNamesNearOnes() {
        let message = fileError { _ = try readArrays("\(fixtures)/type.npz") }
        #expect(message.contains("types.npz"))
        #expect(fileError { _ = try readArrays("/nowhere/at/all.npz") }.contains("does not exist"))
        #expect(fileError { _ = try readArrays(fixtures) }.contains("folder"))
    }

    @Test func everyTruncationIsAnError() throws {
        let folder = TemporaryFolder()
        for name in ["types.npz", "one.npy", "types.safetensors", "types.h5", "checkpoint.pth"] {
            let whole = [UInt8](try #require(FileManager.default.contents(atPath: "\(fixtures)/\(name)")))
            for length in stride(from: 0, to: whole.count - 1, by: max(1, whole.count / 40)) {
                let path = folder.file("cut-\(name)")
                try FileAccess.write([Array(whole[..<length])], to: path)
                let message = fileError { _ = try readArrays(path) }
                #expect(message.hasPrefix(path), "\(name) cut to \(length): \(message)")
            }
        }
    }

    @Test func damagedBytesNeverEndTheProcess() throws {
        let folder = TemporaryFolder()
        var state: UInt64 = 88_172_645_463_325_252
        func random() -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state >> 33)
        }
        for name in ["types.npz", "one.npy", "types.safetensors", "types.h5", "checkpoint.pth"] {
            let whole = [UInt8](try #require(FileManager.default.contents(atPath: "\(fixtures)/\(name)")))
            for _ in 0..<60 {
                var bytes = whole
                for _ in 0..<3 { bytes[random() % min(bytes.count, 1500)] = UInt8(random() % 256) }
                let path = folder.file("damaged-\(name)")
                try FileAccess.write([bytes], to: path)
                do { _ = try readArrays(path) } catch let error as Failure {
                    #expect(["file", "memory"].contains(error.code), "\(error)")
                }
            }
        }
    }

    @Test func hugeClaimsAreRefused() throws {
        let folder = TemporaryFolder()
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000, 100000), }\n"
        let npy = NPY.magic + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        try FileAccess.write([npy], to: folder.file("huge.npy"))
        #expect(fileError { _ = try readArrays(folder.file("huge.npy")) }.contains("bytes"))
        let long: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] + Array("{}".utf8)
        try FileAccess.write([long], to: folder.file("long.safetensors"))
        #expect(fileError { _ = try readArrays(folder.file("long.safetensors")) }.hasPrefix(folder.path))
        try FileAccess.write([Array("hello, this is text".utf8)], to: folder.file("text.npz"))
        #expect(fileError { _ = try readArrays(folder.file("text.npz")) }.contains("starts with the bytes"))
    }
}

@Suite struct ArrayFileWriting {
    private func samples() throws -> [(name: String, tensor: Tensor)] {
        [
            ("weights.first", try Tensor([1.5, -2, 3, 4, 5, 6] as [Float], shape: [2, 3])),
            ("double", try Tensor([0.1, 0.2] as [Double])), ("long", try Tensor([-1, 1 << 40] as [Int])),
            ("truth", try Tensor([true, false, true])), ("bytes", try Tensor([0, 255] as [UInt8])),
            ("short", try Tensor([-300] as [Int16])), ("scalar", try Tensor(scalar: 2.5)),
            ("empty", try Tensor.zeros([0, 4])),
            ("turned", try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]).transposed(0, 1)),
        ]
    }

    @Test func theFormatsThatMessagesOffer() {
        #expect(ArrayFormats.endings.prefix(4) == [".npz", ".safetensors", ".h5", ".pth"])
        #expect(ArrayFormats.compressedEndings.prefix(2) == [".npz", ".h5"])
        #expect(ArrayFormats.names.hasPrefix("npz, npy, safetensors, HDF5"))
        let endings = ArrayFormats.all.flatMap { $0.endings }
        #expect(Set(endings).count == endings.count)
    }

    @Test func everyFormatIsKnownByItsContent() throws {
        let folder = TemporaryFolder()
        for format in ArrayFormats.all {
            let path = folder.file("a.\(format.endings[0])")
            try writeArrays(path, [("array", try Tensor([1.5, 2] as [Float]))])
            for name in [path, folder.file("a.dat"), folder.file("a.nii")] {
                if name != path { try Data(contentsOf: URL(fileURLWithPath: path)).write(to: URL(fileURLWithPath: name)) }
                #expect(try ArrayFormats.name(firstBytes: FileAccess.firstBytes(of: name, count: 4096), path: name) == format.name)
                #expect(try readArrays(name).map(\.name) == ["array"])
            }
        }
    }

    @Test(arguments: ArrayFormats.endings.map { "a\($0)" }) func roundTrip(name: String) throws {
        let folder = TemporaryFolder()
        for compressed in [false, true] {
            try writeArrays(folder.file(name), try samples(), compressed: compressed)
            let back = Dictionary(uniqueKeysWithValues: try readArrays(folder.file(name)).map { ($0.name, $0.tensor) })
            #expect(back.count == 9)
            for (name, tensor) in try samples() {
                let found = try #require(back[name])
                #expect(found.shape == tensor.shape && found.dtype == tensor.dtype, "\(name)")
                #expect(try found.doubles() == tensor.doubles(), "\(name)")
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    }

    @Test func bfloat16() throws {
        let folder = TemporaryFolder()
        let tensor = try Tensor([1, 2.5] as [Float]).to(dtype: .bfloat16)
        for (name, dtype) in [("a.npz", DType.float32), ("a.h5", .float32), ("a.safetensors", .bfloat16), ("a.pt", .bfloat16)] {
            try writeArrays(folder.file(name), [("x", tensor)])
            let back = try readArrays(folder.file(name))[0].tensor
            #expect(back.dtype == dtype)
            #expect(try back.floats() == [1, 2.5])
        }
    }

    @Test func groups() throws {
        let folder = TemporaryFolder()
        try writeArrays(folder.file("a.h5"), [("one/two/three", try Tensor([1.0] as [Float])), ("one/other", try Tensor([2]))])
        #expect(try readArrays(folder.file("a.h5")).map(\.name).sorted() == ["one/other", "one/two/three"])
    }

    @Test func badNamesAndPlaces() throws {
        let folder = TemporaryFolder()
        let x = try Tensor([1.0] as [Float])
        #expect(fileError { try writeArrays(folder.file("a.txt"), [("x", x)]) }.contains(".npz"))
        #expect(fileError { try writeArrays(folder.file("no/such/a.npz"), [("x", x)]) }.contains("make_folder"))
        #expect(throws: Failure.self) { try writeArrays(folder.file("a.npz"), [("x", x), ("x", x)]) }
        #expect(throws: Failure.self) { try writeArrays(folder.file("a.h5"), [("x", x), ("x/y", x)]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// The reference's weights, where they are at hand: the same numbers from both of their formats.
    @Test func referenceNetworks() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/reference/networks").path
        guard FileManager.default.fileExists(atPath: "\(root)/unet.pth") else {
            print("skipped: ../shared/reference/networks is not here")
            return
        }
        let torch = Dictionary(uniqueKeysWithValues: try readArrays("\(root)/unet.pth").map { ($0.name, $0.tensor) })
        let safe = try readArrays("\(root)/unet.safetensors")
        #expect(torch.count == safe.count)
        for (name, tensor) in safe {
            let other = try #require(torch[name])
            #expect(try other.shape == tensor.shape && other.doubles() == tensor.doubles(), "\(name)")
        }
        #expect(try readArrays("\(root)/unet_io.npz").contains { $0.name == "logits" })
    }
}

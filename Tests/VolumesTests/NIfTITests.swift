import Base
import Foundation
import Tensors
import Testing

@testable import Volumes

let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures").path

/// A folder that goes when the test ends.
final class TemporaryFolder {
    let path = NSTemporaryDirectory() + "rs4-test-\(UUID().uuidString)"
    init() { try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Runs `body`, which must throw a Failure, and gives its code, message and help in one line.
func problem(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch let error as Failure {
        return "\(error.code): \(error.message) | \(error.help ?? "")"
    } catch {
        return "another error: \(error)"
    }
}

func isClose(_ a: [[Double]], _ b: [[Double]], _ tolerance: Double = 1e-5) -> Bool {
    zip(a.flatMap { $0 }, b.flatMap { $0 }).allSatisfy { abs($0 - $1) <= tolerance }
}

private struct Expected: Decodable {
    var shape: [Int]
    var affine: [[Double]]
    var axcodes: String
    var zooms: [Double]
    var sum: Double
    var canonical_shape: [Int]
    var canonical_affine: [[Double]]
    var canonical_first_voxels: [Double]
}

private let expected: [String: Expected] = {
    let data = FileManager.default.contents(atPath: "\(fixtures)/nifti/expected.json") ?? Data()
    return (try? JSONDecoder().decode([String: Expected].self, from: data)) ?? [:]
}()

@Suite struct NIfTIReading {
    @Test func reproducesTheReference() throws {
        #expect(expected.count == 12)
        for (name, wanted) in expected {
            let stored = try readVolume("\(fixtures)/nifti/\(name)", orientation: nil)
            #expect(stored.shape == wanted.shape, "\(name)")
            #expect(isClose(stored.grid.affine.rows, wanted.affine), "\(name)")
            #expect(stored.grid.orientation.codes == wanted.axcodes, "\(name)")
            #expect(isClose([stored.spacing], [Array(wanted.zooms.prefix(3))]), "\(name)")
            let sum = try stored.data.doubles().reduce(0, +)
            #expect(abs(sum - wanted.sum) <= 1e-5 * max(1, abs(wanted.sum)), "\(name)")

            let canonical = try readVolume("\(fixtures)/nifti/\(name)", dtype: .float64)
            #expect(canonical.shape == wanted.canonical_shape, "\(name)")
            #expect(isClose(canonical.grid.affine.rows, wanted.canonical_affine), "\(name)")
            #expect(canonical.storedOrientation?.codes == wanted.axcodes)
            // The reference lists voxels with the first axis fastest.
            let order = Array((0..<canonical.data.rank).reversed())
            let values = try canonical.data.permuted(order).contiguous().doubles()
            #expect(isClose([Array(values.prefix(8))], [wanted.canonical_first_voxels]), "\(name)")
        }
    }

    @Test(arguments: ["a.nii", "a.nii.gz", "a.hdr", "a.img"]) func roundTrip(name: String) throws {
        let folder = TemporaryFolder()
        for (source, wanted) in expected {
            let volume = try readVolume("\(fixtures)/nifti/\(source)", dtype: nil)
            try writeVolume(volume, to: folder.file(name))
            // Written in the orientation of the file it came from.
            let stored = try readVolume(folder.file(name), dtype: nil, orientation: nil)
            #expect(stored.shape == wanted.shape)
            #expect(isClose(stored.grid.affine.rows, wanted.affine, 1e-4), "\(source)")
            let back = try readVolume(folder.file(name), dtype: nil)
            #expect(back.grid.isSame(as: volume.grid))
            #expect(try back.data.doubles() == volume.data.doubles(), "\(source)")
        }
    }

    @Test func writesTheSmallestIntegerType() throws {
        let folder = TemporaryFolder()
        let grid = try Grid(shape: [1, 1, 2])
        for (numbers, dtype) in [([0, 255], DType.uint8), ([-1, 255], .int16), ([0, 40000], .int32), ([0, 1 << 40], .int64)] {
            let volume = try Volume(data: try Tensor(numbers, shape: [1, 1, 2]), grid: grid)
            try writeVolume(volume, to: folder.file("a.nii"))
            let back = try readVolume(folder.file("a.nii"), dtype: nil)
            #expect(back.data.dtype == dtype)
            #expect(try readLabels(folder.file("a.nii")).data.ints() == numbers)
        }
    }

    @Test func labels() throws {
        let folder = TemporaryFolder()
        let grid = try Grid(shape: [1, 1, 3])
        try writeVolume(try Volume(data: try Tensor([0, 1, 2] as [Float], shape: [1, 1, 3]), grid: grid), to: folder.file("whole.nii"))
        let labels = try readLabels(folder.file("whole.nii"))
        #expect(labels.isLabels && labels.data.dtype == .int64)
        try writeVolume(try Volume(data: try Tensor([0, 0.4, 2] as [Float], shape: [1, 1, 3]), grid: grid), to: folder.file("soft.nii"))
        #expect(problem { _ = try readLabels(folder.file("soft.nii")) }.hasPrefix("value:"))
    }

    /// Header bytes of a good file, changed at one place.
    private func changed(_ folder: TemporaryFolder, at offset: Int, _ bytes: [UInt8]) throws -> String {
        var whole = [UInt8](try #require(FileManager.default.contents(atPath: "\(fixtures)/nifti/qform_only_int16.nii")))
        whole.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
        let path = folder.file("changed.nii")
        try Data(whole).write(to: URL(fileURLWithPath: path))
        return problem { _ = try readVolume(path) }
    }

    @Test func damagedHeaders() throws {
        let folder = TemporaryFolder()
        func short(_ number: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)] }
        func float(_ number: Float) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
        for count in [0, 1, 8, -1, 300] {
            #expect(try changed(folder, at: 40, short(count)).contains("2 to 7 dimensions"), "dim[0] = \(count)")
        }
        #expect(try changed(folder, at: 42, short(0)).contains("at least one voxel"))
        #expect(try changed(folder, at: 42, short(-3)).contains("at least one voxel"))
        #expect(try changed(folder, at: 42, short(10)).contains("bytes that its shape"))
        #expect(try changed(folder, at: 70, short(128)).contains("real numbers"))
        #expect(try changed(folder, at: 70, short(77)).contains("real numbers"))
        #expect(try changed(folder, at: 80, float(0)).contains("positive spacing"))
        #expect(try changed(folder, at: 80, float(.nan)).contains("positive spacing"))
        #expect(try changed(folder, at: 84, float(-2)).contains("positive spacing"))
        #expect(try changed(folder, at: 108, float(1e9)).contains("complete image"))
        #expect(try changed(folder, at: 108, float(.nan)).contains("start inside the file"))
        #expect(try changed(folder, at: 256, float(.nan)).contains("valid orientation"))
        #expect(try changed(folder, at: 268, float(.infinity)).contains("invertible affine"))
        // An sform of zeros that claims to count.
        let zeros = short(1) + [UInt8](repeating: 0, count: 326 - 254)
        #expect(try changed(folder, at: 254, zeros).contains("invertible affine"))
        #expect(try changed(folder, at: 0, [1, 2, 3, 4]).contains("must be a NIfTI image"))
        #expect(try changed(folder, at: 344, [0, 0, 0, 0]).contains("ANALYZE"))
        #expect(problem { _ = try readVolume("\(fixtures)/arrays/types.npz") }.contains("read_arrays"))
        #expect(problem { _ = try readVolume("\(fixtures)/nifti/RAS_int61.nii.gz") }.contains("RAS_int16.nii.gz"))
    }

    @Test func everyTruncationIsAnError() throws {
        let folder = TemporaryFolder()
        for name in ["qform_only_int16.nii", "RAS_int16.nii.gz", "nifti2_float32.nii.gz"] {
            let whole = try #require(FileManager.default.contents(atPath: "\(fixtures)/nifti/\(name)"))
            for length in Array(stride(from: 0, to: whole.count - 9, by: 23)) + [whole.count - 3] {
                let path = folder.file("cut-\(name)")
                try whole.prefix(length).write(to: URL(fileURLWithPath: path))
                let message = problem { _ = try readVolume(path) }
                #expect(message.hasPrefix("file: \(path)"), "\(name) cut to \(length): \(message)")
            }
        }
    }

    @Test func flippedBitsAreNoticed() throws {
        let folder = TemporaryFolder()
        var whole = [UInt8](try #require(FileManager.default.contents(atPath: "\(fixtures)/nifti/RAS_int16.nii.gz")))
        whole[whole.count - 6] ^= 1
        try Data(whole).write(to: URL(fileURLWithPath: folder.file("flipped.nii.gz")))
        #expect(problem { _ = try readVolume(folder.file("flipped.nii.gz")) }.contains("intact"))
    }

    @Test func twoDimensionsAreOneSlice() throws {
        let folder = TemporaryFolder()
        var whole = [UInt8](try #require(FileManager.default.contents(atPath: "\(fixtures)/nifti/qform_only_int16.nii")))
        whole[40] = 2
        try Data(whole).write(to: URL(fileURLWithPath: folder.file("flat.nii")))
        #expect(try readVolume(folder.file("flat.nii"), orientation: nil).shape == [9, 7, 1])
    }

    @Test func shearKeepsTheSform() throws {
        let folder = TemporaryFolder()
        let affine = Affine(columns: [[2, 0, 0], [0.5, 2, 0], [0, 0.3, 3]], translation: [1, 2, 3])
        let volume = try Volume(data: try Tensor.zeros([2, 3, 4]), grid: try Grid(shape: [2, 3, 4], affine: affine))
        try writeVolume(volume, to: folder.file("a.nii"))
        #expect(isClose(try readVolume(folder.file("a.nii")).grid.affine.rows, affine.rows))
    }
}

import Base
import Foundation
import Testing

@testable import Tensors

/// Files in which some arrays cannot be read: the others are, and each that is not says why. Written by h5py 3.16 (HDF5
/// 2.0), hdf5plugin 7.1, NumPy 2.4, and by hand as torch.save and safetensors write.
@Suite struct LeftOutArrayTests {
    private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/arrays").path

    private func read(_ name: String) throws -> (arrays: [String: Tensor], leftOut: [String: LeftOutArray]) {
        let file = try readArrayFile("\(fixtures)/\(name)")
        return (
            Dictionary(uniqueKeysWithValues: file.arrays.map { ($0.name, $0.tensor) }),
            Dictionary(uniqueKeysWithValues: file.leftOut.map { ($0.name, $0) })
        )
    }

    private func message(_ body: () throws -> Void) -> String {
        do { try body() } catch let error as Failure { return "\(error.message) | \(error.help ?? "")" } catch { return "\(error)" }
        return "nothing was thrown"
    }

    /// LZF, Blosc, LZ4 and bzip2 through Debian's plugins; what none of them undoes is named and keeps nothing else back.
    @Test func compressedHDF5() throws {
        let (arrays, leftOut) = try read("compressed.h5")
        let plain = try #require(arrays["plain"]).doubles()
        for name in ["lzf", "blosc", "lz4", "bzip2"] { #expect(try arrays[name]?.doubles() == plain, "\(name): \(leftOut[name]?.reason ?? "")") }
        #expect(leftOut["zstandard"]?.reason.contains("compressed with Zstandard (HDF5 filter 32015)") == true)
        #expect(leftOut["zstandard"]?.help?.contains("compression=\"gzip\"") == true)
        #expect(leftOut["bitshuffle"]?.reason.contains("Bitshuffle") == true)
        #expect(arrays.count == 5 && leftOut.count == 2)
    }

    /// A truth-value array of h5py's `libver="latest"` is of a form that HDF5 1.10 does not know; newer libraries read it.
    @Test func newerHDF5() throws {
        let (arrays, leftOut) = try read("newer.h5")
        #expect(try arrays["image"]?.doubles().reduce(0, +) == 3840)
        #expect(arrays["label"]?.dtype == .uint8)
        if let mask = leftOut["mask"] {
            #expect(mask.reason.contains("of a form newer than HDF5 1.") && mask.help?.contains("libver=\"earliest\"") == true, "\(mask)")
        } else {
            #expect(arrays["mask"]?.dtype == .bool)
        }
    }

    /// A later version of the whole format: the file says so in its ninth byte.
    @Test func aSuperblockFromTheFutureIsNamed() throws {
        let folder = TemporaryFolder()
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: "\(fixtures)/newer.h5")))
        bytes[8] = 77
        try FileAccess.write([bytes], to: folder.file("future.h5"))
        let said = message { _ = try readArrays(folder.file("future.h5")) }
        #expect(said.contains("it is of a newer one") && said.contains("libver=\"earliest\""), "\(said)")
    }

    /// Soft and hard links, a group under two names and inside itself, links that lead out of the file or nowhere.
    @Test func linkedHDF5() throws {
        let (arrays, leftOut) = try read("links.h5")
        let image = try #require(arrays["data/img"]).doubles()
        for name in ["image", "again/img"] { #expect(try arrays[name]?.doubles() == image, "\(name)") }
        for name in ["label", "again/seg"] { #expect(try arrays[name]?.doubles() == arrays["data/seg"]?.doubles(), "\(name)") }
        #expect(leftOut["nowhere"]?.reason == "a link that leads nowhere")
        for name in ["outside", "virtual"] { #expect(leftOut[name]?.reason.contains("another file") == true, "\(name)") }
        #expect(leftOut["kspace"]?.reason == "complex numbers")
        #expect(leftOut["words"]?.reason == "text")
        #expect(arrays.keys.sorted() == ["again/img", "again/seg", "data/img", "data/seg", "image", "label"])
    }

    @Test func numPy() throws {
        let (arrays, leftOut) = try read("kinds.npz")
        #expect(arrays.keys.sorted() == ["image"])
        #expect(leftOut["kspace"]?.reason == "complex numbers")
        #expect(leftOut["long"]?.reason == "floats of 16 bytes" && leftOut["long"]?.help?.contains("astype") == true)
        #expect(leftOut["words"]?.reason == "text")
        // Written by NumPy under Python 2: shape (2L, 3L).
        #expect(try readArrays("\(fixtures)/python2.npy")[0].tensor.doubles() == [0, 1, 2, 3, 4, 5])
        #expect(try readArrays("\(fixtures)/python2.npy")[0].tensor.shape == [2, 3])
    }

    @Test func torch() throws {
        let (arrays, leftOut) = try read("kinds.pth")
        #expect(arrays.keys.sorted() == ["image", "rate", "spacing", "turned"])
        #expect(try arrays["spacing"]?.doubles() == [10, 1.4, 1.4])
        #expect(try arrays["turned"]?.shape == [2, 3] && arrays["turned"]?.doubles() == [0, 1, 2, 3, 4, 5])
        #expect(try arrays["rate"]?.item() == 0.5)
        #expect(leftOut["scale"]?.reason == "numbers of the type float8_e4m3fn")
        #expect(leftOut["kspace"]?.reason == "complex numbers")
        #expect(leftOut["sparse"]?.reason == "a sparse tensor")
        #expect(leftOut["lost"]?.reason == "a tensor whose data are missing")
        #expect(leftOut["objects"]?.reason == "a NumPy array of Python objects")
    }

    @Test func safetensors() throws {
        let (arrays, leftOut) = try read("kinds.safetensors")
        #expect(arrays.keys.sorted() == ["image"])
        #expect(leftOut["scale"]?.reason == "numbers of the type F8_E4M3" && leftOut["kspace"]?.reason == "complex numbers")
        #expect(leftOut["scale"]?.help?.contains("x.float()") == true)
    }

    /// Damage of one array: who reads arrays gets the others, who takes the file as one thing gets none.
    @Test func damageIsTold() throws {
        let folder = TemporaryFolder()
        try writeArrays(folder.file("a.npz"), [("first", try Tensor([1.5, 2.5])), ("second", try Tensor([3.0, 4.0]))])
        var bytes = [UInt8](try #require(FileManager.default.contents(atPath: folder.file("a.npz"))))
        let place = try #require((0..<bytes.count - 8).first { Array(bytes[$0..<($0 + 8)]) == withUnsafeBytes(of: 4.0) { Array($0) } })
        bytes[place] = 1
        try FileAccess.write([bytes], to: folder.file("a.npz"))
        let file = try readArrayFile(folder.file("a.npz"))
        #expect(file.arrays.map(\.name) == ["first"] && file.leftOut.map(\.isDamaged) == [true])
        #expect(message { _ = try readArrays(folder.file("a.npz")) }.contains("`second` of"))
    }

    /// Nothing that can be read: the help speaks of what is there.
    @Test func nothingIsLeft() throws {
        let folder = TemporaryFolder()
        let text = "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\n"
        try FileAccess.write([NPY.magic + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8) + [UInt8](repeating: 0, count: 8)], to: folder.file("c.npy"))
        let said = message { _ = try readArrays(folder.file("c.npy")) }
        #expect(said.contains("array (complex numbers)") && said.contains("x.real") && !said.contains("torch"), "\(said)")
    }

    /// A path that would be waited for.
    @Test func pipesAreRefused() throws {
        let folder = TemporaryFolder()
        let path = folder.file("pipe.npz")
        try #require(mkfifo(path, 0o600) == 0)
        #expect(message { _ = try readArrays(path) }.contains("it is a named pipe"))
        #expect(message { try FileAccess.append([1], to: path) }.contains("it is a named pipe"))
        #expect(message { _ = try readArrays("/dev/zero") }.contains("it is a device"))
    }

    /// What is neither an image nor arrays is named by either reader, with the way to convert it.
    @Test func foreignFiles() throws {
        let folder = TemporaryFolder()
        let mgh: [UInt8] = [0, 0, 0, 1] + [0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 300)
        for (name, bytes, kind, help) in [
            ("a.mha", Array("ObjectType = Image\nNDims = 3\n".utf8), "a MetaImage", "SimpleITK.WriteImage(SimpleITK.ReadImage(\"PATH.mha\"), \"PATH.nii.gz\")"),
            ("a.nrrd", Array("NRRD0005\ntype: float\n".utf8), "an NRRD image", "SimpleITK.ReadImage"),
            ("a.mgz", mgh, "an MGH image of FreeSurfer", "nibabel.load"),
            ("a.dcm", [UInt8](repeating: 0, count: 128) + Array("DICM".utf8), "a DICOM file", "dcm2niix"),
            ("a.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "a PNG picture", "numpy.savez"),
            ("a.mat", Array("MATLAB 5.0 MAT-file, Platform".utf8), "a MATLAB file", "scipy.io.loadmat"),
        ] {
            try FileAccess.write([bytes], to: folder.file(name))
            let said = message { _ = try readArrays(folder.file(name)) }
            #expect(said.contains("it is \(kind)") && said.contains(help.replacingOccurrences(of: "PATH", with: folder.file("a"))), "\(said)")
            #expect(!said.contains("read_volume"), "\(said)")
        }
    }
}

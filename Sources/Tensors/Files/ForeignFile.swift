import Base
import CFiles
import Foundation

/// What a file is that RS4 reads neither as an image nor as arrays, told by its first bytes, and how to convert it.
public struct ForeignFile: Equatable, Sendable {
    /// Behind "but it is": `a MetaImage`.
    public var kind: String
    public var help: String

    private init(kind: String, help: String) { (self.kind, self.help) = (kind, help) }

    /// nil when the bytes are of no kind that is known here. `first` are the first bytes of the file, 352 at least where it
    /// has as many, decompressed where it is gzip.
    public init?(_ first: [UInt8], path: String) {
        let target = Self.stem(path)
        func begins(_ text: String) -> Bool { first.starts(with: Array(text.utf8)) }
        let lines = String(decoding: first, as: UTF8.self).split(whereSeparator: \.isNewline)
        let isMeta = lines.prefix(16).contains { line in
            ["ObjectType", "NDims", "DimSize"].contains { line.hasPrefix($0) && line.contains("=") }
        }
        let bySimpleITK = "in Python, SimpleITK.WriteImage(SimpleITK.ReadImage(\"\(path)\"), \"\(target).nii.gz\") makes it NIfTI"
        let byNibabel = "in Python, nibabel.save(nibabel.load(\"\(path)\"), \"\(target).nii.gz\") makes it NIfTI"
        let asArray = "in Python, numpy.savez(\"\(target).npz\", image=numpy.asarray(PIL.Image.open(\"\(path)\"))) makes it an array"
        if isMeta {
            (kind, help) = ("a MetaImage", bySimpleITK)
        } else if begins("NRRD0") {
            (kind, help) = ("an NRRD image", bySimpleITK)
        } else if first.count >= 132, Array(first[128..<132]) == Array("DICM".utf8) {
            (kind, help) = ("a DICOM file", "dcm2niix -z y -o OUT FOLDER makes NIfTI of a folder of them")
        } else if first.count >= 28, Array(first[0..<4]) == [0, 0, 0, 1], first[20..<23].allSatisfy({ $0 == 0 }), first[23] < 8 {
            (kind, help) = ("an MGH image of FreeSurfer", byNibabel)
        } else if begins("CDF\u{1}") || begins("CDF\u{2}") {
            (kind, help) = ("a netCDF file (MINC 1)", byNibabel)
        } else if begins("MATLAB 5.0 MAT-file") {
            kind = "a MATLAB file"
            help = "in Python, numpy.savez(\"\(target).npz\", **{k: v for k, v in scipy.io.loadmat(\"\(path)\").items() if k[0] != \"_\"}) makes it arrays"
        } else if first.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            (kind, help) = ("a PNG picture", asArray)
        } else if first.starts(with: [0xFF, 0xD8, 0xFF]) {
            (kind, help) = ("a JPEG picture", asArray)
        } else if first.starts(with: [0x49, 0x49, 0x2A, 0]) || first.starts(with: [0x4D, 0x4D, 0, 0x2A]) {
            (kind, help) = ("a TIFF picture", asArray)
        } else {
            return nil
        }
    }

    /// The same of a file at a path, plain or gzip, which also knows NIfTI: that is foreign to whoever wants arrays.
    public init?(path: String) {
        guard (try? FileAccess.requireFile(path)) != nil else { return nil }
        let (opened, _) = FileAccess.withMessage { cf_stream_open(path, $0, $1) }
        guard let stream = opened else { return nil }
        defer { cf_stream_close(stream) }
        let first = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, initialized in
            let (count, _) = FileAccess.withMessage { cf_stream_read(stream, buffer.baseAddress, 1024, $0, $1) }
            initialized = max(0, Int(count))
        }
        var header = cf_nifti_header()
        if cf_nifti_parse(first, first.count, &header) > 0 {
            self.init(kind: "a NIfTI image", help: "images are read with read_volume(path)")
        } else {
            self.init(first, path: path)
        }
    }

    /// The path without its endings: `a` of `a.nii.gz`.
    private static func stem(_ path: String) -> String {
        var stem = path
        for _ in 0..<(path.lowercased().hasSuffix(".gz") ? 2 : 1) where !FileAccess.ending(of: stem).isEmpty {
            stem = String(stem.dropLast(FileAccess.ending(of: stem).count + 1))
        }
        return stem
    }
}

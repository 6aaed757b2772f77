import Base
import CTorch
import Foundation
import Glibc

extension Tensor {
    /// A tensor of zeros whose elements lie in a file of `folder` that has no name: it goes with the tensor, or with the
    /// process.
    ///
    /// The file is mapped into memory, so the system reads what is used and takes the pages back when memory is short. Code
    /// `file` when the folder is not there or the disk has no room.
    public static func zerosOnDisk(_ shape: [Int], dtype: DType = .float32, folder: String) throws -> Tensor {
        guard let count = FileAccess.product(shape), count <= Int.max / 16 else {
            throw Failure("shape", "the sizes of a tensor on disk must be 0 or more and fit 64 bits, but are \(shape)", argument: "shape")
        }
        guard count > 0 else { return try zeros(shape, dtype: dtype) }
        let shownFolder = folder.isEmpty ? "." : folder
        var path = Array("\(shownFolder)/.rows-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else {
            throw FileAccess.failure(
                shownFolder, mustBe: "a folder to write in", but: String(cString: strerror(errno)),
                help: "make_folder(\"\(shownFolder)\") makes it", argument: "folder")
        }
        // The name goes at once, so that nothing is left however the process ends; a mapping keeps the file.
        unlink(path)
        defer { close(file) }
        // A mapped page for which the disk has no room would end the process when it is written.
        var status = posix_fallocate(file, 0, count * dtype.byteCount)
        while status == EINTR {
            try Interruption.check()
            status = posix_fallocate(file, 0, count * dtype.byteCount)
        }
        guard status == 0 else {
            throw FileAccess.failure(
                shownFolder, mustBe: "a folder with \(ByteSize.text(count * dtype.byteCount)) of room",
                but: String(cString: strerror(status)), help: "name a folder on another disk", argument: "folder")
        }
        let flat = try aten(
            "from_file", .string("/proc/self/fd/\(file)"), .bool(true), .int(count), named: ["dtype": .dtype(dtype)])
        return try flat.reshaped(shape)
    }

    /// Asks the system to read these places along the first dimension from disk, without waiting for it.
    public func readAhead(rows: [Int]) throws {
        guard let size = shape.first, size > 0, device.kind == .cpu, isContiguous, let start = ct_data(handle) else { return }
        let rowBytes = count / size * dtype.byteCount
        let page = sysconf(Int32(_SC_PAGESIZE))
        for row in rows {
            guard (0..<size).contains(row) else {
                throw Failure("index", "a row to read ahead must be from 0 to \(size - 1), but is \(row)", argument: "rows")
            }
            // Advice is given for whole pages; where it cannot be taken nothing is lost.
            let first = UInt(bitPattern: start) + UInt(row * rowBytes)
            let aligned = first / UInt(page) * UInt(page)
            _ = UnsafeMutableRawPointer(bitPattern: aligned).map { madvise($0, Int(first - aligned) + rowBytes, MADV_WILLNEED) }
        }
    }
}

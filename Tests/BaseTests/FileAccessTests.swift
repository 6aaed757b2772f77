import Foundation
import Testing

@testable import Base

@Suite struct FileAccessTests {
    @Test func aTildeStandsForAHome() {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()
        #expect(FileAccess.expandingHome("~") == home)
        #expect(FileAccess.expandingHome("~/data/a.nii") == home + "/data/a.nii")
        #expect(FileAccess.expandingHome("~root/a").hasSuffix("/a"))
        #expect(!FileAccess.expandingHome("~root/a").hasPrefix("~"))
        for path in ["", "a/~", "./~/a", "~no such user/a", "~\u{301}/a", "/~"] { #expect(FileAccess.expandingHome(path) == path) }
    }

    @Test func filesAreFoundByTheirEndings() throws {
        let folder = NSTemporaryDirectory() + "/files-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/inner", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["b.rs4", "a.md", "c.txt", "inner/d.rs4", ".rs4"] { try FileAccess.write([0x31], to: "\(folder)/\(name)") }
        #expect(FileAccess.files(at: folder, endings: ["rs4", "md"]) == ["a.md", "b.rs4", "inner/d.rs4"].map { "\(folder)/\($0)" })
        #expect(FileAccess.files(at: folder + "/", endings: ["txt"]) == [folder + "/c.txt"])
        #expect(FileAccess.files(at: folder + "/c.txt", endings: ["rs4"]).isEmpty)
        #expect(FileAccess.files(at: folder + "/absent", endings: ["rs4"]).isEmpty)
    }

    @Test func whatIsReplacedKeepsItsPermissionsAndItsLink() throws {
        let folder = NSTemporaryDirectory() + "/replace-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/far", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (file, link) = (folder + "/far/real", folder + "/link")
        try FileAccess.write([0x31], to: file)
        chmod(file, 0o750)
        #expect(symlink("far/real", link) == 0)
        try FileAccess.write([0x32], to: link)
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o750)
        #expect(FileManager.default.contents(atPath: file) == Data([0x32]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["far", "link"])
    }
}

@Suite struct MemoryTests {
    @Test(arguments: [
        ("4G", 4 << 30), ("512m", 512 << 20), ("1.5GiB", 3 << 29), ("100", 100), ("2kb", 2048), ("1T", 1 << 40), ("7B", 7),
    ])
    func sizesAreRead(_ text: String, _ bytes: Int) { #expect(MemorySetting.bytes(text) == bytes) }

    @Test(arguments: ["", "much", "-1G", "0", "G", "1GG", "nan", "inf", "1e30", "1 G", "0x10Z"])
    func whatIsNoSizeIsRefused(_ text: String) { #expect(MemorySetting.bytes(text) == nil) }

    @Test func theProcessHoldsMemoryAndMoreIsLeft() {
        #expect(Memory.usedBytes > 1 << 20)
        #expect(Memory.availableBytes > 1 << 20)
        #expect(Memory.refusal(1, for: "a byte") == nil)
        #expect(Memory.refusal(Int.max, for: "everything")?.code == "memory")
    }
}

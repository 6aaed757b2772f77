import Foundation
import Pages

/// Pictures that a text cell names: a page carries those that lie beside the script, and loads none from elsewhere.
struct MarkdownPictures {
    let folder: String
    /// Larger ones are named and not carried.
    private static let largest = 16 << 20
    /// Bytes that a page's pictures may have together; one that is named a thousand times stands there a thousand times.
    private final class Room { var left = 64 << 20 }
    private let room = Room()

    init(folder: String) { self.folder = folder }

    /// HTML in place of the picture: the picture itself, or a link to where it is.
    func html(address: String, alternative: String, isInLink: Bool) -> String? {
        if let (bytes, type) = local(address) { return FigureHTML.image(bytes, type: type, alternative: alternative) }
        let words = alternative.isEmpty ? address : alternative
        let isWeb = ["http://", "https://"].contains { address.lowercased().hasPrefix($0) }
        return HTML.link(words, to: isWeb && !isInLink ? address : nil)
    }

    private func local(_ address: String) -> (bytes: [UInt8], type: String)? {
        guard !address.isEmpty, !address.contains("://"), let path = address.removingPercentEncoding, !path.contains("\0") else { return nil }
        let full = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        var status = stat()
        guard stat(full, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= min(MarkdownPictures.largest, room.left),
            let data = FileManager.default.contents(atPath: full)
        else { return nil }
        let bytes = [UInt8](data)
        guard let type = MarkdownPictures.type(of: bytes) else { return nil }
        room.left -= bytes.count
        return (bytes, type)
    }

    /// By their first bytes: what is no picture is not carried, whatever it is called.
    private static func type(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: Array("GIF8".utf8)) { return "image/gif" }
        if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) { return "image/webp" }
        let head = String(decoding: bytes.prefix(1024), as: UTF8.self)
        return head.contains("<svg") && !head.lowercased().contains("<html") ? "image/svg+xml" : nil
    }
}

import Base
import Foundation
import Syntax

/// A file that a notebook is written to.
public struct PageFile {
    public enum Form: String, CaseIterable { case html, ipynb, md }
    public let path: String
    public let form: Form

    /// Throws a `Diagnostic` when the path's ending names no form.
    public init(_ path: String) throws {
        guard let form = Form(rawValue: FileAccess.ending(of: path).lowercased()) else {
            throw Diagnostic(
                code: "file", message: "a page must end in .html, .ipynb or .md, but is `\(path)`",
                help: FileAccess.ending(of: path) == "rs4" ? "a notebook FILE.ipynb becomes a script with `-o FILE.rs4`" : nil)
        }
        self.path = path
        self.form = form
    }

    /// The folder of a markdown page's pictures: `OUT_files` for `OUT.md`.
    private var pictures: String { String(path.dropLast(FileAccess.ending(of: path).count + 1)) + "_files" }

    /// Throws when the file could not be written: better now than when all has run.
    public func requireRoom() throws {
        try FileAccess.requireWritable(path)
        var isFolder: ObjCBool = false
        if form == .md, FileManager.default.fileExists(atPath: pictures, isDirectory: &isFolder), !isFolder.boolValue {
            throw FileAccess.failure(pictures, mustBe: "a folder for the pictures of \(path)", but: "it is a file")
        }
    }

    /// Writes the page: whole, or what stood there stays.
    public func write(_ notebook: Notebook) throws {
        switch form {
        case .html: try FileAccess.write(Array(notebook.html().utf8), to: path)
        case .ipynb: try FileAccess.write(Array(notebook.jupyter().utf8), to: path)
        case .md: try writeMarkdown(notebook)
        }
    }

    private func writeMarkdown(_ notebook: Notebook) throws {
        let page = try notebook.markdown(pictures: FileAccess.name(of: pictures))
        if !page.pictures.isEmpty {
            do { try FileManager.default.createDirectory(atPath: pictures, withIntermediateDirectories: true) } catch {
                throw FileAccess.failure(pictures, mustBe: "a folder that can be made", but: error.localizedDescription)
            }
        }
        for picture in page.pictures { try FileAccess.write(picture.bytes, to: "\(pictures)/\(picture.name)") }
        try FileAccess.write(Array(page.text.utf8), to: path)
        removeOthers(than: Set(page.pictures.map(\.name)))
    }

    /// Removes the pictures of the page that stood there before; files of other names stay.
    private func removeOthers(than names: Set<String>) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: pictures)) ?? [] where !names.contains(name) {
            if name.wholeMatch(of: #/cell-[0-9]+-[0-9a-f]{16}\.(png|svg)/#) != nil { unlink("\(pictures)/\(name)") }
        }
    }
}

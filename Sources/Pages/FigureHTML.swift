import Foundation

/// Pictures inside a page.
public enum FigureHTML {
    /// An `<img>` that carries its own bytes, so that the page needs no other file.
    ///
    /// A drawing (SVG) inside an `<img>` runs no script and loads nothing, whatever it holds.
    /// - Parameters:
    ///   - type: `image/svg+xml` or `image/png`.
    ///   - alternative: what the picture shows, in words, for those who do not see it.
    ///   - width: points on the page; nil takes the picture's own.
    public static func image(_ bytes: [UInt8], type: String, alternative: String, width: Double? = nil) -> String {
        let size = width.map { " width=\"\(Int($0.rounded()))\"" } ?? ""
        return "<img src=\"data:\(HTML.escaped(type));base64,\(Data(bytes).base64EncodedString())\" alt=\"\(HTML.escaped(alternative))\"\(size)>"
    }
}

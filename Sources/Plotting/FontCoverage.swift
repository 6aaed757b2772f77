import CGnuplot
import Foundation

/// Characters that no installed font has.
///
/// Pango puts a box with the character's number in their place, which gnuplot's scale of text blows up over the whole
/// figure. So they become an empty box before gnuplot sees them.
enum FontCoverage {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var known: [Unicode.Scalar: Bool] = [:]

    /// The steps with such characters replaced.
    static func drawable(_ steps: [GnuplotScript.Step]) -> [GnuplotScript.Step] {
        steps.map { step in
            guard case .command(let line) = step, !line.utf8.allSatisfy({ $0 < 0x80 }) else { return step }
            return .command(drawable(line))
        }
    }

    static func drawable(_ text: String, has: (Unicode.Scalar) -> Bool = hasGlyph) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isASCII || has($0) ? $0 : "□" }))
    }

    /// True for what is drawn by a font, or never by any, such as a joiner between two letters.
    private static func hasGlyph(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isDefaultIgnorableCodePoint { return true }
        return lock.withLock {
            if let answer = known[scalar] { return answer }
            let answer = cg_has_glyph(scalar.value) != 0
            known[scalar] = answer
            return answer
        }
    }
}

/// An sRGB colour.
public struct Color: Hashable, Sendable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// From `0xRRGGBB`.
    public init(hex: UInt32) {
        self.init(UInt8(hex >> 16 & 0xFF), UInt8(hex >> 8 & 0xFF), UInt8(hex & 0xFF))
    }

    /// `#rrggbb`, as gnuplot and SVG write it.
    public var hexText: String {
        let digits = Array("0123456789abcdef")
        return [red, green, blue].reduce("#") { $0 + String([digits[Int($1 >> 4)], digits[Int($1 & 15)]]) }
    }

    /// This colour laid over `base` with opacity `alpha` (0 to 1).
    public func over(_ base: Color, alpha: Double) -> Color {
        func mix(_ top: UInt8, _ bottom: UInt8) -> UInt8 {
            UInt8(max(0, min(255, (Double(top) * alpha + Double(bottom) * (1 - alpha)).rounded())))
        }
        return Color(mix(red, base.red), mix(green, base.green), mix(blue, base.blue))
    }

    /// Perceived brightness, 0 to 1 (Rec. 709 weights on the encoded values).
    public var brightness: Double {
        (0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)) / 255
    }
}

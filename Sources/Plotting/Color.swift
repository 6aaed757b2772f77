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

/// Colours that readers with the usual kinds of colour blindness can tell apart (Okabe and Ito, 2008).
public enum Palette {
    /// For lines and points on white.
    public static let lines: [Color] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x555555].map {
        Color(hex: $0)
    }

    /// For labels over grey images, brightest first.
    public static let labels: [Color] = [0xE69F00, 0x56B4E9, 0x00B887, 0xCC79A7, 0xF0E442, 0xE8632B, 0x2B8FD6, 0xB8B8FF]
        .map { Color(hex: $0) }

    /// The colour of the series at `index`; colours repeat after the last (with another dash, see `dash`).
    public static func line(_ index: Int) -> Color { lines[index % lines.count] }

    /// The dash of the series at `index`: 1, solid, for the first round of colours, then 2, dashed, dotted, both.
    public static func dash(_ index: Int) -> Int { index / lines.count % 4 + 1 }

    /// From low to high on a scale that grows brighter evenly, for printers and every kind of colour vision: viridis
    /// (Smith and van der Walt, 2015) at five places.
    private static let scale: [Color] = [0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725].map { Color(hex: $0) }

    /// The colour of a share between 0 and 1 on that scale; grey for what is not finite.
    public static func heat(_ share: Double) -> Color { mixed(scale, share) }

    private static func mixed(_ scale: [Color], _ share: Double) -> Color {
        guard share.isFinite else { return Color(hex: 0xBBBBBB) }
        let place = max(0, min(1, share)) * Double(scale.count - 1)
        let lower = min(scale.count - 2, Int(place))
        return scale[lower + 1].over(scale[lower], alpha: place - Double(lower))
    }

    /// From far below zero over white to far above on a scale that the usual kinds of colour blindness leave readable: blue
    /// to red at seven places, as in ColorBrewer's RdBu (Harrower and Brewer, 2003).
    private static let bothWays: [Color] = [0x2166AC, 0x67A9CF, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xEF8A62, 0xB2182B].map {
        Color(hex: $0)
    }

    /// The colour of a share between -1 and 1 on that scale; grey for what is not finite.
    public static func diverging(_ share: Double) -> Color { mixed(bothWays, (share + 1) / 2) }

    /// The colour of a label value; 0 is background and has none.
    public static func label(_ value: Int) -> Color? {
        value == 0 ? nil : labels[(value.magnitude == UInt.max ? 0 : Int(value.magnitude - 1)) % labels.count]
    }
}

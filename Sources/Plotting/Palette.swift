/// Colours that readers with the usual kinds of colour blindness can tell apart (Okabe and Ito, 2008).
public enum Palette {
    /// For lines and points on white.
    public static let lines: [Color] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x555555].map {
        Color(hex: $0)
    }

    /// For labels over grey images. The first seven are Okabe and Ito's, brightened; each that follows is as far from all
    /// before it as sRGB allows to normal vision and to the three kinds of dichromacy (Machado, Oliveira and Fernandes, 2009),
    /// by CIEDE2000, and neither dark nor grey.
    public static let labels: [Color] = [
        0xE69F00, 0x56B4E9, 0x00B887, 0xCC79A7, 0xF0E442, 0xE8632B, 0x2B8FD6, 0xD0FFD0, 0x347C7C, 0x886440, 0xE8B8D0, 0xACFFFF,
        0xAC4C70, 0x7C40FF, 0xD0D0FF, 0x949458, 0x58FF94, 0xDC1010, 0xDC10AC, 0x648864, 0xACC464, 0x94C4AC, 0x6470AC, 0xFF7C88,
    ].map { Color(hex: $0) }

    /// For numbers below zero, which say that a class is not known.
    public static let unknown = Color(hex: 0xA0A0A0)

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

    /// The colour of a label value; 0 is background and has none, and whatever is below 0 is unknown.
    public static func label(_ value: Int) -> Color? {
        value == 0 ? nil : value < 0 ? unknown : labels[(value - 1) % labels.count]
    }
}

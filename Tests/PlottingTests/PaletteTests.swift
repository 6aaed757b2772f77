import Foundation
import Testing

@testable import Plotting

/// A colour in CIE L*a*b* under D65.
private struct Lab {
    let l: Double, a: Double, b: Double

    /// - Parameter sight: how much of linear red, green and blue each of the eye's answers takes.
    init(_ color: Color, _ sight: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]) {
        let linear = [color.red, color.green, color.blue].map { byte -> Double in
            let share = Double(byte) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let seen = sight.map { row in max(0, min(1, zip(row, linear).map { $0 * $1 }.reduce(0, +))) }
        let matrix = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
        let f = zip(matrix, [0.95047, 1, 1.08883]).map { row, white -> Double in
            let share = zip(row, seen).map { $0 * $1 }.reduce(0, +) / white
            return share > 216.0 / 24389 ? cbrt(share) : (24389.0 / 27 * share + 16) / 116
        }
        (l, a, b) = (116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]))
    }

    init(l: Double, a: Double, b: Double) { (self.l, self.a, self.b) = (l, a, b) }

    /// CIEDE2000 (Sharma, Wu and Dalal, 2005).
    func difference(_ other: Lab) -> Double {
        func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
        let mean = pow((hypot(a, b) + hypot(other.a, other.b)) / 2, 7)
        let g = 0.5 * (1 - sqrt(mean / (mean + pow(25, 7))))
        let (a1, a2) = ((1 + g) * a, (1 + g) * other.a)
        let (c1, c2) = (hypot(a1, b), hypot(a2, other.b))
        func hue(_ a: Double, _ b: Double) -> Double { a == 0 && b == 0 ? 0 : (atan2(b, a) * 180 / .pi + 360).truncatingRemainder(dividingBy: 360) }
        let (h1, h2) = (hue(a1, b), hue(a2, other.b))
        var turn = c1 * c2 == 0 ? 0 : h2 - h1
        if turn > 180 { turn -= 360 } else if turn < -180 { turn += 360 }
        let across = 2 * sqrt(c1 * c2) * sin(radians(turn) / 2)
        let (light, chroma) = ((l + other.l) / 2, (c1 + c2) / 2)
        let h = c1 * c2 == 0 || abs(h1 - h2) <= 180 ? (h1 + h2) / (c1 * c2 == 0 ? 1 : 2) : (h1 + h2 + (h1 + h2 < 360 ? 360 : -360)) / 2
        let t =
            1 - 0.17 * cos(radians(h - 30)) + 0.24 * cos(radians(2 * h)) + 0.32 * cos(radians(3 * h + 6)) - 0.2 * cos(radians(4 * h - 63))
        let bluish = 30 * exp(-pow((h - 275) / 25, 2))
        let rc = 2 * sqrt(pow(chroma, 7) / (pow(chroma, 7) + pow(25, 7)))
        let sl = 1 + 0.015 * pow(light - 50, 2) / sqrt(20 + pow(light - 50, 2))
        let (dl, dc, dh) = ((other.l - l) / sl, (c2 - c1) / (1 + 0.045 * chroma), across / (1 + 0.015 * chroma * t))
        return sqrt(dl * dl + dc * dc + dh * dh - sin(radians(2 * bluish)) * rc * dc * dh)
    }
}

/// Full dichromacy on linear RGB (Machado, Oliveira and Fernandes, 2009).
private let sights: [(name: String, matrix: [[Double]], least: Double)] = [
    ("trichromat", [[1, 0, 0], [0, 1, 0], [0, 0, 1]], 11.5),
    ("protanope", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]], 8),
    ("deuteranope", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]], 8),
    ("tritanope", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]], 7),
]

@Suite struct PaletteTests {
    /// Pairs of Sharma, Wu and Dalal's published table.
    @Test func theDistanceIsThatOfItsAuthors() {
        let table: [(Lab, Lab, Double)] = [
            (Lab(l: 50, a: 2.6772, b: -79.7751), Lab(l: 50, a: 0, b: -82.7485), 2.0425),
            (Lab(l: 50, a: 2.5, b: 0), Lab(l: 73, a: 25, b: -18), 27.1492),
            (Lab(l: 50, a: 2.49, b: -0.001), Lab(l: 50, a: -2.49, b: 0.0011), 7.2195),
            (Lab(l: 60.2574, a: -34.0099, b: 36.2677), Lab(l: 60.4626, a: -34.1751, b: 39.4387), 1.2644),
            (Lab(l: 2.0776, a: 0.0795, b: -1.135), Lab(l: 0.9033, a: -0.0636, b: -0.5514), 0.9082),
        ]
        for (first, second, wanted) in table { #expect(abs(first.difference(second) - wanted) < 1e-4) }
    }

    @Test func everyTwoLabelsCanBeToldApart() {
        #expect(Palette.labels.count >= 20)
        let colors = Palette.labels
        for sight in sights {
            let seen = colors.map { Lab($0, sight.matrix) }
            for one in seen.indices {
                for other in seen[..<one].indices {
                    let distance = seen[one].difference(seen[other])
                    #expect(distance >= sight.least, "\(sight.name): \(colors[one].hexText) and \(colors[other].hexText)")
                }
            }
        }
        // Over black images as well, and unlike their greys.
        for color in Palette.labels { #expect(Lab(color).l > 45 && hypot(Lab(color).a, Lab(color).b) > 15) }
    }

    @Test func labelsOfOneFigureShareNoColourUnlessTheyMust() throws {
        let common = LabelColors([1, 9, 24])
        #expect([1, 9, 24].allSatisfy { common[$0] == Palette.labels[$0 - 1] })
        #expect(common[0] == nil && common[-1] == Palette.unknown && LabelColors([-7])[-7] == Palette.unknown)
        // 25 would take the colour of 1, and 255 that of 15.
        let codes = [1, 2, 15, 25, 26, 255, 1035, 2035]
        let colors = LabelColors(codes)
        #expect(Set(codes.compactMap { colors[$0] }).count == codes.count && colors[1] == Palette.labels[0])
        #expect(Set((1...24).compactMap { LabelColors(101...124)[$0 + 100] }).count == 24)
        #expect(LabelColors(1...200)[200] != nil && LabelColors([Int.max, Int.min])[Int.max] != nil)
    }
}

@Suite struct LabelMarkTests {
    @Test func numbersStandInsideTheirRegions() throws {
        // A ring around a square: the middle of the ring is the square's.
        let (width, height) = (15, 11)
        let labels = (0..<width * height).map { place -> Int in
            let (row, column) = (place / width, place % width)
            if (4...6).contains(row), (6...8).contains(column) { return 2 }
            return (1...9).contains(row) && (3...11).contains(column) ? 7 : 0
        }
        let image = try #require(GreyImage(width: width, height: height, values: labels.map(Double.init), pixelWidth: 2, pixelHeight: 3))
        let marks = image.marks(of: labels)
        #expect(marks.map(\.text) == ["2", "7"])
        for mark in marks { #expect(labels[Int(mark.y / 3) * width + Int(mark.x / 2)] == Int(mark.text)) }
        #expect(marks[0].x == 15 && marks[0].y == 16.5 && marks[0].room == 3)
        #expect(image.marks(of: [1]).isEmpty && image.marks(of: labels.map { _ in 0 }).isEmpty)
    }

    /// Beside a taller panel an image does not fill the room that the layout gives it.
    @Test(.enabled(if: (try? Figure(panels: []).render(as: .text)) != nil, "gnuplot is not installed"))
    func numbersLieOnTheirImageBesideATallerOne() throws {
        func panel(_ width: Int, _ height: Int) throws -> Panel {
            var panel = try #require(GreyImage(width: width, height: height, values: [Double](repeating: 0, count: width * height))).panel()
            panel.marks = [Mark("\(width)", x: Double(width) / 2, y: Double(height) / 2, room: 9)]
            return panel
        }
        let svg = String(decoding: try Figure(panels: [panel(41, 20), panel(43, 90)]).render(as: .svg), as: UTF8.self)
        let images = svg.matches(of: #/<image x='([\d.]+)' y='([\d.]+)' width='([\d.]+)' height='([\d.]+)'/#).map { match in
            [match.1, match.2, match.3, match.4].compactMap { Double($0) }
        }
        #expect(images.count == 2)
        for (text, image) in zip(["41", "43"], images) {
            let found = svg.matches(of: #/translate\(([\d.]+),([\d.]+)\)"[^>]*>\s*<text>(\d+)</#).filter { $0.3 == text }
            #expect(found.count == 5, "\(text)")
            for match in found {
                let (x, y) = (try #require(Double(match.1)), try #require(Double(match.2)))
                #expect(abs(x - image[0] - image[2] / 2) < 2 && abs(y - image[1] - image[3] / 2) < 6, "\(text) at \(x), \(y) over \(image)")
            }
        }
    }

    @Test func aTerminalWritesThem() throws {
        let image = try #require(GreyImage(width: 40, height: 20, values: [Double](repeating: 0, count: 800)))
        var panel = image.panel(labels: (0..<800).map { $0 % 40 < 20 ? 12 : 0 })
        panel.marks = [Mark("12", x: 10, y: 10, room: 9)]
        let lines = Figure(panels: [panel]).terminalText(TerminalStyle(columns: 80)).split(separator: "\n")
        #expect(lines.filter { $0.contains("12") }.count == 1)
    }
}

@Suite struct TerminalPictureTests {
    /// The balance point of an image's brightness, as a share of its width or height.
    private func balance(_ colors: [Color], columns: Int) -> (x: Double, y: Double) {
        let rows = colors.count / columns
        var (x, y, sum) = (0.0, 0.0, 0.0)
        for (place, color) in colors.enumerated() {
            x += color.brightness * (Double(place % columns) + 0.5) / Double(columns)
            y += color.brightness * (Double(place / columns) + 0.5) / Double(rows)
            sum += color.brightness
        }
        return (x / sum, y / sum)
    }

    @Test func aDiscStaysWhereItIsAtEverySize() throws {
        for (width, height) in [(33, 47), (64, 64), (101, 90), (7, 9)] {
            let values = (0..<width * height).map { place -> Double in
                let x = (Double(place % width) + 0.5) / Double(width) - 0.5
                let y = (Double(place / width) + 0.5) / Double(height) - 0.5
                return x * x + y * y < 0.07 ? 1 : 0
            }
            let layer = try #require(GreyImage(width: width, height: height, values: values)?.layer(window: 0...1))
            for (rows, columns) in [(5, 8), (20, 13), (31, 29), (60, 64), (100, 40)] {
                let middle = balance(TerminalImage.means(layer, rows: rows, columns: columns), columns: columns)
                #expect(abs(middle.x - 0.5) < 0.002 && abs(middle.y - 0.5) < 0.002, "\(width)×\(height) on \(columns)×\(rows)")
            }
        }
    }

    @Test func longLinesHaveNoGaps() throws {
        let image = try #require(GreyImage(width: 60, height: 60, values: [Double](repeating: 0, count: 3600)))
        var panel = image.panel()
        panel.drawsLinesAsText = true
        panel.series = [Series(x: [0, 59.9], y: [30, 30]), Series(x: [1, 59], y: [1, 59]), Series(x: [-1e300, 1e300], y: [5, 5])]
        let lines = TerminalImage.lines(panel, columns: 60, TerminalStyle(columns: 60)).lines
        #expect(lines[15].allSatisfy { $0 == "+" })
        for line in lines { #expect(line.contains("+")) }
    }
}

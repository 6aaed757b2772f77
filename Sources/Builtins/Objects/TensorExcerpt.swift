import Foundation
import Machine
import Tensors

/// How a tensor looks on a terminal: rows under each other with their columns aligned; of a large one its shape, type,
/// range, mean and the edges of one plane.
struct TensorExcerpt {
    let tensor: Tensor
    let display: TerminalDisplay

    /// Rows and columns shown from each end of a large dimension.
    private static let edge = 3
    /// Up to this many elements are shown when everything is asked for.
    private static let fullLimit = 200_000

    /// Lines separated by newlines.
    func text() throws -> String {
        let short = TensorText.describe(tensor)
        if tensor.count <= TensorText.fullCount, !short.contains("\n"), displayWidth(short) <= display.columns { return short }
        if tensor.dtype.isComplex || tensor.count == 0 { return short }
        if tensor.count <= TensorText.fullCount || (display.isFull && tensor.count <= TensorExcerpt.fullLimit) {
            let head = "tensor("
            return head + (try whole(tensor, indent: head.count)) + (try TensorText.tail(tensor)) + ")"
        }
        return try TensorText.heading(tensor) + "\n" + plane()
    }

    // MARK: everything

    /// All elements, brackets as in the language.
    private func whole(_ tensor: Tensor, indent: Int) throws -> String {
        let cells = try TensorCells(tensor)
        let shape = tensor.shape
        var place = 0
        func block(_ axis: Int, _ indent: Int) -> String {
            let margin = "\n" + String(repeating: " ", count: indent + 1)
            if axis == shape.count - 1 {
                let texts = cells.texts[place..<(place + shape[axis])]
                place += shape[axis]
                return "[" + lines(Array(texts), indent: indent + 1).joined(separator: margin) + "]"
            }
            let parts = (0..<shape[axis]).map { _ in block(axis + 1, indent + 1) }
            let gap = String(repeating: "\n", count: shape.count - 2 - axis)
            return "[" + parts.joined(separator: "," + gap + margin) + "]"
        }
        return block(0, indent)
    }

    /// Elements on as many lines as they need.
    private func lines(_ texts: [String], indent: Int) -> [String] {
        let cell = (texts.map(\.count).max() ?? 0) + 2
        let perLine = max(1, (display.columns - indent) / cell)
        return stride(from: 0, to: max(1, texts.count), by: perLine).map { start in
            let part = texts[start..<min(texts.count, start + perLine)].joined(separator: ", ")
            return start + perLine < texts.count ? part + "," : part
        }
    }

    // MARK: the edges of a plane

    /// The first plane of the last two dimensions, its middle left out where it is large.
    private func plane() throws -> String {
        let leading = max(0, tensor.rank - 2)
        let plane = try tensor.indexed(Array(repeating: .at(0), count: leading))
        let label = leading == 0 ? "" : "[" + String(repeating: "0, ", count: leading) + ":, :] "
        guard tensor.rank > 1 else {
            return "[" + (try excerpt(try aten("unsqueeze", .tensor(plane), .int(0)), indent: 2)[0]) + "]"
        }
        let rows = plane.shape[0]
        let isCut = rows > 2 * TensorExcerpt.edge + 2
        let chosen = isCut
            ? try aten(
                "cat", .tensors([
                    plane.indexed([.slice(0, TensorExcerpt.edge, nil)]), plane.indexed([.slice(-TensorExcerpt.edge, nil, nil)]),
                ])) : plane
        let indent = label.count + 2
        var lines = try excerpt(chosen, indent: indent + 2).map { "[\($0)]" }
        if isCut { lines.insert("…", at: TensorExcerpt.edge) }
        let margin = String(repeating: " ", count: label.count + 1)
        let joined = lines.enumerated().map { $0.element + ($0.offset < lines.count - 1 && $0.element != "…" ? "," : "") }
        return label + "[" + joined.joined(separator: "\n" + margin) + "]"
    }

    /// Each row of [R, C] as aligned text that fits beside `indent` columns.
    private func excerpt(_ plane: Tensor, indent: Int) throws -> [String] {
        let columns = plane.shape[1]
        // No more than this many cells, two columns wide at least, can stand on a line.
        let most = min(columns, display.columns / 3 + 1)
        let isCut = most < columns
        func pick(_ head: Int, _ tail: Int) throws -> Tensor {
            guard head + tail < columns else { return plane }
            return try aten(
                "cat", .tensors([
                    plane.indexed([.slice(nil, nil, nil), .slice(0, head, nil)]),
                    plane.indexed([.slice(nil, nil, nil), .slice(columns - tail, nil, nil)]),
                ]), .int(1))
        }
        var picked = try pick((most + 1) / 2, most / 2)
        var cells = try TensorCells(picked)
        let room = max(2, (display.columns - indent) / (cells.width + 2))
        var head = picked.shape[1]
        var isShort = isCut
        if room < picked.shape[1] || isCut {
            // A single row may fill its line.
            let count = min(room - 1, plane.shape[0] == 1 ? columns : 2 * TensorExcerpt.edge + 2)
            head = (count + 1) / 2
            picked = try pick(head, count - head)
            cells = try TensorCells(picked)
            isShort = count < columns
        }
        let width = picked.shape[1]
        return (0..<picked.shape[0]).map { row in
            var texts = Array(cells.texts[(row * width)..<((row + 1) * width)])
            if isShort { texts.insert("…", at: head) }
            return texts.joined(separator: ", ")
        }
    }
}

/// The elements of a tensor as texts of one width.
private struct TensorCells {
    let texts: [String]
    let width: Int

    init(_ tensor: Tensor) throws {
        var plain: [String]
        if tensor.dtype == .bool {
            plain = try tensor.bools().map { $0 ? "true" : "false" }
        } else if tensor.dtype.isInteger {
            plain = try tensor.ints().map { String($0) }
        } else {
            plain = TensorCells.aligned(try tensor.detached().doubles())
        }
        let width = plain.map(\.count).max() ?? 0
        for place in plain.indices where plain[place].count < width {
            plain[place] = String(repeating: " ", count: width - plain[place].count) + plain[place]
        }
        texts = plain
        self.width = width
    }

    /// As many places for all as the one that needs most has, four at most; powers of ten for all where one needs them.
    private static func aligned(_ numbers: [Double]) -> [String] {
        let texts = numbers.map(TensorText.number)
        let finite = zip(numbers, texts).filter { $0.0.isFinite }
        if finite.contains(where: { $0.1.contains("e") }) {
            return zip(numbers, texts).map { $0.0.isFinite ? String(format: "%.4e", $0.0) : $0.1 }
        }
        let places = finite.map { $0.1.count - 1 - ($0.1.firstIndex(of: ".")?.utf16Offset(in: $0.1) ?? $0.1.count) }.max() ?? 1
        return zip(numbers, texts).map { $0.0.isFinite ? String(format: "%.\(max(1, places))f", $0.0) : $0.1 }
    }
}

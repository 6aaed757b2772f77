import Foundation
import Tensors

/// How tensors look in print: small ones in full, big ones as shape, range and a corner.
enum TensorText {
    /// Up to this many elements are shown in full.
    static let fullCount = 64
    private static let lineWidth = 88

    static func describe(_ tensor: Tensor) -> String {
        (try? withoutGradients { try text(tensor) }) ?? "Tensor\(tensor.shape) \(tensor.dtype.name)"
    }

    private static func text(_ tensor: Tensor) throws -> String {
        if tensor.count <= fullCount {
            return "tensor(" + (try nested(tensor, indent: 7)) + (try tail(tensor)) + ")"
        }
        return try heading(tensor) + "\n" + corner(tensor)
    }

    /// What stands behind the elements: the shape of an empty tensor, an unusual dtype, a device.
    static func tail(_ tensor: Tensor) throws -> String {
        let isUsual = [.float32, .int64, .bool].contains(tensor.dtype) && tensor.count > 0
        let shape = tensor.count == 0 && tensor.shape != [0] ? ", shape \(tensor.shape)" : ""
        return shape + (isUsual ? "" : ", \(tensor.dtype.name)") + (tensor.device == .cpu ? "" : ", \(tensor.device)")
    }

    /// Shape, dtype, range and mean on one line.
    static func heading(_ tensor: Tensor) throws -> String {
        "Tensor\(tensor.shape) \(tensor.dtype.name)" + (tensor.device == .cpu ? "" : " \(tensor.device)") + (try range(tensor))
    }

    /// `  min 0.0  max 1.0  mean 0.25`, of the finite elements.
    static func range(_ tensor: Tensor) throws -> String {
        if tensor.dtype.isComplex { return "" }
        let numbers = try tensor.detached().to(dtype: tensor.dtype == .float64 ? .float64 : .float32)
        if tensor.dtype == .bool {
            return "  true \(percent(try aten("mean", .tensor(numbers)).item()))"
        }
        let finite = try aten("isfinite", .tensor(numbers))
        let finiteCount = try aten("sum", .tensor(finite)).itemInt()
        guard finiteCount > 0 else { return "  no finite element" }
        let isWhole = finiteCount == tensor.count
        let chosen = isWhole ? numbers : try numbers.indexed([.tensor(finite)])
        let ends = try atenMany("aminmax", .tensor(chosen))
        let mean = try aten("mean", .tensor(chosen), named: ["dtype": .dtype(.float64)]).item()
        func shown(_ value: Tensor) throws -> String {
            tensor.dtype.isFloatingPoint ? number(try value.item()) : String(Int(try value.item()))
        }
        return "  min \(try shown(ends[0]))  max \(try shown(ends[1]))  mean \(number(mean))"
            + (isWhole ? "" : "  not finite \(tensor.count - finiteCount)")
    }

    private static func percent(_ fraction: Double) -> String { String(format: "%.1f%%", fraction * 100) }

    /// The first rows and columns of the last two dimensions.
    private static func corner(_ tensor: Tensor) throws -> String {
        let leading = max(0, tensor.rank - 2)
        let plane = try tensor.indexed(Array(repeating: .at(0), count: leading))
        let place = leading == 0 ? "" : "[" + String(repeating: "0, ", count: leading) + "...] "
        guard tensor.rank > 1 else { return place + (try row(plane)) }
        let rows = min(3, plane.shape[0])
        var lines = try (0..<rows).map { try row(plane.indexed([.at($0)])) }
        if plane.shape[0] > rows { lines.append("…") }
        let indent = String(repeating: " ", count: place.count + 1)
        return place + "[" + lines.joined(separator: ",\n" + indent) + "]"
    }

    private static func row(_ line: Tensor) throws -> String {
        let size = line.shape[0]
        if size <= 8 { return try nested(line, indent: 0) }
        let first = try texts(line.indexed([.slice(0, 5, nil)]))
        let last = try texts(line.indexed([.slice(-2, nil, nil)]))
        return "[" + (first + ["…"] + last).joined(separator: ", ") + "]"
    }

    private static func nested(_ tensor: Tensor, indent: Int) throws -> String {
        guard tensor.rank > 0 else { return try texts(tensor.reshaped([1]))[0] }
        if tensor.rank == 1 { return "[" + (try texts(tensor)).joined(separator: ", ") + "]" }
        let parts = try (0..<tensor.shape[0]).map { try nested(tensor.indexed([.at($0)]), indent: indent + 1) }
        let line = "[" + parts.joined(separator: ", ") + "]"
        if line.count + indent <= lineWidth && !line.contains("\n") { return line }
        return "[" + parts.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }

    private static func texts(_ tensor: Tensor) throws -> [String] {
        if tensor.dtype == .bool { return try tensor.bools().map { $0 ? "true" : "false" } }
        if tensor.dtype.isInteger { return try tensor.ints().map { String($0) } }
        if tensor.dtype.isComplex {
            let parts = try aten("view_as_real", .tensor(tensor)).doubles()
            return stride(from: 0, to: parts.count, by: 2).map { place in
                let imaginary = number(parts[place + 1])
                return number(parts[place]) + (imaginary.hasPrefix("-") ? "" : "+") + imaginary + "j"
            }
        }
        return try tensor.detached().doubles().map(number)
    }

    /// Four places after the point, without zeros at the end; powers of ten for what is very small or large.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return "0.0" }
        let size = abs(value)
        if size < 1e-3 || size >= 1e7 {
            let parts = String(format: "%.4e", value).split(separator: "e")
            guard parts.count == 2, let exponent = Int(parts[1]) else { return String(value) }
            return "\(trimmed(String(parts[0])))e\(exponent)"
        }
        return trimmed(String(format: "%.4f", value))
    }

    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.hasSuffix("0") && !text.hasSuffix(".0") { text.removeLast() }
        return String(text)
    }
}

import Base
import Foundation

/// A NumPy array in a pickle: made empty first, filled by its state. A class, because a pickle refers to it before that.
final class PickleArray {
    var shape: [Int] = []
    var type: PickleDType?
    var isFortran = false
    var bytes: [UInt8]?

    /// The array in this machine's order. Throws `Unreadable` for elements that are no real numbers.
    func raw() throws -> RawArray {
        guard let type, let bytes else { throw Unreadable("a NumPy array of Python objects") }
        let (element, isSwapped) = try NPY.elementType(type.descriptor)
        guard let count = FileAccess.product(shape), count <= Int.max / 16, bytes.count == count * element.size else {
            throw Unreadable.damage("a NumPy array of shape \(shape) with \(bytes.count) bytes")
        }
        var raw = RawArray(shape: shape, type: element, bytes: bytes)
        if isSwapped { raw.swapBytes() }
        guard isFortran, shape.count > 1 else { return raw }
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
        return .gathered(from: raw.bytes, type: element, shape: shape, strides: strides, offset: 0)
    }
}

/// A NumPy type in a pickle: `f8`, and the order of its bytes once its state is known.
final class PickleDType {
    let name: String
    var order = "<"
    init(_ name: String) { self.name = name }
    var descriptor: String { (["<", ">"].contains(order) ? order : "|") + name }
}

extension Unpickler {
    /// What a function of NumPy with these arguments stands for; nil when it is none that makes numbers.
    static func numPy(_ name: String, _ items: [PickleValue]) -> PickleValue? {
        // numpy.core was renamed numpy._core in NumPy 2.
        switch name.replacingOccurrences(of: "numpy._core.", with: "numpy.core.") {
        case "numpy.core.multiarray._reconstruct": return .array(PickleArray())
        case "numpy.dtype":
            guard case .string(let type)? = items.first else { return nil }
            return .numPyType(PickleDType(type))
        case "numpy.core.multiarray.scalar":
            guard items.count == 2, case .numPyType(let type) = items[0], case .bytes(let bytes) = items[1] else { return nil }
            let scalar = PickleArray()
            (scalar.type, scalar.bytes) = (type, bytes)
            return .array(scalar)
        case "numpy.core.numeric._frombuffer":
            guard items.count >= 4, case .bytes(let bytes) = items[0], case .numPyType(let type) = items[1],
                let shape = ints(items[2]), case .string(let order) = items[3]
            else { return nil }
            let array = PickleArray()
            (array.type, array.bytes, array.shape, array.isFortran) = (type, bytes, shape, order == "F")
            return .array(array)
        case "_codecs.encode":
            // Bytes in the older protocols, a letter for each.
            guard items.count == 2, case .string(let text) = items[0] else { return nil }
            let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
            return bytes.count == text.unicodeScalars.count ? .bytes(bytes) : nil
        default: return nil
        }
    }

    /// Gives an object its state, as far as it is one of NumPy's.
    static func setState(_ state: PickleValue, of object: PickleValue) {
        guard case .tuple(let parts) = state else { return }
        switch object {
        case .array(let array):
            guard parts.count >= 5, let shape = ints(parts[1]), case .numPyType(let type) = parts[2] else { return }
            (array.shape, array.type) = (shape, type)
            if case .bool(let isFortran) = parts[3] { array.isFortran = isFortran }
            if case .int(let number) = parts[3] { array.isFortran = number != 0 }
            if case .bytes(let bytes) = parts[4] { array.bytes = bytes }
        case .numPyType(let type):
            if parts.count > 1, case .string(let order) = parts[1] { type.order = order }
        default: return
        }
    }
}

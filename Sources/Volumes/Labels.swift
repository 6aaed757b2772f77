import Base
import Foundation
import Tensors

/// What the numbers of a label map stand for.
public struct LabelTable: Equatable, Sendable {
    /// The file's own value of each class index, the background's first; nil where the data hold the file's own values
    /// themselves.
    public let values: [Int]?
    /// The name of each class, beside `values`; nil where nobody told them.
    public let names: [String]?
    /// The file's own value of what belongs to no class (nnU-Net's `ignore`), which is −1 among class indices.
    public let ignored: Int?

    /// The data are the file's own values.
    public static let own = LabelTable(values: nil, names: nil, ignored: nil)

    private init(values: [Int]?, names: [String]?, ignored: Int?) {
        (self.values, self.names, self.ignored) = (values, names, ignored)
    }

    /// The data are indices into `values`. Throws code `value` when a value is there twice or names are too few or many.
    public init(values: [Int], names: [String]? = nil, ignored: Int? = nil) throws {
        guard let twice = LabelTable.firstTwice(values + (ignored.map { [$0] } ?? [])) else {
            guard !values.isEmpty else {
                throw Failure("value", "the values of labels must be at least one, that of the background, but are none", argument: "values")
            }
            if let names, names.count != values.count {
                throw Failure(
                    "value", "the names of labels must be \(values.count), one a value, but are \(names.count)",
                    help: "the background has a name as well, and comes first", argument: "names")
            }
            self.init(values: .some(values), names: names, ignored: ignored)
            return
        }
        throw Failure("value", "the values of labels must be different from each other, but \(twice) is there twice", argument: "values")
    }

    private static func firstTwice(_ values: [Int]) -> Int? {
        var seen: Set<Int> = []
        return values.first { !seen.insert($0).inserted }
    }

    /// True when equal numbers of two label maps mean the same class.
    public func agrees(with other: LabelTable) -> Bool { counted == other.counted }

    /// Nil when the indices are the file's own values.
    private var counted: [Int]? { values.flatMap { $0 == Array($0.indices) ? nil : $0 } }
}

extension Volume {
    /// The volume as a label map of the values that it holds; a label map stays as it is. Throws code `value` when a value
    /// is no whole number; `subject` begins the sentence.
    public func asLabels(_ subject: String = "labels", help: String? = nil) throws -> Volume {
        labels != nil ? self : try relabelled(wholeNumbers(data, subject, help: help), .own)
    }

    /// Labels as indices into `values`, the file's own, which are remembered with their names; what holds `ignored` is −1.
    /// Throws code `value` when a voxel holds another value.
    public func classLabels(values: [Int], names: [String]? = nil, ignored: Int? = nil) throws -> Volume {
        let table = try LabelTable(values: values, names: names, ignored: ignored)
        let own = try ownLabels().data.contiguous()
        var known = values.enumerated().map { (value: $1, index: $0) }
        if let ignored { known.append((ignored, -1)) }
        known.sort { $0.value < $1.value }
        let sorted = try Tensor(known.map(\.value))
        let place = try aten("clamp_max", .tensor(aten("searchsorted.Tensor", .tensor(sorted), .tensor(own))), .int(known.count - 1))
        let isOther = try aten("take", .tensor(sorted), .tensor(place)).applying(.notEqual, own)
        let others = try aten("masked_select", .tensor(own), .tensor(isOther))
        guard others.count == 0 else {
            let other = try others.ints()[0]
            throw Failure(
                "value", "labels must hold the values \(shortList(values)) alone, but \(voxels(others.count)) none of them, such as \(other)",
                help: "name \(other) among `values` too, or let its voxels count nowhere: `ignore: \(other)`", argument: "labels")
        }
        return try relabelled(aten("take", .tensor(Tensor(known.map(\.index))), .tensor(place)), table)
    }

    /// Labels as the file's own values. Throws code `value` when a voxel holds an index of no class.
    public func ownLabels() throws -> Volume {
        let volume = try asLabels()
        guard let table = volume.labels, let values = table.values else { return volume }
        let least = table.ignored == nil ? 0 : -1
        let isNone = try volume.data.applying(.less, least).applying(.bitOr, volume.data.applying(.greaterOrEqual, values.count))
        let others = try aten("masked_select", .tensor(volume.data), .tensor(isNone))
        guard others.count == 0 else {
            throw Failure(
                "value",
                "labels of \(values.count) classes must hold numbers from \(least) to \(values.count - 1), but \(voxels(others.count)) others, such as \(try others.ints()[0])",
                help: "`class_labels(labels, values)` says which values there are", argument: "labels")
        }
        // −1 finds the last place.
        let own = try Tensor(values + [table.ignored ?? 0])
        let place = try aten("remainder.Scalar", .tensor(volume.data), .int(values.count + 1))
        return try relabelled(aten("take", .tensor(own), .tensor(place)), .own)
    }

    /// Throws code `value` unless a voxel can hold `number`: of class indices one that is a class, of whole numbers one that
    /// the dtype has. `subject` begins the sentence.
    public func requireElement(_ number: Double, _ subject: String) throws {
        guard !data.dtype.isFloatingPoint, !data.dtype.isComplex else { return }
        guard number == number.rounded(), abs(number) < 9e15 else {
            throw Failure(
                "value", "\(subject) must be a whole number for \(labels == nil ? "a volume of \(data.dtype.name)" : "labels"), but is \(number)")
        }
        if let values = labels?.values {
            let least = labels?.ignored == nil ? 0 : -1
            guard Int(number) >= least, Int(number) < values.count else {
                throw Failure(
                    "value",
                    "\(subject) must be a number from \(least) to \(values.count - 1) for labels of \(values.count) classes, but is \(Int(number))",
                    help: "these labels hold class indices; `.values` has the file's own number of each")
            }
        }
        guard try Tensor([Int(number)]).to(dtype: data.dtype).to(dtype: .float64).item() == number else {
            throw Failure("value", "\(subject) must be a number that \(data.dtype.name) can hold, but is \(number)")
        }
    }

    /// The file's own value of each class, the background's first: those of the table, else 0 and what occurs.
    public func labelValues() throws -> [Int] {
        if let values = labels?.values { return values }
        return [0] + (try atenMany("_unique2", .tensor(data))[0].ints()).filter { $0 != 0 }
    }

    /// The same labels in other numbers.
    private func relabelled(_ data: Tensor, _ table: LabelTable) throws -> Volume {
        try Volume(data: data, grid: grid, path: path, labels: table)
    }

    private func voxels(_ count: Int) -> String { count == 1 ? "1 voxel holds" : "\(count) voxels hold" }
}

private func shortList(_ numbers: [Int]) -> String {
    "[" + numbers.prefix(12).map(String.init).joined(separator: ", ") + (numbers.count > 12 ? ", …]" : "]")
}

/// The elements as int64. Throws code `value` when one is no whole number (to 0.001, as the scaling of files rounds),
/// with one such value and how many there are; `subject` begins the sentence.
public func wholeNumbers(_ data: Tensor, _ subject: String, help: String? = nil) throws -> Tensor {
    let values = try data.detached()
    guard !values.dtype.isComplex else {
        throw Failure("type", "\(subject) must hold whole numbers, but holds \(values.dtype.name)", help: help)
    }
    guard values.dtype.isFloatingPoint else { return try values.to(dtype: .int64) }
    let wide = try values.to(dtype: .float64)
    let rounded = try aten("round", .tensor(wide))
    // Also false for NaN and infinity, whose distance is NaN.
    let isWhole = try aten("abs", .tensor(wide.subtracting(rounded))).applying(.lessOrEqual, 1e-3)
    let others = try aten("masked_select", .tensor(wide), .tensor(aten("logical_not", .tensor(isWhole))))
    guard others.count == 0 else {
        throw Failure(
            "value",
            "\(subject) must hold whole numbers, but \(others.count) of \(values.count) \(others.count == 1 ? "is" : "are") none, such as \(String(format: "%.4g", try others.doubles()[0]))",
            help: help)
    }
    guard try values.count == 0 || aten("max", .tensor(aten("abs", .tensor(rounded)))).item() < 9e15 else {
        throw Failure("value", "\(subject) must hold whole numbers below 9·10¹⁵, but holds greater ones", help: help)
    }
    return try rounded.to(dtype: .int64)
}

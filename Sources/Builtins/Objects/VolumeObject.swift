import Base
import Foundation
import Machine
import Syntax
import Tensors
import Volumes

/// A volume as scripts hold it: a tensor with a grid in space; a label map is a kind of its own, `Labels`.
public final class VolumeObject: Object {
    public let volume: Volume

    public init(_ volume: Volume) { self.volume = volume }

    public override var typeName: String { volume.labels == nil ? "Volume" : "Labels" }
    /// Labels are a volume, and what gives a volume gives labels where it was given labels.
    public override class var typeNames: [TypeName] {
        [
            TypeName("Volume", related: ["Labels"]) { given, _ in VolumeObject.gridHelp(given) },
            TypeName("Labels", words: "labels", related: ["Volume"]) { given, _ in
                given.typeName == "Volume" ? "`labels_of(volume)` makes labels of whole numbers; `read_labels(path)` reads them" : nil
            },
        ]
    }
    /// What to do about a tensor where a volume is wanted.
    static func gridHelp(_ given: Value) -> String? {
        given.object is TensorObject ? "give the tensor a grid: `volume(x, spacing: [1.0, 1.0, 1.0])`" : nil
    }

    /// `Volume` takes images and labels alike.
    public override func matches(annotation name: String) -> Bool { name == typeName || name == "Volume" }
    public override var content: Content {
        .whole(holding: [volume.data]) { [volume] in
            [
                ("data", .tensor(volume.data)), ("grid", volume.grid.kept), ("path", volume.path.map(Value.string) ?? Value.none),
                ("labels", volume.labels?.kept ?? Value.none),
            ]
        }
    }
    public override var shape: [Int]? { volume.shape }
    public override var comparesByElement: Bool { true }

    public override var extent: String? {
        let sizes = volume.shape.map(String.init).joined(separator: "×")
        return "\(sizes) voxels of \(volume.grid.spacing.map(VolumeObject.shortNumber).joined(separator: "×")) mm"
    }
    /// `Volume 35×51×35, spacing 1 × 1 × 1 mm, RAS, float32, from 0 to 486`.
    public override var text: String {
        let grid = volume.grid
        let sizes = volume.shape.map(String.init).joined(separator: "×")
        let spacing = grid.spacing.map(VolumeObject.shortNumber).joined(separator: " × ")
        var parts = ["\(typeName) \(sizes)", "spacing \(spacing) mm", grid.orientation.codes, volume.data.dtype.name]
        if let range = try? valueRange() { parts.append("from \(range.least) to \(range.most)") }
        return parts.joined(separator: ", ")
    }

    /// The grid and a small picture of the middle slice.
    public override func terminalForm(_ display: TerminalDisplay) -> String {
        (try? withoutGradients { try VolumeView(volume: volume).text(display) }) ?? text
    }

    /// A picture of its middle slices; none where it has no voxels or nothing can draw it, because its text says what it is.
    public override func richForms() throws -> [MIMEItem] {
        guard volume.data.count > 0, !volume.data.dtype.isComplex else { return [] }
        let figure = try? withoutGradients { try VolumeView(volume: volume).figure() }
        return figure.flatMap { try? FigureObject($0).richForms() } ?? []
    }

    private func valueRange() throws -> (least: String, most: String) {
        let data = try volume.data.detached()
        let countable = data.dtype == .bool ? try data.to(dtype: .uint8) : data
        let least = try aten("min", .tensor(countable)).item()
        let most = try aten("max", .tensor(countable)).item()
        return (VolumeObject.shortNumber(least), VolumeObject.shortNumber(most))
    }

    // MARK: Fields

    public override var fieldNames: [String] {
        ["data", "shape", "spacing", "origin", "direction", "affine", "orientation", "dtype", "is_labels", "path"]
            + (volume.labels == nil ? [] : ["values", "names"])
    }

    public override func field(_ name: String) throws -> Value? {
        func floats(_ numbers: [Double]) -> Value { .list(numbers.map { .float($0) }) }
        switch name {
        case "data": return .tensor(volume.data)
        case "shape": return .list(volume.shape.map { .integer($0) })
        case "spacing": return floats(volume.grid.spacing)
        case "origin": return floats(volume.grid.origin)
        case "direction": return .list(volume.grid.direction.map(floats))
        case "affine": return .list(volume.grid.affine.rows.map(floats))
        case "orientation": return .string(volume.grid.orientation.codes)
        case "dtype": return .string(volume.data.dtype.name)
        case "is_labels": return .boolean(volume.isLabels)
        case "values" where volume.labels != nil: return .list(try volume.labelValues().map { .integer($0) })
        case "names" where volume.labels != nil: return volume.labels?.names.map { .list($0.map { .string($0) }) } ?? Value.none
        case "path": return volume.path.map { Value.string($0) } ?? Value.none
        default: return nil
        }
    }

    /// Voxels as of a tensor. Slices along all three axes give the volume there, with its place, `v[5:10, :, ::2]`; what
    /// takes an axis away gives a tensor, `v[10, :, :]`.
    public override func element(at items: [Subscript], machine: Machine) throws -> Value? {
        let picked = try TensorObject(volume.data).element(at: items, machine: machine)
        guard let tensor = (picked?.object as? TensorObject)?.tensor, let places = try spatialPlaces(items) else { return picked }
        let shape = places.map(\.count)
        guard !shape.contains(0) else {
            throw Failure("index", "a part of a volume must hold a voxel along each axis, but is to have shape \(shape)")
        }
        guard tensor.rank >= 3, Array(tensor.shape.prefix(3)) == shape else { return picked }
        return .volume(
            try Volume(
                data: tensor, grid: volume.grid.part(start: places.map(\.first), steps: places.map(\.step), shape: shape),
                labels: volume.labels))
    }

    /// What is picked along the three axes of space; nil unless that is a slice of each.
    private func spatialPlaces(_ items: [Subscript]) throws -> [(first: Int, step: Int, count: Int)]? {
        var bounds: [(Int?, Int?, Int?)] = []
        for item in items {
            switch item {
            case .slice(let lower, let upper, let step): bounds.append((lower, upper, step))
            case .value(.object(let range as RangeObject)): bounds.append((range.lower, range.upper, nil))
            // For the axes that the other items leave.
            case .ellipsis: bounds += Array(repeating: (nil, nil, nil), count: max(0, volume.data.rank - (items.count - 1)))
            // Of times and components behind the three one may be chosen.
            case .value(.integer) where bounds.count >= 3: bounds.append((nil, nil, nil))
            case .value: return nil
            }
        }
        while bounds.count < 3 { bounds.append((nil, nil, nil)) }
        return try (0..<3).map { try TensorIndex.places(bounds[$0].0, bounds[$0].1, bounds[$0].2, of: volume.grid.shape[$0]) }
    }

    // MARK: Operators

    /// Voxel by voxel, with numbers, tensors of the same shape, and volumes on the same grid; gives a volume. Labels are
    /// compared, which gives masks, and never reckoned with.
    public override func binary(
        _ operation: BinaryOperator, with other: Value, side: OperandSide, machine: Machine
    ) throws -> Value? {
        guard TensorObject.operations[operation] != nil, operation != .matrixProduct else { return nil }
        let isComparison = VolumeObject.comparisons.contains(operation)
        if volume.labels != nil, !isComparison { throw VolumeObject.noAmounts(operation.rawValue) }
        let operand: Value
        switch other {
        case .integer, .float, .boolean: operand = other
        case .object(let object as TensorObject): operand = .object(object)
        case .object(let object as VolumeObject):
            if let difference = (side == .left
                ? volume.grid.difference(from: object.volume.grid) : object.volume.grid.difference(from: volume.grid))
            {
                throw Failure(
                    "grid",
                    "both sides of `\(operation.rawValue)` must lie on one grid, but differ: \(difference)",
                    help: "bring one onto the other with `resample(volume, like: other)`")
            }
            if let table = object.volume.labels {
                guard isComparison else { throw VolumeObject.noAmounts(operation.rawValue) }
                guard volume.labels?.agrees(with: table) ?? true else {
                    throw VolumeObject.otherClasses("both sides of `\(operation.rawValue)`", side == .left ? [volume, object.volume] : [object.volume, volume], ["left", "right"])
                }
            }
            operand = .tensor(object.volume.data)
        default: return nil
        }
        guard
            let result = try TensorObject(volume.data).binary(operation, with: operand, side: side, machine: machine)?.object
                as? TensorObject
        else { return nil }
        return try onGrid(result.tensor)
    }

    public override func unary(_ operation: UnaryOperator, machine: Machine) throws -> Value? {
        if volume.labels != nil { throw VolumeObject.noAmounts(operation.rawValue) }
        guard let result = try TensorObject(volume.data).unary(operation, machine: machine)?.object as? TensorObject else {
            return nil
        }
        return try onGrid(result.tensor)
    }

    private static let comparisons: Set<BinaryOperator> = [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]

    private static func noAmounts(_ operation: String) -> Failure {
        Failure(
            "type", "`\(operation)` must be given images or numbers, but is given labels, whose numbers are names",
            help: "`labels == 2` is the mask of a class and `labels > 0` that of all; `labels.data` has the bare numbers")
    }

    /// Two label maps in which one number means two classes; `names` is what they are called.
    static func otherClasses(_ subject: String, _ volumes: [Volume], _ names: [String]) -> Failure {
        // The one with indices says what they stand for; of the file's own values there is nothing to take over.
        let (from, to) = volumes[1].labels?.values == nil ? (1, 0) : (0, 1)
        return Failure(
            "value", "\(subject) must number their classes alike, but one holds class indices and the other the file's own values, or indices into others",
            help: "`class_labels(\(names[from]), \(names[to]).values)` numbers the one as the other")
    }

    /// A volume when the result still fills the grid, else the tensor itself.
    private func onGrid(_ tensor: Tensor) throws -> Value {
        Array(tensor.shape.prefix(3)) == volume.grid.shape && tensor.rank >= 3
            ? .volume(try volume.with(data: tensor)) : .tensor(tensor)
    }

    public override func isEqual(to other: Object) -> Bool {
        guard let other = other as? VolumeObject, other.volume.grid.isSame(as: volume.grid),
            other.volume.labels == volume.labels
        else { return false }
        return TensorObject(volume.data).isEqual(to: TensorObject(other.volume.data))
    }
}

extension VolumeObject: Keepable, Fingerprinted {
    static var keptAs: String { "volume" }

    static func made(of parts: KeptParts) -> Object? {
        guard let data = parts.tensor("data"), let grid = Grid(parts.parts("grid")) else { return nil }
        let labels = parts.parts("labels").map { LabelTable($0) }
        if case .some(nil) = labels { return nil }
        return (try? Volume(data: data, grid: grid, path: parts.text("path"), labels: labels ?? nil)).map(VolumeObject.init)
    }

    /// Voxels, where they lie, and what they stand for; not the file that they come from.
    func add(to hash: ContentHash) throws {
        try hash.add(volume.data)
        hash.add(volume.grid.affine.elements)
        guard let table = volume.labels else { return }
        hash.add(table.values ?? [])
        for name in table.names ?? [] { hash.add(name) }
        hash.add(table.ignored.map { [$0] } ?? [])
    }
}

extension Value {
    public static func volume(_ volume: Volume) -> Value { .object(VolumeObject(volume)) }
}

extension PrimitiveCall {
    /// The volume given for parameter `position`.
    public func volume(_ position: Int) throws -> Volume {
        if case .object(let object as VolumeObject) = values[position] { return object.volume }
        throw mismatch(
            position, expected: "a volume",
            help: VolumeObject.gridHelp(values[position]))
    }

    /// The labels given for parameter `position`: a label map, or a volume of whole numbers, which becomes one. Code `value`
    /// for other numbers, such as those between classes that linear resampling leaves.
    func labels(_ position: Int) throws -> Volume {
        try naming(position) { subject in
            try volume(position).asLabels(
                subject, help: "`read_labels(path)` reads labels, and `resample` takes their nearest voxels; `volume > 0.5` makes a mask")
        }
    }

    /// The image given for parameter `position`; labels are refused with `help`.
    func image(_ position: Int, help: String) throws -> Volume {
        let volume = try volume(position)
        guard volume.labels == nil else { throw mismatch(position, expected: "an image", found: "labels", help: help) }
        return volume
    }

    /// `naming` for the argument of parameter `position`.
    func naming<Result>(_ position: Int, _ work: (String) throws -> Result) throws -> Result {
        try Builtins.naming(primitive.parameters[position].name, of: primitive.name, work)
    }

    /// Three integers.
    func triple(_ position: Int) throws -> [Int] {
        let numbers = try ints(position)
        guard numbers.count == 3 else {
            throw mismatch(position, expected: "three integers, one an axis", found: "\(numbers.count) of them")
        }
        return numbers
    }

    /// Three numbers; one number counts for all axes.
    func tripleOfFloats(_ position: Int) throws -> [Double] {
        let numbers = try floats(position)
        if numbers.count == 1 { return [numbers[0], numbers[0], numbers[0]] }
        guard numbers.count == 3 else {
            throw mismatch(position, expected: "three numbers, one an axis", found: "\(numbers.count) of them")
        }
        return numbers
    }
}

/// Lets `work` name an argument of a function in its sentences, and points at it when they are errors.
func naming<Result>(_ argument: String, of function: String, _ work: (String) throws -> Result) throws -> Result {
    do { return try work("`\(argument)` of \(function)") } catch var error as Failure {
        error.argument = error.argument ?? argument
        throw error
    }
}

extension VolumeObject {
    /// At most four significant digits, without zeros that say nothing.
    static func shortNumber(_ number: Double) -> String {
        guard number.isFinite else { return formatFloat(number) }
        if number == number.rounded(), abs(number) < 1e9 { return String(Int(number)) }
        let digits = max(0, 3 - Int(log10(max(abs(number), 1e-12)).rounded(.down)))
        guard abs(number) >= 1e-4, abs(number) < 1e6 else { return String(format: "%.3e", number) }
        var text = String(format: "%.\(min(digits, 8))f", number)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text
    }
}

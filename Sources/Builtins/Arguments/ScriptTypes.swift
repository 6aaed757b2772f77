import Base
import Layers
import Machine
import Plotting
import Registration
import Tensors
import Volumes

// How primitives read the library's own kinds of arguments, and give them back.

extension Tensor: ScriptReadable, ScriptWritable, ScriptItem {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Tensor { try call.tensor(position) }
    public static func readAll(_ call: PrimitiveCall, _ position: Int) throws -> [Tensor] { try call.tensors(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Tensor") }
    public var scriptValue: Value { .tensor(self) }
    public static func fits(result: String?) -> Bool { result == "Tensor" }
}

extension TensorOrNumber: ScriptReadable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> TensorOrNumber { try call.tensorOrNumber(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

/// The items of a list, range, map, string or tensor.
struct Items: ScriptReadable, ScriptItem {
    let items: [Value]
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Items { Items(items: try call.items(position)) }
    /// A list of such.
    static func readAll(_ call: PrimitiveCall, _ position: Int) throws -> [Items] {
        try call.list(position).map { Items(items: try call.items(of: $0, position: position)) }
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

/// A tensor, or a number or nested lists that become one.
struct TensorLike: ScriptReadable {
    let tensor: Tensor
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> TensorLike { TensorLike(tensor: try call.tensorLike(position)) }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

/// Sizes given one by one, or as one list.
struct Sizes: ScriptReadable {
    let numbers: [Int]
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Sizes { Sizes(numbers: try call.sizes(position)) }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.isVariadic }
}

/// One integer for each spatial dimension, or one that stands for all.
struct Window: ScriptReadable {
    private let name: String
    private let function: String
    private let numbers: [Int]

    init(_ name: String, of function: String, _ numbers: [Int]) {
        self.name = name
        self.function = function
        self.numbers = numbers
    }

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Window {
        Window(call.primitive.parameters[position].name, of: call.primitive.name, try call.ints(position))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }

    /// `count` integers, each from `least` to 2³¹ - 1.
    func sizes(_ count: Int, from least: Int = 1) throws -> [Int] {
        guard numbers.count == count || numbers.count == 1 else {
            throw Failure(
                "shape", "`\(name)` of \(function) must be one integer or \(count), but has \(numbers.count)", argument: name)
        }
        let all = numbers.count == count ? numbers : Array(repeating: numbers[0], count: count)
        try NumberCheck.sizes(all, name, of: function, from: least)
        return all
    }
}

extension DType: ScriptReadable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> DType { try DType(name: call.string(position)) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("String") }
}

/// A device, or its name; the CPU for nil.
extension Device: ScriptReadable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Device { try call.device(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.type == nil && parameter.isOptional }
}

extension Volume: ScriptReadable, ScriptWritable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Volume { try call.volume(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Volume") }
    public var scriptValue: Value { .volume(self) }
    public static func fits(result: String?) -> Bool { result == "Volume" || result == "Labels" }
}

/// A label map, or a volume of whole numbers, which becomes one.
struct LabelMap: ScriptReadable {
    let volume: Volume
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> LabelMap { LabelMap(volume: try call.labels(position)) }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Volume") }
}

/// A tensor, what becomes one, or a volume, which brings its grid and what its numbers mean.
struct TensorOrVolume: ScriptReadable {
    let tensor: Tensor
    let volume: Volume?

    static func read(_ call: PrimitiveCall, _ position: Int) throws -> TensorOrVolume {
        let volume = (call[position].object as? VolumeObject)?.volume
        return TensorOrVolume(tensor: try volume?.data ?? call.tensorLike(position), volume: volume)
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

/// Three integers, one an axis.
struct Triple: ScriptReadable {
    let numbers: [Int]
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> Triple { Triple(numbers: try call.triple(position)) }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("List") || parameter.states(nil) }
}

/// Three numbers, one an axis; one number counts for all.
struct TripleOfFloats: ScriptReadable {
    let numbers: [Double]
    static func read(_ call: PrimitiveCall, _ position: Int) throws -> TripleOfFloats {
        TripleOfFloats(numbers: try call.tripleOfFloats(position))
    }
    static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states(nil) }
}

extension Interpolation: ScriptWord {}

extension Transform: ScriptReadable, ScriptWritable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Transform { try call.transform(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Transform") }
    public var scriptValue: Value { .transform(self) }
    public static func fits(result: String?) -> Bool { result == "Transform" }
}

extension Figure: ScriptReadable, ScriptWritable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> Figure { try call.figure(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Figure") || parameter.states(nil) }
    public var scriptValue: Value { .figure(self) }
    public static func fits(result: String?) -> Bool { result == "Figure" }
}

extension Layer: ScriptWritable {
    public var scriptValue: Value { .layer(self) }
    public static func fits(result: String?) -> Bool { result == nil || result == "Layer" }
}

extension TorchOptimizer: ScriptReadable, ScriptWritable {
    public static func read(_ call: PrimitiveCall, _ position: Int) throws -> TorchOptimizer { try call.optimizer(position) }
    public static func fits(_ parameter: PrimitiveParameter) -> Bool { parameter.states("Optimizer") || parameter.states(nil) }
    public var scriptValue: Value { .optimizer(self) }
    public static func fits(result: String?) -> Bool { result == nil || result == "Optimizer" }
}

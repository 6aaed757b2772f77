import Builtins
import Foundation
import Machine
import Tensors
import Testing

/// A kind that only this file knows: data under names.
private final class Pair: Object {
    var first: Value
    var second: Value
    init(_ first: Value, _ second: Value) { (self.first, self.second) = (first, second) }

    override var typeName: String { "Pair" }
    override var content: Content { .fields([("first", first), ("second", second)]) }
    override func setField(_ name: String, to value: Value) throws -> Bool {
        switch name {
        case "first": first = value
        case "second": second = value
        default: return false
        }
        return true
    }
}

/// Another: a thing of many parts that no table makes, so that a checkpoint keeps its parts alone.
private final class Gauge: Object {
    let tensor: Tensor
    init(_ tensor: Tensor) { self.tensor = tensor }
    override var typeName: String { "Gauge" }
    override var content: Content { .whole(holding: [tensor]) { [tensor] in [("unit", .string("mm")), ("scale", .tensor(tensor))] } }
}

private func call(_ name: String, _ arguments: Value...) throws -> Value {
    let machine = Machine(prelude: Library.prelude())
    let function = try #require(machine.prelude.values[name])
    return try machine.call(function, arguments)
}

private func checkpoint(_ value: Value) throws -> Value {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).npz").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try call("save_checkpoint", .string(path), value)
    return try call("load_checkpoint", .string(path))
}

@Suite(.serialized) struct NewKindTests {
    private let weight: Tensor

    init() throws { weight = try Tensor([1.0, 2.0], shape: [2]) }

    @Test func dataIsKnownToEveryWalker() throws {
        let pair = Pair(.integer(3), .tensor(weight))
        #expect(try call("to_json", .object(pair)).text == "{\"first\": 3, \"second\": [1.0, 2.0]}")
        #expect(try call("fingerprint", .object(pair)).text == call("fingerprint", .object(Pair(.integer(3), .tensor(weight)))).text)
        #expect(try call("fingerprint", .object(pair)).text != call("fingerprint", .object(Pair(.integer(4), .tensor(weight)))).text)
        #expect(ValueSize(of: .object(pair)).bytes == 2 * MemoryLayout<Value>.stride + weight.storageByteCount)
        #expect(try call("state_dict", .list([.object(pair)])).text.contains("0.second"))
        #expect(try checkpoint(.list([.object(pair)])).text.hasPrefix("[{first: 3, second: tensor("))
    }

    @Test func dataIsRestored() throws {
        let saved = try checkpoint(.object(Pair(.integer(3), .tensor(weight))))
        let own = try Tensor([0.0, 0.0], shape: [2])
        let live = Pair(.integer(0), .tensor(own))
        _ = try call("restore", .object(live), saved)
        #expect(live.first.text == "3")
        #expect(try own.doubles() == [1, 2])
    }

    @Test func aWholeIsKnownToWhoTakesItApart() throws {
        let gauge = Gauge(weight)
        #expect(ValueSize(of: .list([.object(gauge)])).bytes == MemoryLayout<Value>.stride + weight.storageByteCount)
        #expect(try call("fingerprint", .object(gauge)).text == call("fingerprint", .object(Gauge(weight))).text)
        #expect(try checkpoint(.object(gauge)).text.hasPrefix("{unit: \"mm\", scale: tensor("))
        #expect(try call("state_dict", .list([.object(gauge)])).text == "{}")
        #expect(throws: (any Error).self) { try call("to_json", .object(gauge)) }
        // No table gives it back, so a map does not take its place.
        #expect(throws: (any Error).self) { try call("restore", .list([.object(gauge)]), checkpoint(.list([.object(gauge)]))) }
    }

    @Test func whatIsReachedTwiceCountsOnce() throws {
        let layer = try call("linear", .integer(2), .integer(3))
        let optimizer = try call("adam", layer)
        let alone = ValueSize(of: layer).bytes
        #expect(alone == 4 * (6 + 3))
        #expect(ValueSize(of: optimizer).bytes == alone)
        #expect(ValueSize(of: .list([layer, optimizer, layer])).bytes == alone + 3 * MemoryLayout<Value>.stride)
        let volume = try call("volume", .object(TensorObject(try Tensor([Double](repeating: 1, count: 8), shape: [2, 2, 2]))))
        #expect(ValueSize(of: volume).bytes == ValueSize(of: try #require(try volume.object?.field("data"))).bytes)
    }
}

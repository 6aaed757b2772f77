import Base
import Machine
import Syntax
import Tensors

/// Lists, maps and whatever else iterates.
enum CollectionPrimitives {
    static let module = PrimitiveModule(
        "collections", "Lists, maps and ranges.",
        [
            Primitive("len(x) -> Int", "How many items a list, map, range or tensor has, or characters a string.",
                example: "len([3, 4, 5])  # => 3", quick: .length) { call in
                guard let count = call[0].object?.count else {
                    throw call.mismatch(0, expected: "a list, map, range, string or tensor")
                }
                return .integer(count)
            },
            Primitive("map(items, function: Function) -> List", "The function's value for each item, in order.",
                example: "map([1, 2, 3], x => x * x)  # => [1, 4, 9]") { call in
                var results: [Value] = []
                let function = call.machine.repeating(call[1], count: 1)
                if let count = call[0].object?.count { try MemoryBudget.require(items: count) }
                try call.forEach(0) { results.append(try function($0)) }
                return .list(results)
            },
            Primitive("filter(items, function: Function) -> List", "The items for which the function gives true.",
                example: "filter(0..<6, x => x % 2 == 0)  # => [0, 2, 4]") { call in
                var results: [Value] = []
                let function = call.machine.repeating(call[1], count: 1)
                try call.forEach(0) { item in
                    if try call.truth(of: function(item)) { results.append(item) }
                }
                return .list(results)
            },
            Primitive("reduce(items, initial, function: Function)",
                "Folds the items into one value: function(function(initial, first), second) and so on.",
                example: "reduce([1, 2, 3], 10, (total, x) => total + x)  # => 16") { call in
                var total = call[1]
                let function = call.machine.repeating(call[2], count: 2)
                try call.forEach(0) { total = try function(total, $0) }
                return total
            },
            Primitive("each(items, function: Function)", "Calls the function with each item, for its effect; gives nil.",
                example: "each([1, 2], x => print(x))") { call in
                let function = call.machine.repeating(call[1], count: 1)
                try call.forEach(0) { _ = try function($0) }
                return .none
            },
            Primitive("sorted(items, by = nil, descending = false) -> List",
                "A new list in ascending order, of the items themselves or of what `by` gives for each; equal items keep their order, and `nan` counts as greater than every number.",
                example: "sorted([\"bb\", \"a\"], by: len)  # => [\"a\", \"bb\"]") { call in .list(try sorted(call)) },
            Primitive("reversed(items) -> List", "A new list with the items in reverse order.",
                example: "reversed([1, 2, 3])  # => [3, 2, 1]") { call in .list(try call.items(0).reversed()) },
            Primitive("enumerate(items, start: Int = 0) -> List", "Pairs of number and item.",
                example: "enumerate([\"a\", \"b\"])  # => [[0, \"a\"], [1, \"b\"]]") { call in
                let start = try call.int(1)
                let items = try call.items(0)
                guard start <= Int.max - items.count else {
                    throw Failure(
                        "value", "`start` of enumerate must be at most \(Int.max - items.count), but is \(start)", argument: "start")
                }
                var numbered = items.enumerated().makeIterator()
                return .list(try call.machine.collected { numbered.next().map { .list([.integer(start + $0), $1]) } })
            },
            Primitive("zip(lists...) -> List", "Lists of the items that stand at the same place; as long as the shortest.",
                example: "zip([1, 2], [\"a\", \"b\"])  # => [[1, \"a\"], [2, \"b\"]]") { call in
                let lists = try call.list(0).map { try call.items(of: $0, position: 0) }
                var places = (0..<(lists.map(\.count).min() ?? 0)).makeIterator()
                return .list(try call.machine.collected { places.next().map { place in .list(lists.map { $0[place] }) } })
            },
            Primitive("list(items) -> List", "A list of the items of anything that iterates.",
                example: "list(1...3)  # => [1, 2, 3]") { call in .list(try call.items(0)) },
            Primitive("keys(map: Map) -> List", "The keys of a map, in the order they were added.",
                example: "keys({a: 1, b: 2})  # => [\"a\", \"b\"]") { call in .list(try call.map(0).items.keys.map(\.value)) },
            Primitive("values(map: Map) -> List", "The values of a map, in the order of its keys.",
                example: "values({a: 1, b: 2})  # => [1, 2]") { call in .list(Array(try call.map(0).items.values)) },
            Primitive("items(map: Map) -> List", "Pairs of key and value.",
                example: "items({a: 1})  # => [[\"a\", 1]]") { call in
                var pairs = try call.map(0).items.makeIterator()
                return .list(try call.machine.collected { pairs.next().map { .list([$0.key.value, $0.value]) } })
            },
            Primitive("get(map: Map, key, default = nil)", "The value of a key, or `default` when the map has no such key.",
                example: "get({a: 1}, \"b\", 0)  # => 0", quick: .get) { call in
                guard let key = MapKey(call[1]) else { throw call.mismatch(1, expected: "a value that can be a key") }
                return try call.map(0).items[key] ?? call[2]
            },
            Primitive("append(list: List, item) -> List", "Adds an item at the end of the list itself; gives the list.",
                example: "append([1], 2)  # => [1, 2]", quick: .append) { call in
                let list = try call.listObject(0)
                try PrimitiveCall.requireRoom(in: list)
                list.items.append(call[1])
                return call[0]
            },
            Primitive("extend(list: List, items) -> List", "Adds all items at the end of the list itself; gives the list.",
                example: "extend([1], [2, 3])  # => [1, 2, 3]") { call in
                let added = try call.items(1)
                let list = try call.listObject(0)
                try MemoryBudget.require(items: list.items.count + added.count)
                list.items += added
                return call[0]
            },
            Primitive("insert(list: List, position: Int, item) -> List", "Puts an item before the given place; gives the list.",
                example: "insert([1, 3], 1, 2)  # => [1, 2, 3]") { call in
                let list = try call.listObject(0)
                let position = try call.int(1)
                let place = position < 0 ? position + list.items.count : position
                guard place >= 0, place <= list.items.count else {
                    throw call.mismatch(1, expected: "from 0 to \(list.items.count)", found: "\(position)")
                }
                try PrimitiveCall.requireRoom(in: list)
                list.items.insert(call[2], at: place)
                return call[0]
            },
            Primitive("pop(container, place = -1)",
                "Takes an item out of a list (the last one, or that at `place`) or a value out of a map (that of the key), and gives it.",
                example: "let stack = [1, 2]; pop(stack)  # => 2") { call in try pop(call) },
            Primitive("remove(container, item)", "Takes the first equal item out of a list, or a key out of a map; gives the container.",
                example: "remove([1, 2, 1], 1)  # => [2, 1]") { call in try remove(call) },
            Primitive("contains(container, item) -> Bool", "True when a list, range or string has the item, or a map the key; as `item in container`.",
                example: "contains([1, 2], 2)  # => true") { call in
                .boolean(try call.truth(of: call.operate(.contains, call[1], call[0])))
            },
            Primitive("find(container, item) -> Int?",
                "The place of the first equal item in a list, or of a text in a string; nil when there is none.",
                example: "find([5, 6], 6)  # => 1") { call in try find(call) },
            Primitive("copy(x)", "A new list or map with the same items; every other value itself.",
                example: "copy([1, 2])  # => [1, 2]") { call in
                switch call[0].object {
                case let list as ListObject: return .list(list.items)
                case let map as MapObject: return .object(MapObject(map.items))
                case let record as RecordObject where !record.type.isModel:
                    return .object(RecordObject(copying: record))
                default: return call[0]
                }
            },
        ])

    private static func sorted(_ call: PrimitiveCall) throws -> [Value] {
        let items = try call.items(0)
        let function = call.machine.repeating(call[1], count: 1)
        let keys = call.isNone(1) ? items : try items.map { try function($0) }
        var order = Array(items.indices)
        let descending = try call.bool(2)
        if keys.allSatisfy({ if case .integer = $0 { return true } else { return false } }) {
            var numbers = keys.enumerated().map { place, key -> (number: Int, place: Int) in
                if case .integer(let number) = key { return (number, place) } else { return (0, place) }
            }
            numbers.sort { $0.number != $1.number ? ($0.number < $1.number) != descending : $0.place < $1.place }
            return numbers.map { items[$0.place] }
        }
        // Comparisons may fail (a string with a number), which ends the sort with that failure.
        try order.sort { left, right in
            let (first, second) = (isNaN(keys[left]), isNaN(keys[right]))
            if first != second, first ? isNumber(keys[right]) : isNumber(keys[left]) { return second != descending }
            if try call.truth(of: call.operate(.less, keys[left], keys[right])) { return !descending }
            if try call.truth(of: call.operate(.less, keys[right], keys[left])) { return descending }
            return left < right
        }
        return order.map { items[$0] }
    }

    private static func isNumber(_ value: Value) -> Bool {
        switch value {
        case .integer, .float: return true
        default: return false
        }
    }

    private static func isNaN(_ value: Value) -> Bool {
        if case .float(let number) = value { return number.isNaN }
        return false
    }

    private static func pop(_ call: PrimitiveCall) throws -> Value {
        if let map = call[0].object as? MapObject {
            guard let key = MapKey(call[1]), let value = map.items.removeValue(forKey: key) else {
                throw call.mismatch(1, expected: "a key of the map", found: call[1].representation)
            }
            return value
        }
        let list = try call.listObject(0)
        return list.items.remove(at: try listPosition(call[1], count: list.items.count, of: "list"))
    }

    private static func remove(_ call: PrimitiveCall) throws -> Value {
        if let map = call[0].object as? MapObject {
            guard let key = MapKey(call[1]), map.items.removeValue(forKey: key) != nil else {
                throw call.mismatch(1, expected: "a key of the map", found: call[1].representation)
            }
            return call[0]
        }
        let list = try call.listObject(0)
        guard let place = list.items.firstIndex(where: { valuesAreEqual($0, call[1]) }) else {
            throw call.mismatch(1, expected: "an item of the list", found: call[1].representation)
        }
        list.items.remove(at: place)
        return call[0]
    }

    private static func find(_ call: PrimitiveCall) throws -> Value {
        if let text = call[0].object as? StringObject {
            let wanted = try call.string(1)
            if wanted.isEmpty { return .integer(0) }
            guard let range = text.string.range(of: wanted) else { return .none }
            return .integer(text.string.distance(from: text.string.startIndex, to: range.lowerBound))
        }
        return try call.items(0).firstIndex { valuesAreEqual($0, call[1]) }.map { .integer($0) } ?? .none
    }
}

extension PrimitiveCall {
    /// The items of an argument that iterates.
    func items(_ position: Int) throws -> [Value] { try items(of: values[position], position: position) }

    /// Before a long list asks for as much memory again, that much must be there.
    static func requireRoom(in list: ListObject) throws {
        guard list.items.count >= 1 << 20, list.items.count == list.items.capacity else { return }
        try MemoryBudget.require(items: list.items.count + 1)
        try MemoryBudget.require(
            bytes: 2 * list.items.count * MemoryLayout<Value>.stride, "a list of more than \(list.items.count) items")
    }

    func items(of value: Value, position: Int) throws -> [Value] {
        guard let items = try value.object.flatMap(machine.items) else {
            throw mismatch(position, expected: "a list, range, map, string or tensor", found: value.typeName)
        }
        return items
    }

    /// Calls `body` with each item, looking between items whether someone asked to stop; a range's are made one by one.
    func forEach(_ position: Int, _ body: (Value) throws -> Void) throws {
        if let range = values[position].object as? RangeObject {
            for number in range.lower..<range.upper {
                try machine.checkInterrupt()
                try body(.integer(number))
            }
            return
        }
        for item in try items(position) {
            try machine.checkInterrupt()
            try body(item)
        }
    }

    func map(_ position: Int) throws -> MapObject {
        guard let map = values[position].object as? MapObject else { throw mismatch(position, expected: "a map") }
        return map
    }

    func listObject(_ position: Int) throws -> ListObject {
        guard let list = values[position].object as? ListObject else { throw mismatch(position, expected: "a list") }
        return list
    }

    /// A binary operator of the language on two values.
    func operate(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws -> Value {
        try machine.apply(operation, left, right)
    }

    /// The truth of a value in a condition.
    func truth(of value: Value) throws -> Bool { try machine.truth(of: value) }
}

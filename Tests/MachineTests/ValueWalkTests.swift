import Machine
import Testing

private func texts(in value: Value, _ step: (Object) -> ValueWalk.Step = { _ in .into }) -> [String] {
    let walk = ValueWalk()
    var found: [String] = []
    walk.objects(in: value) { object, _ in
        found.append("\(walk.path):\(object.typeName)")
        return step(object)
    }
    return found
}

@Test func aWalkComesPastEveryObjectOnceInOrder() {
    let shared = Value.list([.string("x")])
    let value = Value.object(MapObject([("a", shared), ("b", .list([.integer(1), shared, .string("y")])), ("c", .object(RangeObject(0, 2)))]))
    #expect(texts(in: value) == [":Map", "a:List", "a.0:String", "b:List", "b.2:String", "c:Range"])
}

@Test func aWalkEndsWhereItIsToldAndInCircles() {
    let circle = ListObject([.string("x")])
    circle.items.append(.object(circle))
    circle.items.append(.list([.string("y")]))
    #expect(texts(in: .object(circle)) == [":List", "0:String", "2:List", "2.0:String"])
    #expect(texts(in: .object(circle)) { $0.typeName == "String" ? .end : .into } == [":List", "0:String"])
    #expect(texts(in: .object(circle)) { $0 === circle ? .into : .past } == [":List", "0:String", "2:List"])
}

@Test func aWalkGoesDeeperThanTheStack() {
    var value = Value.string("end")
    for _ in 0..<200_000 { value = .list([value]) }
    var count = 0
    ValueWalk().objects(in: value) { _, _ in
        count += 1
        return .into
    }
    #expect(count == 200_001)
}

@Test func pathsLeaveKeysOut() {
    let walk = ValueWalk()
    walk.inside(.name("cases")) { walk.inside(nil) { walk.inside(.place(3)) { #expect(walk.path == "cases.3") } } }
    #expect(walk.path == "")
    #expect(walk.path(to: "a") == "a")
}

@Test func objectsSayWhatTheyConsistOf() {
    #expect(MapObject([("a", .integer(1)), ("b", .none)]).parts.map { "\($0.name)=\($0.value.text)" } == ["a=1", "b=nil"])
    #expect(ListObject([.integer(7)]).parts.map(\.name) == ["0"])
    #expect(StringObject("x").parts.isEmpty)
    #expect(!ListObject([]).refill(.text("x")))
}

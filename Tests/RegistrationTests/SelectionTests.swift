import PseudoLabels
import Registration
import Tensors
import Testing
import Volumes

@Suite struct SelectionTests {
    @Test func choosesTheCaseThatMatches() throws {
        let grid = try Grid(shape: [28, 28, 28], spacing: [1.5, 1.5, 1.5])
        let labels = try Phantom.labels(grid, centre: [20, 20, 20], radius: 8)
        func example(_ seed: Int, _ name: String) throws -> LabeledCase {
            LabeledCase(id: name, image: try Phantom.image(grid, seed: seed), labels: labels)
        }
        let good = try example(1, "good")
        let bad = try example(7, "bad")
        let target = UnlabeledCase(id: "new", image: good.image, truth: labels)
        var heard: [Int] = []
        let found = try selectRegistrations(
            labeled: [bad, good], unlabeled: [target], options: RegistrationOptions(iterations: 10)
        ) { done, total, _ in heard.append(done * 10 + total) }
        #expect(heard == [12, 22])
        #expect(found.choices.count == 1)
        #expect(found.choices.first?.labeled == "good")
        #expect((found.choices.first?.trueDice ?? 0) > 0.9)
        #expect(found.candidates.map(\.isChosen) == [false, true])
        #expect(found.table.contains("good") && found.table.contains("true Dice"))
        let none = try selectRegistrations(
            labeled: [bad], unlabeled: [target], threshold: 1.01, options: RegistrationOptions(kind: .affine))
        #expect(none.choices.isEmpty && none.rejected == ["new"])
        #expect { try selectRegistrations(labeled: [], unlabeled: [target]) } throws: { ($0 as? TensorError)?.code == "value" }
    }
}

import Foundation
import Registration
import Tensors
import Testing
import Volumes

/// Volumes in which nothing tells one place across the slices from another.
@Suite struct FlatVolumeTests {
    /// `slices` slices of one content, which lies at −shift.
    private func flat(_ slices: Int, spacing: [Double], shift: (Double, Double) = (0, 0)) throws -> Volume {
        let size = 56
        var values: [Float] = []
        for x in 0..<size {
            for y in 0..<size {
                let (x, y) = (Double(x) + shift.0, Double(y) + shift.1)
                func bump(_ a: Double, _ b: Double, _ width: Double) -> Double {
                    exp(-((x - a) * (x - a) + (y - b) * (y - b)) / width)
                }
                let value = sin(x * 0.31 + 1) * cos(y * 0.23) + 3 * bump(30, 25, 60) + 2 * bump(15, 40, 90)
                values += [Float](repeating: Float(value), count: slices)
            }
        }
        return try Volume(
            data: Tensor(values, shape: [size, size, slices]), grid: Grid(shape: [size, size, slices], spacing: spacing))
    }

    @Test(arguments: [1, 2], [[1.0, 1, 1], [1, 1, 8], [1, 1, 0.2], [3, 3, 3]])
    func areRefinedWithinTheSlices(slices: Int, spacing: [Double]) throws {
        let (moving, fixed) = (try flat(slices, spacing: spacing), try flat(slices, spacing: spacing, shift: (5, -3)))
        for kind in [RegistrationOptions.Kind.rigid, .affine] {
            for similarity in similarities {
                let found = try register(
                    moving: moving, onto: fixed, options: RegistrationOptions(kind: kind, similarity: similarity))
                let places = try found.apply(to: Tensor([20.0, 20, 0, 35, 30, 0].map { $0 * spacing[0] }, shape: [2, 3])).doubles()
                let wanted = [25.0, 17, 0, 40, 27, 0].map { $0 * spacing[0] }
                for place in [0, 1, 3, 4] {
                    #expect(abs(places[place] - wanted[place]) < 0.2 * spacing[0], "\(kind) \(similarity) \(places)")
                }
            }
        }
    }

    @Test(arguments: [1, 2], [0.05, 0.005])
    func howThinTheyAreDoesNotMatterWithinThem(slices: Int, thickness: Double) throws {
        let spacing = [1, 1, thickness]
        let (moving, fixed) = (try flat(slices, spacing: spacing), try flat(slices, spacing: spacing, shift: (5.4, -3.3)))
        for kind in [RegistrationOptions.Kind.rigid, .affine] {
            let found = try register(moving: moving, onto: fixed, options: RegistrationOptions(kind: kind))
            let places = try found.apply(to: Tensor([20.0, 20, 0, 35, 30, 0], shape: [2, 3])).doubles()
            for (place, wanted) in [(0, 25.4), (1, 16.7), (3, 40.4), (4, 26.7)] {
                #expect(abs(places[place] - wanted) < 0.1, "\(kind) \(places)")
            }
        }
    }

    @Test func leaveWhatNothingSpeaksForInPlace() throws {
        let spacing = [1.0, 1, 1]
        let found = try register(
            moving: flat(1, spacing: spacing), onto: flat(1, spacing: spacing, shift: (5, -3)),
            options: RegistrationOptions(kind: .affine))
        // Across the slice: neither a shift, nor a stretch, nor a tilt.
        for column in 0..<4 { #expect(abs(found.affine[2, column] - (column == 2 ? 1 : 0)) < 1e-9) }
    }
}

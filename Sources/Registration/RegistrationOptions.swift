/// How `register` works. The defaults fit organs at 1 to 3 mm and stacks of thick slices alike.
public struct RegistrationOptions {
    public enum Kind: String, CaseIterable, Sendable {
        case rigid, affine, deformable
    }

    public var kind: Kind
    /// Weight of the displacement's smoothness; 1 is usual, larger values bend less.
    public var smoothness: Double
    /// Gauss-Newton steps that refine the displacement; 0 leaves the coarse search as it is.
    public var iterations: Int
    /// Called between steps; what it throws ends the registration.
    public var check: () throws -> Void

    public init(
        kind: Kind = .deformable, smoothness: Double = 1, iterations: Int = 12, check: @escaping () throws -> Void = {}
    ) {
        self.kind = kind
        self.smoothness = smoothness
        self.iterations = iterations
        self.check = check
    }
}

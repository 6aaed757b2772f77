import Machine

/// A named table of primitives: what `use NAME` accepts, and how `help` and the reference pages group them.
public struct PrimitiveModule {
    public let name: String
    public let summary: String
    public let primitives: [Primitive]
    /// Kinds of objects that these primitives make and that a checkpoint gives back as they were.
    public let kinds: [Object.Type]

    public init(_ name: String, _ summary: String, kinds: [Object.Type] = [], _ primitives: [Primitive]) {
        self.kinds = kinds
        self.name = name
        self.summary = summary
        self.primitives = primitives
    }
}

/// Every table, in the order of the reference pages. All primitives are visible without `use`.
public enum Library {
    public static let modules: [PrimitiveModule] = [
        TextPrimitives.module, CollectionPrimitives.module, SystemPrimitives.module, NumberPrimitives.module,
        TensorPrimitives.module, ShapePrimitives.module, SelectionPrimitives.module, ReductionPrimitives.module,
        MathematicsPrimitives.module, LinearAlgebraPrimitives.module, ActivationPrimitives.module,
        NetworkFunctionPrimitives.module, SamplingPrimitives.module, LossFunctionPrimitives.module,
        DerivativePrimitives.module, DevicePrimitives.module, FilePrimitives.module, VolumePrimitives.module,
        MetricPrimitives.module, RegistrationPrimitives.module, LayerKindPrimitives.module, OptimizerPrimitives.module,
        ModelPrimitives.module, CheckpointPrimitives.module, StoppingPrimitives.module, DialoguePrimitives.module,
        PlottingPrimitives.module, HTMLPrimitives.module,
    ]
}

import Machine

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

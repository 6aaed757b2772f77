/// The tables of primitives on tensors, in the order of the reference pages.
public enum TensorTables {
    public static let modules: [PrimitiveModule] = [
        NumericFunctions.module, TensorCreation.module, TensorShape.module, TensorSelection.module,
        TensorReduction.module, TensorMath.module, TensorLinearAlgebra.module, TensorActivation.module,
        TensorConvolution.module, TensorSampling.module, TensorLosses.module, TensorAutograd.module,
        TensorDevices.module,
    ]
}

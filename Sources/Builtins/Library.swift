import Machine

/// A named table of primitives: what `use NAME` accepts, and how `help` and the reference pages group them.
public struct PrimitiveModule {
    public let name: String
    public let summary: String
    public let primitives: [Primitive]

    public init(_ name: String, _ summary: String, _ primitives: [Primitive]) {
        self.name = name
        self.summary = summary
        self.primitives = primitives
    }
}

/// Every table, in the order of the reference pages. All primitives are visible without `use`.
public enum Library {
    public static let modules: [PrimitiveModule] = [
        TextPrimitives.module, CollectionPrimitives.module, SystemPrimitives.module,
    ] + TensorTables.modules + [
        FilePrimitives.module, VolumePrimitives.module, MetricPrimitives.module, RegistrationPrimitives.module,
        layerModule, optimizerModule, modelModule, checkpointModule, stoppingModule, dialogueModule, plotModule,
        PagePrimitives.module,
    ]
}

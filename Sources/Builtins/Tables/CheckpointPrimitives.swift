import Base
import Machine
import Tensors

/// What makes a run that can be continued and told from others: checkpoints, random states, fingerprints, versions, and
/// the check that numbers are finite. `use runs` puts them together.
enum CheckpointPrimitives {
    static let module = PrimitiveModule(
        "checkpoints", "Checkpoints of running training, and what tells one run from another.",
        [
            Primitive(
                "save_checkpoint(path: String, state, previous: String? = nil)",
                "Writes everything in `state` to a file, whole and on the disk or not at all.",
                details: """
                    `state` holds tensors, volumes, transforms, models, layers, optimisers, numbers, text, nil, ranges, and lists,
                    maps and records of these, as deep as 64; functions among them are left out. Gradients are not kept: save between steps. The
                    extension chooses the form, as for `write_arrays`: PyTorch reads a `.pth`, NumPy an `.npz`. The file is
                    written under another name, waited for until the disk has it, and renamed; where one was at the path, it is
                    replaced, or moves to `previous`. A checksum of everything goes with it. Errors have code `file`, among them
                    a full disk, and leave the earlier file as it was.
                    """,
                example: """
                    let net = linear(2, 1)
                    let optimizer = adam(net, rate: 0.1)
                    save_checkpoint("/tmp/rs4-example.pth", {net: net, optimizer: optimizer, iteration: 7})
                    load_checkpoint("/tmp/rs4-example.pth").iteration  # => 7
                    """
            ) { (path: String, state: Value, previous: String?) in
                try CheckpointForm(of: state).write(to: path, previous: previous)
                return Value.none
            },
            Primitive(
                "load_checkpoint(path: String)", "What `save_checkpoint` wrote, as plain values.",
                details: """
                    Lists, numbers, text, volumes and transforms are what they were; models, records and layers are maps of their fields, optimisers
                    maps of what they remember, tensors lie on the CPU. `restore` puts them back. A file that is truncated,
                    damaged or no checkpoint is an error of code `file`.
                    """,
                example: """
                    save_checkpoint("/tmp/rs4-example.pth", {best: 0.5, scores: [1, 2]})
                    load_checkpoint("/tmp/rs4-example.pth").scores  # => [1, 2]
                    """
            ) { (path: String) in try CheckpointForm.read(path, kinds: Library.modules.flatMap(\.kinds)) },
            Primitive(
                "restore(state, saved)", "Puts what `load_checkpoint` gave back into the living values of `state`; gives `state`.",
                details: """
                    Parameters, buffers and other tensors of the same shape are written in place, so whoever holds them sees the
                    saved numbers; optimisers take over what they remembered; fields of records, and items of lists and maps, are
                    set. What `state` has no place for (further items of a list, further keys of a map) is added as plain
                    values. When something does not fit, nothing is changed: codes `shape`, `type` and `value`, with the path.
                    """,
                example: """
                    let net = linear(2, 1)
                    save_checkpoint("/tmp/rs4-example.pth", {net: net})
                    let other = linear(2, 1)
                    restore({net: other}, load_checkpoint("/tmp/rs4-example.pth"))
                    all(other.weight == net.weight)  # => tensor(true)
                    """
            ) { (state: Value, saved: Value) in
                try Restoring.run(state, from: saved, of: "restore")
                return state
            },
            Primitive(
                "random_state() -> Map", "Where all random generators stand: a map from `cpu`, `cuda:0`, … to bytes.",
                details: "All random numbers of the language come from these generators; `set_random_state` continues from here.",
                example: "let state = random_state()\nlet a = rand(2)\nset_random_state(state)\nall(a == rand(2))  # => tensor(true)"
            ) {
                MapObject(try RandomState().generators.map { ($0.device, Value.tensor($0.state)) })
            },
            Primitive(
                "set_random_state(state: Map)", "Continues all random generators from where `random_state()` found them.",
                details: "States of devices that this machine lacks are left out.",
                example: "let state = random_state()\nlet a = rand(2)\nset_random_state(state)\nall(a == rand(2))  # => tensor(true)"
            ) { (states: MapObject) in
                try RandomState(
                    generators: states.items.map { key, value in
                        guard let state = (value.object as? TensorObject)?.tensor else {
                            throw Failure.mismatch(
                                "state", of: "set_random_state", expected: "a map of states", found: "a map that holds \(value.typeName)")
                        }
                        return (key.value.text, state)
                    }
                ).restore()
                return Value.none
            },
            Primitive(
                "fingerprint(x) -> String", "A hash of all that a value holds: 32 hexadecimal digits, the same for the same data.",
                details: """
                    Tensors (shape, type, elements), volumes and transforms (with their grids, not where they come from), models
                    (their state), optimisers (what they remember), numbers, text, and lists, maps and records of these. XXH3 with 128 bits: it tells data apart, and is no guard against forgery.
                    """,
                example: "fingerprint([1, 2]) == fingerprint([1, 2])  # => true\nfingerprint([1, 2]) == fingerprint([1, 2.0])  # => false"
            ) { (x: Value) in try Fingerprint.text(of: x) },
            Primitive(
                "versions() -> Map", "Versions of RS4 and libtorch, the system, and the size of the machine.",
                example: "keys(versions())  # => [\"rs4\", \"libtorch\", \"system\", \"machine\", \"cores\", \"threads\", \"gpus\"]"
            ) { _ in .object(MapObject(Versions.all)) },
            Primitive(
                "script_parameters() -> Map", "The script's `param`s and their values, in order; without a script an empty map.",
                details: "Those that come further down in the script, and have no value yet, are left out.",
                example: "script_parameters()  # => {}"
            ) { (machine: Machine) in
                guard let scope = machine.mainModule else { return Value.object(MapObject()) }
                return Value.object(MapObject(scope.parameters.compactMap { name in scope.value(of: name).map { (name, $0) } }))
            },
            Primitive(
                "check_finite(losses: Map, step: Int, models = nil, input = nil)",
                "Fails when a loss is infinite or not a number, and names the step, the loss and the layer.",
                details: """
                    `losses` are numbers and tensors by their names. Only when one is not finite are `models` (a model, or a list
                    or map of models) looked through: for weights that are not finite, then, with the batch `input` or a function
                    without parameters that runs them, for the first layer that gives or is given numbers that are not finite,
                    then for gradients. Code `finite`.
                    """,
                example: "check_finite({dice: 0.3, carried: log(tensor(0.0))}, 12)  # error: finite, `carried`, step 12"
            ) { call in
                try checkFinite(call)
                return .none
            },
        ])
}

private func checkFinite(_ call: PrimitiveCall) throws {
    guard let losses = call[0].object as? MapObject else { throw call.mismatch(0, expected: "a map of losses") }
    let step = try call.int(1)
    for (key, value) in losses.items {
        guard let found = try notFinite(call, value) else { continue }
        let finding = try FiniteSearch(models: call[2], input: call[3], machine: call.machine).finding()
        throw Failure(
            "finite", "loss `\(key.value.text)` must be finite, but is \(found) at step \(step)",
            help: "a lower learning rate, clipped gradients, or a small number added before `log`, `sqrt` and `/` are the usual cures",
            notes: [finding], argument: "losses")
    }
}

/// The text of a loss that is not finite, nil when it is.
private func notFinite(_ call: PrimitiveCall, _ value: Value) throws -> String? {
    switch value {
    case .integer: return nil
    case .float(let number): return number.isFinite ? nil : formatFloat(number)
    case .object(let holder as TensorObject):
        if try LayerWatch.isFinite(holder.tensor) { return nil }
        return holder.scalar?.text ?? "not finite in all of its elements"
    default: throw call.mismatch(0, expected: "a map of numbers and tensors", found: "a map that holds \(value.typeName)")
    }
}

import Machine

/// The kernel as a script's host: what a cell gives goes to those who look, questions to whoever sent it.
final class KernelHost: ScriptHost {
    private unowned let kernel: Kernel

    init(_ kernel: Kernel) { self.kernel = kernel }

    func write(_ text: String) { kernel.print(text, to: "stdout") }

    func warn(_ text: String) { kernel.print(text + "\n", to: "stderr") }

    func ask(_ prompt: String, for machine: Machine) throws -> String? { try kernel.ask(prompt) }

    func clear(waits: Bool) -> Bool {
        kernel.clear(waits)
        return true
    }
}

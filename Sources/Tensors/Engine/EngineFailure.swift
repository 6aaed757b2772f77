import Base
import CTorch
import Foundation

/// libtorch's last message on this thread as an error: its first sentence, and a code that fits.
func lastFailure(_ status: Int32) -> Failure {
    let whole = String(cString: ct_message())
    let message = firstSentence(of: whole)
    switch Int(status) {
    case CT_OUT_OF_MEMORY: return Failure("memory", memoryMessage(message))
    case CT_UNKNOWN_OPERATOR: return Failure("name", message)
    case CT_NOT_IMPLEMENTED: return foreign(Failure("type", message))
    case CT_UNAVAILABLE:
        return Failure("engine", whole, help: "`scripts/setup` installs libtorch, `scripts/build` builds the program anew")
    default:
        let help = message.hasPrefix("Trying to backward through the graph a second time")
            ? "compute the loss anew, or give `keep_graph: true` the first time" : nil
        return foreign(Failure(code(for: message), message, help: help))
    }
}

private func foreign(_ error: Failure) -> Failure {
    var error = error
    error.isForeign = true
    return error
}

private func code(for message: String) -> String {
    let lower = message.lowercased()
    func tells(_ words: String...) -> Bool { words.contains { lower.contains($0) } }
    if tells("grad", "backward", "in-place operation") && !tells("size", "shape") { return "gradient" }
    if tells("dtype", "scalar type", "not implemented for", "must be tensor", "only tensors of floating", "expected floating")
    {
        return "type"
    }
    if tells("index", "out of range", "out of bounds") && !tells("must match") { return "index" }
    if tells("size", "shape", "dimension", "dim ", "broadcast", "channels", "elements", "kernel") { return "shape" }
    if tells("device", "cuda") { return "device" }
    return "value"
}

/// libtorch's messages run on with source places and advice; the first sentence says what is wrong.
private func firstSentence(of text: String) -> String {
    var line = text.split(separator: "\n", omittingEmptySubsequences: true).first.map(String.init) ?? text
    if let end = line.range(of: ". "), line.distance(from: line.startIndex, to: end.lowerBound) > 20 {
        line = String(line[..<end.lowerBound])
    }
    while line.hasSuffix(".") || line.hasSuffix(" ") { line.removeLast() }
    return line
}

/// "[enforce fail at …] … DefaultCPUAllocator: can't allocate memory: you tried to allocate N bytes" in plain words.
private func memoryMessage(_ message: String) -> String {
    if let range = message.range(of: "you tried to allocate ") {
        let number = message[range.upperBound...].prefix { $0.isNumber }
        if let bytes = Double(number) {
            return
                "not enough memory: \(ByteSize.gigabytes(bytes)) were asked for, but the machine has \(ByteSize.gigabytes(Double(Memory.availableBytes))) left"
        }
    }
    return message
}

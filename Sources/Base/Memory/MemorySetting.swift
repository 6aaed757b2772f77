import Foundation

/// `RS4_MEMORY`: how much memory a process of RS4 may take.
public enum MemorySetting {
    /// Bytes, nil when nothing is set or what is set is no size.
    public static let allowedBytes: Int? = bytes(text)

    /// What is wrong with the setting; nil when nothing is.
    public static let problem: Failure? =
        text.isEmpty || allowedBytes != nil
        ? nil
        : Failure(
            "value", "RS4_MEMORY must be a size, but is `\(text)`", help: "for instance `RS4_MEMORY=4G`; K, M, G and T are units")

    private static let text = ProcessInfo.processInfo.environment["RS4_MEMORY"] ?? ""

    /// `4G`, `512M`, `1.5GiB`, or plain bytes; nil for anything else. Units count in steps of 1024, as those of Java's `-Xmx`
    /// and docker's `--memory`.
    static func bytes(_ text: String) -> Int? {
        var number = Substring(text.uppercased())
        for ending in ["IB", "B"] where number.hasSuffix(ending) {
            number = number.dropLast(ending.count)
            break
        }
        var unit = 1.0
        if let last = number.last, let power = ["K", "M", "G", "T"].firstIndex(of: last) {
            unit = pow(1024, Double(power + 1))
            number = number.dropLast()
        }
        guard let amount = Double(number), amount > 0, amount * unit >= 1, amount * unit < 1e18 else { return nil }
        return Int(amount * unit)
    }
}

import Foundation

/// Amounts of bytes as text.
public enum ByteSize {
    private static let binaryUnits = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    private static let decimalUnits = ["B", "KB", "MB", "GB", "TB"]

    /// `1.5 GiB`, `20 bytes`: in the unit that fits, in steps of 1024.
    public static func text(_ bytes: Int) -> String {
        let (size, unit) = scaled(bytes, by: 1024, units: binaryUnits.count)
        return unit == 0 ? "\(bytes) bytes" : String(format: "%.1f %@", size, binaryUnits[unit])
    }

    /// `1.5 GB`, `45 MB`, `20 B`: in steps of 1000 with two digits, for tables in which sizes are compared at a glance.
    public static func decimal(_ bytes: Int) -> String {
        let (size, unit) = scaled(bytes, by: 1000, units: decimalUnits.count)
        return unit == 0 ? "\(bytes) B" : String(format: size < 10 ? "%.1f %@" : "%.0f %@", size, decimalUnits[unit])
    }

    /// `4000.0 GB`, whatever the amount, which may be more than an integer holds.
    public static func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }

    private static func scaled(_ bytes: Int, by step: Double, units: Int) -> (size: Double, unit: Int) {
        var size = Double(bytes)
        var unit = 0
        while size >= step, unit < units - 1 {
            size /= step
            unit += 1
        }
        return (size, unit)
    }
}

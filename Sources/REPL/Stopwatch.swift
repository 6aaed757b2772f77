import Foundation

/// How long something took, by the clock and in processor time of all threads.
struct Stopwatch {
    private let start = DispatchTime.now().uptimeNanoseconds
    private let processor = Stopwatch.processorSeconds

    /// `0.42 s, 0.81 s of processor time`.
    var text: String {
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        return "\(Stopwatch.shown(seconds)), \(Stopwatch.shown(Stopwatch.processorSeconds - processor)) of processor time"
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func shown(_ seconds: Double) -> String {
        seconds < 0.001
            ? String(format: "%.0f µs", seconds * 1e6)
            : seconds < 1 ? String(format: "%.3g ms", seconds * 1e3) : String(format: "%.2f s", seconds)
    }
}

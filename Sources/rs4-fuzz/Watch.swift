import Base
import Foundation
import Machine

/// Watches over the input at hand: interrupts a script that runs long, and tells which input crashed or never ends.
enum Watch {
    /// Seconds that a script may run before it is interrupted.
    static let patience = 0.2
    /// Seconds after which an input counts as one that never ends.
    static let limit = 60.0

    nonisolated(unsafe) private static let number: UnsafeMutablePointer<Int> = {
        let place = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        place.initialize(to: -1)
        return place
    }()
    nonisolated(unsafe) private static let text = UnsafeMutablePointer<UInt8>.allocate(capacity: 32)
    nonisolated(unsafe) private static var began = 0.0
    /// Whether a script runs that may be interrupted.
    nonisolated(unsafe) static var mayRun = false

    static var now: Double { seconds(CLOCK_MONOTONIC) }
    /// Seconds that this thread has worked; what other programs do meanwhile does not count.
    static var worked: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Tells the watch which input is at hand.
    static func begin(_ input: Int) {
        number.pointee = input
        began = now
    }

    /// Begins to watch; called on the thread that checks the inputs.
    static func start() {
        begin(-1)
        text.initialize(repeating: 0, count: 32)
        let stackSize = 1 << 16
        var stack = stack_t()
        stack.ss_sp = UnsafeMutableRawPointer.allocate(byteCount: stackSize, alignment: 16)
        stack.ss_size = stackSize
        sigaltstack(&stack, nil)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            Watch.tell("crashed")
            _exit(128 + signal)
        }
        action.sa_flags = SA_ONSTACK
        for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] { sigaction(signal, &action, nil) }
        let thread = Thread {
            while true {
                usleep(20_000)
                let seconds = now - began
                if mayRun, seconds > patience { Interruption.request() }
                if number.pointee >= 0, seconds > limit {
                    tell("does not end")
                    _exit(1)
                }
            }
        }
        thread.start()
    }

    /// Writes `input N WORDS`, with nothing that a signal handler must not do.
    private static func tell(_ words: StaticString) {
        var digits = 0
        var rest = number.pointee
        repeat {
            text[31 - digits] = UInt8(48 + rest % 10)
            rest /= 10
            digits += 1
        } while rest > 0
        _ = write(STDOUT_FILENO, "\ninput ", 7)
        _ = write(STDOUT_FILENO, text + (32 - digits), digits)
        _ = write(STDOUT_FILENO, " ", 1)
        _ = write(STDOUT_FILENO, words.utf8Start, words.utf8CodeUnitCount)
        _ = write(STDOUT_FILENO, "\n", 1)
    }
}

import Base
import Foundation

/// Requests between the thread of the sockets, which puts them in, and that of the machine, which answers them one by one.
final class JobQueue {
    private let condition = NSCondition()
    private var waiting: [Request] = []
    private var running: Request?
    private var isClosed = false

    func add(_ request: Request) {
        condition.lock()
        // A wish to stop that found nothing to stop is over.
        if running == nil, waiting.isEmpty { Interruption.flag.pointee = 0 }
        waiting.append(request)
        condition.signal()
        condition.unlock()
    }

    /// Waits for the next request, the one before being done; nil when the kernel ends.
    func next() -> Request? {
        condition.lock()
        defer { condition.unlock() }
        if running != nil, !isClosed { Interruption.flag.pointee = 0 }
        running = nil
        while waiting.isEmpty, !isClosed { condition.wait() }
        guard !isClosed else { return nil }
        running = waiting.removeFirst()
        return running
    }

    /// Takes out the cells that wait.
    func takeExecutions() -> [Request] {
        condition.lock()
        defer { condition.unlock() }
        let executions = waiting.filter { $0.type == "execute_request" }
        waiting.removeAll { $0.type == "execute_request" }
        return executions
    }

    /// Stops what runs, or is about to.
    ///
    /// - Returns: the request whose end the stop now waits for, when its script has asked to be stopped at a good moment.
    func interrupt() -> Request? {
        condition.lock()
        defer { condition.unlock() }
        guard running != nil || !waiting.isEmpty else { return nil }
        let wasRequested = Interruption.isRequested
        // As Ctrl-C does: the handler knows of scripts that hold the first one.
        raise(SIGINT)
        return Interruption.isRequested && !wasRequested ? running : nil
    }

    /// Ends what runs, at once, and whoever waits for a request.
    func close() {
        condition.lock()
        isClosed = true
        Interruption.held.pointee = 0
        Interruption.flag.pointee = 1
        condition.broadcast()
        condition.unlock()
    }
}

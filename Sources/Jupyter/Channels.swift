import Base
import CZeroMQ
import Foundation
import Syntax

/// The kernel's sockets and the thread that serves them, which never waits for the machine: requests go into the queue of
/// jobs, what the machine has to say comes out of the outbox, and heartbeats, interrupts and the end are answered here.
final class Channels {
    private let connection: Connection
    private let jobs: JobQueue
    private let outbox: Outbox
    private let input: InputExchange
    private var wire: Wire
    private let context: UnsafeMutableRawPointer
    private let shell, control, iopub, stdin, heartbeat: Socket
    private let parent = getppid()
    private let hasEnded = DispatchSemaphore(value: 0)
    private var isEnding = false
    private var broadcasts = Broadcasts()
    /// Seconds between looks at subscribers that had no room.
    private static let wait = 0.01

    /// Binds the sockets; throws a `Diagnostic` when one cannot be.
    init(_ connection: Connection, jobs: JobQueue, outbox: Outbox, input: InputExchange) throws {
        guard let context = zmq_ctx_new() else {
            throw Diagnostic(code: "file", message: "ZeroMQ must be able to start, but is not: \(Socket.problem)")
        }
        (self.connection, self.jobs, self.outbox, self.input, self.context) = (connection, jobs, outbox, input, context)
        wire = Wire(key: connection.key)
        shell = try Socket(context, ZMQ_ROUTER, connection, .shell)
        control = try Socket(context, ZMQ_ROUTER, connection, .control)
        stdin = try Socket(context, ZMQ_ROUTER, connection, .stdin)
        iopub = try Socket(context, ZMQ_XPUB, connection, .iopub)
        heartbeat = try Socket(context, ZMQ_REP, connection, .heartbeat)
    }

    /// Begins to serve, on a thread of its own that has the sockets to itself from now on.
    func start() {
        let thread = Thread { [self] in serve() }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits until everything that was to be sent is.
    func waitForEnd() { hasEnded.wait() }

    // MARK: the thread of the sockets

    private func serve() {
        send(.status("starting", for: nil))
        var items = [shell, control, stdin, iopub, heartbeat].map {
            zmq_pollitem_t(socket: $0.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
        }
        items.append(zmq_pollitem_t(socket: nil, fd: outbox.descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
        var wait = 1.0
        while !isEnding {
            zmq_poll(&items, Int32(items.count), max(1, Int((wait * 1000).rounded(.up))))
            drain(shell) { receive($0, from: .shell) }
            drain(control) { receive($0, from: .control) }
            drain(stdin) { receive($0, from: .stdin) }
            drain(iopub) { welcome($0) }
            drain(heartbeat) { heartbeat.send($0) }
            wait = empty(at: ProcessInfo.processInfo.systemUptime) ?? 1
            // Whoever started the kernel and said so is gone: nobody will ask for anything again.
            if getppid() != parent, ProcessInfo.processInfo.environment["JPY_PARENT_PID"] != nil { end() }
        }
        close()
    }

    /// Takes what has arrived, some of it at a time so that no socket keeps the others waiting.
    private func drain(_ socket: Socket, _ take: ([[UInt8]]) -> Void) {
        for _ in 0..<64 {
            guard let frames = socket.receive() else { return }
            take(frames)
        }
    }

    private func empty(at time: Double) -> Double? {
        let (messages, wait) = outbox.take(at: time)
        messages.forEach(send)
        handOn()
        return broadcasts.isWaiting ? min(wait ?? Channels.wait, Channels.wait) : wait
    }

    private func handOn(isLast: Bool = false) {
        broadcasts.hand(
            on: { iopub.send($0) }, orToThoseWhoRead: iopub.sendToThoseWhoRead, at: ProcessInfo.processInfo.systemUptime, isLast: isLast)
        outbox.holdBack(broadcasts.isWaiting)
    }

    private func send(_ message: Outgoing) {
        do {
            let frames = try wire.write(message)
            switch message.channel {
            case .shell: shell.send(frames)
            case .control: control.send(frames)
            case .stdin: stdin.send(frames)
            case .iopub: broadcasts.add(frames)
            }
        } catch {
            KernelLog.say("a \(message.type) could not be written: \(error)")
        }
    }

    /// Greets whoever has subscribed, so that it knows that nothing will be missed from now on.
    private func welcome(_ frames: [[UInt8]]) {
        // What was said before is for those who were there.
        handOn()
        guard let topic = iopub.subscribe(frames), let text = String(validating: topic, as: UTF8.self) else { return }
        send(
            Outgoing(
                channel: .iopub, identities: topic.isEmpty ? [] : [topic], type: "iopub_welcome",
                content: ["subscription": .string(text)], parent: nil))
    }

    private func receive(_ frames: [[UInt8]], from channel: Channel) {
        let request: Request
        do { request = try wire.read(frames, from: channel) } catch {
            return KernelLog.say("dropped a message on \(channel): \((error as? Wire.Refusal)?.reason ?? "\(error)")")
        }
        switch channel {
        case .shell where request.type != "shutdown_request": jobs.add(request)
        case .stdin: answer(request)
        default: obey(request)
        }
    }

    private func answer(_ request: Request) {
        struct Reply: Decodable { var value: String }
        guard request.type == "input_reply", let reply = try? request.content(Reply.self) else {
            return KernelLog.say("dropped a message on stdin: it must be an input_reply with a value, but is not")
        }
        if !input.deliver(reply.value) { KernelLog.say("dropped an input_reply that nobody waits for") }
    }

    /// Requests that are answered while a cell runs.
    private func obey(_ request: Request) {
        send(.status("busy", for: request))
        switch request.type {
        case "interrupt_request":
            if let held = jobs.interrupt() {
                outbox.print("stopping when this step is done; interrupt again to stop at once\n", to: "stderr", for: held)
            }
            send(.reply(to: request, ["status": "ok"]))
        case "shutdown_request":
            struct Wish: Decodable { var restart: Bool? }
            let content: JSON = ["status": "ok", "restart": .boolean((try? request.content(Wish.self))?.restart ?? false)]
            // What cells have said so far comes before the end.
            outbox.close()
            _ = empty(at: .infinity)
            send(.reply(to: request, content))
            send(.broadcast("shutdown_reply", content, for: request))
            isEnding = true
        case "kernel_info_request": send(.reply(to: request, KernelInfo.content))
        case "connect_request": send(.reply(to: request, KernelInfo.content(of: connection)))
        default: KernelLog.say("there is no answer to \(request.type) on \(request.channel)")
        }
        send(.status("idle", for: request))
    }

    private func end() {
        outbox.close()
        isEnding = true
    }

    private func close() {
        jobs.close()
        handOn(isLast: true)
        for socket in [shell, control, stdin, iopub, heartbeat] { socket.close() }
        zmq_ctx_term(context)
        hasEnded.signal()
        // The machine gets a second to come to its end by itself.
        sleep(1)
        TemporaryFolders.removeAll()
        fflush(nil)
        _exit(0)
    }
}

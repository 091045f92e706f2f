import Dispatch
import FoundationEssentials
import Glibc
import Intake
import Registry

/// Does for other processes what only the one that has the directory open can do. One request at a time.
final class ControlServer: Sendable {
    private let path: String
    private let listener: Int32
    private let ended = DispatchSemaphore(value: 0)

    /// Begins to listen.
    ///
    /// - Parameter token: gives a token for the server's API.
    init(desk: DeliveryDesk, token: @escaping @Sendable () -> String) throws {
        path = "\(desk.directory.path)/\(ControlSocket.name)"
        let socket = try ControlSocket.listening(in: desk.directory.path)
        listener = socket.descriptor
        // A thread of its own: it waits for callers and for disks, and must hold up no page.
        DispatchQueue(label: "control").async { [ended] in
            while let caller = socket.accept() { Self.answer(caller, desk, token) }
            ended.signal()
        }
    }

    /// Removes the socket; a request in hand has ten seconds. A backup that is cut off leaves the earlier points whole.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = ended.wait(timeout: .now() + 10)
        unsafe unlink(path)
    }

    private static func answer(_ caller: borrowing ControlSocket, _ desk: DeliveryDesk, _ token: () -> String) {
        let descriptor = caller.descriptor
        caller.eachLine { line in
            let answer: ControlAnswer
            if let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line)) {
                do {
                    answer = try carryOut(request, desk, token) { ControlSocket.send(ControlAnswer(progress: $0).line, to: descriptor) }
                } catch { answer = ControlAnswer(fault: "\(error)") }
            } else { answer = ControlAnswer(fault: "听不懂的命令") }
            ControlSocket.send(answer.line, to: descriptor)
            return false
        }
    }

    private static func carryOut(
        _ request: ControlRequest, _ desk: DeliveryDesk, _ token: () -> String, _ progress: @Sendable (Double) -> Void
    ) throws -> ControlAnswer {
        let directory = desk.directory
        switch request.command {
        case .token: return ControlAnswer(token: token())
        case .status:
            return ControlAnswer(done: "正在服务，共 \(try directory.registry.deliveries.list(limit: 0).total) 个批次")
        case .erasePerson:
            // What the archive has of the records goes with the next round of the upkeep.
            return ControlAnswer(done: try ErasePersonCommand.erase(request.subject ?? "", reason: request.reason ?? "", at: desk))
        case .verify:
            return ControlAnswer(verification: try Verification(directory: directory).run(progress))
        case .backup:
            let target = request.target ?? ""
            let report = try Backup(directory: directory, repository: try .make(target)).run(
                at: Clock.now(), uptime: { Clock.uptime() }, progress)
            return ControlAnswer(done: BackupWords.sentence(report, at: target))
        }
    }
}

extension ControlRequest {
    /// Asks the process that serves a data directory; nil where none does.
    ///
    /// - Throws: `Exit` where it could not do it, or went away.
    func ask(_ directory: String, _ progress: (Double) -> Void) throws -> ControlAnswer? {
        guard let socket = try ControlSocket.connected(to: directory) else { return nil }
        ControlSocket.send(Array(try JSONEncoder().encode(self)) + [0x0A], to: socket.descriptor)
        var last: ControlAnswer?
        socket.eachLine { line in
            guard let answer = try? JSONDecoder().decode(ControlAnswer.self, from: Data(line)) else { return false }
            if let share = answer.progress {
                progress(share)
                return true
            }
            last = answer
            return false
        }
        guard let last else { throw Exit(69, "正在服务的进程没有答复，可能已停止。请稍后再试") }
        if let fault = last.fault { throw Exit(73, fault) }
        return last
    }
}

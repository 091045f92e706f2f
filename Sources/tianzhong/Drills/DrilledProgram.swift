import Dispatch
import FoundationEssentials
import Glibc

/// This program as a child process: what it says is kept, and it can be killed at any moment.
final class DrilledProgram {
    struct End {
        /// Everything it said on standard output.
        let output: [UInt8]
        let errors: String
        /// Its exit code; nil if a signal ended it.
        let code: Int32?
        /// Whether it had to be killed because it did not end in time.
        let hung: Bool
    }

    /// The built program that is running.
    static let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "tianzhong"

    let process: pid_t
    /// What strace calls its standard output.
    var outputName: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(output)")) ?? ""
    }
    private let output: Int32
    private let input: Int32
    private let errorFile: String
    private var said: [UInt8] = []

    /// - Parameters:
    ///   - words: program and arguments.
    ///   - folder: where its standard error is kept, in a file of this name.
    init(_ words: [String], in folder: String, named errors: String = "stderr") throws {
        errorFile = "\(folder)/\(errors)"
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Exit(70, "无法启动 \(words[0])") }
        // A socket and no pipe: telling one that has ended something must not end this process.
        var talk: [Int32] = [0, 0]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &talk) == 0 else { throw Exit(70, "无法启动 \(words[0])") }
        // A child started meanwhile must not hold this one's ends open.
        for end in ends + talk { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, talk[1], 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errorFile, O_WRONLY | O_CREAT | O_TRUNC, 0o640)
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { for unsafe word in unsafe arguments { unsafe free(word) } }
        // A backtrace of each of a thousand ends would take longer than the drill.
        var variables = ProcessInfo.processInfo.environment
        variables["SWIFT_BACKTRACE"] = "enable=no"
        var environment = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for unsafe word in unsafe environment { unsafe free(word) } }
        var started: pid_t = 0
        let failure = unsafe posix_spawnp(&started, words[0], &actions, nil, &arguments, &environment)
        for end in [ends[1], talk[1]] { close(end) }
        guard failure == 0 else {
            for end in [ends[0], talk[0]] { close(end) }
            throw Exit(70, unsafe "无法启动 \(words[0])：\(String(cString: strerror(failure)))")
        }
        process = started
        output = ends[0]
        input = talk[0]
    }

    deinit {
        close(output)
        close(input)
    }

    /// Reads what it says until it has said so many lines, or ended, or so many seconds are over.
    func hears(lines: Int, within seconds: Double) {
        let end = Clock.uptime() + seconds
        while said.count(where: { $0 == 0x0A }) < lines, listen(until: end) {}
    }

    /// What it has said so far.
    var text: String { String(decoding: said, as: UTF8.self) }

    /// Kills it after so many seconds, unless it ends before.
    func kill(after seconds: Double) -> End {
        let end = Clock.uptime() + seconds
        while listen(until: end) {}
        signal(SIGKILL)
        return wait()
    }

    func signal(_ number: Int32) { _ = Glibc.kill(process, number) }

    /// Sends a signal later, while the caller goes on. The process must not be waited for before.
    func signal(_ number: Int32, after seconds: Double) {
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [process] in _ = Glibc.kill(process, number) }
    }

    /// Waits until all its threads are traced.
    func isTraced(within seconds: Double) -> Bool {
        let end = Clock.uptime() + seconds
        while Clock.uptime() < end {
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
            let traced = threads.filter { thread in
                let status = (try? String(contentsOfFile: "/proc/\(process)/task/\(thread)/status", encoding: .utf8)) ?? ""
                return status.contains("TracerPid:") && !status.contains("TracerPid:\t0\n")
            }
            if !threads.isEmpty, traced.count == threads.count { return true }
            usleep(2000)
        }
        return false
    }

    /// Lets one that waits for a line on its standard input go on.
    func goOn() { _ = unsafe send(input, "\n", 1, Int32(MSG_NOSIGNAL)) }

    /// Waits for its end; one that takes longer than so many seconds is killed.
    func wait(atMost seconds: Double = 120) -> End {
        let end = Clock.uptime() + seconds
        while listen(until: end) {}
        let hung = Clock.uptime() >= end
        if hung { signal(SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let errors = (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? ""
        return End(output: said, errors: errors, code: status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, hung: hung)
    }

    /// Takes what it says next. False at its end, or when the time has come.
    private func listen(until end: Double) -> Bool {
        let rest = end - Clock.uptime()
        guard rest > 0 else { return false }
        var poll = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        guard unsafe Glibc.poll(&poll, 1, Int32(min(rest * 1000 + 0.5, 1_000_000))) > 0 else { return true }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(output, &buffer, buffer.count)
        guard count > 0 else { return false }
        said += buffer[0..<count]
        return true
    }
}

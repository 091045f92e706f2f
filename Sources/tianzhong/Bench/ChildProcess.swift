import Glibc

/// A program run to its end for what it prints.
enum ChildProcess {
    static func output(of program: String, _ arguments: [String]) throws -> String {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Exit(70, "无法启动 \(program)") }
        defer { close(ends[0]) }
        guard let process = try? start(program, arguments, output: ends[1]) else {
            close(ends[1])
            return "没有安装 \(program)"
        }
        close(ends[1])
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(ends[0], &buffer, buffer.count)
            guard count > 0 else { break }
            text += buffer[0..<count]
        }
        var status: Int32 = 0
        unsafe waitpid(process, &status, 0)
        return String(decoding: text, as: UTF8.self).trimmingSuffixNewlines
    }

    /// Starts a program that writes to a descriptor.
    static func start(_ program: String, _ arguments: [String], output: Int32) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addclose(&actions, output)
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for unsafe word in unsafe words { unsafe free(word) } }
        var process: pid_t = 0
        guard unsafe posix_spawnp(&process, program, &actions, nil, &words, environ) == 0 else {
            throw Exit(70, "无法启动 \(program)")
        }
        return process
    }
}

extension String {
    /// Without the line ends at its end.
    fileprivate var trimmingSuffixNewlines: String {
        var text = Substring(self)
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }
}

import Glibc

/// A program run to its end for what it prints.
enum ChildProcess {
    static func output(of program: String, _ arguments: [String]) throws -> String {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Exit(70, "无法启动 \(program)") }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        defer { for unsafe word in unsafe words { unsafe free(word) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, program, &actions, nil, &words, environ)
        close(ends[1])
        defer { close(ends[0]) }
        guard failure == 0 else { return "没有安装 \(program)" }
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
}

extension String {
    /// Without the line ends at its end.
    fileprivate var trimmingSuffixNewlines: String {
        var text = Substring(self)
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }
}

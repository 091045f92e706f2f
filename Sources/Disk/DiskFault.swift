internal import Glibc

/// What a disk could not do. Callers choose by `code`; people read the fault of the part that called.
package struct DiskFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of trouble that callers treat differently.
    package enum Code: String, Sendable, CaseIterable {
        /// No space left, or a quota reached.
        case full
        /// The file system is mounted for reading only.
        case readOnly
        /// The process may not do it.
        case denied
        /// There is no such file or folder.
        case missing
        /// The device, or something the system does not explain further.
        case inputOutput
        /// The process is over: every call after it fails too. Only a simulated disk says so; on the machine's disk nobody is
        /// left to be told.
        case ended
    }

    package let code: Code
    package let path: String
    /// The system's own words, for log and message.
    package let reason: String

    package init(_ code: Code, path: String, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// The fault for a number of `errno`.
    package init(number: Int32, path: String) {
        let code: Code =
            switch number {
            case ENOSPC, EDQUOT: .full
            case EROFS: .readOnly
            case EACCES, EPERM: .denied
            case ENOENT, ENOTDIR: .missing
            default: .inputOutput
            }
        self.init(code, path: path, reason: unsafe String(cString: strerror(number)))
    }

    package var description: String { "\(path)：\(reason)" }
}

/// Exit code of a process that ended because it could not know what is on the disk (`EX_IOERR`).
package let inDoubtExitCode: Int32 = 74

/// Ends the process after a sync, or a step of a store, of which nobody can tell whether it happened.
///
/// The kernel reports a failed write-back once and then calls the lost pages clean, so that a second sync would succeed and
/// mean nothing. No caller may go on, or answer anybody: what is on the disk is known again only after a restart has read it.
///
/// - Parameters:
///   - path: the file, folder or store that was to be made durable.
///   - reason: the system's or the store's words.
package func endProcess(inDoubtAbout path: String, reason: String) -> Never {
    let text = "磁盘故障：无法确认 \(path) 是否已落盘（\(reason)），进程已停止。已回执的报送不会丢失。请检查磁盘和系统日志，排除故障后重新启动，再运行 tianzhong verify 核对。\n"
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    // Without exit handlers: they would write through the stores that are no longer to be trusted.
    _exit(inDoubtExitCode)
}

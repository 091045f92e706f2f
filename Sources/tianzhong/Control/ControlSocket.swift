import FoundationEssentials
import Glibc

/// The place of the control socket of a data directory, mode 0600: only who may read the data may speak to it.
struct ControlSocket: ~Copyable {
    static let name = "control.sock"

    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens in a data directory that this process has locked: a socket that is there is a dead process's.
    static func listening(in directory: String) throws -> ControlSocket {
        unsafe unlink("\(directory)/\(name)")
        let socket = try make()
        let mask = umask(0o177)
        defer { umask(mask) }
        guard unsafe with(directory, { unsafe bind(socket.descriptor, $0, $1) }), listen(socket.descriptor, 8) == 0 else {
            throw fault(directory)
        }
        return socket
    }

    /// Speaks to the process that serves a data directory; nil where none listens.
    static func connected(to directory: String) throws -> ControlSocket? {
        let socket = try make()
        guard unsafe with(directory, { unsafe connect(socket.descriptor, $0, $1) }) else { return nil }
        return socket
    }

    /// The next caller; nil once the socket was shut down. Callers of other users are turned away.
    func accept() -> ControlSocket? {
        while true {
            let caller = Glibc.accept(descriptor, nil, nil)
            if caller < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
            guard caller >= 0 else { return nil }
            let socket = ControlSocket(caller)
            _ = fcntl(caller, F_SETFD, FD_CLOEXEC)
            // Who calls and then says nothing must not keep the others waiting.
            var patience = timeval(tv_sec: 10, tv_usec: 0)
            unsafe setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            // `struct ucred`, which the headers show to GNU sources only: process, user, group.
            var peer: (pid: UInt32, user: UInt32, group: UInt32) = (0, .max, .max)
            var length = socklen_t(MemoryLayout<(UInt32, UInt32, UInt32)>.size)
            if unsafe getsockopt(caller, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0, peer.user == geteuid() || peer.user == 0 {
                return socket
            }
        }
    }

    /// Writes a line to a connected socket; false where nobody listens any more.
    @discardableResult
    static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { 
                // Not empty: done < count.
                unsafe Glibc.send(descriptor, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// Lends the lines that come, until there are no more or `body` answers false. A line is at most 16 MiB.
    func eachLine(_ body: ([UInt8]) throws -> Bool) rethrows {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while line.count < 16 << 20 {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            for byte in buffer[..<count] {
                guard byte == 0x0A else {
                    line.append(byte)
                    continue
                }
                guard try body(line) else { return }
                line = []
            }
        }
    }

    private static func make() throws -> ControlSocket {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw fault(name) }
        return ControlSocket(descriptor)
    }

    /// Lends the address of a directory's socket; whether `body` answered 0. An address holds 107 bytes, so the directory is
    /// named by a descriptor.
    private static func with(_ directory: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Bool {
        let folder = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return false }
        defer { close(folder) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: "/proc/self/fd/\(folder)/\(name)".utf8) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private static func fault(_ path: String) -> Exit {
        unsafe Exit(73, "无法建立控制套接字 \(path)：\(String(cString: strerror(errno)))")
    }
}

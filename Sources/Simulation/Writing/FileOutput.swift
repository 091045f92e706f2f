internal import Glibc

/// Why the city could not be written.
package enum SimulationFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// A file or directory could not be written; the system's reason.
    case unwritable(path: String, reason: String)
    /// The C library cannot write GB18030.
    case encodingMissing
    /// The policy book has no resource, provider or county to simulate.
    case nothingToSimulate(String)
    /// A workbook could not be written.
    case workbook(path: String, reason: String)

    /// What happened, in Chinese.
    package var message: String {
        switch self {
        case .unwritable(let path, let reason): "无法写入“\(path)”：\(reason)"
        case .encodingMissing: "系统缺少 GB18030 转码支持"
        case .nothingToSimulate(let what): "政策库中没有\(what)，无法生成演示城市"
        case .workbook(let path, let reason): "无法写入工作簿“\(path)”：\(reason)"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch self {
        case .unwritable, .workbook: "请检查目录是否存在、磁盘是否已满、当前用户是否有写权限"
        case .encodingMissing: "请安装完整的 glibc（含 gconv 模块）"
        case .nothingToSimulate: "请先用 tianzhong policy check 检查政策库"
        }
    }

    package var description: String { "\(message)。\(cure)" }
}

/// Whole files in one go.
enum FileOutput {
    /// Makes a directory; one that is there already is left as it is.
    static func makeDirectory(_ path: String) throws(SimulationFault) {
        guard unsafe mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        throw .unwritable(path: path, reason: reason(errno))
    }

    /// Writes a file, replacing what was there.
    static func write(_ bytes: [UInt8], to path: String) throws(SimulationFault) {
        let stream = try FileStream(path)
        try stream.append(bytes)
        try stream.close()
    }

    static func reason(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "错误 \(number)" }
        return unsafe String(cString: text)
    }

    /// UTF-8 as GB18030, which has a place for every character.
    static func gb18030(_ text: [UInt8]) throws(SimulationFault) -> [UInt8] {
        guard let handle = unsafe iconv_open("GB18030", "UTF-8"), Int(bitPattern: handle) != -1 else {
            throw .encodingMissing
        }
        defer { unsafe iconv_close(handle) }
        // No character is longer in GB18030 (1, 2 or 4 bytes) than 4/3 of its UTF-8.
        let capacity = text.count + text.count / 3 + 16
        var failed = false
        let result = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            unsafe text.withUnsafeBytes { input in
                var left = input.count
                var room = capacity
                // iconv's signature is older than const; it does not write to its input.
                var source = unsafe input.baseAddress.map {
                    unsafe UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: CChar.self))
                }
                var target = unsafe output.baseAddress.map { unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: CChar.self) }
                failed = unsafe iconv(handle, &source, &left, &target, &room) == -1
                count = capacity - room
            }
        }
        if failed { throw .encodingMissing }
        return result
    }
}

/// A file written from front to back.
struct FileStream: ~Copyable {
    private let descriptor: Int32
    private let path: String
    private var open = true

    init(_ path: String) throws(SimulationFault) {
        self.path = path
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let number = errno
            open = false
            throw .unwritable(path: path, reason: FileOutput.reason(number))
        }
    }

    deinit { if open { _ = Glibc.close(descriptor) } }

    func append(_ bytes: [UInt8]) throws(SimulationFault) {
        var offset = 0
        while offset < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { rest in
                guard let base = rest.baseAddress else { return 0 }
                return unsafe Glibc.write(descriptor, base + offset, rest.count - offset)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw .unwritable(path: path, reason: FileOutput.reason(errno)) }
            offset += written
        }
    }

    consuming func close() throws(SimulationFault) {
        open = false
        guard Glibc.close(descriptor) == 0 else { throw .unwritable(path: path, reason: FileOutput.reason(errno)) }
    }
}

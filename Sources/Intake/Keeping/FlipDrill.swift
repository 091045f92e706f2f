internal import Glibc
package import Registry

/// Flips single bits in the files of a closed data directory or of a backup and looks whether each is found; undoes each at once.
package struct FlipDrill: Sendable {
    private let path: String
    private let targets: [Target]

    /// A file, and how it is looked at.
    private struct Target {
        let name: String
        let size: Int
        let finding: @Sendable () -> FileFinding
    }

    /// - Parameters:
    ///   - path: a data directory that nobody has open.
    ///   - deliveries: what its registry lists.
    ///   - keys: what opens the files of the deliveries.
    package init(path: String, deliveries: [Delivery], keys: FileKeys) {
        self.path = path
        var targets = FileAudit(path: path).names.map { name in
            Target(name: name, size: Self.size("\(path)/\(name)")) { FileAudit(path: path).finding(of: name) }
        }
        for digest in Set(deliveries.map(\.digest)).sorted() {
            let name = FileAudit.rawName(digest)
            targets.append(Target(name: name, size: Self.size("\(path)/\(name)")) { FileAudit(path: path, keys: keys).finding(ofRaw: digest) })
        }
        for delivery in deliveries where delivery.known != nil {
            let name = FileAudit.rejectionsName(delivery.number)
            targets.append(
                Target(name: name, size: Self.size("\(path)/\(name)")) { FileAudit(path: path, keys: keys).finding(ofRejections: delivery) })
        }
        self.targets = targets.filter { $0.size > 0 }
    }

    /// - Parameter repository: a backup that nobody writes to.
    package init(repository: BackupRepository) throws {
        path = repository.path
        let audit = BackupAudit(repository: repository)
        targets = try audit.names().map { name in
            Target(name: name, size: Self.size("\(repository.path)/\(name)")) { audit.finding(of: name) }
        }.filter { $0.size > 0 }
    }

    /// The files that bits are flipped in.
    package var names: [String] { targets.map(\.name) }

    /// Files that are not found whole as they stand.
    package func undamaged() -> [String] {
        targets.filter { $0.finding() != .whole }.map { "\($0.name)：\($0.finding())" }
    }

    /// Flips `count` bits, one after another: files in turn, places at random, the last bytes more often.
    ///
    /// - Parameter progress: told how many are done.
    /// - Returns: the flips that were not found.
    package func run(count: Int, seed: UInt64, _ progress: (Int) -> Void = { _ in }) -> [String] {
        var state = seed
        func draw(_ bound: Int) -> Int {
            // SplitMix64: the drill can be repeated by its seed.
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((word ^ (word >> 31)) % UInt64(bound))
        }
        var missed: [String] = []
        for number in 0..<(targets.isEmpty ? 0 : count) {
            let target = targets[number % targets.count]
            let tail = min(target.size, 64)
            let offset = draw(4) == 0 ? target.size - 1 - draw(tail) : draw(target.size)
            let bit = draw(8)
            Self.flip("\(path)/\(target.name)", at: offset, bit: bit)
            if case .damaged = target.finding() {} else { missed.append("\(target.name) 第 \(offset) 字节第 \(bit) 位") }
            Self.flip("\(path)/\(target.name)", at: offset, bit: bit)
            progress(number + 1)
        }
        return missed
    }

    /// Bytes of a file; 0 where there is none.
    package static func size(_ path: String) -> Int { Int(Intake.size(of: path) ?? 0) }

    /// Flips one bit of a file; twice is as before.
    package static func flip(_ path: String, at offset: Int, bit: Int) {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var byte: UInt8 = 0
        guard unsafe pread(descriptor, &byte, 1, offset) == 1 else { return }
        byte ^= 1 << UInt8(bit & 7)
        unsafe pwrite(descriptor, &byte, 1, offset)
    }
}

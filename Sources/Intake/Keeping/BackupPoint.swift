internal import Cryptography
internal import FoundationEssentials
internal import Identifiers
internal import Registry

/// A file of a data directory as a backup keeps it.
package struct BackupFile: Codable, Sendable, Hashable {
    /// Path within the data directory.
    package var path: String
    package var size: Int64
    /// SM3 of its pieces, in order; each lies under its digest in the repository. One piece, but for the stores of SQLite, the
    /// tiles and the history of signed heads.
    package var pieces: [String]
    /// By it the next backup knows an unchanged file: the checksum of `digests` for the archive's data files, the header for
    /// sealed files.
    package var sum: String?
}

/// One state of a data directory in a backup repository: everything that is needed to have it back.
package struct BackupPoint: Codable, Sendable, Hashable {
    /// Of this description.
    package var form = 1
    /// From 1 on; later points have higher numbers.
    package var number: Int
    /// When it was made, milliseconds since 1970.
    package var made: Int64
    /// The latest receipt, knowledge time, refusal or withdrawal that is in it, milliseconds since 1970; 0 without any.
    package var latest: Int64
    /// How many deliveries it knows, and the highest number of one.
    package var deliveries: Int
    package var lastDelivery: UInt32
    package var files: [BackupFile]

    /// The pieces that it needs.
    package var pieces: Set<String> { Set(files.flatMap(\.pieces)) }
    /// Bytes of its files.
    package var byteCount: Int64 { files.reduce(0) { $0 + $1.size } }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    /// Reads a point whose file name holds the digest of its bytes; nil where they differ.
    init?(_ bytes: [UInt8], name: String) {
        let parts = name.split(separator: "-")
        guard parts.count == 2, parts[1] == "\(SM3.digest(bytes.span).hex).json", let number = Int(parts[0]),
            let point = try? JSONDecoder().decode(BackupPoint.self, from: Data(bytes)), point.number == number
        else { return nil }
        self = point
    }

    init(number: Int, made: Int64, deliveries: [Delivery], files: [BackupFile]) {
        self.number = number
        self.made = made
        latest = deliveries.map(\.latest.milliseconds).max() ?? 0
        self.deliveries = deliveries.count
        lastDelivery = deliveries.map(\.number).max() ?? 0
        self.files = files
    }
}

extension Delivery {
    /// The last time that something was recorded of it.
    var latest: Instant { max(received, known ?? received, refusedAt ?? received, withdrawnAt ?? received, erasedAt ?? received) }
}

internal import Cryptography
internal import Disk

/// What a file was when it was last known to be whole.
struct FileDigest: Hashable, Sendable {
    /// Bytes that the checksum covers; a growing file may have more by now.
    var size: Int64
    /// `Checksum` of those bytes.
    var sum: String
    /// First and last key of an archive's data file, in hex; empty for other files.
    var firstKey = ""
    var lastKey = ""

    /// The digest of a file's first bytes.
    ///
    /// - Parameter limit: how many; all where it is nil.
    /// - Returns: nil where the file cannot be read.
    init?(of path: String, limit: Int64? = nil) {
        var checksum = Checksum()
        var taken: Int64 = 0
        let isWhole = readPieces(of: path) { piece in
            let count = min(Int64(piece.count), (limit ?? .max) - taken)
            checksum.update(piece.extracting(0..<Int(count)))
            taken += count
        }
        guard isWhole else { return nil }
        size = taken
        sum = checksum.finish()
    }

    fileprivate init(size: Int64, sum: String) {
        self.size = size
        self.sum = sum
    }
}

/// The file `digests` of a data directory: a line for each file that has no digest elsewhere, and one that checks the others.
///
/// ```
/// tianzhong digests 1
/// key <check value of keys/subject.key>
/// archive/000012.sst <size> <checksum> <first key> <last key>
/// registry.sqlite <size> <checksum>
/// end <checksum of all bytes above>
/// ```
struct DigestBook: Hashable, Sendable {
    static let fileName = "digests"
    private static let title = "tianzhong digests 1"

    /// Recognises the key of the subject keys without telling it.
    var keyCheck: String
    /// By path within the data directory.
    var files: [String: FileDigest] = [:]

    /// The check value of a key.
    static func check(of key: [UInt8]) -> String {
        var hash = KeyedHash(key: key)
        let code = hash.hash(0, Array("tianzhong subject key".utf8).span)
        return String(code.high, radix: 16) + "-" + String(code.low, radix: 16)
    }

    init(key: [UInt8]) { keyCheck = Self.check(of: key) }

    /// Reads a book; nil where a byte of it is not as it was written.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n") else { return nil }
        var lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
        guard let last = lines.popLast(), lines.count >= 2, lines[0] == Self.title else { return nil }
        guard last == "end \(Self.sum(lines.map { $0 + "\n" }.joined()))" else { return nil }
        guard lines[1].hasPrefix("key ") else { return nil }
        keyCheck = String(lines[1].dropFirst(4))
        for line in lines.dropFirst(2) {
            let words = line.split(separator: " ")
            guard words.count == 3 || words.count == 5, let size = Int64(words[1]) else { return nil }
            var digest = FileDigest(size: size, sum: String(words[2]))
            if words.count == 5 { (digest.firstKey, digest.lastKey) = (String(words[3]), String(words[4])) }
            files[String(words[0])] = digest
        }
    }

    var encoded: [UInt8] {
        var text = "\(Self.title)\nkey \(keyCheck)\n"
        for (name, digest) in files.sorted(by: { $0.key < $1.key }) {
            text += "\(name) \(digest.size) \(digest.sum)"
            text += digest.firstKey.isEmpty ? "\n" : " \(digest.firstKey) \(digest.lastKey)\n"
        }
        return Array((text + "end \(Self.sum(text))\n").utf8)
    }

    private static func sum(_ text: String) -> String {
        var checksum = Checksum()
        checksum.update(Array(text.utf8).span)
        return checksum.finish()
    }
}

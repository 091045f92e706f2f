package import Cryptography

/// That a leaf is in a log, as text to be kept and checked without the log (C2SP tlog-proof, with SM3): the form's name, the
/// leaf's data in base64 where they are enclosed, its index, the path of hashes from below, an empty line, the signed checkpoint.
package struct ProofFile: Sendable, Hashable, CustomStringConvertible {
    static let header = "c2sp.org/tlog-proof@v1"
    /// Longer texts are refused.
    package static let largestLength = 1 << 20

    /// The leaf's data; nil where whoever checks has it from elsewhere.
    package let data: LeafData?
    package let index: Int
    package let path: [SM3Digest]
    package let note: SignedNote

    package init(data: LeafData?, index: Int, path: [SM3Digest], note: SignedNote) {
        self.data = data
        self.index = index
        self.path = path
        self.note = note
    }

    /// Takes a proof apart, strictly; nothing is verified.
    package init(_ text: String) throws(ProofProblem) {
        var lines = try ProofLines(text, header: Self.header)
        var line = lines.next()
        if let extra = line, let value = value(of: "extra", in: extra) {
            guard let bytes = Base64.bytes(value) else { throw .malformed("extra 行") }
            data = LeafData(bytes: bytes)
            line = lines.next()
        } else {
            data = nil
        }
        guard let line, let value = value(of: "index", in: line), let index = decimal(value) else { throw .malformed("index 行") }
        self.index = index
        path = try lines.hashes()
        note = try SignedNote(lines.rest)
    }

    /// The proof as text: what `init(_:)` takes. Files are called `*.tlog-proof`.
    package var description: String {
        Self.header + "\n" + (data.map { "extra \(Base64.text($0.bytes))\n" } ?? "") + "index \(index)\n"
            + path.map { Base64.text($0.array) + "\n" }.joined() + "\n" + note.description
    }
}

/// That a log's newer checkpoint continues an older one, as text: the form's name, the hashes, an empty line, the old note, a line
/// of four hyphens, the new note. The form is ours; C2SP has none.
package struct ConsistencyProofFile: Sendable, Hashable, CustomStringConvertible {
    static let header = "tianzhong/consistency-proof@v1"
    static let separator = "----"

    package let old: SignedNote
    package let new: SignedNote
    package let path: [SM3Digest]

    package init(old: SignedNote, new: SignedNote, path: [SM3Digest]) {
        self.old = old
        self.new = new
        self.path = path
    }

    /// Takes a proof apart, strictly; nothing is verified.
    package init(_ text: String) throws(ProofProblem) {
        var lines = try ProofLines(text, header: Self.header)
        path = try lines.hashes()
        let notes = lines.split(at: Self.separator)
        guard let notes else { throw .malformed("缺少分隔行") }
        old = try SignedNote(notes.before)
        new = try SignedNote(notes.after)
    }

    /// The proof as text: what `init(_:)` takes.
    package var description: String {
        Self.header + "\n" + path.map { Base64.text($0.array) + "\n" }.joined() + "\n" + old.description + Self.separator + "\n"
            + new.description
    }
}

/// The lines of a proof's text, one after the other.
private struct ProofLines {
    /// No path is longer: the largest log has 48 levels, and a consistency proof one hash more.
    private static let mostHashes = 64
    private var bytes: ArraySlice<UInt8>

    init(_ text: String, header: String) throws(ProofProblem) {
        bytes = Array(text.utf8)[...]
        guard bytes.count <= ProofFile.largestLength else { throw .malformed("文件过长") }
        guard let first = next(), first.elementsEqual(header.utf8) else { throw .malformed("首行应为 \(header)") }
    }

    /// The next line without its newline; nil where none is left.
    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = bytes.firstIndex(of: newline) else { return nil }
        defer { bytes = bytes[(end + 1)...] }
        return bytes[..<end]
    }

    /// Hashes until an empty line.
    mutating func hashes() throws(ProofProblem) -> [SM3Digest] {
        var hashes: [SM3Digest] = []
        while let line = next() {
            if line.isEmpty { return hashes }
            guard hashes.count < Self.mostHashes, let bytes = Base64.bytes(line), let hash = SM3Digest(bytes) else {
                throw .malformed("第 \(hashes.count + 1) 个摘要")
            }
            hashes.append(hash)
        }
        throw .malformed("缺少空行")
    }

    /// All that is left.
    var rest: String { String(decoding: bytes, as: UTF8.self) }

    /// What is left before and after the first line that is the separator.
    func split(at separator: String) -> (before: String, after: String)? {
        var lines = self
        while let line = lines.next() {
            guard line.elementsEqual(separator.utf8) else { continue }
            return (String(decoding: bytes[..<line.startIndex], as: UTF8.self), lines.rest)
        }
        return nil
    }
}

/// What stands behind a line's word and its space; nil where the line begins otherwise.
private func value(of word: String, in line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let start = Array("\(word) ".utf8)
    return line.starts(with: start) ? line.dropFirst(start.count) : nil
}

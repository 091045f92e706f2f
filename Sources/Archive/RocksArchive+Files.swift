import Glibc

/// A file of the archive's directory that carries data.
package struct ArchiveFile: Sendable, Hashable {
    /// How a file changes during its life.
    package enum Kind: Sendable {
        /// Never after it was written.
        case fixed
        /// Bytes are only added at its end.
        case growing
    }

    /// Name within the archive's directory.
    package let name: String
    package let kind: Kind
    /// First and last key of a data file, in hex; empty for the others.
    package var range: (first: String, last: String) { (first, last) }
    private let first: String
    private let last: String

    init(name: String, kind: Kind, first: String = "", last: String = "") {
        self.name = name
        self.kind = kind
        self.first = first
        self.last = last
    }
}

extension RocksArchive {
    /// The files that the archive consists of at this moment, by name.
    ///
    /// Left out: `CURRENT`, which is replaced as a whole (`ArchiveDirectory.currentFault`), and what holds no data (`LOCK`, `LOG*`).
    package func files() throws(ArchiveFault) -> [ArchiveFile] {
        let live = try handle().dataFiles()
        var files: [ArchiveFile] = []
        for name in ArchiveDirectory(path).names.sorted() {
            if name.hasSuffix(".sst") {
                guard let file = live["/" + name] else { continue }
                files.append(ArchiveFile(name: name, kind: .fixed, first: hexText(file.first.span), last: hexText(file.last.span)))
            } else if name == "IDENTITY" || name.hasPrefix("OPTIONS-"), !name.hasSuffix(".dbtmp") {
                files.append(ArchiveFile(name: name, kind: .fixed))
            } else if name.hasPrefix("MANIFEST-") || name.hasSuffix(".log") {
                files.append(ArchiveFile(name: name, kind: .growing))
            }
        }
        return files
    }
}

extension ArchiveDirectory {
    /// What is wrong with the file that names the archive's valid state; nil where nothing is.
    package var currentFault: String? {
        guard hasCurrent else { return hasFiles ? "CURRENT 不见了" : nil }
        guard current.hasPrefix("MANIFEST-"), current.hasSuffix("\n"), current.dropFirst(9).dropLast().allSatisfy(\.isNumber),
            names.contains(String(current.dropLast()))
        else { return "CURRENT 所指的状态文件不存在" }
        return nil
    }
}

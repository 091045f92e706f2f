internal import Archive
internal import FoundationEssentials
internal import Glibc
internal import Registry
internal import Synchronization

/// A copy of the whole data directory, made while it is in use.
///
/// No delivery is committed while the two stores are copied (seconds: the archive's copy is made of hard links), so that
/// they agree; raw files are never changed and are copied afterwards. A delivery that was received but not committed is
/// begun anew from its raw bytes when the copy is opened.
package struct Backup: Sendable {
    package let directory: DataDirectory

    package init(directory: DataDirectory) { self.directory = directory }

    /// - Parameter target: a folder that does not exist yet.
    /// - Throws: `DataDirectoryFault(.exists)`, or the stores' own faults.
    package func run(to target: String) throws {
        guard !FileManager.default.fileExists(atPath: target) else {
            throw DataDirectoryFault(.exists, path: target, "备份目标已存在", cure: "请换一个不存在的目录名")
        }
        for folder in ["", "/keys", "/deliveries"] {
            try FileManager.default.createDirectory(atPath: target + folder, withIntermediateDirectories: true)
        }
        try directory.commits.withLock { _ in
            try directory.finishCommits()
            try directory.registry.backup(to: "\(target)/registry.sqlite")
            try directory.archive.checkpoint(to: "\(target)/archive")
        }
        for folder in ["deliveries/raw", "deliveries/rejections"] { try copyFiles(folder, to: target) }
        try FileManager.default.copyItem(
            atPath: "\(directory.path)/keys/subject.key", toPath: "\(target)/keys/subject.key")
        unsafe chmod("\(target)/keys/subject.key", 0o600)
        unsafe chmod("\(target)/keys", 0o700)
        // Last, so that half a backup is not taken for a whole one.
        try FileManager.default.copyItem(atPath: "\(directory.path)/layout", toPath: "\(target)/layout")
    }

    private func copyFiles(_ folder: String, to target: String) throws {
        let source = "\(directory.path)/\(folder)"
        guard FileManager.default.fileExists(atPath: source) else { return }
        try FileManager.default.copyItem(atPath: source, toPath: "\(target)/\(folder)")
    }
}

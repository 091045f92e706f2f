/// The few things that our own durable files need of a disk. Paths are absolute or relative to the process.
///
/// What is promised after a return: `append` reaches the kernel, nothing more; `sync` makes a file's bytes durable;
/// `rename`, `create`, `remove` and `makeFolder` change names at once for every process, and durably after `syncFolder` of
/// the folder that holds the name. Nothing here waits for a slow disk but `sync` and `syncFolder`.
///
/// `SystemDisk` is the machine's; the tests run the same callers on a disk that loses power and fails.
package protocol Disk: Sendable {
    /// Makes an empty file for appending; one of this name is emptied. A symbolic link is refused.
    ///
    /// - Parameter mode: permissions, less the process's mask.
    /// - Returns: a handle for `append`, `sync` and `close`.
    func create(_ path: String, mode: UInt32) throws(DiskFault) -> Int32

    /// Writes bytes at the end: all of them, or it throws and the file holds some of them.
    func append(_ bytes: Span<UInt8>, to file: Int32, at path: String) throws(DiskFault)

    /// Makes all bytes of a file durable. One that fails ends the process: see `endProcess(inDoubtAbout:reason:)`.
    func sync(_ file: Int32, at path: String) throws(DiskFault)

    /// Gives a handle back; its bytes need not be durable.
    func close(_ file: Int32)

    /// Gives a file another name; what had that name is gone.
    func rename(_ source: String, as target: String) throws(DiskFault)

    /// Removes a file's name; one that is not there is no fault.
    func remove(_ path: String) throws(DiskFault)

    /// Makes a folder; one that is there stays as it is.
    func makeFolder(_ path: String, mode: UInt32) throws(DiskFault)

    /// Removes an empty folder; one that is not there is no fault.
    func removeFolder(_ path: String) throws(DiskFault)

    /// Makes the names in a folder durable. One that fails ends the process.
    func syncFolder(_ path: String) throws(DiskFault)

    /// Names in a folder, in no order; none where there is no such folder.
    func names(in folder: String) throws(DiskFault) -> [String]

    /// The bytes of a small file.
    func read(_ path: String) throws(DiskFault) -> [UInt8]

    /// Bytes that can still be written on the disk of a path.
    func freeBytes(at path: String) throws(DiskFault) -> UInt64
}

extension Disk {
    /// Makes a folder whose name is durable on return. One that is there is synced too: whoever made it, perhaps a process
    /// that was killed, may not have come to it.
    package func makeDurableFolder(_ path: String, mode: UInt32 = 0o750) throws(DiskFault) {
        try makeFolder(path, mode: mode)
        try syncFolder(parent(of: path))
    }

    /// Gives a synced file its final name, durably.
    package func place(_ source: String, as target: String) throws(DiskFault) {
        try rename(source, as: target)
        try syncFolder(parent(of: target))
    }

    /// Writes a whole file durably under its final name: under another name, synced, renamed, folder synced. Whoever finds
    /// the final name finds all of the bytes.
    package func write(_ bytes: Span<UInt8>, to path: String, mode: UInt32 = 0o640) throws(DiskFault) {
        var file = try GrowingFile(path + partSuffix, on: self, mode: mode)
        try file.append(bytes)
        try file.sync()
        try place(path + partSuffix, as: path)
    }

    /// Removes what writes that were cut off left in a folder.
    package func removeParts(in folder: String) throws(DiskFault) {
        for name in try names(in: folder) where name.hasSuffix(partSuffix) { try remove("\(folder)/\(name)") }
    }
}

/// A file being written; let go without `sync()` it is simply incomplete.
package struct GrowingFile: ~Copyable {
    package let path: String
    private let disk: any Disk
    private let handle: Int32

    /// Makes the file anew.
    package init(_ path: String, on disk: any Disk, mode: UInt32 = 0o640) throws(DiskFault) {
        self.path = path
        self.disk = disk
        handle = try disk.create(path, mode: mode)
    }

    /// Writes bytes at the end. Pieces of 64 KiB and more keep the cost of a call small.
    package mutating func append(_ bytes: Span<UInt8>) throws(DiskFault) {
        try disk.append(bytes, to: handle, at: path)
    }

    /// Makes all bytes durable; the name becomes so with its folder.
    package mutating func sync() throws(DiskFault) { try disk.sync(handle, at: path) }

    deinit { disk.close(handle) }
}

/// How a file that is being written is called until it is whole.
private let partSuffix = ".part"

private func parent(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

import Glibc

/// What lies in an archive's directory, seen without opening the archive.
package struct ArchiveDirectory {
    /// All names.
    package private(set) var names: Set<String> = []
    /// The text of the file that names the store's valid state; empty where there is none.
    let current: String
    /// The file that names the store's valid state.
    var hasCurrent: Bool { names.contains("CURRENT") }
    /// Data files or states of a store, whether valid or not.
    var hasFiles: Bool { names.contains { $0.hasSuffix(".sst") || $0.hasPrefix("MANIFEST-") } }

    package init(_ path: String) {
        current = Self.text(of: path + "/CURRENT")
        guard let stream = unsafe opendir(path) else { return }
        defer { unsafe closedir(stream) }
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: item.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.insert(name) }
        }
    }

    private static func text(of path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

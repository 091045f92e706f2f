import Glibc

/// What lies in a directory before the store is opened there.
struct ArchiveDirectory {
    /// The file that names the store's valid state.
    private(set) var hasCurrent = false
    /// Data files or states of a store, whether valid or not.
    private(set) var hasFiles = false

    init(_ path: String) {
        guard let stream = unsafe opendir(path) else { return }
        defer { unsafe closedir(stream) }
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: item.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "CURRENT" { hasCurrent = true }
            if name.hasSuffix(".sst") || name.hasPrefix("MANIFEST-") { hasFiles = true }
        }
    }
}

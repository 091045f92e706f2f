package import Cryptography
internal import Synchronization

/// Data keys by body and year: kept wrapped in the store, unwrapped by the backend once and then at hand.
package final class Keyring: Sendable {
    /// What holds the master key; a certified device may stand here.
    package let backend: any CryptoBackend
    private let keys: DataKeys
    private let open = Mutex<[UInt32: DataKey]>([:])

    /// The master key that wraps data keys, by its name in the backend.
    private static let master = "data"
    /// The body whose keys seal what is the platform's own.
    package static let platform = "platform"

    package init(backend: any CryptoBackend, keys: DataKeys) {
        self.backend = backend
        self.keys = keys
    }

    /// The key that seals a body's data of a year; drawn where there is none yet.
    package func key(of body: String, year: Int) throws -> (id: UInt32, key: DataKey) {
        var fault: (any Error)?
        let entry = try keys.key(of: body, year: year) {
            do { return try backend.wrap(DataKey.random(), under: Self.master) } catch {
                fault = error
                return []
            }
        }
        if let fault { throw fault }
        guard let key = try key(entry.id) else {
            throw KeyFault(.notOurs, "\(body) \(year) 年的数据密钥已销毁", cure: "该年度的数据已按规定销毁，不能再写入")
        }
        return (entry.id, key)
    }

    /// The key of a number; nil where there is none, or it was destroyed.
    package func key(_ id: UInt32) throws -> DataKey? {
        if let known = open.withLock({ $0[id] }) { return known }
        guard let wrapped = try keys.find(id)?.wrapped else { return nil }
        let key = try backend.unwrap(wrapped, under: Self.master)
        open.withLock { $0[id] = key }
        return key
    }

    /// Every key by its number; nil for those that were destroyed.
    package func all() throws -> [UInt32: DataKey?] {
        try keys.list().reduce(into: [:]) { all, entry in all.updateValue(try key(entry.id), forKey: entry.id) }
    }

    /// Whether a key was there and has been given up.
    package func isDestroyed(_ id: UInt32) throws -> Bool { try keys.find(id).map { $0.wrapped == nil } ?? false }

    /// Gives a key up for good, and with it whatever it sealed.
    package func destroy(_ id: UInt32) throws {
        try keys.destroy(id)
        open.withLock { $0[id] = nil }
    }
}

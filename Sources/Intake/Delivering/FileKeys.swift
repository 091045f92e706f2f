package import Cryptography
package import Registry

/// What seals the files of deliveries, and opens them again.
package struct FileKeys: Sendable {
    /// The key that seals a body's files of a year.
    let sealing: @Sendable (_ body: String, _ year: Int) throws -> (id: UInt32, key: DataKey)
    /// The key of a number; nil where nobody has it.
    let opening: @Sendable (UInt32) -> DataKey?
    /// Whether a key was destroyed on purpose, and its files with it.
    let isDestroyed: @Sendable (UInt32) -> Bool

    /// The data keys of a platform.
    package init(_ keyring: Keyring) {
        sealing = { body, year in try keyring.key(of: body, year: year) }
        opening = { id in (try? keyring.key(id)) ?? nil }
        isDestroyed = { id in (try? keyring.isDestroyed(id)) ?? false }
    }

    /// The data keys that a platform has at this moment, at hand also when its directory is closed. They seal nothing more.
    package init(copying keyring: Keyring) throws {
        let known = try keyring.all()
        sealing = { body, year in throw KeyFault(.missing, "没有 \(body) \(year) 年的数据密钥", cure: "请打开数据目录") }
        opening = { id in known[id] ?? nil }
        isDestroyed = { id in known[id].map { $0 == nil } ?? false }
    }

    /// One key for everything, number 1: for files that outlive nobody, as those of drills and benches.
    package init(only key: DataKey) {
        sealing = { _, _ in (1, key) }
        opening = { $0 == 1 ? key : nil }
        isDestroyed = { _ in false }
    }

    /// The key that seals, or the fault that whoever writes is to be told.
    func key(of body: String, year: Int) throws(DeliveryFault) -> (id: UInt32, key: DataKey) {
        do { return try sealing(body, year) } catch let fault as KeyFault {
            throw DeliveryFault(.storage, fault.message, cure: fault.cure)
        } catch let fault as RegistryFault where fault.problem == .full {
            throw DeliveryFault(.diskFull, "磁盘已满，未能写入数据密钥", cure: "请清理或扩充磁盘后重新报送；已受理的数据不受影响")
        } catch {
            throw DeliveryFault(.storage, "取不到 \(body) \(year) 年的数据密钥：\(error)", cure: "请检查 access.sqlite 和磁盘状态，排除故障后重试")
        }
    }
}

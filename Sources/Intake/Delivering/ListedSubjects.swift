internal import Archive
internal import Policy
internal import Registry

// Whom lists are about, for data directories of before this was kept.
extension DeliveryDesk {
    /// Notes whom the lists' records of deliveries are about that came before this was kept: one pass over the archive, once.
    package func noteListed() throws {
        let lists = book.resources.filter { $0.index(of: .listedOn) != nil }
        let missing = Set(try directory.registry.listings.unnoted(resources: Array(Set(lists.map(\.code)))))
        guard !missing.isEmpty else { return }
        let numbers = Set(lists.map(\.number))
        var found: [UInt32: Set<RegistryKey>] = [:]
        try directory.archive.scanPages(SubjectKey(high: 0, low: 0)...SubjectKey(high: .max, low: .max)) { key, page in
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page) {
                guard numbers.contains(head.resource), missing.contains(head.record.delivery) else { continue }
                found[head.record.delivery, default: []].insert(RegistryKey(key.subject))
            }
        }
        for (delivery, subjects) in found { try directory.registry.listings.note(Array(subjects), delivery: delivery) }
    }
}

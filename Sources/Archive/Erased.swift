import Synchronization

/// What was erased (清除): whole deliveries, and single records of persons.
package struct Erased: Sendable, Equatable {
    package var deliveries: Set<UInt32>
    package var records: Set<RecordID>

    package init(deliveries: Set<UInt32> = [], records: Set<RecordID> = []) {
        self.deliveries = deliveries
        self.records = records
    }

    package var isEmpty: Bool { deliveries.isEmpty && records.isEmpty }

    package func contains(_ record: RecordID) -> Bool {
        (!deliveries.isEmpty && deliveries.contains(record.delivery)) || (!records.isEmpty && records.contains(record))
    }

    package mutating func formUnion(_ other: Erased) {
        deliveries.formUnion(other.deliveries)
        records.formUnion(other.records)
    }

    mutating func subtract(_ other: Erased) {
        deliveries.subtract(other.deliveries)
        records.subtract(other.records)
    }
}

/// What is to be found in the archive no more.
///
/// Erasing a delivery, however large, is one more number in this list: entries of those in it are left out whenever the
/// store joins or rewrites a page. Readers do not see them before that either, by their times (`DeliveryTimes`).
final class ErasedList: Sendable {
    private let erased = Mutex(Erased())
    /// Spares every page of an archive that leaves nothing out the lock.
    private let isEmpty = Atomic(true)

    /// From now on entries of these are left out.
    func add(_ more: Erased) { change { $0.formUnion(more) } }

    /// Nothing of these is left, so that pages need no longer be looked into for them.
    func remove(_ gone: Erased) { change { $0.subtract(gone) } }

    private func change(_ body: (inout Erased) -> Void) {
        erased.withLock { erased in
            body(&erased)
            isEmpty.store(erased.isEmpty, ordering: .releasing)
        }
    }

    /// The list as it is now; `nil` where nothing is left out.
    var current: Erased? {
        isEmpty.load(ordering: .acquiring) ? nil : erased.withLock { $0 }
    }

    /// What erasing leaves of a page or of a row's suspended entries.
    enum Remainder: Equatable {
        case everything
        case part([UInt8])
        case nothing
    }

    /// What is left of a page. One that cannot be read is left as it is: damage is for `verify` to name.
    static func remainder(of page: Span<UInt8>, without erased: Erased) -> Remainder {
        var cursor = EntryCursor()
        var kept: [UInt8] = []
        var isErased = false
        while true {
            let start = cursor.offset
            guard let head = try? cursor.next(in: page) else {
                // Either the end, or bytes that make no sense from here on.
                guard start == page.count else { return .everything }
                break
            }
            if erased.contains(head.record) {
                if !isErased { kept.append(page.extracting(0..<start)) }
                isErased = true
            } else if isErased {
                kept.append(page.extracting(start..<cursor.offset))
            }
        }
        guard isErased else { return page.isEmpty ? .nothing : .everything }
        return kept.isEmpty ? .nothing : .part(kept)
    }
}

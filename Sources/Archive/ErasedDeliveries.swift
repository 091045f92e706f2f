import Synchronization

/// Deliveries of which nothing is to be found in the archive any more (清除).
///
/// Erasing a delivery, however large, is one more number in this list: entries of those in it are left out whenever the
/// store joins or rewrites a page. Readers do not see them before that either, by their times (`DeliveryTimes`).
final class ErasedDeliveries: Sendable {
    private let numbers = Mutex<Set<UInt32>>([])
    /// Spares every page of an archive that leaves nothing out the lock.
    private let isEmpty = Atomic(true)

    /// From now on entries of these are left out.
    func add(_ deliveries: some Sequence<UInt32>) { change { $0.formUnion(deliveries) } }

    /// Nothing of these is left, so that pages need no longer be looked into for them.
    func remove(_ deliveries: some Sequence<UInt32>) { change { $0.subtract(deliveries) } }

    private func change(_ body: (inout Set<UInt32>) -> Void) {
        numbers.withLock { numbers in
            body(&numbers)
            isEmpty.store(numbers.isEmpty, ordering: .releasing)
        }
    }

    /// The list as it is now; `nil` where nothing is left out.
    var current: Set<UInt32>? {
        isEmpty.load(ordering: .acquiring) ? nil : numbers.withLock { $0 }
    }

    /// What erasing leaves of a page or of a row's suspended entries.
    enum Remainder: Equatable {
        case everything
        case part([UInt8])
        case nothing
    }

    /// What is left of a page. One that cannot be read is left as it is: damage is for `verify` to name.
    static func remainder(of page: Span<UInt8>, without erased: Set<UInt32>) -> Remainder {
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
            if erased.contains(head.record.delivery) {
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

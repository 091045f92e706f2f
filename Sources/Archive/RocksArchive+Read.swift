extension RocksArchive {
    package func history(of keys: [SubjectKey]) throws(ArchiveFault) -> History {
        var entries: [Entry] = []
        try forEachPage(of: keys) { key, page throws(ArchiveFault) in
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page, under: key) {
                entries.append(head.entry(in: page))
            }
            return true
        }
        return History(subject: keys, entries: entries)
    }

    package func entry(_ keys: [SubjectKey], record: RecordID) throws(ArchiveFault) -> Entry? {
        var found: Entry?
        try forEachPage(of: keys) { key, page throws(ArchiveFault) in
            // Pages are numbered in groups of 256 deliveries; the others cannot hold it.
            guard key.page >> 8 == record.delivery >> 8 else { return true }
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page, under: key) {
                guard head.record == record else { continue }
                found = head.entry(in: page)
                return false
            }
            return true
        }
        return found
    }

    package func suspended(
        delivery: UInt32, from row: UInt32, limit: Int
    ) throws(ArchiveFault) -> [Entry] {
        var entries: [Entry] = []
        guard limit > 0 else { return entries }
        let end = delivery == .max ? [KeySpace.suspended + 1] : StoreKey.suspended(delivery + 1, row: 0)
        try handle().visit(from: StoreKey.suspended(delivery, row: row), to: end, .range) { key, value throws(ArchiveFault) in
            try forEachSuspended(value, under: key) { entry in
                if entries.count < limit { entries.append(entry) }
            }
            return entries.count < limit
        }
        return entries
    }

    package func card(of subject: SubjectKey) throws(ArchiveFault) -> SubjectCard? {
        let key = StoreKey.card(subject)
        guard let stored = try handle().value(of: key) else { return nil }
        do throws(EntryDamage) {
            return try SubjectCard(stored: stored.span)
        } catch { throw ArchiveFault(error, key: key.span) }
    }

    package func marker(of delivery: UInt32) throws(ArchiveFault) -> DeliveryMarker? {
        let key = StoreKey.marker(delivery)
        guard let stored = try handle().value(of: key) else { return nil }
        return try DeliveryMarker(stored: stored.span, under: key.span)
    }

    package func markers() throws(ArchiveFault) -> [DeliveryMarker] {
        var markers: [DeliveryMarker] = []
        try handle().visit(from: [KeySpace.marker], to: [KeySpace.marker + 1], .range) { key, value throws(ArchiveFault) in
            markers.append(try DeliveryMarker(stored: value, under: key))
            return true
        }
        return markers
    }

    /// Lends the pages of subjects in the order of their keys, all as of one moment; stops when `body` answers false.
    func forEachPage(
        of keys: [SubjectKey], _ body: (PageKey, Span<UInt8>) throws(ArchiveFault) -> Bool
    ) throws(ArchiveFault) {
        let handle = try handle()
        var goOn = true
        func visitor(_ key: Span<UInt8>, _ page: Span<UInt8>) throws(ArchiveFault) -> Bool {
            guard let pageKey = PageKey(stored: key) else {
                throw ArchiveFault(EntryDamage(offset: 0, reason: .badStoreKey), key: key)
            }
            goOn = try body(pageKey, page)
            return goOn
        }
        if keys.count == 1 {
            try handle.visit(from: StoreKey.pages(of: keys[0]), to: StoreKey.end(of: keys[0]), .prefix, visitor)
            return
        }
        try handle.withSnapshot { snapshot throws(ArchiveFault) in
            for key in Set(keys).sorted() where goOn {
                try handle.visit(
                    from: StoreKey.pages(of: key), to: StoreKey.end(of: key), .prefix, snapshot: snapshot, visitor)
            }
        }
    }
}

/// Lends the entries kept for one suspended row.
func forEachSuspended(
    _ value: Span<UInt8>, under key: Span<UInt8>, _ body: (Entry) -> Void
) throws(ArchiveFault) {
    var cursor = EntryCursor()
    do throws(EntryDamage) {
        while let head = try cursor.next(in: value) { body(head.entry(in: value)) }
    } catch { throw ArchiveFault(error, key: key) }
}

extension EntryCursor {
    /// The next entry; damage is reported with the key of the page.
    mutating func next(in page: Span<UInt8>, under key: PageKey) throws(ArchiveFault) -> EntryHead? {
        do throws(EntryDamage) {
            return try next(in: page)
        } catch { throw ArchiveFault(error, key: StoreKey.page(key).span) }
    }
}

extension DeliveryMarker {
    /// A marker from its key and value; damage is reported with the key.
    init(stored value: Span<UInt8>, under key: Span<UInt8>) throws(ArchiveFault) {
        guard key.count == 5 else {
            throw ArchiveFault(EntryDamage(offset: 0, reason: .badStoreKey), key: key)
        }
        do throws(EntryDamage) {
            try self.init(delivery: key.bigEndian32(at: 1), stored: value)
        } catch { throw ArchiveFault(error, key: key) }
    }
}

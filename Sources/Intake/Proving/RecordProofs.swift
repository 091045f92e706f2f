package import Archive
package import Identifiers
package import Ledger
package import Policy
package import Registry

/// Proofs that rows and deliveries are in the log of records.
package struct RecordProofs: Sendable {
    package let directory: DataDirectory
    package let book: PolicyBook

    package init(directory: DataDirectory, book: PolicyBook) {
        self.directory = directory
        self.book = book
    }

    /// The proof of a delivery's arrival: its text names file, digest and totals. Nil while it is not committed.
    package func proof(of delivery: Delivery, at now: Instant) throws -> ProofFile? {
        guard let arrival = try directory.registry.ledger.arrival(of: delivery.number) else { return nil }
        return try directory.ledger.proof(of: Int(arrival.first), data: .event(arrival.text), at: Int(now.milliseconds / 1000))
    }

    /// The proof of a row, accepted or returned: salt, subject key and entry go with it, so that whoever has the proof can check it
    /// without us. Nil where there is no such row, or its content was erased.
    ///
    /// - Parameter subject: whose record it is, where that is known; else the kept file is read again to learn it.
    /// - Returns: the proof and the subject, nil for a returned or 疑似 row.
    package func proof(of id: RecordID, subject: SubjectKey?, at now: Instant) throws -> (ProofFile, SubjectKey?)? {
        guard try directory.registry.deliveries.find(id.delivery)?.erasedAt == nil, let arrival = try directory.registry.ledger.arrival(of: id.delivery), id.row > 0, Int64(id.row) <= arrival.rows,
            let salts = try directory.accessRegistry.rowSalts.find(id.delivery).flatMap(RowSalts.init(encoded:)), let salt = salts.salt(of: id.row),
            let found = try leaf(of: id, subject: subject, salt: salt, knownAt: now)
        else { return nil }
        let proof = try directory.ledger.proof(of: Int(arrival.first) + Int(id.row), data: found.data, at: Int(now.milliseconds / 1000))
        return (proof, found.subject)
    }

    private func leaf(of id: RecordID, subject: SubjectKey?, salt: Salt, knownAt: Instant) throws -> (data: LeafData, subject: SubjectKey?)? {
        let asked = try subject ?? SourceReader(directory: directory, book: book).row(id)?.subject
        if let asked {
            let times = directory.times.snapshot()
            let dossier = try directory.registry.dossier(of: RegistryKey(asked), asOf: knownAt.date) { times.isVisible($0, at: knownAt) }
            // The entry lies under the identifier that its row carried.
            for key in dossier.keys.map({ SubjectKey($0) }) {
                guard let entry = try directory.archive.entry([key], record: id) else { continue }
                return (.record(salt: salt, subject: (key.high, key.low), entry: entry.encoded), SubjectKey(dossier.key))
            }
        }
        if let entry = try directory.archive.suspended(delivery: id.delivery, from: id.row, limit: 1).first, entry.record == id {
            return (.record(salt: salt, subject: (0, 0), entry: entry.encoded), nil)
        }
        let rejected = try directory.store.rejections(of: id.delivery).first { $0.row == id.row }
        guard let rejected, let line = try RejectionFile.lines([rejected]).first?.line else { return nil }
        return (.record(salt: salt, subject: (0, 0), entry: line), nil)
    }
}

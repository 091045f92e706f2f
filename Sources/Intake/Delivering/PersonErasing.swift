internal import Archive
package import Identifiers
internal import Ledger
package import Registry
internal import Synchronization

// The erasure of a person: store of access, log of records, salts, and later the archive, in this order. Whatever step a process was
// killed behind, once it stands in the store of access the next start goes on from there.
extension DeliveryDesk {
    /// Erases (清除) everything that archive and lists have of a natural person: from now on no view of whatever time shows it, the salts of its
    /// rows are destroyed, and the log of records says which records went and why. `removeErased` removes what the archive has. The steps of
    /// listings go first and at once: killed behind that, the command was not answered, and given again it does the rest.
    ///
    /// The delivered file keeps the rows, sealed, until its data key goes (`Expiry`); nobody is shown them any more (个人信息保护法
    /// 第四十七条第二款). What is delivered of the person afterwards is kept as any other.
    ///
    /// - Parameter reason: the decision that it rests on; must name nobody, since the log keeps it for ever.
    /// - Returns: how many records and steps there were.
    /// - Throws: `DeliveryFault` without a reason, or where the subject is no natural person.
    package func erasePerson(_ subject: RegistryKey, reason: String, at now: Instant) throws -> Int {
        let key = SubjectKey(subject)
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw DeliveryFault(.wrongState, "清除个人的记录须说明依据", cure: "请填写决定的文书号，不要写姓名和证件号码")
        }
        guard let card = try directory.archive.card(of: key), card.kind == .person else {
            throw DeliveryFault(.wrongState, "没有这个自然人，或主体不是自然人", cure: "请核对主体编号；法人和非法人组织的记录由报送单位撤回")
        }
        try requireNewestLog()
        return try directory.commits.withLock { _ in
            if directory.times.hasPending { try directory.finishCommits() }
            // One that failed halfway in this very process, for want of disk say, comes first.
            try directory.resumeErasures()
            let times = directory.times.snapshot()
            let records = try directory.archive.outline(of: [key]).entries.map(\.record).filter { times.known($0.delivery) != nil && !times.isErased($0) }
            let steps = try directory.registry.listings.erase(subject)
            guard !records.isEmpty else { return steps }
            let rows = records.sorted().map { DeliveryRow(delivery: $0.delivery, row: $0.row) }
            let instant = directory.times.withdrawal(at: now)
            let erasure = try directory.accessRegistry.erasures.add(rows, reason: reason, at: instant)
            directory.hide(erasure)
            try directory.carryOut(erasure, logged: [])
            return records.count + steps
        }
    }
}

extension DataDirectory {
    /// Does what is left to do of an erasure. The caller holds `commits`, or is the only one.
    ///
    /// - Parameter logged: the texts of erasures that the log of records has.
    func carryOut(_ erasure: PersonErasure, logged: Set<String>) throws {
        times.noteErasure(erasure.at)
        let text = LedgerTexts.erasure(erasure)
        if !logged.contains(text) { try log(text, .erasure, of: nil) { entry in try registry.ledger.add(entry) } }
        for (delivery, rows) in Dictionary(grouping: erasure.records, by: \.delivery) {
            guard var salts = try accessRegistry.rowSalts.find(delivery).flatMap(RowSalts.init(encoded:)) else { continue }
            let gone = rows.filter { salts.puncture($0.row) }
            if !gone.isEmpty { try accessRegistry.rowSalts.overwrite(delivery, with: salts.encoded) }
        }
    }

    /// Takes an erasure's records out of every view; the archive may have removed them already.
    func hide(_ erasure: PersonErasure) {
        let records = erasure.records.map { RecordID(delivery: $0.delivery, row: $0.row) }
        times.setErased(records)
        archive.abandon(Erased(records: Set(records)))
    }

    /// What an earlier process did not finish. A directory whose log is behind the one that was signed is brought up by a replay first.
    func resumeErasures() throws {
        let erasures = try accessRegistry.erasures.list()
        for erasure in erasures { hide(erasure) }
        guard !erasures.isEmpty, !ledger.isBehind else { return }
        let logged = Set(try registry.ledger.erasures().map(\.text))
        for erasure in erasures { try carryOut(erasure, logged: logged) }
    }
}

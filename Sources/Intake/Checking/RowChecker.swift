internal import Archive
internal import Identifiers
internal import Policy
internal import Tables

/// Checks rows against the catalogue, resolves their subjects and appends what is sound to an arena.
///
/// One per worker: it owns a keyed hash and its buffers. The way of a row that is sound allocates nothing; a row that is
/// not gets every reason, not the first one.
struct RowChecker: ~Copyable {
    let plan: CheckPlan
    private(set) var arena: EntryArena
    private(set) var tally = Tally()
    private(set) var rejections: [Rejection] = []
    private(set) var roll: SubjectRoll
    /// Looks up what corrections name; nil where a row is only read again, not taken in.
    let targets: TargetLookup?
    /// Makes the leaves of the log; nil where a row is only read again.
    private var leaves: LeafMaker?

    var values: RowValues
    var payload: [UInt8] = []
    /// Subjects of the batch in hand whose cards may be missing.
    private(set) var met: [Met] = []
    /// Subjects for whom this worker has written a card.
    private(set) var carded = KeySet()
    private var keys: SubjectKeyMaker
    var faults: [RowFault] = []
    private var lastSubject: SubjectKey?

    init(plan: CheckPlan, delivery: UInt32, keys: consuming SubjectKeyMaker, roll: SubjectRoll, targets: TargetLookup?,
        leaves: consuming LeafMaker? = nil
    ) {
        self.plan = plan
        arena = EntryArena(delivery: delivery)
        self.keys = keys
        self.roll = roll
        self.targets = targets
        self.leaves = leaves
        values = RowValues(fields: plan.resource.fields.count)
    }

    /// A subject that a row is about.
    struct Met {
        let key: SubjectKey
        let identifier: Identifier
        let row: UInt32
    }

    /// What became of the rows so far.
    struct Tally: Sendable {
        var rows = 0
        var accepted = 0
        var suspended = 0
        var doubtful = 0
    }

    /// Checks the rows of a batch, of which the first has the data row number `first`.
    ///
    /// - Throws: `ArchiveFault` where an entry is larger than the archive takes.
    mutating func check(_ batch: RowBatch, from start: Int, numbers: [UInt32]) throws(ArchiveFault) {
        values.forgetRows()
        if let first = numbers.first(where: { $0 > 0 }) { leaves?.begin(at: first) }
        for row in start..<batch.rows.count {
            let number = numbers[row]
            guard number > 0 else { continue }
            tally.rows += 1
            try check(batch, row: row, number: number)
            if !faults.isEmpty {
                rejections.append(Rejection(row: number, line: batch.rows[row].line, faults: faults))
            }
        }
    }

    /// Writes the leaves of the batch checked last.
    ///
    /// - Parameter end: the number after the batch's last row.
    mutating func writeLeaves(to file: LeafFile, upTo end: UInt32) throws(DeliveryFault) { try leaves?.write(to: file, upTo: end) }

    /// Makes room for as many rows as are to come, each like those checked so far, but for no more bytes than `limit`.
    mutating func expect(rows: Int, limit: Int) {
        guard arena.count > 0 else { return }
        let expected = min(rows, limit / (arena.footprint / arena.count + 1))
        arena.reserve(entries: expected, bytes: expected * (arena.byteCount / arena.count + 1))
        // Of a city's first files nearly every subject is new.
        if carded.count * 2 > arena.count { carded.reserve(expected) }
    }

    /// Hands what is in the arena to `write` and empties it.
    mutating func spill(_ write: (EntryArena) throws -> Void) rethrows {
        try write(arena)
        arena.removeAll(nextDelivery: arena.delivery)
    }

    /// The subject of one row; nil where the row is returned or only 疑似.
    mutating func subject(_ batch: RowBatch, row: Int, number: UInt32) throws(ArchiveFault) -> SubjectKey? {
        values.forgetRows()
        try check(batch, row: row, number: number)
        return lastSubject
    }

    private mutating func check(_ batch: RowBatch, row: Int, number: UInt32) throws(ArchiveFault) {
        lastSubject = nil
        faults.removeAll(keepingCapacity: true)
        payload.removeAll(keepingCapacity: true)
        values.clear()
        let action = readAction(batch, row: row)
        guard hasWholeShape(batch, row: row) else { return }
        let bytes = batch.bytes.span
        for place in plan.outlines.indices {
            let outline = plan.outlines[place]
            // A withdrawal says only what it takes out, and of whom.
            let isRead = action != .withdraw || outline.identifiesSubject || outline.field == plan.identity.category
            var value = FieldValue()
            if outline.column >= 0 {
                let cell = batch.cell(row: row, column: outline.column)
                value.range = trimmed(bytes, batch.range(cell))
                value.form = cell.form
                if isRead, outline.form.recurs { value.take(over: values.fields[outline.field], bytes) }
            }
            values.fields[outline.field] = value
            if case .identifier = outline.form { values.assessed[outline.field] = nil }
            if isRead { read(place, outline, bytes) }
        }
        if action == .withdraw {
            payload.removeAll(keepingCapacity: true)
        } else {
            checkRequired(bytes)
            checkAcross(bytes)
        }
        let subject = identify(bytes)
        guard faults.isEmpty else { return }
        try enter(subject, action: action, number: number, bytes)
    }

    private mutating func enter(
        _ subject: Subject, action: Action, number: UInt32, _ bytes: Span<UInt8>
    ) throws(ArchiveFault) {
        var key: SubjectKey?
        var doubtful = values.isDoubtful
        switch subject {
        case .known(let identifier, let doubt):
            doubtful = doubtful || doubt
            key = keys.key(of: identifier)
        case .nameOnly:
            key = nil
        case .faulty:
            return
        }
        var target: RecordID?
        if case .replace(let record) = action { target = record }
        if action == .withdraw { target = values.target }
        if let target, let fault = try targets?.fault(of: target, subject: key) {
            faults.append(fault)
            return
        }
        let keyLength = action == .withdraw ? 0 : values.keyLength
        // Held outside while the arena is written: a span of one property keeps the whole checker borrowed.
        var body: [UInt8] = []
        swap(&body, &payload)
        defer { swap(&body, &payload) }
        try arena.append(
            subject: key, kind: target == nil ? .record : action == .withdraw ? .withdrawal : .correction, row: number,
            resource: plan.resource.number, version: plan.resource.version, effective: values.effective(plan),
            target: target, doubtful: doubtful, keyLength: keyLength, payload: body.span)
        leaves?.add(row: number, subject: key, lastOf: arena)
        tally.accepted += 1
        if doubtful { tally.doubtful += 1 }
        guard let key, case .known(let identifier, _) = subject else {
            tally.suspended += 1
            return
        }
        lastSubject = key
        if action != .withdraw { note(identifier, key: key, number: number, bytes) }
    }

    /// Remembers who the row is about, for the subject's card and the register of organisations.
    private mutating func note(_ identifier: Identifier, key: SubjectKey, number: UInt32, _ bytes: Span<UInt8>) {
        met.append(Met(key: key, identifier: identifier, row: number))
        if plan.isOfList { roll.list(key) }
        if plan.resource.registers {
            roll.register(identifier, key: key, number: number, row: StatedRow(values, plan: plan, bytes), keys: &keys)
        } else if let name = plan.identity.name {
            roll.mention(identifier, key: key, name: bytes.extracting(values.fields[name].range))
        }
    }

    /// Writes the cards that the archive does not have yet, of the subjects met since the last call.
    ///
    /// - Throws: `ArchiveFault` where a card is larger than the archive takes.
    mutating func writeCards(missingIn census: SubjectCensus) throws(ArchiveFault) {
        var masked: [UInt8] = []
        for index in census.unknown(met) where carded.insert(met[index].key) {
            let identifier = met[index].identifier
            masked.removeAll(keepingCapacity: true)
            identifier.appendMasked(to: &masked)
            try arena.appendCard(
                subject: met[index].key, row: met[index].row, kind: identifier.kind.subjectKind,
                identifierKind: identifier.kind, maskedIdentifier: masked.span)
        }
        met.removeAll(keepingCapacity: true)
    }
}

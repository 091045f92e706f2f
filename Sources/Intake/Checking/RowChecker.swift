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

    var values: RowValues
    private var payload: [UInt8] = []
    private var keys: SubjectKeyMaker
    var faults: [RowFault] = []
    private var lastSubject: SubjectKey?

    init(plan: CheckPlan, delivery: UInt32, keys: consuming SubjectKeyMaker, roll: SubjectRoll, targets: TargetLookup?) {
        self.plan = plan
        arena = EntryArena(delivery: delivery)
        self.keys = keys
        self.roll = roll
        self.targets = targets
        values = RowValues(fields: plan.resource.fields.count)
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

    /// The subject of one row; nil where the row is returned or only 疑似.
    mutating func subject(_ batch: RowBatch, row: Int, number: UInt32) throws(ArchiveFault) -> SubjectKey? {
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
        for slot in plan.slots {
            if let column = slot.column {
                let cell = batch.cell(row: row, column: column)
                values.ranges[slot.index] = trimmed(bytes, batch.range(cell))
                values.forms[slot.index] = cell.form
            }
            // A withdrawal says only what it takes out, and of whom.
            if action != .withdraw || slot.field.role?.identifiesSubject == true { read(slot, bytes) }
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
        tally.accepted += 1
        if doubtful { tally.doubtful += 1 }
        guard let key, case .known(let identifier, _) = subject else {
            tally.suspended += 1
            return
        }
        lastSubject = key
        if action != .withdraw { try note(identifier, key: key, number: number, bytes) }
    }

    /// Remembers who the row is about, for the subject's card and the register of organisations.
    private mutating func note(
        _ identifier: Identifier, key: SubjectKey, number: UInt32, _ bytes: Span<UInt8>
    ) throws(ArchiveFault) {
        if roll.isFirst(key) {
            let masked = identifier.masked
            try arena.appendCard(
                subject: key, row: number, kind: identifier.kind.subjectKind, identifierKind: identifier.kind,
                maskedIdentifier: masked.utf8.span)
            if let name = plan.identity.name, !plan.resource.registers {
                roll.mention(identifier, key: key, name: bytes.extracting(values.ranges[name]))
            }
        }
        if plan.resource.registers {
            roll.register(identifier, key: key, number: number, row: StatedRow(values, plan: plan, bytes), keys: &keys)
        }
    }
}

// What a row's cells say.
extension RowChecker {
    private mutating func read(_ slot: CheckPlan.Slot, _ bytes: Span<UInt8>) {
        let text = bytes.extracting(values.ranges[slot.index])
        if values.forms[slot.index] == .error {
            fault(slot, bytes, .cellError, "单元格是公式错误", "请改正公式或直接填写值")
        }
        guard !text.isEmpty else {
            if slot.isStored { appendAbsent(slot) }
            return
        }
        switch slot.field.type {
        case .text: readText(slot, text, bytes)
        case .date: readDate(slot, text, bytes)
        case .decimal(let precision, let scale):
            readDecimal(slot, text, bytes, precision: UInt8(precision), scale: UInt8(scale))
        case .integer: readDecimal(slot, text, bytes, precision: 18, scale: 0)
        case .code: readCode(slot, text, bytes)
        case .identifier(let kind): readIdentifier(slot, kind, text, bytes)
        }
        if slot.isStored { closeKey(slot) }
    }

    private mutating func appendAbsent(_ slot: CheckPlan.Slot) {
        Layout.appendAbsent(to: &payload)
        closeKey(slot)
    }

    private mutating func closeKey(_ slot: CheckPlan.Slot) {
        values.stored += 1
        if values.stored <= plan.resource.layout.keyCount { values.keyLength = payload.count }
    }

    private mutating func readText(_ slot: CheckPlan.Slot, _ text: Span<UInt8>, _ bytes: Span<UInt8>) {
        let field = slot.field
        if let length = field.length, text.count > length, scalars(text) > length {
            fault(slot, bytes, .tooLong, "超过 \(length) 个字符（实有 \(scalars(text)) 个）", "请缩写，或把细节写入备注")
        }
        for check in field.checks { checkText(check, slot, text, bytes) }
        guard slot.isStored else { return }
        // Until values can be sealed, a sensitive text (another person's document number) stays in the raw file alone.
        if field.sensitivity == .sensitive {
            let characters = String(decoding: copy(text), as: UTF8.self)
            let masked = Array(("****" + (characters.count > 8 ? String(characters.suffix(4)) : "")).utf8)
            Layout.appendText(masked.span, to: &payload)
        } else {
            Layout.appendText(text, to: &payload)
        }
    }

    private mutating func checkText(
        _ check: FieldCheck, _ slot: CheckPlan.Slot, _ text: Span<UInt8>, _ bytes: Span<UInt8>
    ) {
        switch check {
        case .minimumLength(let least) where scalars(text) < least:
            let isName = slot.field.role == .name
            fault(slot, bytes, isName ? .nameInvalid : .tooShort, "不足 \(least) 个字符", "请填写完整的\(slot.field.name)")
        case .notAllDigits where isAllDigits(text):
            fault(slot, bytes, .nameInvalid, "全是数字，不是名称", "请填写\(slot.field.name)，不要填代码")
        case .digitsOnly where !isAllDigits(text):
            fault(slot, bytes, .numberWrong, "含有数字以外的字符", "请只填数字")
        case .departmentCode:
            switch Identifier.assess(text, as: .unifiedSocialCreditCode, on: plan.today) {
            case .sound(let identifier), .doubtful(let identifier, _): checkDepartment(identifier, slot, bytes)
            case .wrong(let problem):
                let message = Identifier.explain(problem, in: text, as: .unifiedSocialCreditCode)
                fault(slot, bytes, .identifierWrong, message, problem.cure)
            case .placeholder, .empty: fault(slot, bytes, .requiredMissing, "是占位代码", "请填机关的统一社会信用代码")
            }
        default: break
        }
    }

    /// Organs of state and public institutions have codes of the first register (机构编制).
    private mutating func checkDepartment(_ identifier: Identifier, _ slot: CheckPlan.Slot, _ bytes: Span<UInt8>) {
        guard identifier.text.storage[0] != UInt8(ascii: "1") else { return }
        fault(slot, bytes, .identifierWrong, "不是机关的代码（应以 1 开头）", "请填作出决定的机关的统一社会信用代码")
    }

    private static let openEnded = Array("长期".utf8)

    private mutating func readDate(_ slot: CheckPlan.Slot, _ text: Span<UInt8>, _ bytes: Span<UInt8>) {
        var date = equal(text, Self.openEnded.span) ? CivilDate.openEnd : CivilDate.parse(text)
        if date == nil, values.forms[slot.index] == .number, plan.hasSerialDates, let serial = plainNumber(text) {
            date = CivilDate(excelSerial: serial, date1904: false)
        }
        guard let date else {
            fault(slot, bytes, .dateImpossible, "不是存在的日期", "请按 2026-01-31 的格式填写真实日期")
            if slot.isStored { Layout.appendAbsent(to: &payload) }
            return
        }
        values.days[slot.index] = date.day
        if slot.isStored { Layout.appendDate(date, to: &payload) }
    }

    private mutating func readDecimal(
        _ slot: CheckPlan.Slot, _ text: Span<UInt8>, _ bytes: Span<UInt8>, precision: UInt8, scale: UInt8
    ) {
        switch FixedDecimal.parse(text, scale: scale, precision: precision) {
        case .failure(let problem):
            let code: RowFaultCode = problem == .tooManyDecimals ? .decimalScale : .numberWrong
            fault(slot, bytes, code, problem.message, problem.cure)
            if slot.isStored { Layout.appendAbsent(to: &payload) }
        case .success(let decimal):
            values.numbers[slot.index] = decimal
            for check in slot.field.checks { checkRange(check, slot, decimal, bytes) }
            if slot.isStored { Layout.appendInteger(decimal.units, to: &payload) }
        }
    }

    private mutating func checkRange(
        _ check: FieldCheck, _ slot: CheckPlan.Slot, _ decimal: FixedDecimal, _ bytes: Span<UInt8>
    ) {
        switch check {
        case .minimum(let least) where decimal < least:
            fault(slot, bytes, .outOfRange, "小于 \(least)", "请核对金额、数量的单位和正负号")
        case .maximum(let most) where decimal > most:
            fault(slot, bytes, .outOfRange, "大于 \(most)", "请核对金额、数量的单位")
        default: break
        }
    }

    private mutating func readCode(_ slot: CheckPlan.Slot, _ text: Span<UInt8>, _ bytes: Span<UInt8>) {
        guard let codes = slot.codes else { return }
        if let code = codes.code(text) {
            values.codes[slot.index] = code
            if slot.isStored { Layout.appendText(code.span, to: &payload) }
            return
        }
        guard slot.field.multiple, let joined = joinedCodes(codes, text) else {
            fault(slot, bytes, .codeUnknown, "不在允许的取值内", "可填：\(codes.choices)")
            if slot.isStored { Layout.appendAbsent(to: &payload) }
            return
        }
        values.codes[slot.index] = joined
        if slot.isStored { Layout.appendText(joined.span, to: &payload) }
    }

    private mutating func readIdentifier(
        _ slot: CheckPlan.Slot, _ kind: IdentifierKind, _ text: Span<UInt8>, _ bytes: Span<UInt8>
    ) {
        if values.forms[slot.index] == .number {
            fault(slot, bytes, .identifierNumberTyped, "该单元格被存为数字，后几位已丢失", "请把该列设为文本格式，按文本重填")
            if slot.isStored { Layout.appendAbsent(to: &payload) }
            return
        }
        let assessed = Identifier.assess(text, as: kind, on: plan.today)
        switch assessed {
        case .wrong(let problem):
            fault(slot, bytes, .identifierWrong, Identifier.explain(problem, in: text, as: kind), problem.cure)
        case .doubtful: values.isDoubtful = true
        case .placeholder:
            values.isDoubtful = true
            values.ranges[slot.index] = 0..<0
        case .sound(let identifier):
            if slot.field.checks.contains(.departmentCode) { checkDepartment(identifier, slot, bytes) }
        case .empty: break
        }
        values.assessed[slot.index] = assessed.identifier
        guard slot.isStored else { return }
        if let identifier = assessed.identifier {
            Layout.appendText(identifier.text.storage.span.extracting(0..<identifier.text.count), to: &payload)
        } else {
            Layout.appendAbsent(to: &payload)
        }
    }
}

// Row-wide questions.
extension RowChecker {
    private mutating func hasWholeShape(_ batch: RowBatch, row: Int) -> Bool {
        let count = Int(batch.rows[row].cellCount)
        let extra = count > plan.match.width
            && (plan.match.width..<count).contains { batch.cell(row: row, column: $0).length > 0 }
        guard extra || (count < plan.match.width && !plan.allowsShortRows) else { return true }
        faults.append(
            RowFault(
                .ragged, value: batch.texts(row: row).joined(separator: ","),
                message: "该行有 \(count) 列，表头有 \(plan.match.width) 列", cure: "请检查是否多了或少了分隔符，含逗号的内容要加引号"))
        return false
    }

    private mutating func checkRequired(_ bytes: Span<UInt8>) {
        for slot in plan.slots where slot.field.required && values.ranges[slot.index].isEmpty {
            fault(slot, bytes, .requiredMissing, "必填项为空", "请补填\(slot.field.name)")
        }
        for (field, condition) in plan.conditions where values.ranges[field].isEmpty && holds(condition, bytes) {
            let slot = plan.slots[plan.slotOfField[field]]
            fault(slot, bytes, .requiredMissing, "为空，但\(slot.requirement)", "请补填\(slot.field.name)")
        }
    }

    private func holds(_ condition: CheckPlan.ResolvedCondition, _ bytes: Span<UInt8>) -> Bool {
        switch condition {
        case .absent(let field): return values.ranges[field].isEmpty
        case .equals(let field, let texts): return texts.contains(values.text(field, bytes))
        case .contains(let field, let texts):
            if let codes = values.codes[field] {
                return codes.split(separator: UInt8(ascii: ";")).contains { texts.contains(Array($0)) }
            }
            return texts.contains { contains(bytes.extracting(values.ranges[field]), $0.span) }
        }
    }

    private mutating func checkAcross(_ bytes: Span<UInt8>) {
        for check in plan.checks {
            switch check {
            case .notAfterToday(let slot):
                guard let day = values.day(slot.index), day > plan.today.day else { continue }
                fault(slot, bytes, .dateFuture, "晚于今天", "请核对日期")
            case .ordered(let early, let late):
                if let from = values.day(early.index), let to = values.day(late.index), from > to {
                    fault(early, bytes, .order, "晚于\(late.field.name)（\(CivilDate(day: to))）", "请核对两个日期的先后")
                }
                if let less = values.numbers[early.index], let more = values.numbers[late.index], less > more {
                    fault(early, bytes, .order, "大于\(late.field.name)（\(more)）", "请核对两个数")
                }
            case .oneOf(let slots):
                guard let head = slots.first, slots.allSatisfy({ values.ranges[$0.index].isEmpty }) else { continue }
                fault(
                    head, bytes, .requiredMissing, "\(slots.map(\.field.name).joined(separator: "、"))都为空", "请至少填写其中一项")
            }
        }
    }

    mutating func fault(
        _ slot: CheckPlan.Slot, _ bytes: Span<UInt8>, _ code: RowFaultCode, _ message: String, _ cure: String
    ) {
        let value = String(decoding: copy(bytes.extracting(values.ranges[slot.index])), as: UTF8.self)
        faults.append(
            RowFault(code, field: slot.field.code, name: slot.field.name, value: value, message: message, cure: cure))
    }
}

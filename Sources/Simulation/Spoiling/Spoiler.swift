internal import Identifiers
internal import Policy
internal import Tables

/// Plants faults, and says of any row of a file whether it has one: a function of the file's plan and the row's number.
struct Spoiler: Sendable {
    /// What is wrong with a row.
    enum Flaw: Sendable, Equatable {
        case fault(FaultFamily)
        /// No identifier, or a placeholder in its place.
        case nameOnly
    }

    let sheet: Sheet
    let plan: FilePlan
    /// Fields in the file that can have a family's fault.
    private let targets: [FaultFamily: [Int]]
    private let families: [(family: FaultFamily, until: Int)]
    private let isText: Bool

    init(_ sheet: Sheet, _ plan: FilePlan) {
        self.sheet = sheet
        self.plan = plan
        if case .csv = plan.habits.format { isText = true } else { isText = false }
        var targets: [FaultFamily: [Int]] = [:]
        var until = 0
        var families: [(FaultFamily, Int)] = []
        for (family, share) in Planting.families {
            let fields = Self.fields(for: family, sheet, plan, isText: isText)
            guard !fields.isEmpty else { continue }
            targets[family] = fields
            until += share
            families.append((family, until))
        }
        self.targets = targets
        self.families = families
    }

    /// What is wrong with base row `row` (0-based); nil for a sound one.
    func flaw(_ row: Int) -> Flaw? {
        var draws = stream(row)
        if case .register(let lines) = plan.cast, lines[row].isProtected { return nil }
        if draws.happens(Planting.faultyRow), let last = families.last {
            let x = draws.below(last.until)
            return families.first { x < $0.until }.map { .fault($0.family) }
        }
        guard sheet.nameField != nil, sheet.organisationField != nil || sheet.personField != nil else { return nil }
        let allowed = sheet.resource.identification == .nameAllowed
        return draws.happens(allowed ? Planting.nameOnlyAllowed : Planting.nameOnly) ? .nameOnly : nil
    }

    private func stream(_ row: Int) -> Draws { Draws(seed: plan.seed ^ 0x5A5A_0F0F_A5A5_F0F0, place: UInt64(row)) }

    /// The fields at which a family can strike.
    private static func fields(for family: FaultFamily, _ sheet: Sheet, _ plan: FilePlan, isText: Bool) -> [Int] {
        let written = plan.habits.columns
        func only(_ fits: (Int, Column) -> Bool) -> [Int] { written.filter { fits($0, sheet.columns[$0]) } }
        func index(_ code: String) -> Int? { sheet.resource.index(of: code).flatMap { written.contains($0) ? $0 : nil } }
        switch family {
        case .identifierWrong: return only { field, _ in field == sheet.organisationField || field == sheet.personField }
        case .identifierNumberTyped:
            return isText ? [] : only { field, _ in field == sheet.organisationField || field == sheet.personField }
        case .requiredMissing: return only { _, column in column.required && (column.role == nil || column.role == .name) }
        case .dateImpossible: return only { _, column in column.type == .date && column.required }
        case .dateFuture:
            return sheet.resource.checks.compactMap { if case .notAfterToday(let code) = $0 { index(code) } else { nil } }
        case .decimalScale: return only { _, column in if case .decimal = column.type { column.required || column.need == nil } else { false } }
        case .codeUnknown:
            return only { field, column in
                column.required && !column.values.isEmpty && column.role == nil && !sheet.deciding.contains(field)
            }
        case .tooLong: return only { _, column in column.type == .text && column.length != nil && column.role != .region }
        case .order:
            return sheet.resource.checks.compactMap {
                guard case .ordered(let first, let second) = $0, let early = index(first), let late = index(second) else { return nil }
                return sheet.columns[late].required || sheet.columns[early].required ? early : nil
            }
        case .ragged: return isText ? [0] : []
        case .nameInvalid: return only { _, column in column.role == .name && column.rejectsDigits }
        case .subjectMissing: return []
        }
    }
}

extension Spoiler {
    /// What came of spoiling a row.
    struct Outcome {
        var reason: (field: String, family: FaultFamily)?
        var isNameOnly = false
        /// Number of cells to write.
        var width: Int
    }

    /// Spoils a finished row in place.
    func apply(_ flaw: Flaw, row: Int, _ draft: inout DraftRow) -> Outcome {
        var draws = stream(row)
        for _ in 0..<4 { _ = draws.next() }
        var outcome = Outcome(width: plan.habits.columns.count)
        switch flaw {
        case .nameOnly: takeIdentity(&draft, &draws, &outcome)
        case .fault(let family):
            let fields = targets[family] ?? []
            // A fault needs something to strike; where the row has nothing of the kind, its identifier is made wrong.
            for attempt in 0..<fields.count {
                let field = fields[(draws.below(fields.count) + attempt) % fields.count]
                if strike(family, field, &draft, &draws, &outcome) { return outcome }
            }
            for field in targets[.identifierWrong] ?? [] where strike(.identifierWrong, field, &draft, &draws, &outcome) { return outcome }
            for field in targets[.requiredMissing] ?? [] where strike(.requiredMissing, field, &draft, &draws, &outcome) { return outcome }
        }
        return outcome
    }

    /// Takes away every identifier of the subject, but not the name.
    private func takeIdentity(_ draft: inout DraftRow, _ draws: inout Draws, _ outcome: inout Outcome) {
        let isPerson = sheet.personField.map { !draft.isEmpty($0) } ?? false
        let main = (isPerson ? sheet.personField : sheet.organisationField) ?? 0
        let column = sheet.columns[main]
        for field in sheet.identity { draft.clear(field) }
        let allowed = sheet.resource.identification == .nameAllowed
        // Where one of several numbers is asked for, a tax or certificate number is enough to wait as 疑似.
        for field in sheet.choices.joined() where !sheet.identity.contains(field) {
            if !allowed { draft.clear(field) } else if draft.isEmpty(field), plan.habits.columns.contains(field) {
                draft.set(field) { Codes.append(41_170_000 + draws.below(99_999), to: &$0) }
            }
        }
        if column.required || column.need?.holds(in: draft) ?? false {
            outcome.reason = (column.code, .requiredMissing)
        } else if let empty = sheet.choices.first(where: { $0.allSatisfy(draft.isEmpty) }) {
            outcome.reason = (sheet.columns[empty[0]].code, .requiredMissing)
        } else if allowed {
            outcome.isNameOnly = true
        } else {
            outcome.reason = ("", .subjectMissing)
        }
        if !isPerson, draws.happens(Planting.placeholder) { draft.set(main, "00000000000000000X".utf8) }
    }

    /// Makes one fault; false where the row has nothing for it.
    private func strike(
        _ family: FaultFamily, _ field: Int, _ draft: inout DraftRow, _ draws: inout Draws, _ outcome: inout Outcome
    ) -> Bool {
        let column = sheet.columns[field]
        let text = Array(draft.text(field))
        switch family {
        case .identifierWrong:
            guard text.count >= 9 else { return false }
            draft.set(field, Self.wrongIdentifier(text, &draws))
        case .identifierNumberTyped:
            guard text.count >= 9, text.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return false }
            draft.set(field, .number) { $0.append(contentsOf: text) }
        case .requiredMissing:
            guard !draft.isEmpty(field) else { return false }
            draft.clear(field)
        case .dateImpossible: draft.set(field, draws.pick(Self.impossibleDays).utf8)
        case .dateFuture: draft.set(field, day: plan.today + 1_500 + Int32(draws.below(12_000)))
        case .decimalScale:
            guard case .decimal(_, let scale) = column.type else { return false }
            draft.set(field) { out in
                Codes.append(1 + draws.below(9), to: &out)
                out.append(0x2E)
                for _ in 0..<Int(scale) { out.append(48 + UInt8(draws.below(10))) }
                out.append(49 + UInt8(draws.below(9)))
            }
        case .codeUnknown: draft.set(field, draws.pick(Self.unknownCodes).utf8)
        case .tooLong:
            guard let length = column.length else { return false }
            let unit = Array((column.role == .name ? "驻马店市演示名称过长有限公司" : "演示内容过长").utf8)
            draft.set(field) { out in for _ in 0...(length * 3 / unit.count) + 1 { out.append(contentsOf: unit) } }
        case .order:
            guard swapOrder(field, &draft, &draws) else { return false }
        case .ragged:
            let count = plan.habits.columns.count
            outcome.width = count > 3 && draws.happens(.percent(50)) ? count - 1 - draws.below(2) : count + 1
        case .nameInvalid: draft.set(field) { Codes.append(4_117_000 + draws.below(9_999), to: &$0) }
        case .subjectMissing: return false
        }
        outcome.reason = (family == .ragged ? "" : column.code, family)
        return true
    }

    /// Puts the later of two dates before the earlier one.
    private func swapOrder(_ early: Int, _ draft: inout DraftRow, _ draws: inout Draws) -> Bool {
        for case .ordered(let first, let second) in sheet.resource.checks where first == sheet.columns[early].code {
            guard let late = sheet.resource.index(of: second), draft.cells[late].form == .date, draft.cells[early].form == .date,
                late != sheet.effective || sheet.columns[late].required
            else { continue }
            draft.set(late, day: draft.cells[early].number - 1 - Int32(draws.below(300)))
            return true
        }
        return false
    }

    private static func wrongIdentifier(_ text: [UInt8], _ draws: inout Draws) -> [UInt8] {
        var text = text
        let last = text.count - 1
        switch draws.below(4) {
        case 0: text.removeLast()
        case 1:
            // Two neighbours exchanged: the commonest slip of the hand, always seen by the check.
            let place = text.indices.dropLast(2).last { text[$0] != text[$0 + 1] && $0 > 5 }
            if let place { text.swapAt(place, place + 1) } else { text.removeLast() }
        case 2 where text.contains(48):
            if let zero = text.lastIndex(of: 48) { text[zero] = 79 }
        default: text[last] = text[last] == 49 ? 50 : 49
        }
        return text
    }

    private static let impossibleDays = ["2024-02-30", "2023-13-01", "2025/2/29", "2024年6月31日", "20241345", "0000-00-00", "不详"]
    private static let unknownCodes = ["演示未知值", "X99", "待定", "？", "9999"]
}

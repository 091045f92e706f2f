internal import Identifiers
internal import Policy
internal import Tables

// What a row's cells say.
extension RowChecker {
    mutating func read(_ slot: CheckPlan.Slot, _ bytes: Span<UInt8>) {
        let text = bytes.extracting(values.ranges[slot.index])
        if values.forms[slot.index] == .error {
            fault(slot, bytes, .cellError, "单元格是公式错误", "请改正公式或直接填写值")
        }
        guard !text.isEmpty else {
            if slot.isStored { appendAbsent(slot) }
            return
        }
        switch slot.form {
        case .text(let length): readText(slot, length, text, bytes)
        case .date: readDate(slot, text, bytes)
        case .decimal(let precision, let scale): readDecimal(slot, text, bytes, precision: precision, scale: scale)
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

    private mutating func readText(_ slot: CheckPlan.Slot, _ length: Int, _ text: Span<UInt8>, _ bytes: Span<UInt8>) {
        if text.count > length, scalars(text) > length {
            fault(slot, bytes, .tooLong, "超过 \(length) 个字符（实有 \(scalars(text)) 个）", "请缩写，或把细节写入备注")
        }
        if slot.hasChecks {
            for check in slot.field.checks { checkText(check, slot, text, bytes) }
        }
        guard slot.isStored else { return }
        // Until values can be sealed, a sensitive text (another person's document number) stays in the raw file alone.
        if slot.isSensitive {
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
            if slot.hasChecks {
                for check in slot.field.checks { checkRange(check, slot, decimal, bytes) }
            }
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
            if slot.hasChecks, slot.field.checks.contains(.departmentCode) { checkDepartment(identifier, slot, bytes) }
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

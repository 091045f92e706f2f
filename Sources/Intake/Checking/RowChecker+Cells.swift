internal import Identifiers
internal import Policy
internal import Tables

// What a row's cells say.
extension RowChecker {
    mutating func read(_ place: Int, _ outline: CheckPlan.Outline, _ bytes: Span<UInt8>) {
        let text = bytes.extracting(values.fields[outline.field].range)
        if values.fields[outline.field].form == .error {
            fault(place, bytes, .cellError, "单元格是公式错误", "请改正公式或直接填写值")
        }
        guard !text.isEmpty else {
            if outline.isStored { appendAbsent() }
            return
        }
        switch outline.form {
        case .text(let length): readText(place, outline, length, text, bytes)
        case .date: readDate(place, outline, text, bytes)
        case .decimal(let precision, let scale): readDecimal(place, outline, text, bytes, precision: precision, scale: scale)
        case .code: readCode(place, outline, text, bytes)
        case .identifier(let kind): readIdentifier(place, outline, kind, text, bytes)
        }
        if outline.isStored { closeKey() }
    }

    private mutating func appendAbsent() {
        Layout.appendAbsent(to: &payload)
        closeKey()
    }

    private mutating func closeKey() {
        values.stored += 1
        if values.stored <= plan.keyCount { values.keyLength = payload.count }
    }

    private mutating func readText(
        _ place: Int, _ outline: CheckPlan.Outline, _ length: Int, _ text: Span<UInt8>, _ bytes: Span<UInt8>
    ) {
        if text.count > length, scalars(text) > length {
            fault(place, bytes, .tooLong, "超过 \(length) 个字符（实有 \(scalars(text)) 个）", "请缩写，或把细节写入备注")
        }
        for index in outline.checks { checkText(plan.fieldChecks[index], place, text, bytes) }
        guard outline.isStored else { return }
        // Until values can be sealed, a sensitive text (another person's document number) stays in the raw file alone.
        if outline.isSensitive {
            let characters = String(decoding: copy(text), as: UTF8.self)
            let masked = Array(("****" + (characters.count > 8 ? String(characters.suffix(4)) : "")).utf8)
            Layout.appendText(masked.span, to: &payload)
        } else {
            Layout.appendText(text, to: &payload)
        }
    }

    private mutating func checkText(_ check: FieldCheck, _ place: Int, _ text: Span<UInt8>, _ bytes: Span<UInt8>) {
        switch check {
        case .minimumLength(let least) where scalars(text) < least:
            let field = plan.slots[place].field
            fault(place, bytes, field.role == .name ? .nameInvalid : .tooShort, "不足 \(least) 个字符", "请填写完整的\(field.name)")
        case .notAllDigits where isAllDigits(text):
            fault(place, bytes, .nameInvalid, "全是数字，不是名称", "请填写\(plan.slots[place].field.name)，不要填代码")
        case .digitsOnly where !isAllDigits(text):
            fault(place, bytes, .numberWrong, "含有数字以外的字符", "请只填数字")
        case .departmentCode:
            switch Identifier.assess(text, as: .unifiedSocialCreditCode, on: plan.today) {
            case .sound(let identifier), .doubtful(let identifier, _): checkDepartment(identifier, place, bytes)
            case .wrong(let problem):
                let message = Identifier.explain(problem, in: text, as: .unifiedSocialCreditCode)
                fault(place, bytes, .identifierWrong, message, problem.cure)
            case .placeholder, .empty: fault(place, bytes, .requiredMissing, "是占位代码", "请填机关的统一社会信用代码")
            }
        default: break
        }
    }

    /// Organs of state and public institutions have codes of the first register (机构编制).
    private mutating func checkDepartment(_ identifier: Identifier, _ place: Int, _ bytes: Span<UInt8>) {
        guard identifier.text.storage[0] != UInt8(ascii: "1") else { return }
        fault(place, bytes, .identifierWrong, "不是机关的代码（应以 1 开头）", "请填作出决定的机关的统一社会信用代码")
    }

    private mutating func readDate(
        _ place: Int, _ outline: CheckPlan.Outline, _ text: Span<UInt8>, _ bytes: Span<UInt8>
    ) {
        guard let date = values.day(outline.field).map(CivilDate.init(day:)) ?? CivilDate.parse(text) ?? rareDate(outline.field, text)
        else {
            fault(place, bytes, .dateImpossible, "不是存在的日期", "请按 2026-01-31 的格式填写真实日期")
            if outline.isStored { Layout.appendAbsent(to: &payload) }
            return
        }
        values.fields[outline.field].day = date.day
        if outline.isStored { Layout.appendDate(date, to: &payload) }
    }

    private static let openEnded = Array("长期".utf8)

    /// What is a date and not written as one: 长期, and a workbook's serial number.
    private func rareDate(_ field: Int, _ text: Span<UInt8>) -> CivilDate? {
        if equal(text, Self.openEnded.span) { return .openEnd }
        guard values.fields[field].form == .number, plan.hasSerialDates, let serial = plainNumber(text) else { return nil }
        return CivilDate(excelSerial: serial, date1904: false)
    }

    private mutating func readDecimal(
        _ place: Int, _ outline: CheckPlan.Outline, _ text: Span<UInt8>, _ bytes: Span<UInt8>, precision: UInt8,
        scale: UInt8
    ) {
        switch FixedDecimal.parse(text, scale: scale, precision: precision) {
        case .failure(let problem):
            let code: RowFaultCode = problem == .tooManyDecimals ? .decimalScale : .numberWrong
            fault(place, bytes, code, problem.message, problem.cure)
            if outline.isStored { Layout.appendAbsent(to: &payload) }
        case .success(let decimal):
            values.fields[outline.field].number = decimal
            for index in outline.checks { checkRange(plan.fieldChecks[index], place, decimal, bytes) }
            if outline.isStored { Layout.appendInteger(decimal.units, to: &payload) }
        }
    }

    private mutating func checkRange(_ check: FieldCheck, _ place: Int, _ decimal: FixedDecimal, _ bytes: Span<UInt8>) {
        switch check {
        case .minimum(let least) where decimal < least:
            fault(place, bytes, .outOfRange, "小于 \(least)", "请核对金额、数量的单位和正负号")
        case .maximum(let most) where decimal > most:
            fault(place, bytes, .outOfRange, "大于 \(most)", "请核对金额、数量的单位")
        default: break
        }
    }

    private mutating func readCode(
        _ place: Int, _ outline: CheckPlan.Outline, _ text: Span<UInt8>, _ bytes: Span<UInt8>
    ) {
        guard let codes = plan.slots[place].codes else { return }
        let known: CodeTable.Answer? = if case .listed(let index) = values.fields[outline.field].code { .listed(index) } else { nil }
        switch known ?? codes.answer(text) {
        case .listed(let index):
            values.fields[outline.field].code = .listed(index)
            if outline.isStored { codes.withCode(at: index) { Layout.appendText($0, to: &payload) } }
        case .asWritten:
            values.fields[outline.field].code = .asWritten
            if outline.isStored { Layout.appendText(text, to: &payload) }
        case nil:
            guard plan.slots[place].field.multiple, let joined = joinedCodes(codes, text) else {
                fault(place, bytes, .codeUnknown, "不在允许的取值内", "可填：\(codes.choices)")
                if outline.isStored { Layout.appendAbsent(to: &payload) }
                return
            }
            let start = values.joined.count
            values.joined += joined
            values.fields[outline.field].code = .joined(start..<values.joined.count)
            if outline.isStored { Layout.appendText(joined.span, to: &payload) }
        }
    }

    private mutating func readIdentifier(
        _ place: Int, _ outline: CheckPlan.Outline, _ kind: IdentifierKind, _ text: Span<UInt8>, _ bytes: Span<UInt8>
    ) {
        if values.fields[outline.field].form == .number {
            fault(place, bytes, .identifierNumberTyped, "该单元格被存为数字，后几位已丢失", "请把该列设为文本格式，按文本重填")
            if outline.isStored { Layout.appendAbsent(to: &payload) }
            return
        }
        let assessed = Identifier.assess(text, as: kind, on: plan.today)
        switch assessed {
        case .wrong(let problem):
            fault(place, bytes, .identifierWrong, Identifier.explain(problem, in: text, as: kind), problem.cure)
        case .doubtful: values.isDoubtful = true
        case .placeholder:
            values.isDoubtful = true
            values.fields[outline.field].range = 0..<0
        case .sound(let identifier):
            for index in outline.checks where plan.fieldChecks[index] == .departmentCode {
                checkDepartment(identifier, place, bytes)
            }
        case .empty: break
        }
        values.assessed[outline.field] = assessed.identifier
        guard outline.isStored else { return }
        if let identifier = assessed.identifier {
            Layout.appendText(identifier.text.storage.span.extracting(0..<identifier.text.count), to: &payload)
        } else {
            Layout.appendAbsent(to: &payload)
        }
    }
}

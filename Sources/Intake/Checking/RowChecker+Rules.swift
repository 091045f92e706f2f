internal import Identifiers
internal import Policy
internal import Tables

// Row-wide questions.
extension RowChecker {
    mutating func hasWholeShape(_ batch: RowBatch, row: Int) -> Bool {
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

    mutating func checkRequired(_ bytes: Span<UInt8>) {
        for place in plan.outlines.indices
        where plan.outlines[place].isRequired && values.fields[plan.outlines[place].field].isEmpty {
            fault(place, bytes, .requiredMissing, "必填项为空", "请补填\(plan.slots[place].field.name)")
        }
        for index in plan.conditions.indices where values.fields[plan.conditions[index].field].isEmpty {
            guard holds(plan.conditions[index].condition, bytes) else { continue }
            let place = plan.slotOfField[plan.conditions[index].field]
            let slot = plan.slots[place]
            fault(place, bytes, .requiredMissing, "为空，但\(slot.requirement)", "请补填\(slot.field.name)")
        }
    }

    private func holds(_ condition: CheckPlan.ResolvedCondition, _ bytes: Span<UInt8>) -> Bool {
        switch condition {
        case .absent(let field): return values.fields[field].isEmpty
        case .equals(let field, let listed, let texts):
            if case .listed(let index) = values.fields[field].code { return listed.contains(index) }
            return values.withText(field, plan, bytes) { text in texts.contains { equal(text, $0.span) } }
        case .contains(let field, let listed, let texts):
            switch values.fields[field].code {
            case .listed(let index): return listed.contains(index)
            case .none: return texts.contains { contains(bytes.extracting(values.fields[field].range), $0.span) }
            case .asWritten, .joined:
                let codes = values.withText(field, plan, bytes) { copy($0) }
                return codes.split(separator: UInt8(ascii: ";")).contains { texts.contains(Array($0)) }
            }
        }
    }

    mutating func checkAcross(_ bytes: Span<UInt8>) {
        for index in plan.checks.indices {
            switch plan.checks[index] {
            case .notAfterToday(let field):
                guard let day = values.day(field), day > plan.today.day else { continue }
                fault(plan.slotOfField[field], bytes, .dateFuture, "晚于今天", "请核对日期")
            case .ordered(let early, let late):
                checkOrder(early, late, bytes)
            case .oneOf(let fields):
                guard let head = fields.first, fields.allSatisfy({ values.fields[$0].isEmpty }) else { continue }
                let names = fields.map { plan.resource.fields[$0].name }.joined(separator: "、")
                fault(plan.slotOfField[head], bytes, .requiredMissing, "\(names)都为空", "请至少填写其中一项")
            }
        }
    }

    private mutating func checkOrder(_ early: Int, _ late: Int, _ bytes: Span<UInt8>) {
        if let from = values.day(early), let to = values.day(late), from > to {
            let other = plan.resource.fields[late].name
            fault(plan.slotOfField[early], bytes, .order, "晚于\(other)（\(CivilDate(day: to))）", "请核对两个日期的先后")
        }
        if let less = values.fields[early].number, let more = values.fields[late].number, less > more {
            let other = plan.resource.fields[late].name
            fault(plan.slotOfField[early], bytes, .order, "大于\(other)（\(more)）", "请核对两个数")
        }
    }

    /// Adds a reason to return the row: what is wrong with the field at a place of `plan.slots`.
    mutating func fault(
        _ place: Int, _ bytes: Span<UInt8>, _ code: RowFaultCode, _ message: String, _ cure: String
    ) {
        let field = plan.slots[place].field
        let range = values.fields[plan.outlines[place].field].range
        let value = String(decoding: copy(bytes.extracting(range)), as: UTF8.self)
        faults.append(
            RowFault(code, field: field.code, name: field.name, value: value, message: message, cure: cure))
    }
}

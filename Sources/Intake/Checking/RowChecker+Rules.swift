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
        for slot in plan.slots where slot.isRequired && values.ranges[slot.index].isEmpty {
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

    mutating func checkAcross(_ bytes: Span<UInt8>) {
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

import Identifiers

/// What names fields: business key, effective date, summary, checks and conditions.
extension BookChecker {
    func checkRules(of resource: ResourceDraft) {
        checkKey(of: resource)
        checkEffective(of: resource)
        checkSummary(of: resource)
        for check in resource.checks { checkRow(check, of: resource) }
        for field in resource.fields {
            if let condition = field.requiredWhen { checkCondition(condition, of: field, in: resource) }
        }
    }

    private func missing(_ code: String, _ key: String, _ line: Int, in resource: ResourceDraft) -> Bool {
        if resource.field(code) != nil { return false }
        log.note(
            resource.place.file, line, "“\(key)”里的字段“\(code)”不在本目录项的 fields 里：请改正，或补上该字段")
        return true
    }

    private func checkKey(of resource: ResourceDraft) {
        let place = resource.place
        if resource.businessKey.isEmpty, place.lines["businessKey"] != nil {
            note(place, "businessKey", "没有业务主键，无法识别重复报送：请写明能唯一确定一条记录的字段")
        }
        noteRepeats(resource.businessKey, in: place, key: "businessKey")
        let known = resource.businessKey.filter { !missing($0.value, "businessKey", $0.line, in: resource) }
        let fields = known.compactMap { resource.field($0.value) }
        guard !fields.isEmpty, fields.count == resource.businessKey.count else { return }
        if !fields.contains(where: { $0.required || $0.role?.identifiesSubject == true }) {
            note(place, "businessKey", "业务主键的字段没有一个是必填的，空行会互相覆盖：请至少把其中一个写为 required: true")
        }
    }

    private func checkEffective(of resource: ResourceDraft) {
        guard let code = resource.effective else { return }
        let line = resource.place.line("effective")
        guard !missing(code, "effective", line, in: resource), let type = resource.field(code)?.type else { return }
        if type != .date {
            log.note(resource.place.file, line, "生效日期字段“\(code)”不是日期：请改用 type: date 的字段")
        }
    }

    private func checkSummary(of resource: ResourceDraft) {
        noteRepeats(resource.summary, in: resource.place, key: "summary")
        for item in resource.summary where !missing(item.value, "summary", item.line, in: resource) {
            guard let field = resource.field(item.value) else { continue }
            if resource.disclosure == .open, let sensitivity = field.sensitivity, sensitivity != .open {
                log.note(
                    resource.place.file, item.line,
                    "公开目录项的摘要里有\(sensitivity.name)字段“\(item.value)”：请从 summary 中删去")
            }
            if !resource.registers, field.role?.identifiesSubject == true {
                log.note(
                    resource.place.file, item.line,
                    "摘要里的字段“\(item.value)”只标识主体，不作为记录内容保存：请从 summary 中删去")
            }
        }
    }

    private func checkRow(_ check: Located<RowCheck>, of resource: ResourceDraft) {
        let unknown = check.value.fields.filter { missing($0, "checks", check.line, in: resource) }
        guard unknown.isEmpty else { return }
        func fault(_ message: String) { log.note(resource.place.file, check.line, message) }
        func type(_ code: String) -> FieldType? { resource.field(code)?.type }
        switch check.value {
        case .notAfterToday(let field):
            if let found = type(field), found != .date { fault("检查 notAfterToday 的字段“\(field)”不是日期：请改用日期字段") }
        case .ordered(let field, let other):
            guard field != other else { return fault("检查 ordered 的两个字段都是“\(field)”：请改正") }
            guard let left = type(field), let right = type(other) else { return }
            if !Self.comparable(left, right) {
                fault("检查 ordered 的字段“\(field)”和“\(other)”不能比较先后或大小：请用两个日期或两个数字")
            }
        case .oneOf(let fields):
            if Set(fields).count < fields.count { fault("检查 oneOf 里有重复的字段：请删去一处") }
            if fields.contains(where: { resource.field($0)?.required == true }) {
                fault("检查 oneOf 里有必填字段，检查没有意义：请删去此检查，或删去该字段的 required")
            }
        }
    }

    private static func comparable(_ left: FieldType, _ right: FieldType) -> Bool {
        func isNumber(_ type: FieldType) -> Bool {
            switch type {
            case .decimal, .integer: true
            default: false
            }
        }
        return (left == .date && right == .date) || (isNumber(left) && isNumber(right))
    }

    private func checkCondition(_ condition: Located<Condition>, of field: FieldDraft, in resource: ResourceDraft) {
        let code = condition.value.field
        guard !missing(code, "requiredWhen", condition.line, in: resource) else { return }
        func fault(_ message: String) { log.note(field.place.file, condition.line, message) }
        guard code != field.code else { return fault("字段“\(field.title)”的必填条件看的是它自己：请改正") }
        let values: [String]
        switch condition.value {
        case .absent:
            if resource.field(code)?.required == true {
                fault("必填条件 absent 看的字段“\(code)”总是必填，条件永远不成立：请删去条件，或改正 \(code)")
            }
            return
        case .contains(_, let list), .equals(_, let list): values = list
        }
        if values.isEmpty { fault("必填条件没有取值：请写 contains: 值 或 equals: 值") }
        switch resource.field(code)?.type {
        case .code(let id):
            guard let set = codeSets[id] else { return }
            for value in values where set.match(value) == .unknown {
                let allowed = set.values.prefix(30).map(\.name).joined(separator: "、")
                fault("必填条件的取值“\(value)”不在代码集“\(id)”里：只能是 \(allowed)")
            }
        case .text, nil: break
        default: fault("必填条件看的字段“\(code)”不是文本或代码，不能写取值：请改用 absent，或改看别的字段")
        }
    }

    /// A condition with the values of code fields as stored codes.
    func resolved(_ condition: Condition, in resource: ResourceDraft) -> Condition {
        guard case .code(let id) = resource.field(condition.field)?.type, let set = codeSets[id] else { return condition }
        func codes(_ values: [String]) -> [String] {
            values.map { value in
                if case .value(let index) = set.match(value) { set.values[index].code } else { value }
            }
        }
        switch condition {
        case .contains(let field, let values): return .contains(field: field, anyOf: codes(values))
        case .equals(let field, let values): return .equals(field: field, anyOf: codes(values))
        case .absent: return condition
        }
    }
}

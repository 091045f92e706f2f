import Identifiers

/// The fields of a resource, one by one: headings, code sets, roles, sensitivity.
extension BookChecker {
    func checkFields(of resource: ResourceDraft) {
        if resource.fields.isEmpty, resource.place.lines["fields"] != nil {
            note(resource.place, "fields", "没有任何字段：请至少写一个")
        }
        checkHeadings(of: resource)
        checkRoles(of: resource)
        for field in resource.fields {
            if case .code(let set) = field.type, codeSets[set] == nil, !draft.brokenCodeSets.contains(set),
                !draft.codeSetsIncomplete
            {
                note(field.place, "codeSet", "代码集“\(set)”不存在：请改正，或在 codesets/ 下补上")
            }
            checkBounds(of: field)
            checkSensitivity(of: field, in: resource)
        }
    }

    /// A column heading must mean one field, so codes, names and aliases are unique in the form they are matched in.
    private func checkHeadings(of resource: ResourceDraft) {
        var owners: [String: (index: Int, title: String)] = [:]
        var codes: Set<String> = []
        for (index, field) in resource.fields.enumerated() {
            if let code = field.code, !codes.insert(code).inserted {
                note(field.place, "code", "字段代码“\(code)”在本目录项里重复：请改用不同的代码")
                continue
            }
            var headings: [Located<String>] = []
            for (key, text) in [("code", field.code), ("national", field.national), ("name", field.name)] {
                if let text { headings.append(Located(value: text, line: field.place.line(key))) }
            }
            for heading in headings + field.aliases {
                let form = Text.searchForm(heading.value)
                if let owner = owners[form], owner.index != index {
                    log.note(
                        field.place.file, heading.line,
                        "列名“\(heading.value)”同时指字段“\(owner.title)”和“\(field.title)”，无法分辨：请删去一处")
                }
                owners[form] = owners[form] ?? (index, field.title)
            }
            noteRepeats(field.aliases, in: field.place, key: "aliases")
        }
    }

    private func checkRoles(of resource: ResourceDraft) {
        var seen: Set<FieldRole> = []
        for field in resource.fields {
            guard let role = field.role else {
                if case .identifier(let kind) = field.type {
                    note(
                        field.place, "identifier",
                        "标识字段“\(field.title)”（\(kind.name)）没有写 role，不知道它标识谁：请写 role，或改为 type: text")
                }
                continue
            }
            if role.identifiesSubject, !seen.insert(role).inserted {
                note(field.place, "role", "role: \(role.rawValue) 在本目录项里重复：一行只能有一个，请删去一处")
            }
            if let type = field.type, let wanted = Self.wrongType(type, for: role) {
                note(field.place, "role", "role: \(role.rawValue) 的字段应为 \(wanted)：请改正 type 或 role")
            }
            if role.identifiesSubject, field.multiple {
                note(field.place, "multiple", "标识主体的字段“\(field.title)”不能有多个值：请删去 multiple")
            }
        }
    }

    /// What type a role asks for, where the given one is wrong.
    private static func wrongType(_ type: FieldType, for role: FieldRole) -> String? {
        func identifier(_ kind: IdentifierKind) -> String? {
            type == .identifier(kind) ? nil : "type: identifier, identifier: \(kind)"
        }
        switch role {
        case .unifiedSocialCreditCode: return identifier(.unifiedSocialCreditCode)
        case .organisationCode: return identifier(.organisationCode)
        case .registrationNumber: return identifier(.registrationNumber)
        case .citizenNumber: return identifier(.citizenNumber)
        case .documentNumber:
            if type == .text { return nil }
            if case .identifier(let kind) = type, kind.subjectKind == .person { return nil }
            return "type: text，或自然人证件的 type: identifier"
        case .name, .legalRepresentative, .providerName, .formerName, .decisionNumber, .decidingBody: return type == .text ? nil : "type: text"
        case .providerCode:
            return type == .text || type == .identifier(.unifiedSocialCreditCode)
                ? nil : "type: text，或 type: identifier, identifier: unifiedSocialCreditCode"
        case .established, .listedOn, .listedUntil: return type == .date ? nil : "type: date"
        case .documentType, .subjectCategory, .status, .region, .industry, .decisionReason:
            if case .code = type { return nil }
            return type == .text ? nil : "type: code 或 type: text"
        }
    }

    private func checkBounds(of field: FieldDraft) {
        var low: FixedDecimal?
        for check in field.checks {
            if case .minimum(let number) = check.value { low = number }
        }
        for check in field.checks {
            switch check.value {
            case .maximum(let high):
                if let low, high < low {
                    log.note(field.place.file, check.line, "字段“\(field.title)”的上限 \(high) 小于下限 \(low)：请核对 min 和 max")
                }
            case .minimumLength(let count):
                if let length = field.length, count > length {
                    log.note(field.place.file, check.line, "字段“\(field.title)”要求至少 \(count) 字，却最多 \(length) 字：请核对")
                }
            default: break
            }
        }
    }

    /// Numbers of persons are never open, nor a person's name in a resource about persons.
    private func checkSensitivity(of field: FieldDraft, in resource: ResourceDraft) {
        guard let sensitivity = field.sensitivity, sensitivity == .open || sensitivity == .internal else { return }
        if field.holdsPersonNumber || Self.soundsLikePersonNumber(field) {
            note(
                field.place, "sensitivity",
                "字段“\(field.title)”是自然人的证件号码，不得公开：请写 sensitivity: personal 或 sensitive")
        } else if resource.subject == .person, field.role == .name {
            note(
                field.place, "sensitivity",
                "字段“\(field.title)”是自然人姓名，属于个人信息：请写 sensitivity: personal")
        }
    }

    /// A number of a document that the role does not show, such as the 法定代表人's, told by its name.
    private static func soundsLikePersonNumber(_ field: FieldDraft) -> Bool {
        guard let name = field.name, !name.contains("许可") else { return false }
        return name.contains("身份证") || name.contains("证件号")
    }
}

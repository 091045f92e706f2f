internal import Identifiers
internal import Policy

/// Chooses how a field's values are made: by its role, its type, and for texts by words of its Chinese name.
struct FillerChoice {
    let field: Field
    let index: Int
    let resource: Resource
    /// Id of the code set.
    let set: String?

    var filler: Filler {
        if let filler = byRole { return filler }
        switch field.type {
        case .date: return .date
        case .code: return byCodeSet
        case .integer: return .integer(bounds(otherwise: 0...400))
        case .decimal(let precision, let scale): return amount(Int(precision), Int(scale))
        case .identifier(let kind): return byIdentifier(kind)
        case .text: return byName
        }
    }

    private var byRole: Filler? {
        switch field.role {
        case .name: .subjectName
        case .unifiedSocialCreditCode: .unifiedCode
        case .organisationCode: .organisationCode
        case .registrationNumber: .registrationNumber
        case .citizenNumber: .citizenNumber
        case .documentType: .documentType
        case .documentNumber: .documentNumber
        case .subjectCategory: .category
        case .legalRepresentative: .representative
        case .providerName: .bodyName
        case .providerCode: .bodyCode
        case .region: .region
        case .formerName: .formerName
        case .established: .date
        case .status, .industry, .listedOn, .listedUntil, .decisionNumber, .decidingBody, .decisionReason, nil: nil
        }
    }

    private var byCodeSet: Filler {
        switch set {
        case "organisation-type": .organisationType
        case "document-type": .documentType
        case "subject-category": .category
        default: .code
        }
    }

    private func byIdentifier(_ kind: IdentifierKind) -> Filler {
        if field.checks.contains(.departmentCode) { return .bodyCode }
        return switch kind {
        case .unifiedSocialCreditCode: .unifiedCode
        case .organisationCode: .organisationCode
        case .registrationNumber: .registrationNumber
        case .citizenNumber: .citizenNumber
        default: .documentNumber
        }
    }

    private var byName: Filler {
        let name = field.name
        func has(_ words: String...) -> Bool { words.contains { name.contains($0) } }
        let length = field.length ?? 200
        if field.checks.contains(.departmentCode) { return .bodyCode }
        if resource.effective != nil, has("年度"), length <= 10 { return .year }
        if has("周期", "申报期", "所属期") { return .periodName }
        if has("地方编码", "区划") { return .region }
        if has("证件号码") { return .representativeNumber }
        if has("车牌") { return .numberPlate }
        if has("生产企业") { return .otherOrganisation }
        if has("单位账号", "户号") { return .serial(.digits) }
        if has("地址", "住所", "场所") { return .address }
        if has("经办人", "管理人", "控制人") { return .otherPerson }
        if Self.isNumber(field) { return number(length) }
        if has("机关", "法院", "机构", "单位", "采购人", "招标人", "海关", "志愿服务组织"), !has("名称及") { return .bodyName }
        return .phrase(Phrases.texts(for: name).filter { String(decoding: $0, as: UTF8.self).unicodeScalars.count <= length })
    }

    private static func isNumber(_ field: Field) -> Bool {
        let name = field.name
        return field.type == .text && !name.contains("批号") && !name.contains("名称及")
            && ["文书号", "文号", "案号", "编号", "证号", "号码", "单号", "注册号", "登记号", "专利号", "备案编码", "证书号"].contains {
                name.contains($0)
            }
    }

    private func number(_ length: Int) -> Filler {
        let name = field.name
        let first = resource.businessKey.first { code in
            resource.field(code).map(Self.isNumber) ?? false
        }
        // One key field that never repeats makes the key unique; the other numbers belong to the subject or to the row.
        let unique = first == field.code
        if name.contains("案号") { return .serial(.lawsuit) }
        if name.contains("文书号") || name.contains("文号") { return .serial(.document) }
        if length < 16 || field.checks.contains(.digitsOnly) { return unique ? .serial(.digits) : .subjectNumber(length: min(length, 10)) }
        if unique && !Roster.isListed(resource) { return .serial(.plain) }
        return .subjectNumber(length: min(length, 14))
    }

    /// Whether a field says a year or period in words.
    static func isTemporal(_ field: Field) -> Bool {
        guard field.type == .text else { return field.type == .date }
        return ["年度", "周期", "申报期", "所属期"].contains { field.name.contains($0) } && (field.length ?? 99) <= 20
    }

    private func bounds(otherwise: ClosedRange<Int>) -> ClosedRange<Int> {
        var (low, high) = (otherwise.lowerBound, otherwise.upperBound)
        for check in field.checks {
            switch check {
            case .minimum(let least): low = max(low, Int(least.description) ?? low)
            case .maximum(let most): high = Int(most.description) ?? high
            default: break
            }
        }
        return low...max(low, high)
    }

    private func amount(_ precision: Int, _ scale: Int) -> Filler {
        if field.name.hasPrefix("实缴"),
            let owed = resource.fields.firstIndex(where: { $0.name.hasPrefix("应缴") && $0.type == field.type }), owed < index {
            return .sameAmount(as: owed, scale: scale)
        }
        var most: Int?
        for case .maximum(let limit) in field.checks { most = Int(limit.description) }
        return .decimal(digits: precision - scale, scale: scale, most: most)
    }
}

import Identifiers

/// Whom a resource is about, and who may see it.
extension BookChecker {
    func checkSubject(of resource: ResourceDraft) {
        let place = resource.place
        if resource.disclosure == .open, resource.subject == .person {
            note(place, "disclosure", "自然人信息不得向社会公开：请改为 disclosure: shared 或 sensitive")
        }
        checkIdentification(of: resource)
        guard resource.registers else { return }
        if let subject = resource.subject, subject != .organisation {
            note(place, "registers", "登记主体（registers: true）只用于法人和非法人组织：请改正 subject，或删去 registers")
        }
        if resource.fields(of: .name).isEmpty {
            note(place, "registers", "登记主体的目录项没有名称字段：请给名称字段写 role: name")
        }
        if resource.identification == .nameAllowed {
            note(place, "identification", "登记主体的目录项必须有标识：请改为 identification: required")
        }
    }

    private func checkIdentification(of resource: ResourceDraft) {
        let place = resource.place
        guard let identification = resource.identification, let subject = resource.subject else { return }
        let hasName = !resource.fields(of: .name).isEmpty
        if identification == .nameAllowed, !hasName {
            note(place, "identification", "允许只有名称（nameAllowed），却没有名称字段：请给名称字段写 role: name")
        }
        let organisationRoles: [FieldRole] = [.unifiedSocialCreditCode, .organisationCode, .registrationNumber]
        let personRoles: [FieldRole] = [.citizenNumber, .documentNumber]
        if subject != .person { require(organisationRoles, "法人和非法人组织", resource, identification) }
        if subject != .organisation { require(personRoles, "自然人", resource, identification) }
    }

    private func require(
        _ roles: [FieldRole], _ whom: String, _ resource: ResourceDraft, _ identification: Identification
    ) {
        guard !resource.fields.contains(where: { $0.role.map(roles.contains) ?? false }) else { return }
        if identification == .nameAllowed, !resource.fields(of: .name).isEmpty { return }
        let words = roles.map(\.rawValue).joined(separator: "、")
        note(resource.place, "subject", "没有能标识\(whom)的字段：请给标识字段写 role（\(words) 之一）")
    }
}

/// What a person may be in the platform. One of them is at work at a time: several roles of one account are switched, never merged.
package enum Role: String, Sendable, CaseIterable, Codable {
    case windowClerk = "window-clerk"
    case deliveryClerk = "delivery-clerk"
    case deliveryReviewer = "delivery-reviewer"
    case creditCentre = "credit-centre"
    case bank
    case supervisor
    case firmAdministrator = "firm-administrator"
    case citizen
    case systemAdministrator = "system-administrator"
    case securityAdministrator = "security-administrator"
    case auditAdministrator = "audit-administrator"

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .windowClerk: "窗口人员"
        case .deliveryClerk: "部门填报"
        case .deliveryReviewer: "部门审核"
        case .creditCentre: "信用中心"
        case .bank: "银行"
        case .supervisor: "监管检查"
        case .firmAdministrator: "企业管理员"
        case .citizen: "个人"
        case .systemAdministrator: "系统管理员"
        case .securityAdministrator: "安全管理员"
        case .auditAdministrator: "审计管理员"
        }
    }

    /// 三员: one of the three administrators, who exclude one another and every other role (GB/T 22239-2019, 8.1.4.2).
    package var isAdministrator: Bool {
        switch self {
        case .systemAdministrator, .securityAdministrator, .auditAdministrator: true
        default: false
        }
    }

    /// Whether it belongs to a subject (a person, a firm) and not to a public body or partner.
    package var isSubjects: Bool { self == .citizen || self == .firmAdministrator }

    /// Why these roles cannot be one account's, in Chinese; nil where they can.
    package static func conflict(among roles: [Role]) -> String? {
        if roles.isEmpty { return "至少要有一个角色" }
        if roles.contains(where: \.isAdministrator), roles.count > 1 {
            return "系统、安全、审计三个管理员角色互斥，也不能兼任业务角色"
        }
        if roles.contains(where: \.isSubjects), roles.count > 1 { return "企业管理员和个人账号不能兼任工作人员角色" }
        return nil
    }
}

/// Where an account stands. It is proposed by the system administrator and approved by the security administrator: two people.
package enum AccountState: String, Sendable, CaseIterable {
    case proposed, active, suspended, closed

    /// Chinese name.
    package var name: String {
        switch self {
        case .proposed: "待审批"
        case .active: "正常"
        case .suspended: "已停用"
        case .closed: "已注销"
        }
    }
}

package import Identifiers

/// What sort of body delivers or uses credit information. The raw value is what YAML writes.
package enum PublicBodyKind: String, Sendable, CaseIterable {
    /// 市级部门.
    case cityDepartment = "city-department"
    /// 县（区）级人民政府及功能区管委会.
    case countyGovernment = "county-government"
    /// 县（区）级部门.
    case countyDepartment = "county-department"
    /// 人民法院.
    case court
    /// 水、电、气等公用事业单位.
    case utility
    /// 行业协会商会.
    case association
    /// 信用服务机构.
    case agency
    /// 金融机构.
    case financialInstitution = "financial-institution"
    /// 市场主体.
    case enterprise
    /// 其他合作单位.
    case partner

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .cityDepartment: "市级部门"
        case .countyGovernment: "县（区）政府"
        case .countyDepartment: "县（区）部门"
        case .court: "人民法院"
        case .utility: "公用事业单位"
        case .association: "行业协会商会"
        case .agency: "信用服务机构"
        case .financialInstitution: "金融机构"
        case .enterprise: "市场主体"
        case .partner: "合作单位"
        }
    }
}

/// A body that delivers or uses credit information, of `organisations.yaml`.
package struct PublicBody: Sendable, Hashable {
    /// Stable code, such as `ZMD-SCJG`; unique in the book.
    package let code: String
    /// Full Chinese name; unique in the book.
    package let name: String
    /// Other names under which files mention the body.
    package let aliases: [String]
    /// Which sort of body; resources may name all providers of one sort.
    package let kind: PublicBodyKind
    /// Its 统一社会信用代码, where known.
    package let unifiedSocialCreditCode: Identifier?
    /// Six-digit region, one of `regions.yaml`.
    package let region: String?
    /// Code of the body that it belongs to.
    package let owner: String?
    /// Remark for those who edit the book.
    package let note: String?
}

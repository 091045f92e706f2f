package import Identifiers

/// Rank of a legal document. The raw value is what YAML writes.
package enum DocumentLevel: String, Sendable, CaseIterable {
    /// 法律.
    case law
    /// 行政法规.
    case regulation
    /// 部门规章.
    case rule
    /// 党中央、国务院政策文件.
    case centralDocument = "central-document"
    /// 地方性法规.
    case localRegulation = "local-regulation"
    /// 地方政策文件.
    case localDocument = "local-document"

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .law: "法律"
        case .regulation: "行政法规"
        case .rule: "部门规章"
        case .centralDocument: "中央文件"
        case .localRegulation: "地方性法规"
        case .localDocument: "地方文件"
        }
    }
}

/// Who answers for a value of the book that was written from knowledge and not from its source.
package struct Confirmation: Sendable, Hashable {
    /// The person or body that confirms the value.
    package let owner: String
    /// The day of confirmation; nil while it is still to be confirmed.
    package let on: CivilDate?
}

/// A legal document that resources cite, of `documents.yaml`.
package struct LegalDocument: Sendable, Hashable {
    /// Stable id, such as `xingzheng-chufa-fa-2021`.
    package let id: String
    /// Full Chinese title.
    package let title: String
    /// 文号, where it has one.
    package let number: String?
    /// Its rank.
    package let level: DocumentLevel
    /// Who issued it.
    package let issuer: String
    /// First day in force.
    package let from: CivilDate
    /// Last day in force; nil while in force.
    package let to: CivilDate?
    /// The articles that may be cited; empty where the book does not list them.
    package let articles: [String]
    /// Who answers for the entry; nil where its source was read.
    package let confirmed: Confirmation?
    /// Remark for those who edit the book.
    package let note: String?

    /// Whether it is in force on a day.
    package func isInForce(on day: CivilDate) -> Bool {
        from <= day && day <= (to ?? CivilDate(day: .max))
    }
}

/// An article on which something rests, as officials and subjects read it.
package struct CitedArticle: Sendable, Hashable {
    package let title: String
    package let article: String

    package init(title: String, article: String) {
        self.title = title
        self.article = article
    }

    /// 《文件》第几条; of a whole document its title alone.
    package var text: String { "《\(title)》\(article == "全文" ? "" : article)" }
}

extension PolicyBook {
    /// Citations with the titles of their documents.
    package func cited(_ basis: [BasisCitation]) -> [CitedArticle] {
        basis.map { CitedArticle(title: document($0.document)?.title ?? $0.document, article: $0.article) }
    }
}

internal import Identifiers
package import Policy

/// A stored value as people read it.
package enum ValueText {
    /// The text of a value: codes by their names, 2099-12-31 as 长期, identifiers of natural persons masked; empty where
    /// absent.
    package static func text(_ value: Layout.Value, field: Field?, book: PolicyBook) -> String {
        switch value {
        case .absent: return ""
        case .date(let date): return date == .openEnd ? "长期" : date.description
        case .decimal(let decimal): return decimal.description
        case .integer(let integer): return String(integer)
        case .text(let text):
            guard let field else { return text }
            if case .identifier(let kind) = field.type, kind.subjectKind == .person {
                return Identifier.assess(Array(text.utf8).span, as: kind, on: .openEnd).identifier?.masked ?? "******"
            }
            guard let set = book.codeSet(of: field) else { return text }
            return text.split(separator: ";").map { set.displayName(of: String($0)) }.joined(separator: "；")
        }
    }
}

import Identifiers

/// One column of the table that a department fills in.
package struct TemplateColumn: Sendable, Hashable {
    /// Code of the field.
    package let code: String
    /// The heading: the field's Chinese name, which intake recognises.
    package let heading: String
    /// 必填, 条件必填 or 选填.
    package let obligation: String
    /// How to fill it in, in Chinese; the field's own note at the end.
    package let guidance: String
    /// Names to choose from, for a drop-down list; empty where anything may be written or several values are.
    package let choices: [String]
    /// The field, for cell formats.
    package let type: FieldType
}

extension PolicyBook {
    /// The columns of a resource's template, in catalogue order.
    package func templateColumns(of resource: Resource) -> [TemplateColumn] {
        resource.fields.map { field in
            let set = codeSet(of: field)
            let closed = set.map { !$0.open } ?? false
            return TemplateColumn(
                code: field.code, heading: field.name,
                obligation: field.required ? "必填" : field.requiredWhen == nil ? "选填" : "条件必填",
                guidance: guidance(for: field, of: resource),
                choices: closed && !field.multiple ? set?.values.map(\.name) ?? [] : [], type: field.type)
        }
    }

    private func guidance(for field: Field, of resource: Resource) -> String {
        var parts: [String] = []
        switch field.type {
        case .text: parts.append(field.length.map { "文本，不超过 \($0) 字" } ?? "文本")
        case .date: parts.append("日期，如 2024-01-31")
        case .decimal(let precision, let scale): parts.append("数字，最多 \(precision) 位，其中小数 \(scale) 位")
        case .integer: parts.append("整数")
        case .identifier(let kind): parts.append("\(kind.name)：\(kind.form)")
        case .code:
            let names = codeSet(of: field)?.values.prefix(20).map(\.name).joined(separator: "、") ?? ""
            parts.append("从下列取值：\(names)")
        }
        if field.multiple { parts.append("有多个时用分号隔开") }
        if let condition = field.requiredWhen { parts.append(sentence(condition, of: resource)) }
        if let note = field.note { parts.append(note) }
        return parts.joined(separator: "；")
    }

    /// A condition as a Chinese sentence: 「处罚类别」含「罚款」时必填.
    package func sentence(_ condition: Condition, of resource: Resource) -> String {
        let field = resource.field(condition.field)
        let subject = field?.name ?? condition.field
        func names(_ values: [String]) -> String {
            let set = field.flatMap { codeSet(of: $0) }
            return values.map { "「\(set?.displayName(of: $0) ?? $0)」" }.joined(separator: "或")
        }
        return switch condition {
        case .contains(_, let values): "「\(subject)」含\(names(values))时必填"
        case .equals(_, let values): "「\(subject)」为\(names(values))时必填"
        case .absent: "没有「\(subject)」时必填"
        }
    }
}

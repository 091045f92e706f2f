import Feel
import Identifiers

/// Indicators against the catalogue: what they fold must be there, of one type in every version, and not forbidden.
extension BookChecker {
    /// What rules may name beside indicators.
    static let today = Variable("今天", .date)

    /// The indicators whose drafts are sound; faults are noted.
    func indicators() -> [Indicator] {
        let drafts = draft.indicators ?? []
        noteDoubles(drafts, key: "name", title: "指标名称", of: \.name)
        var names: Set<String> = []
        return drafts.compactMap { names.insert($0.value.name).inserted ? indicator($0.value, $0.place) : nil }
    }

    private func indicator(_ value: IndicatorDraft, _ place: Place) -> Indicator? {
        guard Self.isName(value.name), value.name != Self.today.name else {
            note(place, "name", "指标名称“\(value.name)”不能用在规则里：请只用汉字、字母、数字和下划线，不以数字开头，也不叫“今天”")
            return nil
        }
        if value.kind == .listings { return listings(value, place) }
        if !value.lists.isEmpty || value.nature != nil {
            note(place, "of", "lists 和 nature 只用于 of: listings 的指标：请删去")
            return nil
        }
        guard let code = value.resource else {
            note(place, "of", "指标没有写明取自哪个资源：请补上 resource")
            return nil
        }
        let versions = draft.resources.filter { $0.code == code }.sorted { ($0.version ?? 0) < ($1.version ?? 0) }
        guard let newest = versions.last else {
            note(place, "resource", "目录里没有资源“\(code)”：请改正，或先登记该资源")
            return nil
        }
        if value.window != nil || value.kind == .latest, versions.contains(where: { $0.effective == nil }) {
            note(place, value.window == nil ? "of" : "window", "资源“\(code)”没有生效日期（effective），分不出先后：请删去 window，或改用 count、sum")
            return nil
        }
        guard let type = figureType(value, place, versions) else { return nil }
        let fields = newest.fields.filter { field in field.role?.identifiesSubject != true && commonType(of: field.code, in: versions) != nil }
        var condition: TypedExpression?
        if let text = value.condition {
            let vocabulary = Vocabulary(fields.map { Variable($0.name ?? "", commonType(of: $0.code, in: versions) ?? .any) })
            condition = typed(text, in: vocabulary, at: place, "where", as: .boolean)
            guard let found = condition else { return nil }
            for index in found.variables { checkAllowed(fields[index], of: place, "where") }
        }
        return Indicator(
            name: value.name, kind: value.kind, resource: code, field: value.field, condition: condition, conditionFields: fields.compactMap(\.code),
            window: value.window, lists: [], unit: value.unit, type: type, confirmed: value.confirmed)
    }

    /// The type of an indicator's value; nil, and a fault, where its field does not fit.
    private func figureType(_ value: IndicatorDraft, _ place: Place, _ versions: [ResourceDraft]) -> FeelType? {
        if value.kind == .count {
            if value.field != nil {
                note(place, "field", "of: count 数的是记录，不需要 field：请删去，或改用 sum、latest")
                return nil
            }
            return .number
        }
        guard let code = value.field else {
            note(place, "of", "of: \(value.kind.rawValue) 的指标没有写明字段：请补上 field")
            return nil
        }
        guard let field = versions.last?.field(code) else {
            note(place, "field", "资源“\(value.resource ?? "")”没有字段“\(code)”：请改正")
            return nil
        }
        guard field.role?.identifiesSubject != true, let type = commonType(of: code, in: versions) else {
            note(place, "field", "字段“\(code)”不在记录里，或在该资源的各版本中类型不一：请换一个字段")
            return nil
        }
        checkAllowed(field, of: place, "field")
        if value.kind == .sum, type != .number {
            note(place, "field", "字段“\(code)”不是数，不能求和：请换一个字段，或改用 latest")
            return nil
        }
        return type
    }

    private func listings(_ value: IndicatorDraft, _ place: Place) -> Indicator? {
        if value.resource != nil || value.field != nil || value.condition != nil || value.window != nil {
            note(place, "of", "of: listings 的指标只写 lists 或 nature：请删去 resource、field、where、window")
            return nil
        }
        guard value.lists.isEmpty != (value.nature == nil) else {
            note(place, "of", "of: listings 的指标须写明 lists 或 nature 之一：请补上或删去一个")
            return nil
        }
        let kinds = draft.lists ?? []
        for code in value.lists where !kinds.contains(where: { $0.value.code == code }) && draft.isWhole("lists.yaml") {
            note(place, "lists", "lists.yaml 没有名单“\(code)”：请改正，或先登记该名单")
        }
        let lists = value.nature.map { nature in kinds.filter { $0.value.nature == nature }.map(\.value.code) } ?? value.lists
        return Indicator(
            name: value.name, kind: .listings, resource: nil, field: nil, condition: nil, conditionFields: [], window: nil, lists: lists, unit: value.unit,
            type: .number, confirmed: value.confirmed)
    }

    /// The type of a field where it is the same in every version; nil where a version lacks it.
    private func commonType(of code: String?, in versions: [ResourceDraft]) -> FeelType? {
        guard let code else { return nil }
        var common: FeelType?
        for version in versions {
            guard let field = version.field(code), let type = field.type else { return nil }
            let own: FeelType = field.multiple ? .list(type.feelType) : type.feelType
            guard common == nil || common == own else { return nil }
            common = own
        }
        return common
    }

    /// Nothing that the law forbids to judge by may reach a rule, by whatever name.
    private func checkAllowed(_ field: FieldDraft, of place: Place, _ key: String) {
        for attribute in draft.forbidden ?? [] where field.name?.contains(attribute.value.word) == true {
            note(place, key, "字段“\(field.name ?? "")”属于禁止使用的信息（\(attribute.value.word)），不得进入任何规则：请删去")
        }
    }

    /// An expression as it was checked; nil, and a fault with its place, where it is not sound.
    func typed(_ text: String, in vocabulary: Vocabulary, at place: Place, _ key: String, as type: FeelType?) -> TypedExpression? {
        do { return try TypedExpression.check(text, in: vocabulary, as: type) } catch {
            let cure = error.message.contains("请") ? "" : "：请改正"
            note(place, key, "表达式“\(text)”第 \(error.position + 1) 个字符：\(error.message)\(cure)")
            return nil
        }
    }

    /// Whether a name needs no knowledge of other names to be read: letters, Chinese characters, digits and `_`.
    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A, 0x4E00...0x9FFF, 0x3400...0x4DBF: true
            default: false
            }
        }
    }
}

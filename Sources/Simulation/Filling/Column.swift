internal import Identifiers
internal import Policy

/// One field of a resource, prepared for the making of rows.
struct Column: Sendable {
    /// Values that a row must have for this field to be required.
    enum Need: Sendable {
        /// The cell of the other field is one of these, or has one of them among its parts.
        case value(of: Int, anyOf: [[UInt8]])
        case absence(of: Int)
    }

    let code: String
    let national: String
    let name: String
    let aliases: [String]
    let type: FieldType
    let length: Int?
    let required: Bool
    let need: Need?
    let multiple: Bool
    let role: FieldRole?
    let isKey: Bool
    /// Part of the stored record, not only of the subject's identity.
    let isStored: Bool
    let rejectsDigits: Bool
    let filler: Filler
    /// Code and name of each value, where the field is a code.
    let values: [(code: [UInt8], name: [UInt8])]

    /// How often an optional value is there.
    let presence: Rate

    init(_ field: Field, index: Int, resource: Resource, book: PolicyBook) {
        code = field.code
        national = field.national ?? field.code
        name = field.name
        aliases = field.aliases
        type = field.type
        length = field.length
        required = field.required
        multiple = field.multiple
        role = field.role
        isKey = resource.businessKey.contains(field.code)
        isStored = resource.layout.stored.contains(index)
        rejectsDigits = field.checks.contains(.notAllDigits)
        let set = book.codeSet(of: field)
        values = (set?.values ?? []).map { (Array($0.code.utf8), Array($0.name.utf8)) }
        need = field.requiredWhen.flatMap { Self.need($0, resource: resource, book: book) }
        filler = FillerChoice(field: field, index: index, resource: resource, set: set?.id).filler
        let rare = field.national == nil && !field.required && field.name.contains("第二项")
        presence = field.required || isKey ? .percent(100) : rare ? .percent(8) : .percent(70)
    }

    /// What stands in the header in a department's manner; a name that the catalogue does not take back is not used.
    func heading(_ manner: FileHabits.Header, pick: Int, resource: Resource, index: Int) -> String {
        let wanted = switch manner {
        case .nationalCodes: national
        case .names: name
        case .aliases: aliases.isEmpty ? name : aliases[pick % aliases.count]
        }
        return resource.index(headed: wanted) == index ? wanted : name
    }

    private static func need(_ condition: Condition, resource: Resource, book: PolicyBook) -> Need? {
        guard let other = resource.index(of: condition.field) else { return nil }
        let set = book.codeSet(of: resource.fields[other])
        func codes(_ texts: [String]) -> [[UInt8]] {
            texts.map { text in
                if case .value(let index)? = set?.match(text), let set { Array(set.values[index].code.utf8) } else { Array(text.utf8) }
            }
        }
        return switch condition {
        case .contains(_, let texts), .equals(_, let texts): .value(of: other, anyOf: codes(texts))
        case .absent: .absence(of: other)
        }
    }
}

extension Column.Need {
    /// Whether the condition holds in a row, so that its field must be filled.
    func holds(in draft: DraftRow) -> Bool {
        switch self {
        case .absence(let other): return draft.isEmpty(other)
        case .value(let other, let values):
            let text = draft.text(other)
            return values.contains { value in
                text.elementsEqual(value) || text.split(separator: 0x3B).contains { $0.elementsEqual(value) }
            }
        }
    }
}

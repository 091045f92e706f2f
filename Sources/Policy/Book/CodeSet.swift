import Identifiers

/// One value of a code set.
package struct CodeValue: Sendable, Hashable {
    /// What is stored.
    package let code: String
    /// Chinese name, which pages show.
    package let name: String
    /// Other spellings that departments use.
    package let aliases: [String]
    /// As the state of a listing: it has ended (已移出, 已撤销).
    package let endsListing: Bool

    init(code: String, name: String, aliases: [String], endsListing: Bool = false) {
        self.code = code
        self.name = name
        self.aliases = aliases
        self.endsListing = endsListing
    }
}

/// What a cell says in terms of a code set.
package enum CodeMatch: Sendable, Hashable {
    /// The value at this index.
    case value(Int)
    /// Not of the set, but the set is open and the cell begins with 其他: kept as written.
    case other
    /// Not of the set.
    case unknown
}

/// A closed set of values, of `codesets/*.yaml`.
package struct CodeSet: Sendable {
    /// Stable id, such as `penalty-category`.
    package let id: String
    /// Chinese name.
    package let name: String
    /// The values, in the book's order.
    package let values: [CodeValue]
    /// Whether values that begin with 其他 are taken as written.
    package let open: Bool
    /// Who answers for it; nil where its source was read.
    package let confirmed: Confirmation?

    private let matcher: ByteMatcher

    package init(id: String, name: String, values: [CodeValue], open: Bool, confirmed: Confirmation? = nil) {
        self.id = id
        self.name = name
        self.values = values
        self.open = open
        self.confirmed = confirmed
        var spellings: [(text: String, value: Int)] = []
        for (index, value) in values.enumerated() {
            for text in [value.code, value.name] + value.aliases { spellings.append((text, index)) }
        }
        matcher = ByteMatcher(spellings)
    }

    /// What a cell says: by code, name or alias. The bytes are folded text (`Text.fold`); no allocation.
    package func match(_ text: Span<UInt8>) -> CodeMatch {
        if let index = matcher.index(of: text) { return .value(index) }
        return open && Self.beginsWithOther(text) ? .other : .unknown
    }

    /// What a text says: by code, name or alias.
    package func match(_ text: String) -> CodeMatch {
        var folded: [UInt8] = []
        let raw = Array(text.utf8)
        guard Text.fold(raw.span, into: &folded) else { return .unknown }
        return match(folded.span)
    }

    /// The name to show for a stored code; an open value shows as it is stored.
    package func displayName(of stored: String) -> String {
        if case .value(let index) = match(stored) { return values[index].name }
        return stored
    }

    /// Whether the text begins with 其他 (E5 85 B6, E4 BB 96).
    private static func beginsWithOther(_ text: Span<UInt8>) -> Bool {
        text.count >= 6 && text[0] == 0xE5 && text[1] == 0x85 && text[2] == 0xB6 && text[3] == 0xE4 && text[4] == 0xBB
            && text[5] == 0x96
    }
}

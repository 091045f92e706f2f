package import Identifiers

/// What a subject is and how it may be called without opening its history: a function of its identifier alone, so that
/// no later delivery changes what an earlier view shows. Names stand in the registry, and of organisations only.
package struct SubjectCard: Sendable, Hashable {
    package var kind: SubjectKind
    package var identifierKind: IdentifierKind
    /// Masked for natural persons, clear for organisations.
    package var maskedIdentifier: String

    package init(kind: SubjectKind, identifierKind: IdentifierKind, maskedIdentifier: String) {
        self.kind = kind
        self.identifierKind = identifierKind
        self.maskedIdentifier = maskedIdentifier
    }
}

// Stored: subject kind, identifier kind, the rest is the identifier.
extension SubjectCard {
    static func append(
        kind: SubjectKind, identifierKind: IdentifierKind, identifier: Span<UInt8>, to bytes: inout [UInt8]
    ) {
        bytes.append(kind.rawValue)
        bytes.append(identifierKind.rawValue)
        bytes.append(identifier)
    }

    init(stored bytes: Span<UInt8>) throws(EntryDamage) {
        guard bytes.count >= 2, let kind = SubjectKind(rawValue: bytes[0]) else {
            throw EntryDamage(offset: 0, reason: .unknownKind)
        }
        guard let identifierKind = IdentifierKind(rawValue: bytes[1]) else {
            throw EntryDamage(offset: 1, reason: .unknownKind)
        }
        var text: [UInt8] = []
        text.append(bytes.extracting(2..<bytes.count))
        guard let identifier = String(validating: text, as: UTF8.self) else {
            throw EntryDamage(offset: 2, reason: .badText)
        }
        self.init(kind: kind, identifierKind: identifierKind, maskedIdentifier: identifier)
    }
}

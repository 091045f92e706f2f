package import Identifiers

/// The few words by which lists show a subject without opening its history. The last one written wins.
package struct SubjectCard: Sendable, Hashable {
    package var kind: SubjectKind
    package var identifierKind: IdentifierKind
    /// Masked for natural persons, clear for organisations.
    package var maskedIdentifier: String
    /// Masked for natural persons, clear for organisations.
    package var maskedName: String

    package init(kind: SubjectKind, identifierKind: IdentifierKind, maskedIdentifier: String, maskedName: String) {
        self.kind = kind
        self.identifierKind = identifierKind
        self.maskedIdentifier = maskedIdentifier
        self.maskedName = maskedName
    }
}

// Stored: subject kind, identifier kind, varint length and bytes of the identifier, the rest is the name.
extension SubjectCard {
    static func append(
        kind: SubjectKind, identifierKind: IdentifierKind, identifier: Span<UInt8>, name: Span<UInt8>,
        to bytes: inout [UInt8]
    ) {
        bytes.append(kind.rawValue)
        bytes.append(identifierKind.rawValue)
        bytes.appendVarint(UInt64(identifier.count))
        bytes.append(identifier)
        bytes.append(name)
    }

    /// Reads a stored card; the thrown damage says where it cannot be read.
    init(stored bytes: Span<UInt8>) throws(EntryDamage) {
        guard bytes.count >= 3, let kind = SubjectKind(rawValue: bytes[0]) else {
            throw EntryDamage(offset: 0, reason: .unknownKind)
        }
        guard let identifierKind = IdentifierKind(rawValue: bytes[1]) else {
            throw EntryDamage(offset: 1, reason: .unknownKind)
        }
        var offset = 2
        guard let count = bytes.varint32(at: &offset, end: bytes.count), Int(count) <= bytes.count - offset else {
            throw EntryDamage(offset: 2, reason: .badLength)
        }
        let split = offset + Int(count)
        self.init(
            kind: kind, identifierKind: identifierKind,
            maskedIdentifier: try text(bytes, offset..<split), maskedName: try text(bytes, split..<bytes.count))
    }
}

private func text(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(EntryDamage) -> String {
    var copy: [UInt8] = []
    copy.append(bytes.extracting(range))
    guard let text = String(validating: copy, as: UTF8.self) else {
        throw EntryDamage(offset: range.lowerBound, reason: .badText)
    }
    return text
}

internal import Identifiers

/// What intake must do with a row. Raw values are those of `truth.jsonl`.
package enum Expectation: String, Sendable, CaseIterable {
    /// Accepted, a record of its own.
    case accept
    /// Sent back.
    case reject
    /// Accepted, kept as 疑似 (a name without an identifier), with no subject.
    case suspend
    /// Accepted; the same content as a record known before: changes nothing.
    case `repeat`
    /// Accepted; the same business key as a record known before, other content: takes its place.
    case supersede
}

/// Why a row must be sent back. Raw values are those of `truth.jsonl`, after `FIELD:`.
package enum FaultFamily: String, Sendable, CaseIterable {
    case identifierWrong = "identifier-wrong"
    case identifierNumberTyped = "identifier-number-typed"
    case requiredMissing = "required-missing"
    case dateImpossible = "date-impossible"
    case dateFuture = "date-future"
    case decimalScale = "decimal-scale"
    case codeUnknown = "code-unknown"
    case tooLong = "too-long"
    case order = "order"
    case ragged = "ragged"
    case nameInvalid = "name-invalid"
    /// Nothing in the row identifies its subject, in a resource where no single field is required for that.
    case subjectMissing = "subject-missing"
}

/// Lines of `truth.jsonl` for one file.
struct TruthLines {
    private(set) var bytes: [UInt8] = []
    private(set) var counts: [Expectation: Int] = [:]
    private let opening: [UInt8]

    init(file: String) {
        opening = Array("{\"file\":\"\(file)\",\"row\":".utf8)
    }

    mutating func append(
        row: Int, _ expectation: Expectation, subject: (kind: IdentifierKind, code: [UInt8])?,
        reason: (field: String, family: FaultFamily)?
    ) {
        counts[expectation, default: 0] += 1
        bytes.append(contentsOf: opening)
        Codes.append(row, to: &bytes)
        bytes.append(contentsOf: ",\"expect\":\"".utf8)
        bytes.append(contentsOf: expectation.rawValue.utf8)
        bytes.append(contentsOf: "\",\"subject\":".utf8)
        if let subject {
            bytes.append(0x22)
            bytes.append(contentsOf: Self.name(of: subject.kind).utf8)
            bytes.append(0x3A)
            bytes.append(contentsOf: subject.code)
            bytes.append(0x22)
        } else {
            bytes.append(contentsOf: "null".utf8)
        }
        bytes.append(contentsOf: ",\"reasons\":[".utf8)
        if let reason {
            bytes.append(0x22)
            bytes.append(contentsOf: reason.field.utf8)
            bytes.append(0x3A)
            bytes.append(contentsOf: reason.family.rawValue.utf8)
            bytes.append(0x22)
        }
        bytes.append(contentsOf: "]}\n".utf8)
    }

    private static func name(of kind: IdentifierKind) -> String {
        kind == .citizenNumber ? "citizenNumber" : "unifiedSocialCreditCode"
    }
}

/// What kind of thing is wrong with a value; the text is stable and appears in rejection files and in the API.
package enum RowFaultCode: String, Sendable, Codable, CaseIterable {
    case identifierWrong = "identifier-wrong"
    case identifierNumberTyped = "identifier-number-typed"
    case requiredMissing = "required-missing"
    case subjectMissing = "subject-missing"
    case dateImpossible = "date-impossible"
    case dateFuture = "date-future"
    case decimalScale = "decimal-scale"
    case numberWrong = "number-wrong"
    case outOfRange = "out-of-range"
    case codeUnknown = "code-unknown"
    case tooLong = "too-long"
    case tooShort = "too-short"
    case nameInvalid = "name-invalid"
    case order = "order"
    case ragged = "ragged"
    case cellError = "cell-error"
    case targetUnknown = "target-unknown"
    case actionUnknown = "action-unknown"
}

/// One reason why a row is returned: the field, the value as delivered, what is wrong and how to mend it.
package struct RowFault: Sendable, Codable, Equatable {
    package let code: RowFaultCode
    /// Field code of the catalogue; empty when the whole row is meant.
    package let field: String
    /// The field's Chinese name.
    package let name: String
    /// The value as it stood in the file, cut at 200 characters.
    package let value: String
    /// What is wrong, in Chinese.
    package let message: String
    /// How to mend it, in Chinese.
    package let cure: String

    package init(
        _ code: RowFaultCode, field: String = "", name: String = "", value: String = "", message: String, cure: String
    ) {
        self.code = code
        self.field = field
        self.name = name
        // Scalars, not characters: one character may be a mebibyte of accents.
        self.value = value.unicodeScalars.count > 200 ? String(String.UnicodeScalarView(value.unicodeScalars.prefix(200))) + "…" : value
        self.message = message
        self.cure = cure
    }
}

/// A row that was returned, with every reason.
package struct Rejection: Sendable, Codable, Equatable {
    /// 1-based data row of the delivery (header and titles not counted).
    package let row: UInt32
    /// 1-based line of the file, or row of the sheet.
    package let line: UInt32
    package let faults: [RowFault]

    package init(row: UInt32, line: UInt32, faults: [RowFault]) {
        self.row = row
        self.line = line
        self.faults = faults
    }
}

/// What is wrong with a file as a file; stable, for tests, logs and the API.
package enum TableFaultCode: String, Sendable, Equatable, CaseIterable {
    /// The file cannot be opened or read.
    case unreadable
    /// The platform's own sealed copy does not open: its storage or its keys are at fault, not whoever made the file.
    case sealBroken
    /// No byte, no row, or only blank sheets.
    case empty
    /// Bytes of no kind we take (PDF, picture, archive, Word …).
    case unknownKind
    /// A web page or an XML file under a workbook's name.
    case markup
    /// Neither UTF-8 nor GB 18030.
    case encoding
    /// UTF-16 or UTF-32.
    case wideEncoding
    /// A NUL byte in text.
    case nulByte
    /// A quotation mark that is never closed.
    case unclosedQuote
    /// Text between a closing quotation mark and the next separator.
    case strayText
    /// A line longer than `TableLimits.lineBytes`.
    case lineTooLong
    /// A cell longer than `TableLimits.cellBytes`.
    case cellTooLong
    /// More columns than `TableLimits.columns`.
    case tooManyColumns
    /// A damaged or truncated zip or compound file.
    case damaged
    /// A zip or compound file that holds no workbook.
    case notAWorkbook
    /// Protected by a password.
    case encrypted
    /// Carries macros.
    case macros
    /// Inflates beyond the limits, or has too many or overlapping parts.
    case bomb
    /// A document type or entity declaration inside a workbook.
    case documentType
    /// A workbook part that is not the XML it should be.
    case malformedSheet
    /// A line of JSON Lines that is not one flat object.
    case malformedJSON
    /// A JSON object with a key the first object does not have.
    case unknownKey
    /// The file cannot be written.
    case unwritable
    /// A value the chosen format or encoding cannot hold.
    case unwritableValue
}

/// Where in a file something is wrong, what, and the cure. `message` and `cure` are Chinese and written for the clerk who made the file.
package struct TableFault: Error, Sendable, Equatable, CustomStringConvertible {
    package var code: TableFaultCode
    /// The file's name without its folder.
    package var file: String
    /// 1-based physical line (or sheet row), where known.
    package var line: Int?
    /// 0-based offset in the file, where known.
    package var byte: Int64?
    /// The sheet, in workbooks.
    package var sheet: String?
    /// What is wrong.
    package var message: String
    /// What to do.
    package var cure: String

    package init(
        _ code: TableFaultCode, file: String, line: Int? = nil, byte: Int64? = nil, sheet: String? = nil,
        message: String, cure: String
    ) {
        self.code = code
        self.file = file
        self.line = line
        self.byte = byte
        self.sheet = sheet
        self.message = message
        self.cure = cure
    }

    /// File, place, message and cure in one line.
    package var description: String {
        var place = "「\(file)」"
        if let sheet { place += "工作表「\(sheet)」" }
        if let line { place += "第 \(line) 行" }
        if let byte { place += "（第 \(byte + 1) 字节）" }
        return "\(place)：\(message)。\(cure)。"
    }
}

internal import Identifiers

/// The ways in which departments write a day.
enum DateStyle: UInt8, Sendable, CaseIterable {
    case dashes, slashes, compact, chinese, dots, withTime
    /// A real date of a workbook; in text files like `dashes`.
    case serial

    /// Appends the day in this manner.
    func append(_ day: Int32, to out: inout [UInt8]) {
        let (year, month, dayOfMonth) = CivilDate(day: day).parts
        switch self {
        case .dashes, .serial, .withTime:
            Codes.append(year, width: 4, to: &out)
            out.append(0x2D)
            Codes.append(month, width: 2, to: &out)
            out.append(0x2D)
            Codes.append(dayOfMonth, width: 2, to: &out)
            if self == .withTime { out.append(contentsOf: " 00:00:00".utf8) }
        case .slashes, .dots:
            let sign: UInt8 = self == .slashes ? 0x2F : 0x2E
            Codes.append(year, to: &out)
            out.append(sign)
            Codes.append(month, to: &out)
            out.append(sign)
            Codes.append(dayOfMonth, to: &out)
        case .compact:
            Codes.append(year * 10_000 + month * 100 + dayOfMonth, to: &out)
        case .chinese:
            Codes.append(year, to: &out)
            out.append(contentsOf: "年".utf8)
            Codes.append(month, to: &out)
            out.append(contentsOf: "月".utf8)
            Codes.append(dayOfMonth, to: &out)
            out.append(contentsOf: "日".utf8)
        }
    }
}

import Identifiers

/// Percent coding as forms use it (WHATWG `application/x-www-form-urlencoded`).
enum PercentCoding {
    private static let hex = Array("0123456789ABCDEF".utf8)

    /// Everything but unreserved ASCII is coded; fit for a query value.
    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil if a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8, or NUL is among them. `+` is a blank.
    static func decode(_ text: some StringProtocol) -> String? { decode(Array(text.utf8)[...]) }

    /// The same of bytes.
    static func decode(_ coded: ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(coded.count)
        var index = coded.startIndex
        while index < coded.endIndex {
            switch coded[index] {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard coded.endIndex - index > 2, let high = value(coded[index + 1]), let low = value(coded[index + 2]) else { return nil }
                bytes.append(high << 4 | low)
                index += 2
            case 0: return nil
            case let byte: bytes.append(byte)
            }
            if bytes.last == 0 { return nil }
            index += 1
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// Names and values of a query or of a posted form; the first of a name counts.
struct FormFields: Sendable, Equatable {
    private var values: [String: String]

    /// Nil if the text is not well formed.
    init?(_ text: some StringProtocol) {
        values = [:]
        for pair in Array(text.utf8).split(separator: UInt8(ascii: "&")) {
            let sign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard let name = PercentCoding.decode(pair[..<sign]), let value = PercentCoding.decode(pair[sign...].dropFirst()) else { return nil }
            if values[name] == nil { values[name] = value }
        }
    }

    /// Fields already taken apart (multipart).
    init(values: [String: String]) { self.values = values }

    /// The value as sent; nil if it was not sent.
    subscript(name: String) -> String? { values[name] }

    /// The value without blanks around it; nil if nothing is left.
    func text(_ name: String) -> String? {
        guard let value = values[name] else { return nil }
        let trimmed = value.trimmingBlanks()
        return trimmed.isEmpty ? nil : trimmed
    }

    /// Pages that can be asked for; what lies behind them is found by a narrower question.
    static let pages = 1...1_000_000

    /// The page number, or the nearest that there can be: nobody should have to mend one.
    func page() -> Int {
        let number = values["page"].flatMap { Int($0) } ?? 1
        return min(max(number, Self.pages.lowerBound), Self.pages.upperBound)
    }
}

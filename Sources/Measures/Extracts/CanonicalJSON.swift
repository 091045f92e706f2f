/// JSON with one text for each value: no blanks, whole numbers only, escapes only where they must be, and `<` always as `\u003c`, so that the text
/// may stand in an HTML page as it is. What is read must be that one text.
enum CanonicalJSON: Sendable, Hashable {
    /// What stands between braces, in its order.
    struct Member: Sendable, Hashable {
        let name: String
        let value: CanonicalJSON
    }

    case text(String)
    case number(Int)
    case flag(Bool)
    case list([CanonicalJSON])
    case object([Member])

    /// An object of the members that there are: those with nil are left out.
    static func object(_ members: KeyValuePairs<String, CanonicalJSON?>) -> CanonicalJSON {
        .object(members.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    static func texts(_ texts: [String]) -> CanonicalJSON { .list(texts.map(CanonicalJSON.text)) }

    // MARK: Writing

    func append(to out: inout [UInt8]) {
        switch self {
        case .text(let text): Self.append(text, to: &out)
        case .number(let number): out.append(contentsOf: String(number).utf8)
        case .flag(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
        case .list(let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                item.append(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.append(member.name, to: &out)
                out.append(UInt8(ascii: ":"))
                member.value.append(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if isEscaped(byte) {
                out.append(contentsOf: "\\u00".utf8)
                out.append(hexDigits[Int(byte >> 4)])
                out.append(hexDigits[Int(byte & 15)])
            } else {
                out.append(byte)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Control characters, quotes, backslashes, and what could end a script block of HTML.
    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "<")
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    // MARK: Reading

    /// Reads one value that fills its line. The text must be UTF-8 already.
    /// - Returns: nil for anything but the one text of a value.
    init?(_ line: ArraySlice<UInt8>) {
        var reader = Reader(bytes: line, index: line.startIndex)
        guard let value = reader.value(depth: 0), reader.index == line.endIndex else { return nil }
        self = value
    }

    private struct Reader {
        let bytes: ArraySlice<UInt8>
        var index: Int

        /// What we write is five levels deep.
        static let deepest = 8

        mutating func value(depth: Int) -> CanonicalJSON? {
            guard depth <= Self.deepest, index < bytes.endIndex else { return nil }
            switch bytes[index] {
            case UInt8(ascii: "\""): return text().map(CanonicalJSON.text)
            case UInt8(ascii: "{"): return members(depth).map(CanonicalJSON.object)
            case UInt8(ascii: "["): return items(depth).map(CanonicalJSON.list)
            case UInt8(ascii: "t"): return take("true") ? .flag(true) : nil
            case UInt8(ascii: "f"): return take("false") ? .flag(false) : nil
            default: return number().map(CanonicalJSON.number)
            }
        }

        private mutating func items(_ depth: Int) -> [CanonicalJSON]? {
            guard take("[") else { return nil }
            var items: [CanonicalJSON] = []
            if take("]") { return items }
            repeat {
                guard let item = value(depth: depth + 1) else { return nil }
                items.append(item)
            } while take(",")
            return take("]") ? items : nil
        }

        private mutating func members(_ depth: Int) -> [Member]? {
            guard take("{") else { return nil }
            var members: [Member] = []
            if take("}") { return members }
            repeat {
                guard let name = text(), take(":"), let value = value(depth: depth + 1) else { return nil }
                members.append(Member(name: name, value: value))
            } while take(",")
            return take("}") ? members : nil
        }

        private mutating func text() -> String? {
            guard take("\"") else { return nil }
            var out: [UInt8] = []
            while index < bytes.endIndex {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\"") { return String(validating: out, as: UTF8.self) }
                if byte == UInt8(ascii: "\\") {
                    guard take("u00"), let high = hexDigit(), let low = hexDigit(), isEscaped(high << 4 | low) else { return nil }
                    out.append(high << 4 | low)
                } else {
                    guard !isEscaped(byte) else { return nil }
                    out.append(byte)
                }
            }
            return nil
        }

        /// Without sign or leading zeroes, below 10¹⁵: exact in every program that reads JSON.
        private mutating func number() -> Int? {
            var number = 0
            let start = index
            while index < bytes.endIndex, (0x30...0x39).contains(bytes[index]), index - start < 15 {
                number = number * 10 + Int(bytes[index] - 0x30)
                index += 1
            }
            return index > start && (bytes[start] != 0x30 || index == start + 1) ? number : nil
        }

        private mutating func hexDigit() -> UInt8? {
            guard index < bytes.endIndex, let value = hexDigits.firstIndex(of: bytes[index]) else { return nil }
            index += 1
            return UInt8(value)
        }

        private mutating func take(_ word: StaticString) -> Bool {
            let word = word.description.utf8
            guard bytes[index...].starts(with: word) else { return false }
            index += word.count
            return true
        }
    }
}

/// The members of an object, taken one after the other in the order in which they are written.
struct CanonicalMembers {
    private var left: ArraySlice<CanonicalJSON.Member>

    /// - Returns: nil for a value that is no object.
    init?(_ value: CanonicalJSON?) {
        guard case .object(let members) = value else { return nil }
        left = members[...]
    }

    /// Whether none is left.
    var isEmpty: Bool { left.isEmpty }

    mutating func text(_ name: String) -> String? {
        if case .text(let text) = take(name) { text } else { nil }
    }

    mutating func number(_ name: String) -> Int? {
        if case .number(let number) = take(name) { number } else { nil }
    }

    mutating func flag(_ name: String) -> Bool? {
        if case .flag(let flag) = take(name) { flag } else { nil }
    }

    mutating func list(_ name: String) -> [CanonicalJSON]? {
        if case .list(let items) = take(name) { items } else { nil }
    }

    mutating func object(_ name: String) -> CanonicalMembers? { CanonicalMembers(take(name)) }

    mutating func texts(_ name: String) -> [String]? { list(name)?.all { if case .text(let text) = $0 { text } else { nil } } }

    private mutating func take(_ name: String) -> CanonicalJSON? {
        guard let first = left.first, first.name == name else { return nil }
        left = left.dropFirst()
        return first.value
    }
}

extension Sequence {
    /// Everything transformed; nil where one of them is nil.
    func all<Result>(_ transform: (Element) -> Result?) -> [Result]? {
        var results: [Result] = []
        for element in self {
            guard let result = transform(element) else { return nil }
            results.append(result)
        }
        return results
    }
}

/// A piece of an expression: what it says and where it stands.
struct Token: Sendable, Equatable {
    enum Kind: Sendable, Equatable { case name, number, string, symbol, end }

    let kind: Kind
    /// The text as written; of strings what they mean.
    let text: String
    /// Of its first and behind its last character, in Unicode scalars from 0.
    let start: Int
    let end: Int
}

/// What is wrong with an expression, and where.
package struct FeelFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// In Unicode scalars from 0.
    package let position: Int
    /// What it is and what to do, in Chinese.
    package let message: String

    package var description: String { "第 \(position + 1) 个字符：\(message)" }

    /// The same with something to do: the grammar's own faults do not all say what.
    var withCure: FeelFault { message.contains("请") ? self : FeelFault(position: position, message: "\(message)：请改正") }
}

/// Takes an expression apart (DMN 1.5 §10.3.1.2, grammar rules 22 to 43 and 62 to 66).
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private var place = 0

    static func tokens(_ text: String) throws(FeelFault) -> [Token] {
        var lexer = Lexer(scalars: Array(text.unicodeScalars))
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        tokens.append(Token(kind: .end, text: "", start: lexer.scalars.count, end: lexer.scalars.count))
        return tokens
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? { place + ahead < scalars.count ? scalars[place + ahead] : nil }

    private static let symbols = ["...", "..", "**", "!=", "<=", ">=", "->", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", "{", "}", ",", ":", ".", "?", "@"]

    private mutating func next() throws(FeelFault) -> Token? {
        try skipBlanks()
        guard let first = peek() else { return nil }
        let start = place
        if first == "\"" { return try string(from: start) }
        if Self.isDigit(first) || first == "." && peek(1).map(Self.isDigit) == true { return number(from: start) }
        if Self.startsName(first) {
            while let scalar = peek(), Self.continuesName(scalar) { place += 1 }
            return token(.name, start)
        }
        for symbol in Self.symbols where matches(symbol) {
            place += symbol.unicodeScalars.count
            return token(.symbol, start)
        }
        if first == "'" || first == "’" {
            place += 1
            return token(.symbol, start)
        }
        throw FeelFault(position: start, message: "不认识字符“\(first)”，请删去或改写")
    }

    private func matches(_ symbol: String) -> Bool {
        symbol.unicodeScalars.enumerated().allSatisfy { peek($0.offset) == $0.element }
    }

    private func token(_ kind: Token.Kind, _ start: Int) -> Token {
        Token(kind: kind, text: text(start, place), start: start, end: place)
    }

    private func text(_ start: Int, _ end: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<end])
        return String(text)
    }

    private mutating func skipBlanks() throws(FeelFault) {
        while let scalar = peek() {
            if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
                place += 1
            } else if scalar == "/", peek(1) == "/" {
                while let scalar = peek(), scalar != "\n", scalar != "\r" { place += 1 }
            } else if scalar == "/", peek(1) == "*" {
                let start = place
                place += 2
                while !(peek() == "*" && peek(1) == "/") {
                    guard peek() != nil else { throw FeelFault(position: start, message: "注释没有结束，请补上 */") }
                    place += 1
                }
                place += 2
            } else {
                return
            }
        }
    }

    private mutating func number(from start: Int) -> Token {
        while let scalar = peek(), Self.isDigit(scalar) { place += 1 }
        // `1..5` is a range, and no number ends with its point.
        if peek() == ".", let digit = peek(1), Self.isDigit(digit) {
            place += 1
            while let scalar = peek(), Self.isDigit(scalar) { place += 1 }
        }
        if let mark = peek(), mark == "e" || mark == "E" {
            let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if let digit = peek(1 + sign), Self.isDigit(digit) {
                place += 1 + sign
                while let scalar = peek(), Self.isDigit(scalar) { place += 1 }
            }
        }
        return token(.number, start)
    }

    private mutating func string(from start: Int) throws(FeelFault) -> Token {
        place += 1
        var text = String.UnicodeScalarView()
        while let scalar = peek() {
            place += 1
            if scalar == "\"" { return Token(kind: .string, text: String(text), start: start, end: place) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            try appendEscape(to: &text)
        }
        throw FeelFault(position: start, message: "文字没有结束，请补上引号")
    }

    private mutating func appendEscape(to text: inout String.UnicodeScalarView) throws(FeelFault) {
        guard let scalar = peek() else { return }
        place += 1
        switch scalar {
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "\"", "\\", "'": text.append(scalar)
        case "u": text.append(try hexadecimal(4))
        case "U": text.append(try hexadecimal(6))
        default:
            text.append("\\")
            text.append(scalar)
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(FeelFault) -> Unicode.Scalar {
        let start = place - 2
        func unit(_ digits: Int) -> UInt32? {
            guard place + digits <= scalars.count else { return nil }
            return UInt32(text(place, place + digits), radix: 16)
        }
        guard var value = unit(count) else { throw FeelFault(position: start, message: "\\u 后面应是 \(count) 位十六进制数") }
        place += count
        // Beyond the basic plane as two halves, as Java writes it.
        if (0xD800..<0xDC00).contains(value), peek() == "\\", peek(1) == "u" {
            place += 2
            guard let low = unit(4), (0xDC00..<0xE000).contains(low) else { throw FeelFault(position: start, message: "代理对不完整，请改写") }
            place += 4
            value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw FeelFault(position: start, message: "没有这个字符，请改写") }
        return scalar
    }

    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Grammar rule 28.
    static func startsName(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3F: false  // `?` is a name of its own, and a symbol here
        case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F,
            0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF: true
        default: false
        }
    }

    /// Grammar rule 29.
    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        startsName(scalar) || isDigit(scalar) || scalar.value == 0xB7 || (0x300...0x36F).contains(scalar.value) || (0x203F...0x2040).contains(scalar.value)
    }
}

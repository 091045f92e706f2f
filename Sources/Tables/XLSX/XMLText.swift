/// Decoding of XML character data.
enum XMLText {
    /// Appends `bytes[range]` with entities resolved and line breaks made LF. False when an entity is unknown or means no character.
    @inline(__always)
    static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8], isLiteral: Bool) -> Bool {
        var plain = true
        for index in range where bytes[index] == 0x26 || bytes[index] == 0x0D { plain = false }
        if plain {
            out.append(bytes.extracting(range))
            return true
        }
        return appendDecoded(bytes, range, to: &out, isLiteral: isLiteral)
    }

    private static func appendDecoded(_ bytes: Span<UInt8>, _ range: Range<Int>, to out: inout [UInt8], isLiteral: Bool) -> Bool {
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            if byte == 0x0D {
                out.append(0x0A)
                at += at + 1 < range.upperBound && bytes[at + 1] == 0x0A ? 2 : 1
            } else if byte == 0x26, !isLiteral {
                guard let end = (at..<min(range.upperBound, at + 12)).first(where: { bytes[$0] == 0x3B }),
                    let scalar = scalar(named: String(bytes, (at + 1)..<end))
                else { return false }
                out.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
                at = end + 1
            } else {
                out.append(byte)
                at += 1
            }
        }
        return true
    }

    private static func scalar(named name: String) -> Unicode.Scalar? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard name.first == "#" else { return nil }
        let isHex = name.dropFirst().first == "x"
        let digits = name.dropFirst(isHex ? 2 : 1)
        guard digits.first?.isHexDigit == true, let value = UInt32(digits, radix: isHex ? 16 : 10), let scalar = Unicode.Scalar(value) else {
            return nil
        }
        // XML 1.0 §2.2: no control characters but tab and line breaks.
        return value >= 0x20 || value == 0x09 || value == 0x0A || value == 0x0D ? scalar : nil
    }

    /// Resolves Excel's `_xHHHH_` escapes (ECMA-376 ST_Xstring) in `out[start...]`. `_x005F_` stands for `_`.
    static func resolveEscapes(in out: inout [UInt8], from start: Int) {
        guard let first = out[start...].firstIndex(of: 0x5F) else { return }
        var from = first
        var to = first
        while from < out.count {
            if let unit = escape(out, from), let scalar = Unicode.Scalar(unit), unit != 0 {
                for byte in UTF8.encode(scalar).map(Array.init) ?? [] {
                    out[to] = byte
                    to += 1
                }
                from += 7
            } else {
                out[to] = out[from]
                to += 1
                from += 1
            }
        }
        out.removeLast(out.count - to)
    }

    private static func escape(_ bytes: [UInt8], _ at: Int) -> UInt32? {
        guard at + 7 <= bytes.count, bytes[at] == 0x5F, bytes[at + 1] == 0x78, bytes[at + 6] == 0x5F else { return nil }
        var value: UInt32 = 0
        for index in (at + 2)..<(at + 6) {
            switch bytes[index] {
            case let digit where digit >= 0x30 && digit <= 0x39: value = value << 4 | UInt32(digit - 0x30)
            case let digit where digit >= 0x41 && digit <= 0x46: value = value << 4 | UInt32(digit - 0x37)
            case let digit where digit >= 0x61 && digit <= 0x66: value = value << 4 | UInt32(digit - 0x57)
            default: return nil
            }
        }
        return value
    }
}

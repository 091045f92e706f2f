/// What is wrong with a line of JSON Lines.
enum JSONProblem: Error, Equatable {
    /// Not JSON (RFC 8259); the 0-based place in the line.
    case malformed(String, at: Int)
    /// An object or array as a value.
    case nested(key: String)
    case duplicateKey(String)
    case unknownKey(String)
    case tooLong(key: String)
    case tooManyKeys
}

/// Parses one flat object after another against the keys of the first. Strict: no comments, no trailing commas, no lone surrogates,
/// no raw control characters.
struct JSONLineParser {
    /// Keys of the first object, in order; empty before it.
    private(set) var keys: [[UInt8]] = []
    private var positions: [[UInt8]: Int] = [:]
    /// Row on which each key was last given, to see duplicates without clearing.
    private var seen: [Int] = []
    private var count = 0
    private var key: [UInt8] = []

    /// Parses `bytes[range]`, a whole line, and appends its cells to the batch: as many as there are keys, in their order.
    mutating func parse(_ bytes: Span<UInt8>, _ range: Range<Int>, into batch: inout RowBatch) throws(JSONProblem) {
        let learning = count == 0
        count += 1
        let firstCell = batch.cells.count
        for _ in keys { batch.cells.append(Cell(start: 0, length: 0, form: .empty)) }
        let end = range.upperBound
        var at = range.lowerBound
        func malformed(_ what: String, _ at: Int) -> JSONProblem { .malformed(what, at: at - range.lowerBound) }
        func skip() { while at < end, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 } }
        skip()
        guard at < end, bytes[at] == 0x7B else { throw malformed("这一行不是以 { 开头的对象", at) }
        at += 1
        skip()
        if at < end, bytes[at] == 0x7D {
            at += 1
        } else {
            var expected = 0
            while true {
                skip()
                key.removeAll(keepingCapacity: true)
                guard at < end, bytes[at] == 0x22 else { throw malformed("缺少用双引号括起的字段名", at) }
                at = try Self.string(bytes, at, end, range.lowerBound, into: &key)
                skip()
                guard at < end, bytes[at] == 0x3A else { throw malformed("字段名后缺少冒号", at) }
                at += 1
                skip()
                let column = try column(expected, learning)
                if learning { batch.cells.append(Cell(start: 0, length: 0, form: .empty)) }
                expected = column + 1
                batch.cells[firstCell + column] = try value(bytes, &at, end, range.lowerBound, &batch.bytes)
                skip()
                guard at < end else { throw malformed("对象没有写完，缺少 }", at) }
                if bytes[at] == 0x7D { break }
                guard bytes[at] == 0x2C else { throw malformed("字段之间缺少逗号", at) }
                at += 1
            }
            at += 1
        }
        skip()
        guard at == end else { throw malformed("对象之后还有内容", at) }
    }

    /// The column of `key`; the next one is tried first, since objects mostly keep their order.
    private mutating func column(_ expected: Int, _ learning: Bool) throws(JSONProblem) -> Int {
        let column: Int
        if expected < keys.count, keys[expected] == key {
            column = expected
        } else if let known = positions[key] {
            column = known
        } else {
            let name = String(decoding: key, as: UTF8.self)
            guard learning else { throw .unknownKey(name) }
            guard keys.count < TableLimits.columns else { throw .tooManyKeys }
            column = keys.count
            positions[key] = column
            keys.append(key)
            seen.append(0)
        }
        guard seen[column] != count else { throw .duplicateKey(String(decoding: key, as: UTF8.self)) }
        seen[column] = count
        return column
    }

    private func value(
        _ bytes: Span<UInt8>, _ at: inout Int, _ end: Int, _ lineStart: Int, _ out: inout [UInt8]
    ) throws(JSONProblem) -> Cell {
        guard at < end else { throw .malformed("字段没有值", at: at - lineStart) }
        let start = out.count
        let form: CellForm
        switch bytes[at] {
        case 0x22:
            at = try Self.string(bytes, at, end, lineStart, into: &out)
            form = out.count == start ? .empty : .text
        case 0x7B, 0x5B: throw .nested(key: String(decoding: key, as: UTF8.self))
        case 0x74: (at, form) = (try Self.word("true", bytes, at, end, lineStart, into: &out), .boolean)
        case 0x66: (at, form) = (try Self.word("false", bytes, at, end, lineStart, into: &out), .boolean)
        case 0x6E:
            at = try Self.word("null", bytes, at, end, lineStart, into: &out)
            out.removeLast(out.count - start)
            form = .empty
        default:
            at = try Self.number(bytes, at, end, lineStart, into: &out)
            form = .number
        }
        guard out.count - start <= TableLimits.cellBytes else { throw .tooLong(key: String(decoding: key, as: UTF8.self)) }
        return Cell(start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: out.count - start), form: form)
    }

    private static func word(
        _ word: String, _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ lineStart: Int, into out: inout [UInt8]
    ) throws(JSONProblem) -> Int {
        var at = start
        for byte in word.utf8 {
            guard at < end, bytes[at] == byte else { throw .malformed("值写得不对", at: start - lineStart) }
            out.append(byte)
            at += 1
        }
        return at
    }

    /// RFC 8259 §6. Digits stay as they are; an exponent is written out.
    private static func number(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ lineStart: Int, into out: inout [UInt8]
    ) throws(JSONProblem) -> Int {
        let problem = JSONProblem.malformed("值写得不对（文字要用双引号括起）", at: start - lineStart)
        var at = start
        func digits() -> Int {
            let first = at
            while at < end, bytes[at] &- 0x30 < 10 { at += 1 }
            return at - first
        }
        if bytes[at] == 0x2D { at += 1 }
        let startsWithZero = at < end && bytes[at] == 0x30
        let whole = digits()
        guard whole > 0, !startsWithZero || whole == 1 else { throw problem }
        if at < end, bytes[at] == 0x2E {
            at += 1
            guard digits() > 0 else { throw problem }
        }
        guard at < end, bytes[at] == 0x45 || bytes[at] == 0x65 else {
            out.append(bytes.extracting(start..<at))
            return at
        }
        at += 1
        if at < end, bytes[at] == 0x2B || bytes[at] == 0x2D { at += 1 }
        guard digits() > 0, NumberText.append(bytes, start..<at, to: &out) else { throw problem }
        return at
    }

    /// Appends the string whose opening quotation mark is at `open`; returns the index after the closing one.
    private static func string(
        _ bytes: Span<UInt8>, _ open: Int, _ end: Int, _ lineStart: Int, into out: inout [UInt8]
    ) throws(JSONProblem) -> Int {
        var at = open + 1
        var plain = at
        while at < end {
            let byte = bytes[at]
            if byte == 0x22 {
                out.append(bytes.extracting(plain..<at))
                return at + 1
            }
            if byte < 0x20 { throw .malformed("字符串里有控制字符", at: at - lineStart) }
            guard byte == 0x5C else {
                at += 1
                continue
            }
            out.append(bytes.extracting(plain..<at))
            at = try escape(bytes, at, end, lineStart, into: &out)
            plain = at
        }
        throw .malformed("字符串的双引号没有闭合", at: open - lineStart)
    }

    private static func escape(
        _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ lineStart: Int, into out: inout [UInt8]
    ) throws(JSONProblem) -> Int {
        let problem = JSONProblem.malformed("反斜杠转义写得不对", at: start - lineStart)
        guard start + 1 < end else { throw problem }
        switch bytes[start + 1] {
        case 0x22: out.append(0x22)
        case 0x5C: out.append(0x5C)
        case 0x2F: out.append(0x2F)
        case 0x62: out.append(0x08)
        case 0x66: out.append(0x0C)
        case 0x6E: out.append(0x0A)
        case 0x72: out.append(0x0D)
        case 0x74: out.append(0x09)
        case 0x75:
            guard var value = unit(bytes, start + 2, end), value != 0 else { throw problem }
            var next = start + 6
            if value & 0xFC00 == 0xD800 {
                guard next + 1 < end, bytes[next] == 0x5C, bytes[next + 1] == 0x75, let low = unit(bytes, next + 2, end),
                    low & 0xFC00 == 0xDC00
                else { throw problem }
                value = 0x10000 + (value & 0x3FF) << 10 + low & 0x3FF
                next += 6
            }
            guard let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { throw problem }
            out.append(contentsOf: encoded)
            return next
        default: throw problem
        }
        return start + 2
    }

    private static func unit(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> UInt32? {
        guard at + 4 <= end else { return nil }
        var value: UInt32 = 0
        for index in at..<(at + 4) {
            switch bytes[index] {
            case let digit where digit &- 0x30 < 10: value = value << 4 | UInt32(digit - 0x30)
            case let digit where (digit | 0x20) &- 0x61 < 6: value = value << 4 | UInt32((digit | 0x20) - 0x57)
            default: return nil
            }
        }
        return value
    }
}

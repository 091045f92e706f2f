/// What the whole of a text file turned out to be.
package enum UTF8Verdict: Sendable, Equatable {
    case valid
    /// The first byte that is not UTF-8.
    case invalid(at: Int64)
    /// A NUL byte, which no text has.
    case nul(at: Int64)
}

/// Strict UTF-8 (RFC 3629: no overlong forms, surrogates, or beyond U+10FFFF) without NUL, over bytes that come in pieces.
package struct UTF8Judge: Sendable {
    /// Decided before the end by a byte that is wrong.
    private(set) var verdict: UTF8Verdict?
    /// Offset of the first byte that is not judged yet.
    private var offset: Int64 = 0
    /// The beginning of a character that the end of a piece cut, at most three bytes.
    private var cut: [UInt8] = []

    package init() {}

    /// Takes the next piece, of any length.
    package mutating func update(_ bytes: Span<UInt8>) {
        guard verdict == nil, !bytes.isEmpty else { return }
        var from = 0
        if !cut.isEmpty {
            let earlier = cut.count
            for index in 0..<min(3, bytes.count) { cut.append(bytes[index]) }
            let taken = take(UTF8Check.scan(cut.span))
            guard verdict == nil else { return }
            guard taken >= earlier else { return }  // still cut; the piece is used up
            cut.removeAll(keepingCapacity: true)
            from = taken - earlier
        }
        let rest = bytes.extracting(from..<bytes.count)
        let taken = take(UTF8Check.scan(rest))
        guard verdict == nil else { return }
        for index in taken..<rest.count { cut.append(rest[index]) }
    }

    /// The verdict over everything.
    package func finish() -> UTF8Verdict { verdict ?? (cut.isEmpty ? .valid : .invalid(at: offset)) }

    /// - Returns: how many bytes are judged.
    private mutating func take(_ stop: (index: Int, reason: UTF8Check.Reason)) -> Int {
        offset += Int64(stop.index)
        switch stop.reason {
        case .end, .incomplete: break
        case .nul: verdict = .nul(at: offset)
        case .invalid: verdict = .invalid(at: offset)
        }
        return stop.index
    }
}

/// The scan itself.
enum UTF8Check {
    /// Reads the whole file, or as much as decides.
    static func verdict(on file: FileBytes) throws(TableFault) -> UTF8Verdict {
        var judge = UTF8Judge()
        var buffer = [UInt8](repeating: 0, count: Int(min(1 << 20, max(1, file.byteCount))))
        var offset: Int64 = 0
        while judge.verdict == nil {
            let got = try file.read(into: &buffer, at: 0, fileOffset: offset)
            if got == 0 { break }
            judge.update(buffer.span.extracting(0..<got))
            offset += Int64(got)
        }
        return judge.finish()
    }

    enum Reason { case end, nul, invalid, incomplete }

    /// Scans until the end or the first byte that is wrong; `incomplete` when the end cuts a character.
    static func scan(_ bytes: Span<UInt8>) -> (index: Int, reason: Reason) {
        let count = bytes.count
        var at = 0
        while at < count {
            if at &+ 8 <= count {
                let word = bytes.word(at: at)
                // The commonest cases first: eight ASCII bytes, then a Chinese character.
                if word & 0x8080_8080_8080_8080 == 0 {
                    if lanes(of: word, below: 1) != 0 { return (bytes.firstIndex(of: 0, from: at), .nul) }
                    at &+= 8
                    continue
                }
                if word & 0xC0C0F0 == 0x8080E0, isThreeByte(word) {
                    at &+= 3
                    continue
                }
            }
            let first = bytes[at]
            if first < 0x80 {
                if first == 0 { return (at, .nul) }
                at &+= 1
                continue
            }
            switch length(bytes, at) {
            case 0: return (at, .invalid)
            case -1: return (at, .incomplete)
            case let length: at &+= length
            }
        }
        return (at, .end)
    }

    /// Whether the low three bytes, already of the pattern 1110xxxx 10xxxxxx 10xxxxxx, are neither overlong nor a surrogate.
    @inline(__always)
    private static func isThreeByte(_ word: UInt64) -> Bool {
        let high = (word & 0x0F) << 1 | (word >> 13) & 1   // the scalar's top five bits
        return high != 0 && high != 0b11011
    }

    /// Length of the character at `at` (its first byte ≥ 0x80): 2...4, 0 = invalid, -1 = cut off by the end.
    private static func length(_ bytes: Span<UInt8>, _ at: Int) -> Int {
        let first = bytes[at]
        let length: Int
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, low) = (3, 0xA0)
        case 0xED: (length, high) = (3, 0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, low) = (4, 0x90)
        case 0xF4: (length, high) = (4, 0x8F)
        case 0xF1...0xF3: length = 4
        default: return 0
        }
        for step in 1..<length {
            guard at + step < bytes.count else { return -1 }
            let next = bytes[at + step]
            guard next >= low, next <= high else { return 0 }
            (low, high) = (0x80, 0xBF)
        }
        return length
    }
}

extension FileBytes {
    /// The 1-based physical line that holds `byte`; reads the file up to there, so only for faults.
    func line(ofByte byte: Int64) throws(TableFault) -> Int {
        var buffer = [UInt8](repeating: 0, count: Int(min(1 << 20, byteCount + 1)))
        var line = 1
        var offset: Int64 = 0
        var afterReturn = false
        while offset < byte {
            let got = try read(into: &buffer, at: 0, fileOffset: offset)
            if got == 0 { break }
            for index in 0..<min(got, Int(byte - offset)) {
                let value = buffer[index]
                if value == 0x0D || (value == 0x0A && !afterReturn) { line += 1 }
                afterReturn = value == 0x0D
            }
            offset += Int64(got)
        }
        return line
    }
}

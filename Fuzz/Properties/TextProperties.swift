@testable import Tables

enum UTF8Properties {
    /// The check agrees with the standard library about what is UTF-8, and with itself wherever the bytes are cut.
    static func check(_ input: [UInt8]) throws {
        let found = UTF8Check.scan(input.span)
        try ensure(found.index <= input.count, "stopped beyond the end")
        try ensure(isUTF8(input[..<found.index]), "took bytes for UTF-8 that are not")
        let isText = isUTF8(input[...]) && !input.contains(0)
        try ensure((found.reason == .end) == isText, "\(found) where text is \(isText)")
        let verdict: UTF8Verdict =
            switch found.reason {
            case .end: .valid
            case .nul: .nul(at: Int64(found.index))
            case .invalid, .incomplete: .invalid(at: Int64(found.index))
            }
        for length in [1, 2, 3, 5, Int(input.first ?? 0) + 1] {
            var judge = UTF8Judge()
            for start in stride(from: 0, to: input.count, by: length) {
                judge.update(input.span.extracting(start..<min(start + length, input.count)))
            }
            try ensure(judge.finish() == verdict, "in pieces of \(length): \(judge.finish()), whole: \(verdict)")
        }
    }

    static func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
}

enum GB18030Properties {
    // Kept open, so that the C library does not load its tables for every input; nothing is converted with it.
    nonisolated(unsafe) private static let loaded = Conversion(from: "GB18030", to: "UTF-8")

    /// Reading in pieces gives what one conversion gives; the result is UTF-8 and survives the way back.
    ///
    /// An odd first byte puts the rest across the end of the source's buffer of 256 KiB.
    static func check(_ input: [UInt8]) throws {
        guard unsafe loaded != nil else { throw Violation("no GB 18030 here") }
        var bytes = Array(input.dropFirst())
        if let first = input.first, first & 1 == 1 {
            bytes.insert(contentsOf: [UInt8](repeating: 0x61, count: (1 << 18) - Int(first >> 1)), at: 0)
        }
        let whole = convert(bytes, from: "GB18030", to: "UTF-8")
        var pieces: [UInt8]?
        do throws(TableFault) {
            pieces = try read(GB18030Source(FileBytes(path: MemoryFile.path(holding: bytes)), invalidUTF8: 0))
        } catch {
            try ensure(error.code == .encoding || error.code == .nulByte, "\(error)")
        }
        try ensure((pieces != nil) == (whole != nil && !bytes.contains(0)), "in pieces \(pieces != nil), in one \(whole != nil)")
        guard let whole, let pieces else { return }
        try ensure(whole == pieces, "pieces differ from the whole")
        try ensure(UTF8Check.scan(whole.span).reason == .end, "the result is not UTF-8")
        guard let back = convert(whole, from: "UTF-8", to: "GB18030") else { throw Violation("no way back") }
        try ensure(convert(back, from: "GB18030", to: "UTF-8") == whole, "the way back leads elsewhere")
    }

    private static func read(_ source: GB18030Source) throws(TableFault) -> [UInt8] {
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 5000)
        while true {
            let count = try source.read(into: &buffer, at: 17)
            if count == 0 { return out }
            out += buffer[17..<(17 + count)]
        }
    }

    /// All of it, or nil where a byte means nothing or the end cuts a character.
    private static func convert(_ bytes: [UInt8], from source: String, to target: String) -> [UInt8]? {
        guard let conversion = Conversion(from: source, to: target) else { return nil }
        var out = [UInt8](repeating: 0, count: bytes.count * 4 + 16)
        let step = conversion.convert(bytes, from: 0, end: bytes.count, into: &out, at: 0)
        guard step.stop == .end else { return nil }
        return Array(out[..<step.produced])
    }
}

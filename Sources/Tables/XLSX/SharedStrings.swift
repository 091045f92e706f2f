/// The shared strings part: runs of an item are one string, phonetic guides are left out.
struct SharedStrings: XMLHandler {
    private(set) var arena: StringArena
    private var capture = false
    private var insideItem = false
    private var phonetic = false

    /// - Parameter inflatedBytes: the part's size, an upper bound of the text.
    init(inflatedBytes: Int64) {
        arena = StringArena(reserving: Int(inflatedBytes))
    }

    mutating func open(_ tag: XMLTag, in span: Span<UInt8>) throws(XMLProblem) -> Bool {
        if tag.isNamed("t", in: span) {
            capture = insideItem && !phonetic
        } else if tag.isNamed("si", in: span) {
            insideItem = true
            phonetic = false
        } else if tag.isNamed("rPh", in: span) {
            phonetic = true
        }
        return false
    }

    mutating func close(_ tag: XMLTag, in span: Span<UInt8>) throws(XMLProblem) -> Bool {
        if tag.isNamed("t", in: span) {
            capture = false
        } else if tag.isNamed("si", in: span) {
            insideItem = false
            let start = arena.start
            XMLText.resolveEscapes(in: &arena.bytes, from: start)
            // A string must not begin inside a character: then the whole arena being UTF-8 makes each string so.
            if start < arena.bytes.count, arena.bytes[start] & 0xC0 == 0x80 { throw .malformed("共享字符串不是 UTF-8") }
            if !arena.finish() { throw .malformed("第 \(arena.count + 1) 个共享字符串超出限度") }
        } else if tag.isNamed("rPh", in: span) {
            phonetic = false
        } else if tag.isNamed("sst", in: span) {
            guard UTF8Check.scan(arena.bytes.span).reason == .end else { throw .malformed("共享字符串不是 UTF-8") }
        }
        return false
    }

    mutating func text(_ range: Range<Int>, in span: Span<UInt8>, isLiteral: Bool) throws(XMLProblem) {
        guard capture else { return }
        if !XMLText.append(span, range, to: &arena.bytes, isLiteral: isLiteral) { throw .malformed("共享字符串里有不认识的实体") }
    }
}

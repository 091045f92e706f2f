/// A tag found in a window: offsets are valid until the handler returns.
struct XMLTag {
    /// The local name, prefix left off.
    var nameStart: Int
    var nameEnd: Int
    /// Where the attributes begin and end.
    var attributesEnd: Int
    var isEmpty: Bool

    @inline(__always)
    var nameLength: Int { nameEnd &- nameStart }

    /// Whether the local name is `name`; call only with literals, so that the comparison unrolls.
    @inline(__always)
    func isNamed(_ name: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard name.utf8CodeUnitCount == nameLength else { return false }
        for index in 0..<nameLength where unsafe name.utf8Start[index] != bytes[nameStart &+ index] { return false }
        return true
    }
}

/// What wants the tags and texts of a workbook part.
protocol XMLHandler {
    /// A start tag. Returns whether to stop after it.
    mutating func open(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool
    /// An end tag, also called for an empty element. Returns whether to stop after it.
    mutating func close(_ tag: XMLTag, in bytes: Span<UInt8>) throws(XMLProblem) -> Bool
    /// Character data between two tags; entities are still in it unless `isLiteral` (CDATA).
    mutating func text(_ range: Range<Int>, in bytes: Span<UInt8>, isLiteral: Bool) throws(XMLProblem)
}

/// What makes a workbook part unreadable.
enum XMLProblem: Error {
    case documentType
    case malformed(String)
    case assembly(AssemblyProblem)
    case fault(TableFault)
}

/// The subset of XML that workbooks use, over a window that refills: no document types, no entities but the five and numeric ones.
///
/// It does not check that tags match; handlers see what they need in order.
struct XMLScanner {
    /// Longest tag, text or comment: more than a cell of `TableLimits.cellBytes` written in entities.
    private static let unitBytes = 4 << 20
    private var window: ByteWindow
    private let file: String
    private let sheet: String?

    init(_ source: any ByteSource, file: String, sheet: String? = nil, capacity: Int = 1 << 18) {
        window = ByteWindow(source: source, capacity: capacity)
        self.file = file
        self.sheet = sheet
    }

    /// Feeds the handler until it asks to stop (true) or the part ends (false).
    mutating func run(_ handler: inout some XMLHandler) throws(TableFault) -> Bool {
        do {
            while true {
                let (at, stopped) = try window.withSpan { bytes throws(XMLProblem) in
                    try Self.scan(bytes, from: window.position, isLast: window.ended, &handler)
                }
                window.position = at
                if stopped { return true }
                if window.ended {
                    if window.available == 0 { return false }
                    throw XMLProblem.malformed("标签没有写完")
                }
                do {
                    if try !window.refill(limit: Self.unitBytes), !window.ended { throw XMLProblem.malformed("一段内容超过 4 MiB") }
                } catch let fault as TableFault {
                    throw XMLProblem.fault(fault)
                }
            }
        } catch let problem as XMLProblem {
            switch problem {
            case .fault(let fault): throw fault
            case .assembly(let problem): throw .assembly(problem, file: file, sheet: sheet, row: 0)
            case .malformed(let what): throw .malformedSheet(file, sheet: sheet, what)
            case .documentType:
                throw TableFault(
                    .documentType, file: file, sheet: sheet, message: "工作簿里有文档类型或实体声明（DTD），不予读取",
                    cure: "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新报送")
            }
        } catch {
            throw .malformedSheet(file, sheet: sheet, "\(error)")   // unreachable: the loop throws only the above
        }
    }

    /// Reads to the end without looking, so that length and checksum are verified.
    mutating func drain() throws(TableFault) {
        repeat { window.position = window.count } while try window.refill(limit: .max)
    }

    private static func scan(
        _ bytes: Span<UInt8>, from start: Int, isLast: Bool, _ handler: inout some XMLHandler
    ) throws(XMLProblem) -> (Int, stopped: Bool) {
        var at = start
        let count = bytes.count
        while at < count {
            if bytes[at] != 0x3C {
                let end = bytes.firstIndex(of: 0x3C, from: at)
                if end == count, !isLast { return (at, false) }
                try handler.text(at..<end, in: bytes, isLiteral: false)
                at = end
                continue
            }
            guard at &+ 1 < count else { return (at, false) }
            let second = bytes[at &+ 1]
            if second == 0x21 || second == 0x3F {
                guard let next = try special(bytes, at, &handler) else { return (at, false) }
                at = next
                continue
            }
            let isClose = second == 0x2F
            guard let tag = tag(bytes, isClose ? at &+ 2 : at &+ 1) else { return (at, false) }
            at = tag.attributesEnd &+ (tag.isEmpty ? 2 : 1)
            if isClose {
                if try handler.close(tag, in: bytes) { return (at, true) }
            } else {
                var stop = try handler.open(tag, in: bytes)
                if tag.isEmpty, try handler.close(tag, in: bytes) { stop = true }
                if stop { return (at, true) }
            }
        }
        return (at, false)
    }

    /// The tag whose name begins at `start`; `nil` when its `>` is not there yet.
    @inline(__always)
    private static func tag(_ bytes: Span<UInt8>, _ start: Int) -> XMLTag? {
        let count = bytes.count
        var nameStart = start
        var at = start
        while at < count {
            let byte = bytes[at]
            if byte == 0x3E || byte == 0x2F || byte <= 0x20 { break }
            if byte == 0x3A { nameStart = at &+ 1 }
            at &+= 1
        }
        let nameEnd = at
        while at < count {
            let byte = bytes[at]
            if byte == 0x3E {
                let isEmpty = at > nameEnd && bytes[at &- 1] == 0x2F
                return XMLTag(nameStart: nameStart, nameEnd: nameEnd, attributesEnd: isEmpty ? at &- 1 : at, isEmpty: isEmpty)
            }
            at &+= 1
            if byte == 0x22 || byte == 0x27 {
                while at < count, bytes[at] != byte { at &+= 1 }
                at &+= 1
            }
        }
        return nil
    }

    /// A declaration, comment or CDATA section at `at`; `nil` when it is cut off.
    private static func special(
        _ bytes: Span<UInt8>, _ at: Int, _ handler: inout some XMLHandler
    ) throws(XMLProblem) -> Int? {
        if bytes[at + 1] == 0x3F { return end(of: "?>", bytes, from: at + 2) }
        guard at + 9 <= bytes.count else { return nil }
        if bytes[at + 2] == 0x2D, bytes[at + 3] == 0x2D { return end(of: "-->", bytes, from: at + 4) }
        if bytes[at + 2] == 0x5B {
            guard let after = end(of: "]]>", bytes, from: at + 9) else { return nil }
            try handler.text((at + 9)..<(after - 3), in: bytes, isLiteral: true)
            return after
        }
        throw .documentType
    }

    private static func end(of mark: StaticString, _ bytes: Span<UInt8>, from start: Int) -> Int? {
        let length = mark.utf8CodeUnitCount
        var at = start
        while at + length <= bytes.count {
            var index = 0
            while index < length, unsafe bytes[at + index] == mark.utf8Start[index] { index += 1 }
            if index == length { return at + length }
            at += 1
        }
        return nil
    }
}

extension XMLTag {
    /// Calls `body` with the name and value of each attribute, in order.
    @inline(__always)
    func attributes(in bytes: Span<UInt8>, _ body: (_ name: Range<Int>, _ value: Range<Int>) -> Void) {
        var at = nameEnd
        while true {
            while at < attributesEnd, bytes[at] <= 0x20 { at &+= 1 }
            let nameStart = at
            while at < attributesEnd, bytes[at] != 0x3D { at &+= 1 }
            var nameEnd = at
            while nameEnd > nameStart, bytes[nameEnd &- 1] <= 0x20 { nameEnd &-= 1 }
            at &+= 1
            while at < attributesEnd, bytes[at] <= 0x20 { at &+= 1 }
            guard at < attributesEnd else { return }
            let quote = bytes[at]
            let valueStart = at &+ 1
            at = valueStart
            while at < attributesEnd, bytes[at] != quote { at &+= 1 }
            guard at < attributesEnd else { return }
            body(nameStart..<nameEnd, valueStart..<at)
            at &+= 1
        }
    }

    /// The decoded value of an attribute by its local name; for small parts.
    func attribute(_ name: String, in bytes: Span<UInt8>) -> String? {
        var found: String?
        attributes(in: bytes) { nameRange, value in
            let full = String(bytes, nameRange)
            if full == name || full.hasSuffix(":" + name) {
                var decoded: [UInt8] = []
                found = XMLText.append(bytes, value, to: &decoded, isLiteral: false) ? String(decoding: decoded, as: UTF8.self) : nil
            }
        }
        return found
    }
}

extension String {
    /// The bytes of a range, repaired where they are not UTF-8.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        self.init(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }
}

internal import Identifiers
internal import Policy

/// A code set whose answers are bytes: a cell is looked up and its code written without making a string of either.
struct CodeTable: Sendable {
    private let set: CodeSet
    private let codes: [[UInt8]]

    init(_ set: CodeSet) {
        self.set = set
        codes = set.values.map { Array($0.code.utf8) }
    }

    /// The first values in words, for the cure of a cell that holds none of them.
    var choices: String {
        let shown = set.values.prefix(8).map(\.name).joined(separator: "、")
        return set.values.count > 8 ? "\(shown) 等 \(set.values.count) 种，见资源目录" : shown
    }

    /// The code that a cell stands for by code, name or alias; its own text for 其他-… in an open set; nil where unknown.
    func code(_ text: Span<UInt8>) -> [UInt8]? {
        switch set.match(text) {
        case .value(let index): return codes[index]
        case .other: return copy(text)
        case .unknown: break
        }
        // Full-width digits and brackets are rare: only what is not known as it stands is folded and looked up again.
        var folded: [UInt8] = []
        guard Text.fold(text, into: &folded), !equal(folded.span, text) else { return nil }
        if case .value(let index) = set.match(folded.span) { return codes[index] }
        return nil
    }
}

/// Whether two byte sequences are the same.
func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    for index in left.indices where left[index] != right[index] { return false }
    return true
}

/// The bytes of a span as an array.
func copy(_ span: Span<UInt8>) -> [UInt8] {
    [UInt8](capacity: span.count) { for index in span.indices { $0.append(span[index]) } }
}

/// A cell without the blanks around it: spaces, tabs, no-break and ideographic spaces.
func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end {
        if bytes[start] <= 0x20 {
            start += 1
        } else if end - start >= 3, bytes[start] == 0xE3, bytes[start + 1] == 0x80, bytes[start + 2] == 0x80 {
            start += 3
        } else if end - start >= 2, bytes[start] == 0xC2, bytes[start + 1] == 0xA0 {
            start += 2
        } else {
            break
        }
    }
    while start < end {
        if bytes[end - 1] <= 0x20 {
            end -= 1
        } else if end - start >= 3, bytes[end - 3] == 0xE3, bytes[end - 2] == 0x80, bytes[end - 1] == 0x80 {
            end -= 3
        } else if end - start >= 2, bytes[end - 2] == 0xC2, bytes[end - 1] == 0xA0 {
            end -= 2
        } else {
            break
        }
    }
    return start..<end
}

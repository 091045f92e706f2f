internal import Identifiers
internal import Policy

/// A code set whose answers are bytes: a cell is looked up and its code written without making a string of either.
///
/// A class, and one for each worker, so that looking up counts no references that two workers share.
final class CodeTable: Sendable {
    /// What a cell stands for.
    enum Answer: Equatable {
        /// The code at this place of the set.
        case listed(Int)
        /// Its own text: 其他-… in an open set.
        case asWritten
    }

    private let codeSet: CodeSet
    private let texts: Texts

    /// The codes, one behind the other, and where each ends.
    private struct Texts: Sendable {
        private var bytes: [UInt8] = []
        private var ends: [Int] = []

        init(_ codes: [String]) {
            for code in codes {
                bytes += code.utf8
                ends.append(bytes.count)
            }
        }

        func lend<T>(_ index: Int, _ body: (Span<UInt8>) -> T) -> T {
            body(bytes.span.extracting((index == 0 ? 0 : ends[index - 1])..<ends[index]))
        }
    }

    init(_ set: CodeSet) {
        codeSet = set
        texts = Texts(set.values.map(\.code))
    }

    /// The first values in words, for the cure of a cell that holds none of them.
    var choices: String {
        let shown = codeSet.values.prefix(8).map(\.name).joined(separator: "、")
        return codeSet.values.count > 8 ? "\(shown) 等 \(codeSet.values.count) 种，见资源目录" : shown
    }

    /// Codes of the set, by place.
    var codes: [String] { codeSet.values.map(\.code) }

    /// What a cell stands for by code, name or alias; nil where unknown.
    func answer(_ text: Span<UInt8>) -> Answer? {
        switch codeSet.match(text) {
        case .value(let index): return .listed(index)
        case .other: return .asWritten
        case .unknown: break
        }
        // Full-width digits and brackets are rare: only what is not known as it stands is folded and looked up again.
        var folded: [UInt8] = []
        guard Text.fold(text, into: &folded), !equal(folded.span, text) else { return nil }
        if case .value(let index) = codeSet.match(folded.span) { return .listed(index) }
        return nil
    }

    /// The code that a cell stands for, as bytes; nil where unknown.
    func code(_ text: Span<UInt8>) -> [UInt8]? {
        switch answer(text) {
        case .listed(let index): withCode(at: index, copy)
        case .asWritten: copy(text)
        case nil: nil
        }
    }

    /// Lends the code at a place of the set.
    func withCode<T>(at index: Int, _ body: (Span<UInt8>) -> T) -> T { texts.lend(index, body) }
}

/// Whether two byte sequences are the same.
func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var index = 0
    while index &+ 8 <= left.count {
        // Both loads lie within the count, which is the same for both, and any eight bytes are a number.
        let same = unsafe left.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            == right.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        guard same else { return false }
        index &+= 8
    }
    while index < left.count {
        guard left[index] == right[index] else { return false }
        index &+= 1
    }
    return true
}

/// The bytes of a span as an array.
func copy(_ span: Span<UInt8>) -> [UInt8] {
    [UInt8](capacity: span.count) { for index in span.indices { $0.append(span[index]) } }
}

/// A cell without the blanks around it: spaces, tabs, no-break and ideographic spaces.
func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    // Most cells begin and end with a plain character: no blank, and no part of one.
    if !range.isEmpty, bytes[range.lowerBound] &- 0x21 < 0x5E, bytes[range.upperBound - 1] &- 0x21 < 0x5E { return range }
    return cut(bytes, range)
}

private func cut(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
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

/// The page of a hall (`Web/hall/extract.html`): one file that holds a signed extract and answers from it, opened without network.
///
/// The note stands in a script block that no browser runs, byte for byte: `CanonicalJSON` writes every `<` as `\u003c`, so nothing in it can end
/// the block or begin a comment, and what is taken out again is what was signed.
package enum ListExtractPage {
    static let opening = "<script type=\"text/plain\" id=\"extract\">"
    static let closing = "</script>"

    /// The page for a signed extract.
    /// - Parameters:
    ///   - note: what `ListExtracts.note` gave.
    ///   - template: the text of `Web/hall/extract.html`.
    package static func html(note: [UInt8], template: String) throws(ListExtractFault) -> [UInt8] {
        _ = try ListExtractReader.note(note)
        guard !note.contains(UInt8(ascii: "<")) else { throw .noteWrong("含有“<”") }
        let page = Array(template.utf8)
        let empty = Array("\(opening)\(closing)".utf8)
        let places = places(of: empty, in: page)
        guard places.count == 1, Self.places(of: Array(opening.utf8), in: page).count == 1 else { throw .templateWrong("应当恰有一个空的 extract 块") }
        let start = places[0] + opening.utf8.count
        return page[..<start] + note + page[start...]
    }

    /// Whether a file is a page rather than a note.
    static func isPage(_ file: [UInt8]) -> Bool { file.first == UInt8(ascii: "<") }

    /// The note that stands in a page.
    static func note(in page: [UInt8]) throws(ListExtractFault) -> [UInt8] {
        guard page.count <= ListExtract.largestLength + (1 << 20) else { throw .tooLarge }
        let places = places(of: Array(opening.utf8), in: page)
        guard places.count == 1 else { throw .noExtract }
        let rest = page[(places[0] + opening.utf8.count)...]
        // A note holds no such sign, so the first one ends it.
        guard let end = rest.firstIndex(of: UInt8(ascii: "<")), rest[end...].starts(with: closing.utf8) else { throw .noExtract }
        return Array(rest[..<end])
    }

    /// Where a piece begins, each time.
    private static func places(of piece: [UInt8], in bytes: [UInt8]) -> [Int] {
        var places: [Int] = []
        var index = 0
        while let start = bytes[index...].firstIndex(of: UInt8(ascii: "<")) {
            if bytes[start...].starts(with: piece) { places.append(start) }
            index = start + 1
        }
        return places
    }
}

import Identifiers
import Ledger

@testable import Measures

enum ExtractProperties {
    /// An extract that is read is written again as the same bytes, and answers every question about what stands in it; so is a note, and a line of
    /// its JSON. What a page gives out could stand in a page.
    static func check(_ input: [UInt8]) throws {
        if let text = String(validating: input, as: UTF8.self) {
            let extract: ListExtract?
            do throws(ListExtractFault) { extract = try ListExtract(text: text) } catch {
                try ensure(!error.message.isEmpty && !error.cure.isEmpty, "a refusal without words")
                extract = nil
            }
            if let extract {
                try ensure(Array(extract.text.utf8) == input, "written as \(extract.text)")
                try answers(of: extract)
            }
        }
        if let json = CanonicalJSON(input[...]) {
            var again: [UInt8] = []
            json.append(to: &again)
            try ensure(again == input, "\(json) is written as \(String(decoding: again, as: UTF8.self))")
        }
        if let note = try? ListExtractReader.note(input) { try ensure(Array(note.description.utf8) == input, "another note") }
        if let note = try? ListExtractPage.note(in: input) { try ensure(!note.contains(UInt8(ascii: "<")), "a note that ends its block") }
    }

    /// Whoever is hit stands on a list of the matter, in force.
    private static func answers(of extract: ListExtract) throws {
        let now = extract.header.made
        for matter in extract.matters {
            for code in extract.organisations.flatMap({ [$0.code] + $0.others }) {
                guard let answer = try? extract.verdict(matter.code, code: code, at: now) else { continue }
                for hit in answer.hits {
                    try ensure(hit.entry.isInForce(at: now) && matter.lists.contains { $0.list == hit.list.code }, "\(hit) in \(matter.code)")
                }
                try ensure(answer.verdict == .unlisted || answer.hits.contains { !$0.list.isFavourable }, "\(answer.verdict) of nothing")
            }
        }
    }
}

package import Ledger

/// Opens extracts with nothing but the file and the published key: no data directory, no network.
package struct ListExtractReader: Sendable {
    private let verifier: StatementVerifier

    package init(verifier: StatementVerifier) { self.verifier = verifier }

    /// A reader from the published text of the key (`tianzhong ledger keys`); nil for anything else, keys of logs among it.
    package init?(vkey: String) {
        guard let verifier = StatementVerifier(vkey: vkey) else { return nil }
        self.verifier = verifier
    }

    /// The extract of a file: the signed note itself, or the page that it stands in. It is what the key's owner signed, to the byte.
    package func open(_ file: [UInt8]) throws(ListExtractFault) -> ListExtract {
        let bytes = ListExtractPage.isPage(file) ? try ListExtractPage.note(in: file) : file
        let note = try Self.note(bytes)
        let text: String
        do throws(ProofProblem) { text = try verifier.open(note) } catch {
            if case .notSigned = error { throw .notSigned(by: verifier.key.name) }
            throw .wrongSignature(of: verifier.key.name)
        }
        let extract = try ListExtract(text: text)
        guard "\(extract.header.origin)/lists" == verifier.key.name else { throw .otherOrigin(extract.header.origin) }
        return extract
    }

    /// The note, apart from its signature; nothing is verified.
    static func note(_ bytes: [UInt8]) throws(ListExtractFault) -> SignedNote {
        guard bytes.count <= ListExtract.largestLength else { throw .tooLarge }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8(line: lineOfFirstFault(bytes)) }
        // The format first: of a file that is something else no signature need be missed.
        guard bytes.starts(with: "\(ListExtract.format)\n".utf8) else { throw .otherFormat }
        let note: SignedNote
        do throws(ProofProblem) { note = try SignedNote(text, largest: ListExtract.largestLength) } catch {
            if case .malformed(let part) = error { throw .noteWrong(part) }
            throw .noteWrong(error.message)
        }
        // Exactly ours: another signature, or another way of writing this one, is something that nobody has checked.
        guard note.signatures.count == 1, note.description.utf8.elementsEqual(bytes) else { throw .noteWrong("签名行") }
        return note
    }

    /// The line in which the first byte stands that is not UTF-8.
    private static func lineOfFirstFault(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}

import Archive
import Identifiers
import Testing

@Suite("histories without payloads") struct OutlineTests {
    /// The archive of a sample: one delivery after the other, entries under three keys of the subject by turns.
    private func archive(_ sample: Sample, _ folder: Folder) throws -> RocksArchive {
        let archive = try RocksArchive(path: folder.archive)
        for delivery in sample.deliveries {
            let entries = sample.entries.filter { $0.record.delivery == delivery }
            try archive.append(arena(delivery, entries.map { (Self.keys[Int($0.record.row) % 3], $0) }), marker: marker(delivery))
        }
        return archive
    }

    private static let keys = [subject(1), subject(2), subject(3)]

    @Test("outline, fold and the entries of a page say what the whole history says")
    func pages() throws {
        for seed in 0..<12 as Range<UInt64> {
            let folder = Folder()
            let sample = Sample(seed)
            let archive = try archive(sample, folder)
            defer { archive.close() }
            let outline = try archive.outline(of: Self.keys)
            let history = try archive.history(of: Self.keys)
            #expect(try archive.entries(outline, at: Array(outline.entries.indices)) == history.entries)
            for view in Sample.views {
                let whole = PlainFold(entries: history.entries).records(at: view, times: sample.times)
                let fold = outline.fold(at: view, times: sample.times)
                #expect(fold.lines.map { Int($0.superseded) } == whole.map(\.superseded.count))
                for start in stride(from: 0, to: fold.lines.count, by: 4) {
                    let lines = fold.lines[start..<min(start + 4, fold.lines.count)]
                    let paged = try lines.map { line in
                        FoldedRecord(
                            current: try #require(try archive.entries(outline, at: [Int(line.current)])[0]),
                            superseded: try archive.entries(outline, at: fold.superseded(of: line)).compactMap(\.self),
                            repeats: Int(line.repeats))
                    }
                    #expect(paged == Array(whole[start..<start + lines.count]))
                }
                for line in fold.lines { #expect(fold.superseded(of: line, limit: 2) == Array(fold.superseded(of: line).prefix(2))) }
            }
        }
    }

    @Test("an outline is 64 bytes an entry") func size() {
        #expect(MemoryLayout<EntryOutline>.stride == 64)
    }
}

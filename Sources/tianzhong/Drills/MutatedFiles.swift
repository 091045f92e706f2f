import FoundationEssentials
import Identifiers
import Policy
import Simulation

/// Files of mutated lines, each made from a file of the demonstration city and from its number alone.
struct MutatedFiles {
    /// A sound file.
    struct Source {
        let resource: String
        let provider: String
        let isJSON: Bool
        let isGB18030: Bool
        /// Titles and header, to the end of the header's line.
        let head: [UInt8]
        let records: [[UInt8]]
    }

    /// One file to deliver, and what a plain reading of it says.
    struct File {
        let source: Source
        let bytes: [UInt8]
        /// Mutated lines in it.
        let lines: Int
        /// Changed between the commas only, so that it must be taken.
        let isGentle: Bool
        /// Data rows of a plain reading; nil where that finds it torn, or the header itself was changed.
        let rows: Int?
    }

    let sources: [Source]
    let seed: UInt64
    let linesPerFile: Int

    /// Writes a city into `folder` and keeps its text files of these resources, of all where there are none.
    static func sources(
        in folder: String, book: PolicyBook, subjects: Int, seed: UInt64, today: CivilDate, resources: [String]
    ) async throws -> [Source] {
        let manifest = try await City(book: book, subjects: subjects, seed: seed, today: today).write(to: folder) { _, _ in }
        return manifest.files.compactMap { file in
            let isJSON = file.format == "jsonLines"
            guard isJSON || file.format.hasPrefix("csv"), resources.isEmpty || resources.contains(file.resource), file.rows >= 10,
                let data = try? Data(contentsOf: URL(filePath: "\(folder)/\(file.path)"))
            else { return nil }
            let bytes = [UInt8](data)
            let plain = isJSON ? PlainRecords(jsonLines: bytes) : PlainRecords(csv: bytes)
            let ranges = plain.records.suffix(file.rows)
            guard ranges.count == file.rows, let first = ranges.first else { return nil }
            return Source(
                resource: file.resource, provider: file.provider, isJSON: isJSON, isGB18030: file.format == "csv(gb18030)",
                head: Array(bytes[..<first.lowerBound]), records: ranges.map { Array(bytes[$0]) })
        }
    }

    /// The file of this number, from 0.
    func file(_ number: Int) -> File {
        var chance = SplitMix(seed: seed, turn: number)
        let source = sources[chance.below(sources.count)]
        let isGentle = chance.below(4) > 0
        var mutation = LineMutation(chance: chance, isGB18030: source.isGB18030)
        var bytes = source.head
        for line in 0..<linesPerFile {
            let record = source.records[line % source.records.count]
            // The first object names the keys, and one line in eight stays sound.
            if line == 0 || mutation.chance.below(8) == 0 {
                bytes += record
            } else {
                bytes += source.isJSON ? mutation.gentle(json: record) : mutation.gentle(csv: record)
            }
            bytes += source.isJSON ? [0x0A] : mutation.lineEnd()
        }
        var start = source.head.count
        if !isGentle {
            if mutation.chance.below(10) == 0 { start = 0 }
            for _ in 0...mutation.chance.below(4) { mutation.harsh(&bytes, from: start) }
        }
        let plain = source.isJSON ? PlainRecords(jsonLines: bytes) : PlainRecords(csv: bytes)
        let rows = zip(plain.records, plain.filled).count { $0.lowerBound >= source.head.count && $1 }
        return File(
            source: source, bytes: bytes, lines: linesPerFile, isGentle: isGentle,
            rows: plain.isTorn || (start == 0 && !source.head.isEmpty) ? nil : rows)
    }
}

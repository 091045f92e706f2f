import FoundationEssentials
import Identifiers
import Policy
import Tables

@testable import Simulation

/// Small cities made from the book that the platform ships with.
enum Fixture {
    static let today = CivilDate(day: 20_780)

    /// The real policy book.
    static func book() throws -> PolicyBook {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try PolicyBook.load(from: root.appending(path: "PolicyBook").path(), on: today)
    }

    static func city(_ subjects: Int, seed: UInt64 = 1) throws -> City {
        try City(book: book(), subjects: subjects, seed: seed, today: today)
    }

    /// Writes a city into a directory of its own and takes the directory away afterwards.
    static func written<Result>(
        _ subjects: Int, seed: UInt64 = 1, _ body: (URL, City, CityManifest) throws -> Result
    ) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "city-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let city = try city(subjects, seed: seed)
        let manifest = try await city.write(to: directory.path(), progress: { _, _ in })
        return try body(directory, city, manifest)
    }

    /// All files under a directory, by relative name.
    static func contents(_ directory: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in ["manifest.json", "truth.jsonl"] { contents[name] = try Data(contentsOf: directory.appending(path: name)) }
        let files = directory.appending(path: "files")
        for name in try FileManager.default.contentsOfDirectory(atPath: files.path()) {
            contents["files/" + name] = try Data(contentsOf: files.appending(path: name))
        }
        return contents
    }
}

/// One line of `truth.jsonl`.
struct TruthLine: Decodable {
    var file: String
    var row: Int
    var expect: String
    var subject: String?
    var reasons: [String]

    static func read(_ directory: URL) throws -> [TruthLine] {
        let data = try Data(contentsOf: directory.appending(path: "truth.jsonl"))
        let decoder = JSONDecoder()
        return try data.split(separator: 0x0A).map { try decoder.decode(TruthLine.self, from: Data($0)) }
    }
}

/// A file read back by the platform's own readers.
struct ReadFile {
    /// Field of the resource in each column; nil for 序号.
    var fields: [Int?]
    /// Texts of the data rows.
    var rows: [[String]]

    init(_ path: String, resource: Resource) throws {
        let reader = try TableFile.open(path: path)
        var fields: [Int?]?
        var rows: [[String]] = []
        while let batch = try reader.next(maximumRows: 500) {
            for row in batch.rows.indices {
                let texts = (0..<Int(batch.rows[row].cellCount)).map { batch.text(row: row, column: $0) }
                guard fields == nil else {
                    rows.append(texts)
                    continue
                }
                let found = texts.map { resource.index(headed: $0) }
                if found.count(where: { $0 != nil }) >= 2 { fields = found }
            }
        }
        self.fields = fields ?? []
        self.rows = rows
    }

    func text(_ row: Int, _ field: Int) -> String {
        guard let column = fields.firstIndex(of: field), column < rows[row].count else { return "" }
        return rows[row][column]
    }
}

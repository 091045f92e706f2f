import Archive
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Simulation
import Testing

@Suite("A whole city's files against their truth")
struct CityTruthTests {
    /// A line of truth.jsonl.
    private struct Truth: Decodable {
        let file: String
        let row: UInt32
        let expect: String
        let subject: String?
        let reasons: [String]?
    }

    @Test("every planted fault is caught for the right reason, every sound row is accepted, each on its subject")
    func truth() async throws {
        let city = try TestCity(from: date("2023-01-01"))
        let folder = city.path + "-files"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let manifest = try await City(book: TestCity.book, subjects: 1500, seed: 41, today: TestCity.today).write(to: folder) { _, _ in }
        let lines = try #require(readWhole(folder + "/truth.jsonl")).split(separator: 0x0A)
        let truths = try lines.map { try JSONDecoder().decode(Truth.self, from: Data($0)) }
        let byFile = Dictionary(grouping: truths, by: \.file)
        var mistakes: [String] = []
        for file in manifest.files {
            let bytes = try #require(readWhole(folder + "/" + file.path))
            city.setClock(date(file.delivered))
            let done = try await city.deliver(bytes, resource: file.resource, provider: file.provider, name: file.path)
            let expected = byFile[String(file.path.split(separator: "/").last ?? "")] ?? []
            guard done.state == .committed, done.rows == expected.count else {
                mistakes.append("\(file.path): \(done.state) \(done.fault ?? "") \(done.rows) rows, \(expected.count) expected")
                continue
            }
            mistakes += try check(done, expected, in: city).map { "\(file.path) \($0)" }
        }
        #expect(mistakes.isEmpty, "\(mistakes.count): \(mistakes.prefix(20).joined(separator: "\n"))")
        #expect(truths.contains { $0.expect == "reject" } && truths.contains { $0.expect == "suspend" })
        let report = try Verification(directory: city.directory).run { _ in }
        #expect(report.isWhole, "\(report.faults.prefix(5))")
    }

    private func check(_ done: Delivery, _ expected: [Truth], in city: TestCity) throws -> [String] {
        let rejected = Dictionary(uniqueKeysWithValues: try city.rejections(done).map { ($0.row, $0) })
        let suspended = Set(try city.directory.archive.suspended(delivery: done.number, limit: .max).map(\.record.row))
        var mistakes: [String] = []
        for truth in expected {
            switch truth.expect {
            case "reject":
                guard let rejection = rejected[truth.row] else {
                    mistakes.append("row \(truth.row) accepted, should be returned for \(truth.reasons ?? [])")
                    continue
                }
                let found = rejection.faults.map { "\($0.field):\($0.code.rawValue)" }
                for reason in truth.reasons ?? [] where !found.contains(where: { Self.agrees($0, reason) }) {
                    mistakes.append("row \(truth.row) returned for \(found), should be \(reason)")
                }
            case "suspend":
                if !suspended.contains(truth.row) { mistakes.append("row \(truth.row) is not 疑似: \(rejected[truth.row]?.faults.map(\.message) ?? [])") }
            default:
                if let rejection = rejected[truth.row] {
                    mistakes.append("row \(truth.row) returned: \(rejection.faults.map { "\($0.field) \($0.value) \($0.message)" })")
                } else if let subject = truth.subject, try !isFound(RecordID(delivery: done.number, row: truth.row), of: subject, in: city) {
                    mistakes.append("row \(truth.row) is not with \(subject)")
                }
            }
        }
        return mistakes
    }

    private static func agrees(_ found: String, _ reason: String) -> Bool {
        found == reason || found.hasSuffix(reason) || (reason.hasPrefix(":") && found.hasSuffix(reason))
    }

    /// Whether the record is in the history of the subject `kind:identifier`.
    private func isFound(_ record: RecordID, of subject: String, in city: TestCity) throws -> Bool {
        let text = String(subject.split(separator: ":").last ?? "")
        guard let identifier = Identifier.recognise(Array(text.utf8).span, on: TestCity.today) else { return false }
        let key = city.reader.key(of: identifier)
        let keys = [key] + (try city.directory.registry.aliases.identifiers(of: RegistryKey(key), isKnown: { _ in true }).map(SubjectKey.init))
        return try city.directory.archive.entry(keys, record: record) != nil
    }
}

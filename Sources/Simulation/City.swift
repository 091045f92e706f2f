package import Identifiers
package import Policy
internal import Tables

/// The demonstration city: three years of files of all departments, made from a seed. The same policy book, number of
/// subjects, seed and day give the same bytes; nothing in it belongs to anybody, and everything says 演示.
package struct City: Sendable {
    let scene: Scene
    private let subjects: Int
    private let seed: UInt64
    private let today: CivilDate

    /// Name of the file that says of each data row what intake must do with it, one JSON object a line:
    /// `{"file":"…","row":17,"expect":"accept|reject|suspend|repeat|supersede","subject":"unifiedSocialCreditCode:…","reasons":["FIELD:family"]}`.
    /// `row` counts data rows from 1; `subject` is a case name of `IdentifierKind` and the normalised identifier, or null
    /// where the row must not reach a subject; `FIELD` is empty where the whole row is meant.
    package static let truthFileName = "truth.jsonl"
    /// Name of the directory of the files.
    package static let filesDirectory = "files"

    /// Plans the city; nothing is written yet.
    ///
    /// - Parameters:
    ///   - book: the policy book, whose resources, bodies and regions the files follow.
    ///   - subjects: number of subjects, at least 20; 55 % of them natural persons.
    ///   - today: the last day; the three years end with it.
    /// - Throws: `SimulationFault` where the book has nothing to simulate.
    package init(book: PolicyBook, subjects: Int, seed: UInt64, today: CivilDate) throws(SimulationFault) {
        self.subjects = max(20, subjects)
        self.seed = seed
        self.today = today
        scene = try Scene(book: book, subjects: self.subjects, seed: seed, today: today)
    }

    /// Number of files.
    package var fileCount: Int { scene.plans.count }

    /// Writes `files/`, `truth.jsonl` and, last of all, `manifest.json`; files of the same names are replaced.
    ///
    /// - Parameter progress: called after each file with the number of files and of rows written so far.
    /// - Throws: `SimulationFault`; what was written until then stays, without a manifest.
    package func write(to directory: String, progress: (_ files: Int, _ rows: Int) -> Void) async throws -> CityManifest {
        try FileOutput.makeDirectory(directory)
        try FileOutput.makeDirectory("\(directory)/\(Self.filesDirectory)")
        let writer = FileWriter(scene: scene, directory: "\(directory)/\(Self.filesDirectory)")
        let truth = try FileStream("\(directory)/\(Self.truthFileName)")
        var files: [CityManifest.File] = []
        var rows = 0
        try await withThrowingTaskGroup(of: (Int, WrittenFile).self) { group in
            // Files are finished in any order and recorded in the order of delivery; few are under way at a time, so few wait.
            var waiting: [Int: WrittenFile] = [:]
            var next = 0
            for _ in 0..<min(4, scene.plans.count) {
                let index = next
                group.addTask { @concurrent in (index, try writer.write(index)) }
                next += 1
            }
            while let (index, written) = try await group.next() {
                if next < scene.plans.count {
                    let index = next
                    group.addTask { @concurrent in (index, try writer.write(index)) }
                    next += 1
                }
                waiting[index] = written
                while let file = waiting.removeValue(forKey: files.count) {
                    try truth.append(file.truth)
                    rows += file.rows
                    files.append(entry(scene.plans[files.count], file))
                    progress(files.count, rows)
                }
            }
        }
        try truth.close()
        let manifest = CityManifest(
            notice: "演示数据：本城市的主体、号码和记录均为虚构，不对应任何真实的单位和个人。", subjects: subjects, seed: seed,
            today: today.description, rows: rows, files: files)
        try FileOutput.write(try manifest.json(), to: "\(directory)/\(CityManifest.fileName)")
        return manifest
    }

    private func entry(_ plan: FilePlan, _ file: WrittenFile) -> CityManifest.File {
        let format = switch plan.habits.format {
        case .csv(let encoding): "csv(\(encoding.rawValue))"
        case .xlsx: "xlsx"
        case .xls: "xls"
        case .jsonLines: "jsonLines"
        }
        let rejected = file.counts[.reject] ?? 0
        return CityManifest.File(
            number: plan.number, path: "\(Self.filesDirectory)/\(plan.fileName)", resource: scene.sheets[plan.sheet].resource.code,
            provider: plan.provider, delivered: CivilDate(day: plan.delivered).description, format: format, rows: file.rows,
            accepted: file.rows - rejected, rejected: rejected, suspended: file.counts[.suspend] ?? 0,
            repeated: file.counts[.repeat] ?? 0, superseding: file.counts[.supersede] ?? 0)
    }
}

import FoundationEssentials
import Identifiers
import Policy
import Tables
import Testing

@testable import Simulation

/// What stands on the disk after a city was written.
@Suite struct WrittenCityTests {
    @Test("the same seed gives the same bytes, another seed others")
    func determinism() async throws {
        let first = try await Fixture.written(150) { directory, _, _ in try Fixture.contents(directory) }
        let second = try await Fixture.written(150) { directory, _, _ in try Fixture.contents(directory) }
        let other = try await Fixture.written(150, seed: 2) { directory, _, _ in try Fixture.contents(directory) }
        #expect(first.keys.sorted() == second.keys.sorted())
        for (name, data) in first { #expect(second[name] == data, "\(name)") }
        let same = first.count { other[$0.key] == $0.value }
        #expect(same == 0)
    }

    @Test("the truth has one line for each data row, in the manifest's order, and the figures agree")
    func truthIsComplete() async throws {
        try await Fixture.written(400) { directory, city, manifest in
            let truth = try TruthLine.read(directory)
            var place = 0
            for (file, plan) in zip(manifest.files, city.scene.plans) {
                let resource = city.scene.sheets[plan.sheet].resource
                let read = try ReadFile(directory.appending(path: file.path).path(), resource: resource)
                #expect(read.rows.count == file.rows, "\(file.path)")
                let lines = truth[place..<min(place + file.rows, truth.count)]
                place += file.rows
                #expect(lines.map(\.row) == Array(1...file.rows))
                #expect(lines.allSatisfy { "files/\($0.file)" == file.path })
                #expect(lines.count { $0.expect == "reject" } == file.rejected)
                #expect(lines.count { $0.expect == "suspend" } == file.suspended)
                #expect(lines.count { $0.expect == "repeat" } == file.repeated)
                #expect(lines.count { $0.expect == "supersede" } == file.superseding)
                #expect(file.rows == file.accepted + file.rejected)
            }
            #expect(place == truth.count)
            #expect(manifest.files.map(\.delivered) == manifest.files.map(\.delivered).sorted())
            let again = try CityManifest.read(from: directory.appending(path: CityManifest.fileName).path())
            #expect(again == manifest)
        }
    }

    @Test("every accepted row carries a sound identifier of the subject that the truth names")
    func identifiers() async throws {
        try await Fixture.written(300) { directory, city, manifest in
            let truth = try TruthLine.read(directory)
            let population = city.scene.population.subjects
            let byNumber = Dictionary(
                population.filter { !$0.registrationNumber.isEmpty }.map { (String(decoding: $0.registrationNumber, as: UTF8.self), $0) },
                uniquingKeysWith: { first, _ in first })
            var place = 0
            for (file, plan) in zip(manifest.files, city.scene.plans) {
                let sheet = city.scene.sheets[plan.sheet]
                let read = try ReadFile(directory.appending(path: file.path).path(), resource: sheet.resource)
                for row in 0..<file.rows {
                    let line = truth[place + row]
                    guard let subject = line.subject else { continue }
                    let parts = subject.split(separator: ":")
                    let kind: IdentifierKind = parts[0] == "citizenNumber" ? .citizenNumber : .unifiedSocialCreditCode
                    let field = kind == .citizenNumber ? sheet.personField : sheet.organisationField
                    let text = Array(read.text(row, field ?? 0).utf8)
                    if text.isEmpty, let numberField = sheet.registrationField {
                        let number = Array(read.text(row, numberField).utf8)
                        let found = Identifier.assess(number.span, as: .registrationNumber, on: Fixture.today).identifier
                        #expect(byNumber[found?.text.description ?? ""].map { Array($0.code) } == Array(parts[1].utf8))
                    } else {
                        let found = Identifier.assess(text.span, as: kind, on: Fixture.today).identifier
                        #expect(found?.text.description == String(parts[1]), "\(file.path) \(row + 1) “\(read.text(row, field ?? 0))”")
                    }
                }
                place += file.rows
            }
        }
    }

    @Test("every kind of file, encoding, date and header is among the files")
    func habits() throws {
        let plans = try Fixture.city(3_000).scene.plans
        let formats = Set(plans.map { "\($0.habits.format)" })
        #expect(formats.count == 5, "\(formats)")
        #expect(Set(plans.map(\.habits.dates)) == Set(DateStyle.allCases))
        #expect(Set(plans.map(\.habits.header)) == Set(FileHabits.Header.allCases))
        #expect(plans.contains { $0.habits.format == .xlsx && $0.habits.titles.count == 3 })
        #expect(plans.allSatisfy { $0.habits.format != .xlsx || $0.rows <= HabitChoice.largestWorkbook })
        #expect(plans.contains { $0.habits.numbered } && plans.contains { $0.habits.codeNames } && plans.contains { $0.habits.quotesAll })
    }
}

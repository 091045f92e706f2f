import Identifiers
import Policy
import Testing

@testable import Simulation

/// What the rows say, before and without being written.
@Suite struct CityContentTests {
    /// Goes through all rows of a city in the order of delivery.
    private func everyRow(
        _ scene: Scene, _ body: (FilePlan, Sheet, ScriptedRow, DraftRow) -> Void
    ) {
        var draft = DraftRow()
        var scratch: [UInt8] = []
        for index in scene.plans.indices {
            let script = FileScript(scene, file: index)
            let sheet = scene.sheets[script.plan.sheet]
            for row in 0..<script.count {
                var plain = DraftRow()
                let made = script.make(row, in: &draft, scratch: &scratch) { plain = $0 }
                body(script.plan, sheet, made, plain)
            }
        }
    }

    @Test("faults of every family are planted, at about the stated rate")
    func families() throws {
        var counts: [FaultFamily: Int] = [:]
        var rows = 0
        var suspended = 0
        everyRow(try Fixture.city(2_500).scene) { _, _, made, _ in
            rows += 1
            if let reason = made.reason { counts[reason.family, default: 0] += 1 }
            if made.expectation == .suspend { suspended += 1 }
        }
        for (family, _) in Planting.families { #expect(counts[family, default: 0] > 0, "\(family.rawValue)") }
        #expect(suspended > 0)
        let share = Double(counts.values.reduce(0, +)) / Double(rows)
        #expect(share > 0.012 && share < 0.019, "\(share)")
    }

    @Test("a few subjects have fifty times as many rows as the middle one, and more")
    func skew() throws {
        let scene = try Fixture.city(4_000).scene
        var counts = [Int](repeating: 0, count: scene.population.subjects.count)
        everyRow(scene) { _, _, made, _ in if let subject = made.subject { counts[subject] += 1 } }
        let sorted = counts.sorted()
        let median = max(1, sorted[sorted.count / 2])
        #expect(sorted[sorted.count - 1] >= 50 * median, "max \(sorted[sorted.count - 1]), median \(median)")
    }

    @Test("what repeats and what supersedes is what the business keys say")
    func expectations() throws {
        // The latest content of each business key of each subject, as a reader of all files would have it.
        var latest: [[UInt8]: [UInt8]] = [:]
        everyRow(try Fixture.city(1_200).scene) { plan, sheet, made, plain in
            guard let subject = made.subject else { return }
            let head = Array("\(sheet.resource.code) \(subject)|".utf8)
            let key = head + content(sheet, plain) { $0.isKey }
            let all = content(sheet, plain) { $0.isStored }
            let found: Simulation.Expectation = latest[key] == nil ? .accept : latest[key] == all ? .repeat : .supersede
            #expect(found == made.expectation, "\(plan.fileName)")
            latest[key] = all
        }
    }

    /// The values of some columns as bytes.
    private func content(_ sheet: Sheet, _ row: DraftRow, _ isWanted: (Column) -> Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        for field in sheet.columns.indices where isWanted(sheet.columns[field]) {
            if row.cells[field].form == .date { bytes += Array("\(row.cells[field].number)".utf8) } else { bytes += row.text(field) }
            bytes.append(0x7C)
        }
        return bytes
    }

    @Test("rows that are to be accepted fulfil the catalogue's rules")
    func rules() throws {
        var broken: Set<String> = []
        everyRow(try Fixture.city(600).scene) { plan, sheet, made, plain in
            guard made.expectation != .reject, made.expectation != .suspend else { return }
            for field in sheet.columns.indices {
                let column = sheet.columns[field]
                let length = String(decoding: plain.text(field), as: UTF8.self).unicodeScalars.count
                let needed = column.required || column.need?.holds(in: plain) ?? false
                let excused = sheet.identity.contains(field) && made.subject != nil && !column.required
                if needed, plain.isEmpty(field), !excused { broken.insert("\(sheet.resource.code).\(column.code) missing") }
                if let limit = column.length, length > limit { broken.insert("\(sheet.resource.code).\(column.code) too long") }
            }
            for check in sheet.resource.checks { if let text = violation(check, sheet, plain, plan) { broken.insert(text) } }
        }
        #expect(broken.isEmpty, "\(broken.sorted())")
    }

    private func violation(_ check: RowCheck, _ sheet: Sheet, _ row: DraftRow, _ plan: FilePlan) -> String? {
        func cell(_ code: String) -> DraftCell { sheet.resource.index(of: code).map { row.cells[$0] } ?? DraftCell() }
        switch check {
        case .notAfterToday(let code):
            let cell = cell(code)
            return cell.form == .date && cell.number > plan.delivered ? "\(sheet.resource.code).\(code) future" : nil
        case .ordered(let first, let second):
            let (early, late) = (cell(first), cell(second))
            return early.form == .date && late.form == .date && early.number > late.number ? "\(sheet.resource.code).\(first) order" : nil
        case .oneOf(let codes):
            return codes.allSatisfy { cell($0).form == .empty } ? "\(sheet.resource.code).\(codes) none" : nil
        }
    }

    @Test("persons belong to nobody: their numbers carry a county code that was never given out")
    func unassigned() throws {
        let subjects = try Fixture.city(3_000).scene.population.subjects
        let persons = subjects.filter(\.form.isPerson)
        #expect(persons.allSatisfy { $0.code.starts(with: "411799".utf8) || $0.code.starts(with: "412899".utf8) })
        #expect(Set(subjects.map(\.code)).count == subjects.count)
        let numbers = subjects.map(\.registrationNumber).filter { !$0.isEmpty }
        #expect(Set(numbers).count == numbers.count)
        #expect(subjects.filter { !$0.form.isPerson }.allSatisfy { String(decoding: $0.name, as: UTF8.self).contains("演示") })
        let share = Double(persons.count) / Double(subjects.count)
        #expect(share > 0.54 && share < 0.56)
    }
}

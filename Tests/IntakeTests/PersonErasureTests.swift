import Archive
import FoundationEssentials
import Identifiers
@testable import Intake
import Ledger
import Policy
import Registry
import Testing

@Suite("A person's records are erased") struct PersonErasureTests {
    private static let resource = "ZMD-07-0002"
    private static let provider = "ZMD-GSGS"

    /// A sound number of a natural person that nobody has.
    private static func citizen(_ number: Int) -> String {
        let digits = Array("41170019900101").map { $0.wholeNumberValue ?? 0 } + [number / 100, number / 10 % 10, number % 10]
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return digits.map(String.init).joined() + String(Array("10X98765432")[sum % 11])
    }

    /// Water bills of a month, one for each of some persons.
    private static func bills(_ month: Int, _ persons: [Int]) -> String {
        let rows = persons.map { person in
            "H\(person),演示用户,自然人,\(citizen(person)),2024-0\(month)-28,10.00,10.00,2024-0\(month)-28,合同同意条款,YS-\(person)"
        }
        return (["户号,户名,主体类别,公民身份号码,账期末日,应缴水费（元）,实缴水费（元）,缴费日期,提供依据,授权书、合同条款或文书编号"] + rows).joined(separator: "\n") + "\n"
    }

    private static func filled() async throws -> TestCity {
        let city = try TestCity()
        try await city.deliver(bills(1, [1, 2, 3]), resource: resource, provider: provider)
        try await city.deliver(bills(2, [3, 2, 1]), resource: resource, provider: provider)
        return city
    }

    private static func key(_ person: Int, _ city: TestCity) throws -> SubjectKey {
        let recognised = Identifier.recognise(Array(citizen(person).utf8).span, on: TestCity.today)
        return city.reader.key(of: try #require(recognised))
    }

    private static func records(_ person: Int, _ city: TestCity, in directory: DataDirectory? = nil, knownAt: Instant? = nil) throws -> [RecordID] {
        let reader = SubjectReader(directory: directory ?? city.directory, book: TestCity.book)
        let file = try reader.file(of: try key(person, city), at: Clocks(asOf: TestCity.today, knownAt: knownAt ?? city.clock()))
        return try file?.records.map(\.id) ?? []
    }

    private static func id(_ text: String) throws -> RecordID { try #require(RecordID(text)) }

    @Test("steps of listings about the person go with the records, those of others stay, and no number is given twice")
    func steps() async throws {
        let city = try await Self.filled()
        let listings = city.directory.registry.listings
        func step(_ person: Int) throws -> ListingStep {
            let step = ListingStep(
                list: "watch-finance", subject: RegistryKey(try Self.key(person, city)), kind: .decision, day: TestCity.today, document: "1号", text: "演示事由", actor: "a", body: "ZMD-FGW",
                at: city.clock())
            return try #require(try listings.append(step, after: nil))
        }
        let (kept, gone) = (try step(1), try step(2))
        let key = gone.subject
        #expect(try city.desk.erasePerson(key, reason: "驻信删〔2026〕1号", at: city.clock()) == 3)
        #expect(try listings.all(knownAt: city.clock()).map(\.number) == [kept.number] && listings.steps(of: [key], knownAt: city.clock()).isEmpty)
        #expect(try step(3).number > gone.number && listings.newest() > gone.number)
        // Whoever is on a list by steps alone is erased too.
        #expect(try city.desk.erasePerson(RegistryKey(try Self.key(3, city)), reason: "驻信删〔2026〕2号", at: city.clock()) == 3)
    }

    @Test("no view of whatever time shows them, others lose nothing; logs and verification stay whole, also after a restart and once the archive is rewritten")
    func erased() async throws {
        let city = try await Self.filled()
        let before = city.clock()
        #expect(try Self.records(2, city) == [Self.id("1-2"), Self.id("2-2")])
        let key = RegistryKey(try Self.key(2, city))
        let erasures = city.directory.times.snapshot().erasures
        #expect(try city.desk.erasePerson(key, reason: "驻信删〔2026〕1号", at: city.clock()) == 2)
        #expect(city.directory.times.snapshot().erasures != erasures, "answers kept for the old view are not given any more")
        #expect(try city.desk.erasePerson(key, reason: "驻信删〔2026〕1号", at: city.clock()) == 0)

        func check(_ directory: DataDirectory, unremoved: Int) throws {
            let reader = SubjectReader(directory: directory, book: TestCity.book)
            let source = SourceReader(directory: directory, book: TestCity.book)
            let proofs = RecordProofs(directory: directory, book: TestCity.book)
            for knownAt in [nil, before] {
                #expect(try Self.records(2, city, in: directory, knownAt: knownAt).isEmpty)
                #expect(try Self.records(1, city, in: directory, knownAt: knownAt) == [Self.id("1-1"), Self.id("2-3")])
                #expect(try Self.records(3, city, in: directory, knownAt: knownAt) == [Self.id("1-3"), Self.id("2-1")])
            }
            let own = try Self.key(2, city)
            for text in ["1-2", "2-2"] {
                #expect(try reader.record(Self.id(text), of: own, knownAt: city.clock()) == nil)
                #expect(try source.row(Self.id(text)) == nil)
                #expect(try proofs.proof(of: Self.id(text), subject: own, at: city.clock()) == nil)
            }
            let neighbour = try #require(try source.row(Self.id("1-1")))
            #expect(neighbour.context.map(\.row).contains(3) && !neighbour.context.map(\.row).contains(2))
            #expect(neighbour.context.allSatisfy { !$0.cells.contains(Self.citizen(2)) })
            let other = try #require(try proofs.proof(of: Self.id("1-1"), subject: Self.key(1, city), at: city.clock()))
            let verifier = try #require(ProofVerifier(vkey: directory.ledger.vkey, witnesses: [], needed: 0))
            #expect(try verifier.check(inclusion: other.0.description).index == 1)
            let ledger = try LedgerAudit(directory: directory).run { _ in }
            #expect(ledger.faults.isEmpty && ledger.hidden == 2, "\(ledger.faults)")
            let report = try Verification(directory: directory).run { _ in }
            #expect(report.isWhole && report.unremoved == unremoved && report.entries == 4 + unremoved, "\(report.faults)")
        }
        try check(city.directory, unremoved: 2)
        // A correction of what was erased finds nothing, whether or not the archive still has it.
        for isRemoved in [false, true] {
            if isRemoved { _ = try city.desk.removeErased(at: city.clock()) }
            let correction = Self.bills(5, [2]).split(separator: "\n")
            let returned = try await city.deliver(
                "\(correction[0]),操作,更正记录编号\n\(correction[1]),更正,1-2\n" + (isRemoved ? "" : "\n"), resource: Self.resource, provider: Self.provider)
            #expect(returned.accepted == 0 && returned.rejected == 1)
            #expect(try city.rejections(returned)[0].faults.map(\.code) == [.targetUnknown])
            _ = try city.desk.withdraw(returned.number, reason: "试验", at: city.clock())
        }
        try check(city.directory, unremoved: 0)
        let texts = try city.directory.registry.ledger.erasures().map(\.text)
        #expect(texts.count == 1 && texts[0].contains("records: 1-2 2-2\n") && texts[0].contains("驻信删〔2026〕1号"))
        try city.directory.close()
        let again = try DataDirectory.open(city.path)
        try check(again, unremoved: 0)

        // What comes afterwards is kept as any other, and a later erasure has a time of its own.
        let desk = DeliveryDesk(directory: again, book: TestCity.book)
        var file = try again.store.incoming(of: Self.provider, at: city.clock())
        try file.append(Array(Self.bills(3, [2]).utf8).span)
        let request = DeliveryRequest(resource: Self.resource, provider: Self.provider, fileName: "三.csv", channel: .commandLine)
        let delivery = try desk.receive(file.finish(), as: request, at: city.clock()).delivery
        _ = try await desk.work(on: delivery.number, clock: { city.clock() })
        #expect(try Self.records(2, city, in: again) == [Self.id("\(delivery.number)-1")])
        let now = city.clock()
        for person in [1, 2] { #expect(try desk.erasePerson(RegistryKey(Self.key(person, city)), reason: "二", at: now) > 0) }
        #expect(try LedgerAudit(directory: again).run { _ in }.faults.isEmpty)
        try again.close()
    }

    @Test("an erasure that was cut off behind any step is finished by the next start")
    func cutOff() async throws {
        for step in 0...2 {
            let city = try await Self.filled()
            let instant = city.directory.times.withdrawal(at: city.clock())
            let rows = [DeliveryRow(delivery: 1, row: 2), DeliveryRow(delivery: 2, row: 2)]
            try city.directory.accessRegistry.erasures.add(rows, reason: "一", at: instant)
            let erasure = try #require(try city.directory.accessRegistry.erasures.list().first)
            if step > 0 {
                try city.directory.log(LedgerTexts.erasure(erasure), .erasure, of: nil) { try city.directory.registry.ledger.add($0) }
            }
            if step > 1 { try city.directory.carryOut(erasure, logged: [LedgerTexts.erasure(erasure)]) }
            try city.directory.close()
            let again = try DataDirectory.open(city.path)
            #expect(try Self.records(2, city, in: again).isEmpty)
            #expect(try again.registry.ledger.erasures().count == 1)
            let report = try LedgerAudit(directory: again).run { _ in }
            #expect(report.faults.isEmpty && report.hidden == 2, "\(report.faults)")
            for delivery: UInt32 in [1, 2] {
                let salts = try again.accessRegistry.rowSalts.find(delivery).flatMap(RowSalts.init(encoded:))
                #expect(salts?.salt(of: 2) == nil && salts?.salt(of: 1) != nil)
            }
            try again.close()
        }
    }

    @Test("an old backup does not bring them back: hidden at once, removed again, and what needs their leaves says so")
    func restored() async throws {
        let city = try await Self.filled()
        let (backup, target) = (city.path + "-backup", city.path + "-restored")
        defer { for path in [backup, target] { try? FileManager.default.removeItem(atPath: path) } }
        let repository = try BackupRepository.make(backup)
        _ = try Backup(directory: city.directory, repository: repository).run(at: city.clock())
        let third = try await city.deliver(Self.bills(3, [1, 3]), resource: Self.resource, provider: Self.provider)
        #expect(try city.desk.erasePerson(RegistryKey(Self.key(2, city)), reason: "一", at: city.clock()) == 2)
        _ = try city.desk.removeErased(at: city.clock())
        let last = try await city.deliver(Self.bills(4, [1, 3]), resource: Self.resource, provider: Self.provider)
        let head = city.directory.ledger.head
        _ = try Backup(directory: city.directory, repository: repository).run(at: city.clock())
        for asked in [nil, third.number, last.number] {
            try? FileManager.default.removeItem(atPath: target)
            let restoration = Restoration(repository: repository, target: target)
            if let asked { _ = try await restoration.run(delivery: asked, book: TestCity.book) } else { _ = try restoration.run(point: 1) }
            let directory = try DataDirectory.open(target)
            #expect(try Self.records(2, city, in: directory).isEmpty)
            #expect(try directory.accessRegistry.erasures.list().map(\.removedAt) == [nil])
            if asked == last.number {
                #expect(directory.ledger.head == head)
                _ = try DeliveryDesk(directory: directory, book: TestCity.book).removeErased(at: city.clock())
                #expect(try LedgerAudit(directory: directory).run { _ in }.faults.isEmpty)
            }
            #expect(try Verification(directory: directory).run { _ in }.isWhole)
            try directory.close()
        }
        // One whose rows were erased cannot be worked again: its leaves cannot be made.
        #expect(try city.desk.erasePerson(RegistryKey(Self.key(3, city)), reason: "二", at: city.clock()) == 4)
        _ = try Backup(directory: city.directory, repository: repository).run(at: city.clock())
        try? FileManager.default.removeItem(atPath: target)
        let fault = await #expect(throws: DataDirectoryFault.self) {
            try await Restoration(repository: repository, target: target).run(delivery: third.number, book: TestCity.book)
        }
        #expect(fault?.message.contains("依法清除") == true)
        try? FileManager.default.removeItem(atPath: target + ".restoring")
    }

    @Test("needs a reason and a person; organisations' records are their bodies' to withdraw")
    func refused() async throws {
        let city = try await Self.filled()
        try await city.deliver(Penalties.csv([:]))
        let person = RegistryKey(try Self.key(1, city))
        let recognised = Identifier.recognise(Array(Penalties.firm.utf8).span, on: TestCity.today)
        let firm = RegistryKey(city.reader.key(of: try #require(recognised)))
        for (key, reason) in [(person, " "), (firm, "一"), (RegistryKey(high: 1, low: 1), "一")] {
            #expect(throws: DeliveryFault.self) { try city.desk.erasePerson(key, reason: reason, at: city.clock()) }
        }
        #expect(try Self.records(1, city).count == 2 && city.directory.accessRegistry.erasures.list().isEmpty)
    }
}

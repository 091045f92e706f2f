import Archive
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Synchronization
import Testing

@Suite("A delivery becomes histories")
struct DeliveryTests {
    @Test("rows end accepted or rejected, and the totals add up")
    func totals() async throws {
        let city = try TestCity()
        let done = try await city.deliver(
            Penalties.csv([:], ["行政处罚决定文书号": "2号", "处罚决定日期": "2026-02-30"], ["行政处罚决定文书号": "3号"]))
        #expect(done.state == .committed)
        #expect((done.rows, done.accepted, done.rejected) == (3, 2, 1))
        let rejection = try #require(try city.rejections(done).first)
        #expect((rejection.row, rejection.line) == (2, 3))
        let fault = try #require(rejection.faults.first)
        #expect((fault.code, fault.field, fault.value) == (.dateImpossible, "CF_JDRQ", "2026-02-30"))
        #expect(!fault.cure.isEmpty)
        let file = try #require(try city.file(Penalties.firm))
        #expect(try file.records.map(\.id) == [RecordID(delivery: 1, row: 1), RecordID(delivery: 1, row: 3)])
        #expect(file.subject.name == "驻马店市演示商贸有限公司")
    }

    @Test("the same bytes again give the same receipt, not a second delivery")
    func sameBytes() async throws {
        let city = try TestCity()
        let first = try await city.deliver(Penalties.csv([:]))
        let second = try await city.deliver(Penalties.csv([:]))
        #expect(first == second)
        #expect(try city.directory.registry.deliveries.list().total == 1)
    }

    @Test("a row with the same business key supersedes, an identical one changes nothing")
    func supersede() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        try await city.deliver(Penalties.csv([:], ["行政处罚决定文书号": "9号"]))
        var file = try #require(try city.file(Penalties.firm))
        #expect(try file.records.count == 2)
        #expect(try file.records.first?.repeats == 1)
        #expect(try file.records.first?.superseded.isEmpty == true)
        try await city.deliver(Penalties.csv(["处罚内容": "罚款三万元", "罚款金额（万元）": "3"]))
        file = try #require(try city.file(Penalties.firm))
        let changed = try #require(try file.records.first { $0.value("CF_WSH") == .text("驻市监罚〔2026〕1号") })
        #expect(changed.id == RecordID(delivery: 3, row: 1))
        #expect(changed.superseded == [RecordID(delivery: 1, row: 1)])
    }

    @Test("an old view is the same after later corrections and withdrawals")
    func twoClocks() async throws {
        let city = try TestCity()
        let first = try await city.deliver(Penalties.csv([:], ["行政处罚决定文书号": "2号"]))
        let then = city.clock()
        let before = try #require(try city.file(Penalties.firm, knownAt: then))
        try await city.deliver(Penalties.csv(["罚款金额（万元）": "5"]))
        _ = try city.desk.withdraw(first.number, reason: "报送有误", at: city.clock())
        let now = try #require(try city.file(Penalties.firm))
        #expect(try now.records.map(\.id) == [RecordID(delivery: 2, row: 1)])
        let after = try #require(try city.file(Penalties.firm, knownAt: then))
        #expect(try after.records.map(\.entry) == before.records.map(\.entry))
        #expect(try after.records.map(\.values) == before.records.map(\.values))
        #expect(after.subject.name == before.subject.name)
        #expect(try city.file(Penalties.firm, asOf: date("2026-01-01"))?.records.isEmpty ?? true)
    }

    @Test("a provider corrects and withdraws single records by their number; others cannot")
    func corrections() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:], ["行政处罚决定文书号": "2号"]))
        let header = Penalties.header + ",更正记录编号,操作\n"
        let corrected = Penalties.row(["行政处罚决定文书号": "更正后的文书号"]) + ",1-1,更正\n"
        let withdrawn = Penalties.row(["行政处罚决定文书号": "2号"]) + ",1-2,撤销\n"
        let other = try await city.deliver(header + corrected, provider: "ZMD-STHJ")
        #expect(other.accepted == 0)
        #expect(try city.rejections(other).first?.faults.first?.code == .targetUnknown)
        let done = try await city.deliver(header + corrected + withdrawn)
        #expect((done.accepted, done.rejected) == (2, 0))
        let file = try #require(try city.file(Penalties.firm))
        #expect(try file.records.map { $0.value("CF_WSH") } == [.text("更正后的文书号")])
        #expect(try file.records.first?.superseded == [RecordID(delivery: 1, row: 1)])
    }

    @Test("a name without a sound identifier joins nobody: it is kept as 疑似")
    func suspended() async throws {
        let city = try TestCity()
        let done = try await city.deliver(
            Penalties.csv(
                ["统一社会信用代码": "", "行政相对人类别": "个体工商户", "法定代表人": "张演示,税字1号"],
                ["行政处罚决定文书号": "2号", "法定代表人": "张演示,"]
            ).replacing("法定代表人,", with: "法定代表人,税务登记号,", maxReplacements: 1))
        #expect((done.accepted, done.suspended, done.rejected) == (2, 1, 0))
        #expect(try city.file(Penalties.firm)?.records.count == 1)
        #expect(try city.directory.archive.suspended(delivery: 1, limit: 10).count == 1)
    }

    @Test("every record opens to its source row, with its neighbours")
    func sourceRow() async throws {
        let city = try TestCity()
        let rows = (1...9).map { ["行政处罚决定文书号": "\($0)号"] }
        let csv = "演示数据 行政处罚\n" + ([Penalties.header] + rows.map { Penalties.row($0) }).joined(separator: "\r\n")
        let done = try await city.deliver(csv)
        let source = try #require(try SourceReader(directory: city.directory, book: TestCity.book).row(RecordID(delivery: done.number, row: 5)))
        #expect(source.line == 7)
        #expect(source.context.map(\.row) == [2, 3, 4, 5, 6, 7, 8])
        #expect(source.columns.first { $0.field?.code == "CF_WSH" }?.value == "5号")
        let file = try #require(try city.file(Penalties.firm))
        #expect(source.subject == file.subject.key)
    }

    @Test("GB18030, a BOM, JSON Lines and the national headers are the same to intake", arguments: 0..<3)
    func forms(_ form: Int) async throws {
        let city = try TestCity()
        let resource = try #require(TestCity.book.resource(Penalties.resource, on: TestCity.today))
        var bytes: [UInt8]
        switch form {
        case 0:
            bytes = [0xEF, 0xBB, 0xBF] + Array(Penalties.csv([:]).utf8)
        case 1:
            let national = Penalties.columns.map { name in resource.fields.first { $0.name == name }?.national ?? name }
            bytes = Array((national.joined(separator: ",") + "\n" + Penalties.row() + "\n").utf8)
        default:
            let members = Penalties.columns.map { "\"\($0)\":\"\(Penalties.sound[$0] ?? "")\"" }
            bytes = Array("{\(members.joined(separator: ","))}\n".utf8)
        }
        let done = try await city.deliver(bytes)
        #expect((done.rows, done.accepted) == (1, 1), "\(done.fault ?? "")")
    }

    @Test("an organisation answers to all its codes and names, from the delivery on that said so")
    func registration() async throws {
        let city = try TestCity()
        let byNumber = Penalties.csv(["统一社会信用代码": "", "行政相对人类别": "个体工商户", "法定代表人": "张演示,440301103097413"])
            .replacing("法定代表人,", with: "法定代表人,工商注册号,", maxReplacements: 1)
        try await city.deliver(byNumber)
        #expect(try city.file("440301103097413")?.records.count == 1)
        #expect(try city.file(Penalties.firm) == nil)
        let before = city.clock()
        let done = try await city.deliver(
            """
            企业名称,统一社会信用代码,注册号,曾用名,法定代表人,类型,成立日期,登记状态,住所,行政区划代码,登记机关,核准日期
            驻马店演示粮油有限公司,\(Penalties.firm),440301103097413,上蔡演示面粉厂,张演示,有限责任公司,2010-01-02,存续,演示路1号,411702,驻马店市市场监督管理局,2026-01-05
            """, resource: "ZMD-01-0001")
        let returned = try city.rejections(done)
        #expect(done.accepted == 1, "\(returned)")
        let file = try #require(try city.file(Penalties.firm))
        #expect(try Set(file.records.map { $0.resource.code }) == Set(["ZMD-01-0001", Penalties.resource]))
        #expect(try city.file("440301103097413")?.subject.key == file.subject.key)
        #expect(try city.file(Penalties.firm, knownAt: before) == nil)
        for part in ["面粉", "演示粮油", "粮油"] {
            #expect(try city.directory.registry.organisations.search(part).hits.map(\.organisation.name) == ["驻马店演示粮油有限公司"])
        }
    }

    @Test("a delivery larger than the workers' memory is written as runs and reads the same")
    func spilled() async throws {
        let city = try TestCity()
        let rows = (1...9000).map { row in Penalties.row(["行政处罚决定文书号": "\(row)号", "违法事实": row % 50 == 0 ? "" : "演示数据"]) }
        let csv = ([Penalties.header] + rows).joined(separator: "\n")
        let small = DeliveryDesk(directory: city.directory, book: TestCity.book, workers: 2, runBytes: 64 << 10)
        let done = try await city.deliver(Array(csv.utf8), at: small)
        #expect(done.rows == 9000 && done.accepted == 8820 && done.rejected == 180)
        let file = try #require(try city.file(Penalties.firm))
        #expect(try file.records.map(\.id.row) == (1...9000).filter { $0 % 50 != 0 }.map(UInt32.init))
        #expect(try Verification(directory: city.directory).run { _ in }.isWhole)
        #expect(!FileManager.default.fileExists(atPath: city.directory.store.stagingPath(done.number)))
    }

    @Test("a sensitive text of any length is masked in the archive and leaves the file readable", arguments: ["不详", "无", "41289919870831102X"])
    func sensitiveText(_ value: String) async throws {
        let city = try TestCity()
        let csv = Penalties.csv(["法定代表人": "张演示,\(value)"]).replacing("法定代表人,", with: "法定代表人,法定代表人证件号码,", maxReplacements: 1)
        #expect(try await city.deliver(csv).accepted == 1)
        let stored = try #require(try city.file(Penalties.firm)?.records.first).value("CF_FR_ZJHM")
        #expect(stored == .text(value.count > 8 ? "****102X" : "****"))
    }

    @Test("taking a registering record back leaves the organisation's other facts alone")
    func withdrawnRegistration() async throws {
        let city = try TestCity()
        let header = "企业名称,统一社会信用代码,法定代表人,类型,成立日期,登记状态,住所,行政区划代码,登记机关,核准日期"
        let row = "驻马店演示粮油有限公司,\(Penalties.firm),张演示,有限责任公司,2010-01-02,存续,演示路1号,411702,驻马店市市场监督管理局,2026-01-05"
        try await city.deliver("\(header)\n\(row)\n", resource: "ZMD-01-0001")
        let done = try await city.deliver("\(header),更正记录编号,操作\n\(row),1-1,撤销\n", resource: "ZMD-01-0001")
        #expect(done.accepted == 1)
        let file = try #require(try city.file(Penalties.firm))
        #expect(try file.records.isEmpty)
        #expect(file.subject.name == "驻马店演示粮油有限公司")
    }

    @Test("a withdrawing row means the same alone as behind a row with equal cells: it has no effective date of its own")
    func withdrawalBehindEqualCells() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv(["行政处罚决定文书号": "1号"], ["行政处罚决定文书号": "2号"]))
        let header = Penalties.header + ",更正记录编号,操作\n"
        let added = Penalties.row(["行政处罚决定文书号": "3号"]) + ",,\n"
        try await city.deliver(header + Penalties.row(["行政处罚决定文书号": "1号"]) + ",1-1,撤销\n")
        try await city.deliver(header + added + Penalties.row(["行政处罚决定文书号": "2号"]) + ",1-2,撤销\n")
        let firm = Identifier.recognise(Array(Penalties.firm.utf8).span, on: TestCity.today)
        let key = try city.reader.key(of: #require(firm))
        let acts = try city.directory.archive.history(of: [key]).entries.filter { $0.kind == .withdrawal }
        #expect(acts.count == 2 && acts.allSatisfy { $0.effective == nil })
        #expect(try city.file(Penalties.firm, asOf: date("2026-05-06"))?.records.map(\.id) == [RecordID(delivery: 3, row: 1)])
    }

    @Test("ten quiet minutes after the last delivery the archive is merged, once")
    func merging() async throws {
        let city = try TestCity()
        for number in 1...4 { try await city.deliver(Penalties.csv(["行政处罚决定文书号": "\(number)号"])) }
        let soon = city.clock()
        let later = Instant(milliseconds: soon.milliseconds + 601_000)
        let before = try city.directory.archive.backlog().sortedRuns
        #expect(try !city.desk.mergeWhileIdle(at: soon) && city.directory.archive.backlog().sortedRuns == before)
        #expect(before == 4)
        #expect(try city.desk.mergeWhileIdle(at: later) && city.directory.archive.backlog().sortedRuns == 1)
        #expect(try !city.desk.mergeWhileIdle(at: later))
        #expect(try city.file(Penalties.firm)?.records.count == 4)
    }

    @Test("撤销 without a record number is returned, not taken as a new record")
    func withdrawalOfNothing() async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.header + ",更正记录编号,操作\n" + Penalties.row() + ",,撤销\n")
        #expect((done.accepted, done.rejected) == (0, 1))
        #expect(try city.rejections(done).first?.faults.map(\.code) == [.targetUnknown])
    }

    @Test("a record delivered by 注册号 is corrected by 统一社会信用代码 once the register joined the two")
    func correctionAcrossCodes() async throws {
        let city = try TestCity()
        try await city.deliver(
            Penalties.csv(["统一社会信用代码": "", "行政相对人类别": "个体工商户", "法定代表人": "张演示,440301103097413"])
                .replacing("法定代表人,", with: "法定代表人,工商注册号,", maxReplacements: 1))
        try await city.deliver(
            """
            企业名称,统一社会信用代码,注册号,法定代表人,类型,成立日期,登记状态,住所,行政区划代码,登记机关,核准日期
            驻马店演示粮油有限公司,\(Penalties.firm),440301103097413,张演示,有限责任公司,2010-01-02,存续,演示路1号,411702,驻马店市市场监督管理局,2026-01-05
            """, resource: "ZMD-01-0001")
        let done = try await city.deliver(
            Penalties.header + ",更正记录编号\n" + Penalties.row(["处罚内容": "罚款一万元"]) + ",1-1\n")
        let returned = try city.rejections(done)
        #expect(done.accepted == 1, "\(returned)")
        let record = try #require(try city.file(Penalties.firm)?.records.first { $0.resource.code == Penalties.resource })
        #expect(record.superseded == [RecordID(delivery: 1, row: 1)])
    }

    @Test("a view of this moment, taken while a delivery is being committed, is the same afterwards")
    func viewDuringCommit() async throws {
        let city = try TestCity()
        try await city.deliver(Penalties.csv([:]))
        var file = try city.directory.store.incoming(at: city.clock())
        try file.append(Array(Penalties.csv(["行政处罚决定文书号": "2号"]).utf8).span)
        let request = DeliveryRequest(resource: Penalties.resource, provider: "ZMD-SCJG", fileName: "二.csv", channel: .api)
        let (delivery, _) = try city.desk.receive(try file.finish(), as: request, at: city.clock())
        let seen = Mutex<SubjectFile?>(nil)
        _ = try await city.desk.work(on: delivery.number, clock: { city.clock() }) { step in
            if step == .staged { seen.withLock { $0 = try? city.file(Penalties.firm, knownAt: city.clock()) } }
        }
        let during = try #require(seen.withLock { $0 })
        #expect(try during.records.count == 1)
        let after = try #require(try city.file(Penalties.firm, knownAt: during.clocks.knownAt))
        #expect(try after.records.map(\.id) == during.records.map(\.id))
        #expect(try city.file(Penalties.firm)?.records.count == 2)
    }
}

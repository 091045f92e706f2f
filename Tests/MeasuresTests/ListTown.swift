import Archive
import Cryptography
import Evaluation
import Foundation
import Identifiers
import Intake
import Policy
import Registry
import Testing

@testable import Measures

/// A data directory of its own with a few organisations and persons on lists, the city's policy book with one watch list opened to a matter, and a
/// clock that only the test moves.
final class ListTown: Sendable {
    static let morning = moment("2026-06-30T09:00:00+08:00")

    /// Organisations: on which lists each is, its place says.
    enum Firm: Int, CaseIterable {
        /// On market and tax.
        case twice
        /// On debtor; registered with a registration number.
        case debtor
        /// On the red list.
        case honoured
        /// Was on the red list until it came on market.
        case fallen
        /// On the watch list, by a procedure.
        case watched
        /// Its tax listing ends on 2026-06-30.
        case ending
        /// On safety, by a record that says 已移出.
        case removed
        /// On nothing.
        case clean
        /// Never registered, mentioned by its market record.
        case mentioned

        var code: String { ListTown.creditCode(rawValue + 1) }
        var name: String { "驻马店测试\("甲乙丙丁戊己庚辛壬".map(String.init)[rawValue])有限公司" }
        var registrationNumber: String? { self == .debtor ? ListTown.registrationNumber(7) : nil }
    }

    static let persons = [("王示范", citizenNumber("19800101", 1)), ("李样本", citizenNumber("19791212", 2))]
    /// A citizen whose number a department wrote into the reason of an organisation's entry.
    static let named = citizenNumber("19660606", 3)

    let path: String
    let directory: DataDirectory
    let book: PolicyBook
    let reader: SubjectReader
    let verifier: Verifier
    let extracts: ListExtracts

    private init(book: PolicyBook) throws {
        path = "/tmp/tianzhong-\(UUID().uuidString)"
        try DataDirectory.initialise(path)
        directory = try DataDirectory.open(path)
        self.book = book
        reader = SubjectReader(directory: directory, book: book)
        verifier = Verifier(reader: reader)
        extracts = ListExtracts(reader: reader, listings: ListingBook(reader: reader))
    }

    deinit {
        try? directory.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    static func build() async throws -> ListTown {
        let town = try ListTown(book: try openedBook())
        let registered = Firm.allCases.filter { $0 != .mentioned }.map { firm in
            ["企业名称": firm.name, "统一社会信用代码": firm.code, "注册号": firm.registrationNumber ?? "", "法定代表人": "赵演示", "类型": "有限责任公司", "成立日期": "2015-05-05",
             "登记状态": "存续", "住所": "驻马店市", "行政区划": "411702", "登记机关": "驻马店市市场监督管理局", "核准日期": "2015-05-05"]
        }
        try await town.deliver("ZMD-01-0001", registered)
        try await town.deliver("ZMD-06-0004", [
            entry(.twice, "驻市监严〔2026〕1号", reason: "销售不合格产品\"<b>\"，经手人\(named)", from: "2026-03-01", ["领域": "食品"]),
            entry(.fallen, "驻市监严〔2026〕2号", reason: "虚假登记", from: "2026-05-01", ["领域": "食品"]),
            entry(.mentioned, "驻市监严〔2026〕3号", reason: "拒不改正", from: "2026-02-01", ["领域": "食品"]),
        ])
        try await town.deliver("ZMD-06-0003", [
            entry(.twice, "驻税失〔2026〕1号", reason: "虚开发票", from: "2026-04-01"),
            entry(.ending, "驻税失〔2025〕9号", reason: "逃避追缴欠税", from: "2025-01-01", until: "2026-06-30"),
        ])
        try await town.deliver("ZMD-06-0007", [entry(.removed, "驻应急〔2025〕5号", reason: "谎报事故", from: "2025-01-01", ["名单状态": "已移出", "状态日期": "2026-01-01", "移出原因": "已履行"])])
        try await town.deliver("ZMD-06-0001", [entry(.debtor, "（2026）豫17执1号", reason: "", from: "2026-01-05")])
        try await town.deliver("ZMD-06-0002", persons.enumerated().map { index, person in
            ["被执行人姓名": person.0, "证件类型": "居民身份证", "证件号码": person.1, "执行案号": "（2026）豫17执\(index + 80)号", "名单状态": "在列", "立案日期": "2026-01-02", "发布日期": "2026-01-05", "状态日期": "2026-01-05"]
        })
        try await town.deliver("ZMD-11-0001", [Firm.honoured, .fallen].map { firm in
            ["单位名称": firm.name, "统一社会信用代码": firm.code, "荣誉名称": "守信示范企业", "荣誉级别": "市级", "表彰文号": "驻信〔2026〕\(firm.rawValue)号", "表彰日期": "2026-01-10",
             "授予单位": "驻马店市人民政府", "荣誉状态": "有效"]
        })
        try town.enter(.watched, on: "watch-finance", document: "驻信注〔2026〕1号", text: "涉嫌非法集资线索")
        return town
    }

    /// The city's book, in which 告知承诺 may also look at a watch list.
    private static func openedBook() throws -> PolicyBook {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let copy = "/tmp/tianzhong-book-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: root.appending(path: "PolicyBook").path, toPath: copy)
        let matters = try String(contentsOfFile: "\(copy)/matters.yaml", encoding: .utf8)
        try matters.replacing("overloading, red-honour], resources: [ZMD-08-0001", with: "overloading, red-honour, watch-finance], resources: [ZMD-08-0001")
            .write(toFile: "\(copy)/matters.yaml", atomically: false, encoding: .utf8)
        return try PolicyBook.load(from: copy, on: morning.date)
    }

    private static func entry(
        _ firm: Firm, _ document: String, reason: String, from: String, until: String = "", _ changes: [String: String] = [:]
    ) -> [String: String] {
        ["失信主体名称": firm.name, "被执行人名称": firm.name, "统一社会信用代码": firm.code, "列入决定文书号": document, "执行案号": document, "列入事由": reason, "认定机关": "驻马店市认定机关",
         "列入日期": from, "发布日期": from, "期限届满日期": until, "名单状态": "在列", "状态日期": from, "立案日期": from].merging(changes) { $1 }
    }

    /// Delivers rows given by names of fields; what a row lacks and the resource requires is filled with what suits any of its kind.
    func deliver(_ code: String, _ rows: [[String: String]], at now: Instant = morning.adding(days: -1)) async throws {
        let resource = try #require(book.resource(code, on: now.date))
        let provider = try #require(book.providers(of: resource).first)
        let lines = rows.map { row in resource.fields.map { quoted(row[$0.name] ?? filler($0, now.date)) }.joined(separator: ",") }
        let text = ([resource.fields.map(\.name).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
        var file = try directory.store.incoming(of: provider.code, at: now)
        try file.append(Array(text.utf8).span)
        let desk = DeliveryDesk(directory: directory, book: book)
        let request = DeliveryRequest(resource: code, provider: provider.code, fileName: "名单.csv", channel: .commandLine)
        let (delivery, _) = try desk.receive(try file.finish(), as: request, at: now)
        let done = try await desk.work(on: delivery.number, clock: { now })
        let returned = try directory.store.rejections(of: done.number)
        try #require(done.accepted == rows.count, "\(code): \(done.fault ?? "") \(returned)")
    }

    private func quoted(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }

    private func filler(_ field: Field, _ day: CivilDate) -> String {
        guard field.required else { return "" }
        return switch field.type {
        case .date: day.description
        case .code(let set): book.codeSets[set]?.values.first?.name ?? ""
        case .text: "测试"
        default: "1"
        }
    }

    /// Puts a firm on a list by decision and entry.
    func enter(_ firm: Firm, on list: String, document: String, text: String, at now: Instant = morning.adding(days: -1)) throws {
        let subject = try key(firm.code)
        let decision = ListingStep(list: list, subject: subject, kind: .decision, day: now.date, document: document, text: text, actor: "a", body: "ZMD-FGW", at: now)
        let kept = try #require(try directory.registry.listings.append(decision, after: nil))
        let entry = ListingStep(procedure: kept.procedure, list: list, subject: subject, kind: .entry, day: now.date, actor: "b", body: "ZMD-FGW", at: now)
        _ = try #require(try directory.registry.listings.append(entry, after: kept.number))
    }

    /// Takes a firm off a list that a record put it on.
    func remove(_ firm: Firm, from list: String, at now: Instant) throws {
        let subject = try key(firm.code)
        let listed = try ListingBook(reader: reader).listings(of: SubjectKey(subject), at: now)
        let listing = try #require(listed?.listings.all.first { $0.list == list })
        guard case .record(let record) = listing.source else { return }
        let step = ListingStep(
            list: list, subject: subject, record: record.description, kind: .removal, day: now.date, document: "移〔2026〕1号", text: "已修复", ground: .repair, actor: "a",
            body: "ZMD-SCJG", at: now)
        _ = try #require(try directory.registry.listings.append(step, after: nil))
    }

    func key(_ code: String) throws -> RegistryKey { RegistryKey(reader.key(of: try identifier(code))) }

    func identifier(_ code: String) throws -> Identifier {
        let found = Identifier.recognise(Array(code.utf8).span, on: Self.morning.date)
        return try #require(found)
    }

    func body(_ code: String = "ZMD-SCJG") throws -> PublicBody { try #require(book.body(code)) }

    // MARK: Numbers

    static func moment(_ text: String) -> Instant {
        guard let moment = Instant.parse(text) else { preconditionFailure("\(text) is no time") }
        return moment
    }

    static func creditCode(_ number: Int) -> String {
        let inner = "MA" + padded(number, 6)
        let start = "91411700\(inner)\(character(Identifier.checkCharacter(forOrganisationCode: Array(inner.utf8).span)))"
        return start + character(Identifier.checkCharacter(forUSCC: Array(start.utf8).span))
    }

    static func registrationNumber(_ number: Int) -> String {
        let start = "411700" + padded(number, 8)
        return start + character(Identifier.checkCharacter(forRegistrationNumber: Array(start.utf8).span))
    }

    static func citizenNumber(_ birth: String, _ number: Int) -> String {
        let start = "411702\(birth)" + padded(number, 3)
        return start + character(Identifier.checkCharacter(forCitizenNumber: Array(start.utf8).span))
    }

    private static func padded(_ number: Int, _ width: Int) -> String { String(repeating: "0", count: width - "\(number)".count) + "\(number)" }

    private static func character(_ byte: UInt8?) -> String { byte.map { String(UnicodeScalar($0)) } ?? "?" }
}

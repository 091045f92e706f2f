import Identifiers
import Intake
import Archive
import FoundationEssentials
import Policy
import Registry
import Tables
import Testing

@Suite("What bad rows and files get")
struct RowFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let column: String
        let value: String
        let code: RowFaultCode
        let field: String

        init(_ column: String, _ value: String, _ code: RowFaultCode, _ field: String) {
            self.column = column
            self.value = value
            self.code = code
            self.field = field
        }

        var testDescription: String { "\(column) = \(value)" }
    }

    static let cases = [
        Case("统一社会信用代码", "91411700MA00000A9D", .identifierWrong, "CF_XDR_SHXYM"),
        Case("统一社会信用代码", "9144030O1922038216", .identifierWrong, "CF_XDR_SHXYM"),
        Case("统一社会信用代码", "9141170", .identifierWrong, "CF_XDR_SHXYM"),
        Case("行政相对人名称", "123456", .nameInvalid, "CF_XDR_MC"),
        Case("行政相对人名称", "店", .nameInvalid, "CF_XDR_MC"),
        Case("行政相对人名称", String(repeating: "长", count: 201), .tooLong, "CF_XDR_MC"),
        Case("行政处罚决定文书号", "", .requiredMissing, "CF_WSH"),
        Case("处罚决定日期", "2026-02-29", .dateImpossible, "CF_JDRQ"),
        Case("处罚决定日期", "2026-07-01", .dateFuture, "CF_JDRQ"),
        Case("处罚有效期", "2026-01-01", .order, "CF_JDRQ"),
        Case("罚款金额（万元）", "1.2345678", .decimalScale, "CF_NR_FK"),
        Case("罚款金额（万元）", "两万", .numberWrong, "CF_NR_FK"),
        Case("罚款金额（万元）", "-1", .outOfRange, "CF_NR_FK"),
        Case("罚款金额（万元）", "", .requiredMissing, "CF_NR_FK"),
        Case("处罚类别", "罚酒三杯", .codeUnknown, "CF_CFLB"),
        Case("处罚机关统一社会信用代码", "91411700MA00000A9C", .identifierWrong, "CF_CFJGDM"),
    ]

    @Test("a fault names field, value, reason and cure", arguments: cases)
    func fault(_ given: Case) async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.csv([given.column: given.value]))
        #expect(done.rejected == 1, "\(done.fault ?? "")")
        let faults = try city.rejections(done).flatMap(\.faults)
        let fault = try #require(faults.first { $0.code == given.code && $0.field == given.field }, "\(faults)")
        #expect(fault.value == given.value || given.value.count > 200 || given.code == .order)
        #expect(!fault.message.isEmpty && !fault.cure.isEmpty)
    }

    @Test("what only looks odd is taken", arguments: [
        ("统一社会信用代码", "９１４１１７００ＭＡ０００００Ａ９Ｃ"), ("统一社会信用代码", "91411700ma00000a9c "), ("统一社会信用代码", "91411700-MA00000A9-C"),
        ("处罚决定日期", "2026/5/6"), ("处罚决定日期", "20260506"), ("处罚决定日期", "２０２６年５月６日"), ("处罚有效期", "长期"), ("处罚类别", "罚款；警告"),
    ])
    func sound(_ column: String, _ value: String) async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.csv([column: value]))
        let returned = try city.rejections(done)
        #expect(done.accepted == 1, "\(returned)")
        #expect(try city.file(Penalties.firm)?.records.count == 1)
    }

    @Test("several faults of one row are all named")
    func allAtOnce() async throws {
        let city = try TestCity()
        let done = try await city.deliver(
            Penalties.csv(["行政处罚决定文书号": "", "处罚决定日期": "明天", "罚款金额（万元）": "x", "处罚类别": "?"]))
        let fields = Set(try city.rejections(done).flatMap(\.faults).map(\.field))
        #expect(fields.isSuperset(of: ["CF_WSH", "CF_JDRQ", "CF_NR_FK", "CF_CFLB"]))
    }

    @Test("a torn row is returned, the others are taken")
    func ragged() async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.csv([:]) + "只有,三,格\n" + Penalties.row(["行政处罚决定文书号": "7号"]) + "\n")
        #expect((done.rows, done.accepted, done.rejected) == (3, 2, 1))
        #expect(try city.rejections(done).first?.faults.map(\.code) == [.ragged])
    }

    @Test("a file that cannot be taken as a whole is refused with its cure, and nothing enters", arguments: [
        ("", "空"), (Penalties.header + "\n", "没有数据行"), ("甲,乙\n1,2\n", "没有找到"),
        (Penalties.header + ",闯红灯次数\n" + Penalties.row() + ",1\n", "闯红灯次数"),
        (Penalties.header.replacing("处罚有效期,", with: "") + "\n", "缺少必填列“处罚有效期”"),
        (Penalties.header + ",决定文书号\n" + Penalties.row() + ",1\n", "都是“行政处罚决定文书号”"),
        (Penalties.header + "\n\"没有收尾的引号,\n", "引号"), (Penalties.header + "\n" + Penalties.row() + "\0\n", "NUL"),
    ])
    func refused(_ text: String, _ part: String) async throws {
        let city = try TestCity()
        do {
            let done = try await city.deliver(text)
            #expect(done.state == .refused)
            #expect(done.fault?.contains(part) == true, "\(done.fault ?? "")")
        } catch let fault as DeliveryFault {
            #expect(fault.description.contains(part))
        }
        #expect(try city.directory.archive.markers().isEmpty)
        #expect(try city.file(Penalties.firm) == nil)
    }

    @Test("unknown resource, unknown provider, a provider of something else")
    func admission() throws {
        let city = try TestCity()
        func code(_ resource: String, _ provider: String) -> DeliveryFault.Code? {
            do throws(DeliveryFault) {
                try city.desk.admit(
                    DeliveryRequest(resource: resource, provider: provider, fileName: "a", channel: .api), on: TestCity.today)
                return nil
            } catch { return error.code }
        }
        #expect(code("ZMD-99-0001", "ZMD-SCJG") == .unknownResource)
        #expect(code(Penalties.resource, "ZMD-NOBODY") == .unknownProvider)
        #expect(code("ZMD-07-0002", "ZMD-SCJG") == .notProvider)
        #expect(code(Penalties.resource, "ZMD-SCJG") == nil)
    }

    @Test("a value is cut by characters of the code table, however few letters it shows")
    func longValue() {
        let fault = RowFault(.tooLong, value: "a" + String(repeating: "\u{301}", count: 1 << 20), message: "", cure: "")
        #expect(fault.value.unicodeScalars.count == 201)
    }

    @Test("the returned rows come back in their layout with one more column, and can be sent again once mended")
    func returnedRows() async throws {
        let city = try TestCity()
        let done = try await city.deliver(
            Penalties.csv([:], ["行政处罚决定文书号": "2号", "处罚决定日期": "2026-02-30"], ["行政处罚决定文书号": "3号"]))
        let path = city.path + "/returned.csv"
        try ReturnedRows(directory: city.directory, book: TestCity.book).write(done, as: .csv(.utf8BOM), to: path)
        let bytes = try #require(readWhole(path))
        var text = String(decoding: bytes.dropFirst(3), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
        #expect(lines.count == 2)
        #expect(lines[0] == Penalties.header + ",退回原因")
        #expect(lines[1].contains("2026-02-30") && lines[1].contains("不是存在的日期"))
        text = text.replacing("2026-02-30,", with: "2026-02-28,")
        let again = try await city.deliver(text)
        #expect((again.rows, again.accepted) == (1, 1), "\(again.fault ?? "")")
    }
}

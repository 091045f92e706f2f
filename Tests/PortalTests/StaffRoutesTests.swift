import Archive
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Intake
import NIOCore
import Registry
import Testing

@testable import Portal

/// The subject a row was joined to.
enum SourceKey {
    static func subject(of place: Place, _ id: String) throws -> String? {
        guard let id = RecordID(id) else { return nil }
        return try SourceReader(directory: place.directory, book: place.portal.book).row(id)?.subject?.description
    }
}

@Suite("Staff pages") struct StaffRoutesTests {
    /// The token and cookie of the form on a page.
    static func form(_ client: any TestClientProtocol, _ path: String) async throws -> (token: String, cookie: String) {
        try await client.execute(uri: path, method: .get) { response in
            let text = response.text
            // The page's own form, not those of its header.
            let main = try #require(text.firstRange(of: "<main"))
            let rest = text[main.upperBound...]
            let start = try #require(rest.firstRange(of: "name=\"token\" value=\""))
            let token = String(rest[start.upperBound...].prefix { $0 != "\"" })
            return (token, "x=1")
        }
    }

    static func multipart(_ fields: [(String, String)], file: String?, name: String = "处罚.csv") -> ByteBuffer {
        var text = ""
        for (field, value) in fields { text += "--B0\r\nContent-Disposition: form-data; name=\"\(field)\"\r\n\r\n\(value)\r\n" }
        text += "--B0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(file == nil ? "" : name)\"\r\nContent-Type: text/csv\r\n\r\n"
        return ByteBuffer(string: text + (file ?? "") + "\r\n--B0--\r\n")
    }

    static func upload(
        _ client: any TestClientProtocol, _ fields: [(String, String)], file: String?, cookie: String
    ) async throws -> TestResponse {
        try await client.execute(
            uri: "/staff/deliveries", method: .post, headers: [.contentType: "multipart/form-data; boundary=B0", .cookie: cookie],
            body: multipart(fields, file: file)) { $0 }
    }

    /// Asks until the receipt is decided.
    static func receipt(_ client: any TestClientProtocol, _ path: String) async throws -> String {
        for _ in 0..<200 {
            let text = try await client.execute(uri: path, method: .get) { $0.text }
            if !text.contains("正在处理") { return text }
            try await Task.sleep(for: .milliseconds(25))
        }
        return "never decided"
    }

    static let file = SampleFile.penalties([
        .init(), .init(document: "驻市监处罚〔2026〕2号", date: "2026-13-01"), .init(code: "91411700MA00000A9D", document: "驻市监处罚〔2026〕3号"),
    ])
    static let fields = [("resource", "ZMD-03-0002"), ("provider", "ZMD-SCJG")]

    @Test("upload, receipt that adds up, rejections by cause, returned rows, the same file again, withdrawal")
    func delivery() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.live(as: .centre) { client in
            let (token, cookie) = try await Self.form(client, "/staff/deliveries/new")
            let sent = try await Self.upload(client, [("token", token)] + Self.fields, file: Self.file, cookie: cookie)
            #expect(sent.status == .seeOther && sent.headers[.location] == "/staff/deliveries/1", "\(sent.text)")
            let receipt = try await Self.receipt(client, "/staff/deliveries/1")
            #expect(receipt.contains("<strong>3</strong><span>总行") && receipt.contains("<strong>1</strong><span>入库") && receipt.contains("<strong>2</strong><span>退回"))
            let rejections = try await client.execute(uri: "/staff/deliveries/1/rejections", method: .get) { $0.text }
            #expect(rejections.contains("2026-13-01") && rejections.contains("处罚决定日期") && rejections.contains("改法") && rejections.contains("统一社会信用代码"))
            let narrowed = try await client.execute(uri: "/staff/deliveries/1/rejections?cause=date-impossible.CF_JDRQ", method: .get) { $0.text }
            #expect(narrowed.contains("共 1 行"))
            let csv = try await client.execute(uri: "/staff/deliveries/1/rejected.csv", method: .get) { $0.text }
            #expect(csv.contains("退回原因") && csv.contains("〔2026〕2号") && csv.contains("〔2026〕3号") && !csv.contains("〔2026〕1号"))
            try await client.execute(uri: "/staff/deliveries/1/rejected.xlsx", method: .get) { #expect($0.text.hasPrefix("PK")) }
            let again = try await Self.upload(client, [("token", token)] + Self.fields, file: Self.file, cookie: cookie)
            #expect(again.headers[.location] == "/staff/deliveries/1?repeat=1")
            try await client.execute(uri: "/staff/deliveries/1?repeat=1", method: .get) { #expect($0.text.contains("没有重复入库")) }
            try await client.execute(uri: "/staff/deliveries?state=committed", method: .get) { #expect($0.text.contains("共 1 批")) }
            try await client.execute(uri: "/staff", method: .get) { #expect($0.text.contains("处罚.csv")) }
            try await client.execute(uri: "/staff/coverage", method: .get) { #expect($0.text.contains("66.7%")) }
            try await withdraw(client, receipt: receipt, cookie: cookie)
        }
    }

    private func withdraw(_ client: any TestClientProtocol, receipt: String, cookie: String) async throws {
        // A token of another form, given to the same session.
        let foreign = try await Self.form(client, "/staff/deliveries/new").token
        func post(_ token: String, _ reason: String) async throws -> HTTPResponse.Status {
            try await client.execute(
                uri: "/staff/deliveries/1/withdrawal", method: .post, headers: [.contentType: "application/x-www-form-urlencoded", .cookie: cookie],
                body: ByteBuffer(string: "token=\(token)&reason=\(PercentCoding.encode(reason))")) { $0.status }
        }
        #expect(try await post(foreign, "整批报错，重新报送") == .forbidden)
        let token = try await Self.form(client, "/staff/deliveries/1").token
        #expect(try await post(token, "x") == .badRequest)
        #expect(try await post(token, "整批报错，重新报送") == .seeOther)
        #expect(try await post(token, "整批报错，重新报送") == .conflict)
        try await client.execute(uri: "/staff/deliveries/1", method: .get) { #expect($0.text.contains("本批已撤回") && $0.text.contains("整批报错")) }
    }

    @Test("an upload that cannot be taken gives the form back with what to mend, and keeps nothing")
    func faultyUploads() async throws {
        let place = try Place(uploadLimit: 64 << 10)
        defer { place.close() }
        try await place.live(as: .centre) { client in
            let (token, cookie) = try await Self.form(client, "/staff/deliveries/new")
            let noFile = try await Self.upload(client, [("token", token)] + Self.fields, file: nil, cookie: cookie)
            #expect(noFile.status == .badRequest && noFile.text.contains("请选择要上传的文件") && noFile.text.contains("错误："))
            #expect(noFile.text.contains("value=\"ZMD-SCJG\" selected"))
            let empty = try await Self.upload(client, [("token", token)] + Self.fields, file: "", cookie: cookie)
            #expect(empty.status == .badRequest && empty.text.contains("0 字节"))
            let wrong = try await Self.upload(client, [("token", token), ("resource", "ZMD-99"), ("provider", "ZMD-SCJG")], file: "x", cookie: cookie)
            #expect(wrong.status == .badRequest && wrong.text.contains("ZMD-99"))
            let noToken = try await Self.upload(client, Self.fields, file: Self.file, cookie: cookie)
            #expect(noToken.status == .forbidden && noToken.text.contains("表单已失效"))
            let large = try await Self.upload(client, [("token", token)] + Self.fields, file: String(repeating: "x", count: 2 << 20), cookie: cookie)
            #expect(large.status == .contentTooLarge)
            try await client.execute(
                uri: "/staff/deliveries", method: .post, headers: [.contentType: "multipart/form-data; boundary=B0"], body: ByteBuffer(string: "--B0\r\nConte")) {
                #expect($0.status == .badRequest)
            }
            try await client.execute(uri: "/staff/deliveries", method: .post, headers: [.contentType: "text/csv"], body: ByteBuffer(string: "a")) {
                #expect($0.status == .unsupportedMediaType)
            }
            try await client.execute(
                uri: "/staff/deliveries", method: .post,
                headers: [.contentType: "multipart/form-data; boundary=B0", .origin: "http://evil.example"], body: Self.multipart([], file: "x")) {
                #expect($0.status == .forbidden)
            }
        }
        #expect(try place.directory.registry.deliveries.list().total == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place.directory.store.root)/incoming").isEmpty)
    }

    @Test("a file that is refused whole says so on its receipt")
    func refused() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.live(as: .centre) { client in
            let (token, cookie) = try await Self.form(client, "/staff/deliveries/new")
            _ = try await Self.upload(client, [("token", token)] + Self.fields, file: "姓名,备注\n甲,乙\n", cookie: cookie)
            let receipt = try await Self.receipt(client, "/staff/deliveries/1")
            #expect(receipt.contains("没有任何一行入库") && receipt.contains("表头"))
        }
    }

    @Test("a person is found by the whole number, by POST, and leaves the number in no address")
    func persons() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.deliver(SampleFile.personPenalty, resource: "ZMD-03-0004", provider: "ZMD-SCJG")
        try await place.live(as: .centre) { client in
            let (token, cookie) = try await Self.form(client, "/staff/persons")
            func find(_ number: String) async throws -> TestResponse {
                try await client.execute(
                    uri: "/staff/persons", method: .post, headers: [.contentType: "application/x-www-form-urlencoded", .cookie: cookie],
                    body: ByteBuffer(string: "token=\(token)&kind=4&number=\(number)")) { $0 }
            }
            let found = try await find(SampleFile.person)
            let path = try #require(found.headers[.location])
            #expect(found.status == .seeOther && !path.contains(SampleFile.person))
            let page = try await client.execute(uri: path, method: .get) { $0.text }
            #expect(page.contains("驻公交罚〔2026〕9号") && !page.contains(SampleFile.person) && page.contains("自然人"))
            #expect(try await find("411702190001010023").text.contains("没有找到"))
            #expect(try await find("412825190001010033").status == .badRequest)
            #expect(try await find("").status == .badRequest)
        }
    }

    @Test("from a record to its source row, with neighbours and what each column became")
    func source() async throws {
        let place = try await PublicRoutesTests.city()
        defer { place.close() }
        try await place.live(as: .centre) { client in
            let path = try await PublicRoutesTests.firmPath(client)
            let page = try await client.execute(uri: "/staff\(path)", method: .get) { $0.text }
            #expect(page.contains("/staff/records/2-3/source"))
            let source = try await client.execute(uri: "/staff/records/2-3/source", method: .get) { $0.text }
            #expect(source.contains("来源行</span>4") && source.contains("source-line") && source.contains("〔2026〕2号"))
            #expect(source.contains("SECRET-NUMBER") && source.contains("CF_JDRQ") && source.contains("用于认定主体"))
            let rejected = try await client.execute(uri: "/staff/records/2-2/source", method: .get) { $0.text }
            #expect(rejected.contains("没有归到任何主体") || rejected.contains("未入库"))
            #expect(try await client.execute(uri: "/staff/records/2-9/source", method: .get) { $0.status } == .notFound)
            let record = try await client.execute(uri: "/staff/records/2-3", method: .get) { $0.text }
            #expect(record.contains("****MBER"))
        }
    }

    @Test("the event stream of a decided delivery ends at once")
    func events() async throws {
        let place = try await PublicRoutesTests.city()
        defer { place.close() }
        try await place.live(as: .centre) { client in
            try await client.execute(uri: "/staff/deliveries/2/progress", method: .get) { response in
                #expect(response.headers[.contentType]?.hasPrefix("text/event-stream") == true && response.text.contains("event: end"))
            }
        }
    }
}

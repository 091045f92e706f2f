import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Intake
import NIOCore
import Registry
import Testing

@testable import Portal

@Suite("API") struct APIRoutesTests {
    /// The parts of an OpenAPI document that the test compares.
    struct Document: Decodable {
        var openapi: String
        var paths: [String: [String: Operation]]

        struct Operation: Decodable { var operationId: String }
    }

    @Test("every route of the API is in the document, and nothing else")
    func document() async throws {
        let place = try Place()
        defer { place.close() }
        let routes = place.portal.router().routes.filter { "\($0.path)".hasPrefix("/api/v1") && $0.method != .head }.map { route in
            let path = "\(route.path)".dropFirst("/api/v1".count).split(separator: "/").map { part in
                part.hasPrefix(":") ? "{\(part.dropFirst())}" : part.hasPrefix("{") ? String(part) : String(part)
            }
            return "\(route.method.rawValue.lowercased()) /\(path.joined(separator: "/"))"
        }
        let document = try await place.routed { client in
            try await client.execute(uri: "/api/v1/openapi.json", method: .get) {
                try JSONDecoder().decode(Document.self, from: Data($0.body.readableBytesView))
            }
        }
        let described = document.paths.flatMap { path, operations in operations.keys.map { "\($0) \(path)" } }
        #expect(document.openapi.hasPrefix("3.1"))
        #expect(Set(routes) == Set(described))
        #expect(routes.count == described.count)
        let ids = document.paths.values.flatMap { $0.values.map(\.operationId) }
        #expect(Set(ids).count == ids.count)
    }

    @Test("subjects, records and catalogue as JSON")
    func reading() async throws {
        let place = try await PublicRoutesTests.city()
        defer { place.close() }
        try await place.routed { client in
            let health = try await client.execute(uri: "/api/v1/healthz", method: .get) { $0.text }
            #expect(health.contains("\"status\":\"ok\"") && health.contains("\"records\":3"))
            let hits = try await client.execute(uri: "/api/v1/subjects?q=\(SampleFile.firm)", method: .get) { $0.text }
            let start = try #require(hits.firstRange(of: "\"key\":\""))
            let key = String(hits[start.upperBound...].prefix(32))
            let subject = try await client.execute(uri: "/api/v1/subjects/\(key)", method: .get) { $0.text }
            #expect(subject.contains("\"section\":\"administration\"") && subject.contains("\"count\":2"))
            let records = try await client.execute(uri: "/api/v1/subjects/\(key)/records?section=administration", method: .get) { $0.text }
            #expect(records.contains("\"total\":2") && records.contains("CF_WSH") && !records.contains("SECRET-NUMBER"))
            let record = try await client.execute(uri: "/api/v1/records/2-1?subject=\(key)", method: .get) { $0.text }
            #expect(record.contains("\"line\":2") && record.contains("\"fileName\":\"处罚.csv\""))
            try await client.execute(uri: "/api/v1/catalogue", method: .get) { #expect($0.text.contains("ZMD-03-0002")) }
            try await client.execute(uri: "/api/v1/catalogue/ZMD-03-0002", method: .get) { #expect($0.text.contains("\"businessKey\":[\"CF_WSH\",\"CF_CFJGDM\"]")) }
        }
    }

    /// The parts of a standing that the test compares.
    struct StandingFigures: Decodable, Sendable {
        struct Count: Decodable, Sendable { var records: Int; var superseded: Int? }
        struct Part: Decodable, Sendable { var count: Count; var href: String }
        var total: Count
        var resources: [Part]
        var classes: [Part]
    }

    struct ListFigures: Decodable, Sendable { var total: Int }

    @Test("a standing counts what the subject page shows, and its links open to as many records")
    func standing() async throws {
        let place = try await PublicRoutesTests.city()
        defer { place.close() }
        try await place.live(as: .centre) { client in
            func json<Value: Decodable & Sendable>(_ type: Value.Type, _ uri: String) async throws -> Value {
                let body = try await client.execute(uri: uri, method: .get) { $0.body }
                return try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
            }
            let hits = try await client.execute(uri: "/api/v1/subjects?q=\(SampleFile.firm)", method: .get) { $0.text }
            let start = try #require(hits.firstRange(of: "\"key\":\""))
            let key = String(hits[start.upperBound...].prefix(32))
            for (scope, page) in [("public", "/subjects/\(key)"), ("all", "/staff/subjects/\(key)")] {
                let standing = try await json(StandingFigures.self, "/api/v1/subjects/\(key)/standing?scope=\(scope)")
                let text = try await client.execute(uri: page, method: .get) { $0.text }
                #expect(text.contains("<dt>现行记录</dt><dd>\(standing.total.records) 条</dd>"), "\(scope)")
                #expect(text.contains("概览<span class=\"tab-count\">\(standing.total.records)</span>"))
                #expect((standing.total.superseded == nil) == (scope == "public"))
                #expect(standing.resources.reduce(0) { $0 + $1.count.records } == standing.total.records)
                for part in standing.resources + standing.classes {
                    #expect(try await json(ListFigures.self, part.href).total == part.count.records, "\(part.href)")
                }
            }
            try await client.execute(uri: "/subjects/\(key)?resource=ZMD-03-0002", method: .get) {
                #expect($0.status == .ok && $0.text.contains("共 2 条"))
            }
        }
    }

    @Test("faults are problem details that name the input", arguments: [
        ("/subjects?q=x", 400, "\"name\":\"q\""), ("/subjects/zz", 404, "subject-unknown"), ("/subjects/00112233445566778899aabbccddeeff?asOf=x", 400, "\"name\":\"asOf\""),
        ("/subjects/00112233445566778899aabbccddeeff?scope=x", 400, "\"name\":\"scope\""), ("/subjects/00112233445566778899aabbccddeeff/standing", 404, "subject-unknown"),
        ("/subjects/00112233445566778899aabbccddeeff/records?class=x", 400, "\"name\":\"class\""), ("/records/1", 404, "record-unknown"), ("/catalogue/x", 404, "resource-unknown"),
        ("/subjects?q=%zz", 400, "bad-query"), ("/records/1-1?subject=", 400, "\"name\":\"subject\""), ("/records/1-1?subject=zz", 400, "bad-subject"),
        ("/records/1-1?scope=", 400, "bad-scope"), ("/subjects?q=演示&page=0", 400, "\"name\":\"page\""), ("/subjects?q=\(String(repeating: "演", count: 101))", 400, "bad-search"),
    ])
    func faults(path: String, status: Int, text: String) async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            try await client.execute(uri: "/api/v1\(path)", method: .get) { response in
                #expect(response.status.code == status && response.text.contains(text), "\(response.text)")
                #expect(response.headers[.contentType] == "application/problem+json; charset=utf-8")
                #expect(response.text.contains("\"cure\"") && response.text.contains("urn:tianzhong:problem:"))
            }
        }
    }

    @Test("a program delivers a file, follows it, reads its rejections, withdraws it")
    func delivering() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.live(as: .centre) { client in
            let uri = "/api/v1/deliveries?resource=ZMD-03-0002&provider=ZMD-SCJG&fileName=a.csv"
            let sent = try await client.execute(uri: uri, method: .post, body: ByteBuffer(string: StaffRoutesTests.file)) { $0 }
            #expect(sent.status == .accepted && sent.headers[.location] == "/api/v1/deliveries/1", "\(sent.text)")
            _ = try await StaffRoutesTests.receipt(client, "/staff/deliveries/1")
            try await client.execute(uri: "/api/v1/deliveries/1", method: .get) { response in
                #expect(response.text.contains("\"state\":\"committed\"") && response.text.contains("\"rows\":3") && response.text.contains("\"rejected\":2"))
            }
            let again = try await client.execute(uri: uri, method: .post, body: ByteBuffer(string: StaffRoutesTests.file)) { $0 }
            #expect(again.status == .ok && again.text.contains("\"number\":1"))
            try await client.execute(uri: "/api/v1/deliveries/1/rejections", method: .get) { #expect($0.text.contains("date-impossible") && $0.text.contains("\"total\":2")) }
            try await client.execute(uri: "/api/v1/deliveries?state=committed", method: .get) { #expect($0.text.contains("\"total\":1")) }
            try await client.execute(uri: "/api/v1/records/1-1/source", method: .get) { #expect($0.text.contains("\"line\":2")) }
            try await client.execute(uri: "/api/v1/coverage", method: .get) { #expect($0.text.contains("\"rejected\":2")) }
            let json: HTTPFields = [.contentType: "application/json"]
            try await client.execute(uri: "/api/v1/deliveries/1/withdrawal", method: .post, headers: json, body: ByteBuffer(string: "{}")) { #expect($0.status == .badRequest) }
            try await client.execute(uri: "/api/v1/deliveries/1/withdrawal", method: .post, headers: json, body: ByteBuffer(string: "{\"reason\":\"整批报错\"}")) {
                #expect($0.status == .ok && $0.text.contains("\"state\":\"withdrawn\""))
            }
            for (query, status) in [("", 400), ("?resource=NO&provider=ZMD-SCJG&fileName=a", 422), ("?resource=ZMD-03-0002&provider=NO&fileName=a", 422)] {
                try await client.execute(uri: "/api/v1/deliveries\(query)", method: .post, body: ByteBuffer(string: "x")) { #expect($0.status.code == status, "\(query)") }
            }
            try await client.execute(uri: "\(uri)&x=1", method: .post, body: ByteBuffer(string: "")) { #expect($0.status.code == 422) }
        }
    }

    @Test("the same file from 64 senders at once: one delivery, the same receipt for all, nothing left over")
    func manySenders() async throws {
        let place = try Place()
        defer { place.close() }
        let uri = "/api/v1/deliveries?resource=ZMD-03-0002&provider=ZMD-SCJG&fileName=a.csv"
        let cookie = try place.cookie(of: .centre)
        try await place.live { live in
            // A connection each; patient, since the cores are shared with every other test.
            let senders = (0..<64).map { _ in
                TestClient(host: "127.0.0.1", port: live.port ?? 0, configuration: .init(timeout: .seconds(600)))
            }
            for sender in senders { sender.connect() }
            for round in 1...5 {
                let body = ByteBuffer(string: SampleFile.penalties([.init(document: "\(round)号")]))
                let answers = try await withThrowingTaskGroup(of: (HTTPResponse.Status, String).self) { group in
                    for sender in senders {
                        group.addTask {
                            let response = try await sender.execute(.init(uri, method: .post, authority: "127.0.0.1", headers: [.cookie: cookie], body: body))
                            return (response.status, String(buffer: response.body ?? ByteBuffer()))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.count(where: { $0.0 == .accepted }) == 1)
                #expect(answers.allSatisfy { $0.1.contains("\"number\":\(round),") }, "\(answers.first?.1 ?? "")")
            }
            for sender in senders { try await sender.shutdown() }
        }
        #expect(try place.directory.registry.deliveries.list().total == 5)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place.directory.store.root)/incoming").isEmpty)
    }
}

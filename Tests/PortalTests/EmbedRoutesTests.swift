import Access
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import Measures
import NIOCore
import Policy
import Registry
import Testing

@testable import Portal

/// 信用核查 in the pages of other systems: a question that is signed once, an answer that only the registered page may frame.
@Suite struct EmbedRoutesTests {
    private static let host = "https://sp.example.gov.cn"

    private func program(_ town: Town, scopes: [String] = ["verifications"], contractUntil: CivilDate? = nil) throws -> Program {
        try Program("gate", body: "ZMD-SCJG", scopes: scopes, contractUntil: contractUntil, origins: [Self.host], in: town.place)
    }

    /// A signed question about the town's firm, unless changed.
    private func question(_ town: Town, _ program: Program, _ change: (inout Program.Claims) -> Void = { _ in }) async throws -> String {
        let code = try #require(try town.place.directory.registry.organisations.find(town.firm)?.uscc)
        return try await program.assertion(town.place) { claims in
            claims.aud = ["https://localhost/embed/verification"]
            (claims.matter, claims.caseNumber, claims.identifier) = ("XK-02", "C-9", code)
            (claims.handler, claims.origin) = ("王经办", Self.host)
            change(&claims)
        }
    }

    /// How many events of verifications there are.
    private func events(_ town: Town) throws -> Int {
        var filter = AccessEvents.Filter()
        filter.actor = "gate"
        filter.action = .verify
        return try town.place.access.registry.events.search(filter, limit: 1, offset: 0).total
    }

    private func ask(_ client: any TestClientProtocol, _ request: String) async throws -> TestResponse {
        try await client.post("/embed/verification", nil, [("request", request)])
    }

    private func hidden(_ name: String, in page: String) -> String {
        guard let start = page.firstRange(of: "name=\"\(name)\" value=\"") else { return "" }
        return String(page[start.upperBound...].prefix { $0 != "\"" })
    }

    @Test("a signed question is answered, logged under the program and its official, and the outcome is posted in the same place")
    func answered() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try program(town)
        let request = try await question(town, program)
        try await town.place.routed { client in
            let wait = try await client.get("/embed/verification?client=gate")
            #expect(wait.headers[.contentSecurityPolicy]?.contains("frame-ancestors \(Self.host);") == true && wait.headers[.frameOptions] == nil)
            let page = try await ask(client, request)
            #expect(page.status == .ok && page.text.contains("可办理") && page.text.contains("data-origin=\"\(Self.host)\""), "\(page.text)")
            #expect(page.headers[.contentSecurityPolicy]?.contains("frame-ancestors \(Self.host);") == true && page.headers[.frameOptions] == nil)
            let action = try #require(page.text.firstRange(of: "/embed/verification/")).upperBound
            let number = String(page.text[action...].prefix { $0.isNumber })
            let position = try #require(Int64(number))
            let event = try #require(try town.place.access.registry.events.event(position))
            #expect(event.action == .verify && event.actor == "gate" && event.actorName.hasSuffix("王经办") && event.caseNumber == "C-9" && event.subject == town.firm)
            let uri = "/embed/verification/\(number)/outcome"
            let sent = ["token", "client", "handler", "origin"].map { ($0, hidden($0, in: page.text)) }
            let half = try await client.post(uri, nil, sent + [("applied", "yes"), ("reason", "r")])
            #expect(half.status == .badRequest && half.text.contains("须有决定文号") && half.text.contains("可办理"))
            let done = try await client.post(uri, nil, sent + [("applied", "no"), ("reason", "不涉及")])
            #expect(done.status == .ok && done.text.contains("已反馈") && done.text.contains("outcome"))
            // Whatever goes wrong, the frame is not blank: who may frame the page is said by its address.
            for (uri, fields) in [("\(uri)?client=gate", [("token", "")]), ("/embed/verification/0/outcome?client=gate", sent)] {
                let fault = try await client.post(uri, nil, fields)
                #expect(fault.headers[.contentSecurityPolicy]?.contains("frame-ancestors \(Self.host);") == true && fault.headers[.frameOptions] == nil, "\(uri)")
            }
            for other in ["/embed/verification", "/embed/verification?client=demo", "/embed/verification?client=nobody"] {
                #expect(try await client.get(other).headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true, "\(other)")
            }
            // Of another official, page or verification the form is nobody's.
            for (name, value) in [("handler", "别人"), ("origin", "https://other.example"), ("client", "demo"), ("token", "")] {
                let forged = try await client.post(uri, nil, sent.map { $0.0 == name ? (name, value) : $0 } + [("applied", "no"), ("reason", "r")])
                #expect(forged.status == .forbidden || forged.status == .badRequest, "\(name): \(forged.status)")
                #expect(!forged.text.contains("已反馈"))
            }
        }
    }

    @Test("a question is good once, for this address, of this program's page and key, for minutes")
    func refused() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try program(town)
        let other = try Program("other", body: "ZMD-SCJG", scopes: ["deliveries"], origins: [Self.host], in: town.place)
        let used = try await question(town, program)
        let wrong = [
            "", "x.y.z", try await question(town, program) { $0.aud = ["https://localhost/oauth/token"] }, try await question(town, program) { $0.exp = 1 },
            try await question(town, program) { $0.origin = "https://evil.example" }, try await question(town, program) { $0.origin = nil },
            try await question(town, program) { $0.handler = nil }, try await question(town, program) { $0.iss = "other" }, try await question(town, other),
        ]
        try await town.place.routed { client in
            #expect(try await ask(client, used).status == .ok)
            for request in [used] + wrong {
                let answer = try await ask(client, request)
                #expect(answer.status == .forbidden && answer.text.contains("核查请求无效") && !answer.text.contains("data-origin"), "\(request)")
            }
            let unknown = try await ask(client, try await question(town, program) { $0.matter = "ZZ-99" })
            #expect(unknown.status == .notFound && unknown.text.contains("没有这个事项"))
        }
    }

    @Test("forged questions fill no log: after some a minute an address is told to wait, and its frame is not blank")
    func forged() async throws {
        let place = try Place(limits: RequestLimits())
        defer { place.close() }
        _ = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], origins: [Self.host], in: place)
        try await place.routed { client in
            var last: TestResponse?
            for _ in 0..<30 { last = try await client.post("/embed/verification?client=gate", nil, [("request", "x.y.z")]) }
            #expect(last?.status == .tooManyRequests && last?.headers[.contentSecurityPolicy]?.contains("frame-ancestors \(Self.host);") == true)
        }
        var filter = AccessEvents.Filter()
        filter.actor = "-"
        let kept = try place.access.registry.events.search(filter, limit: 1, offset: 0).total
        #expect(kept == RequestLimits().logins)
    }

    @Test("an embedded outcome counts towards the program's quota, as one of the API does")
    func quota() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try Program("gate", body: "ZMD-SCJG", scopes: ["verifications"], quota: 2, origins: [Self.host], in: town.place)
        let request = try await question(town, program)
        try await town.place.routed { client in
            let page = try await ask(client, request)
            let start = try #require(page.text.firstRange(of: "action=\"/embed/verification/"))
            let uri = "/embed/verification/" + page.text[start.upperBound...].prefix { $0 != "\"" }
            let sent = ["token", "client", "handler", "origin"].map { ($0, hidden($0, in: page.text)) } + [("applied", "no"), ("reason", "不涉及")]
            #expect(try await client.post(uri, nil, sent).text.contains("已反馈"))
            let over = try await client.post(uri, nil, sent)
            #expect(over.status == .tooManyRequests && over.text.contains("今日配额已用完") && over.text.contains("refused"))
        }
    }

    @Test("in the sandbox fictional subjects are answered as real ones, and nothing is logged", arguments: SandboxSubject.allCases)
    func sandbox(subject: SandboxSubject) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try program(town, scopes: ["sandbox"])
        let code = subject.number(.organisation)
        let question = { @Sendable (identifier: String, matter: String) in ByteBuffer(string: #"{"matter":"\#(matter)","caseNumber":"T-1","identifier":"\#(identifier)"}"#) }
        let real = try #require(try town.place.directory.registry.organisations.find(town.firm)?.uscc)
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            let before = try events(town)
            let answer = try await client.execute(uri: "/api/v1/verifications", method: .post, headers: bearer, body: question(code, "XK-02"))
            let expected = [SandboxSubject.clear: "clear", .attention: "attention", .restricted: "restricted", .favoured: "clear"][subject] ?? ""
            #expect(answer.status == .created && answer.text.contains("\"verdict\":\"\(expected)\"") && answer.text.contains("\"sandbox\":true"), "\(answer.text)")
            let number = try #require(answer.headers[.location]?.split(separator: "/").last)
            #expect(number.hasPrefix("-"))
            let posted = try await client.execute(
                uri: "/api/v1/verifications/\(number)/outcome", method: .post, headers: bearer, body: ByteBuffer(string: #"{"applied":false,"reason":"r","handler":"h"}"#))
            #expect(posted.status == .created)
            let again = try await client.get("/api/v1/verifications/\(number)", headers: bearer)
            #expect(again.status == .ok && again.text.contains("\"reason\":\"r\""))
            // A real firm is nobody here, and another office's matter is refused without an event.
            let firm = try await client.execute(uri: "/api/v1/verifications", method: .post, headers: bearer, body: question(real, "XK-02"))
            #expect(firm.text.contains("\"verdict\":\"doubtful\"") && !firm.text.contains("\"isKnown\":true"))
            #expect(try await client.execute(uri: "/api/v1/verifications", method: .post, headers: bearer, body: question(code, "CZ-01")).status == .forbidden)
            #expect(try events(town) == before)
            // It opens nothing else.
            #expect(try await client.get("/api/v1/deliveries", headers: bearer).status == .forbidden)
            let embedded = try await ask(client, try await self.question(town, program) { $0.identifier = code })
            #expect(embedded.status == .ok && embedded.text.contains("沙箱"))
        }
    }

    @Test("whoever may verify is not in the sandbox: its fictional firms are unknown there")
    func sandboxIsNotReal() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try program(town, scopes: ["verifications", "sandbox"])
        try await town.place.routed { client in
            let bearer = try await program.bearer(client, town.place)
            let body = ByteBuffer(string: #"{"matter":"XK-02","caseNumber":"T-1","identifier":"\#(SandboxSubject.clear.number(.organisation))"}"#)
            let answer = try await client.execute(uri: "/api/v1/verifications", method: .post, headers: bearer, body: body)
            #expect(answer.text.contains("\"verdict\":\"doubtful\"") && !answer.text.contains("sandbox"))
        }
    }

    @Test("the security administrator changes the pages of a program: those of before frame nothing from then on")
    func changed() async throws {
        let town = try await Town.build()
        defer { town.close() }
        let program = try program(town)
        let visitor = town.visitor(.securityAdministrator)
        let cookie = try town.place.cookie(of: visitor)
        let action = "/admin/clients/gate/origins"
        let token = try town.place.formToken(action, for: cookie)
        let request = try await question(town, program)
        try await town.place.routed { client in
            let wrong = try await client.post(action, cookie, [("token", token), ("origins", "https://a.gov.cn/x")])
            #expect(wrong.text.contains("嵌入页面来源有误"))
            #expect(try await client.get("/embed/verification?client=gate").headers[.contentSecurityPolicy]?.contains(Self.host) == true)
            #expect(try await client.post(action, cookie, [("token", token), ("origins", "https://b.gov.cn")]).status == .seeOther)
            #expect(try await client.get("/embed/verification?client=gate").headers[.contentSecurityPolicy]?.contains("frame-ancestors https://b.gov.cn;") == true)
            #expect(try await ask(client, request).status == .forbidden)
        }
        var filter = AccessEvents.Filter()
        filter.actor = visitor.login
        filter.action = .client
        #expect(try town.place.access.registry.events.search(filter, limit: 1, offset: 0).events.first?.detail == "接口程序 gate 的嵌入页面：https://b.gov.cn")
    }

    @Test("origins are scheme and host", arguments: [
        ("https://a.gov.cn", true), ("https://a.gov.cn:8443", true), ("http://127.0.0.1:8080", true), ("http://a.gov.cn", false), ("https://a.gov.cn/", false),
        ("https://*.gov.cn", false), ("https://A.gov.cn", false), ("https://a;script-src", false), ("https://", false), ("https://a:99999", false), ("http://127.0.0.1.evil.cn", false),
    ])
    func origins(text: String, isOne: Bool) { #expect(ClientDesk.isOrigin(text) == isOne) }
}

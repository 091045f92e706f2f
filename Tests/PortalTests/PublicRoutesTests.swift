import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Identifiers
import Intake
import NIOCore
import Registry
import Testing

@testable import Portal

@Suite("Public pages") struct PublicRoutesTests {
    /// A portal with one firm, its penalties and a person's.
    static func city() async throws -> Place {
        let place = try Place()
        try await place.deliver(SampleFile.registration(), resource: "ZMD-01-0001", provider: "ZMD-SCJG", name: "登记.csv")
        try await place.deliver(
            SampleFile.penalties([.init(), .init(document: "驻市监处罚〔2026〕2号", date: "2026-02-30"), .init(document: "驻市监处罚〔2026〕3号")]),
            resource: "ZMD-03-0002", provider: "ZMD-SCJG", name: "处罚.csv")
        return place
    }

    @Test("home counts what came in, search finds the firm by part of its name, a code leads straight to it")
    func search() async throws {
        let place = try await Self.city()
        defer { place.close() }
        try await place.routed { client in
            try await client.execute(uri: "/", method: .get) { #expect($0.status == .ok && $0.text.contains("<strong>3</strong><span>归集记录")) }
            try await client.execute(uri: "/search?q=%E5%A4%A9%E4%B8%AD%E5%95%86%E8%B4%B8", method: .get) { response in
                #expect(response.text.contains("驻马店市天中商贸有限公司") && response.text.contains(SampleFile.firm))
                #expect(response.text.contains("存续") && response.text.contains("驿城区"))
            }
            try await client.execute(uri: "/search?q=\(SampleFile.firm)", method: .get) { response in
                #expect(response.status == .seeOther && response.headers[.location]?.hasPrefix("/subjects/") == true)
            }
            try await client.execute(uri: "/search?q=%E5%A4%A9", method: .get) { #expect($0.text.contains("至少两个字")) }
            try await client.execute(uri: "/search?q=%E4%B8%8D%E5%AD%98%E5%9C%A8%E7%9A%84", method: .get) { #expect($0.text.contains("没有找到")) }
            try await client.execute(uri: "/search?q=\(SampleFile.person)", method: .get) { response in
                #expect(response.text.contains("不提供自然人公开查询") && !response.text.contains(">\(SampleFile.person)"))
                #expect(!response.text.contains("value=\"\(SampleFile.person)"))
            }
        }
    }

    /// Where a search by code leads.
    static func firmPath(_ client: any TestClientProtocol) async throws -> String {
        try await client.execute(uri: "/search?q=\(SampleFile.firm)", method: .get) { $0.headers[.location] ?? "" }
    }

    @Test("the public file shows open records with provenance, and nothing of what is not open")
    func subject() async throws {
        let place = try await Self.city()
        defer { place.close() }
        try await place.routed { client in
            let path = try await Self.firmPath(client)
            let page = try await client.execute(uri: path, method: .get) { $0.text }
            for text in ["驻市监处罚〔2026〕1号", "驻市监处罚〔2026〕3号", "食品安全", "驻马店市市场监督管理局", "2026-01-17", "查询期内无相关信息", "数据截止"] {
                #expect(page.contains(text), "\(text)")
            }
            #expect(!page.contains("SECRET-NUMBER") && !page.contains("〔2026〕2号"))
            let tab = try await client.execute(uri: "\(path)?tab=administration&page=1", method: .get) { $0.text }
            #expect(tab.contains("共 2 条") && tab.contains("aria-current=\"page\">行政管理"))
            let start = try #require(page.firstRange(of: "/records/2-1"))
            let record = String(page[start.lowerBound...].prefix { $0 != "\"" })
            let text = try await client.execute(uri: record, method: .get) { $0.text }
            #expect(text.contains("处罚.csv") && text.contains("第 1 条数据行，文件第 2 行") && text.contains("行政处罚法"))
            #expect(text.contains("个字段不公开") && !text.contains("SECRET-NUMBER"))
            #expect(try await client.execute(uri: "/records/2-1", method: .get) { $0.status } == .ok)
            for gone in ["/records/2-2", "/records/99-1", "/records/x", "/subjects/00112233445566778899aabbccddeeff", "/subjects/x"] {
                #expect(try await client.execute(uri: gone, method: .get) { $0.status } == .notFound, "\(gone)")
            }
        }
    }

    @Test("an old view is byte-identical after later deliveries, and clocks that are no clocks are named")
    func clocks() async throws {
        let place = try await Self.city()
        defer { place.close() }
        let then = place.now.rfc3339.replacing("+", with: "%2B")
        let date = "2026-06-15"
        let (path, before) = try await place.routed { client in
            let path = try await Self.firmPath(client) + "?asOf=\(date)&knownAt=\(then)"
            return (path, try await client.execute(uri: path, method: .get) { $0.text })
        }
        place.advance(seconds: 86_400)
        try await place.deliver(
            SampleFile.penalties([.init(fine: "9.75"), .init(document: "驻市监处罚〔2026〕4号")]), resource: "ZMD-03-0002", provider: "ZMD-SCJG")
        try await place.deliver(
            SampleFile.registration(name: "驻马店市新名称有限公司", approved: "2026-06-01"), resource: "ZMD-01-0001", provider: "ZMD-SCJG")
        _ = try place.portal.desk.withdraw(2, reason: "整批报错，重新报送", at: place.now)
        place.advance(seconds: 60)
        try await place.routed { client in
            #expect(try await client.execute(uri: path, method: .get) { $0.text } == before)
            let now = try await client.execute(uri: try await Self.firmPath(client), method: .get) { $0.text }
            #expect(now.contains("驻马店市新名称有限公司") && now.contains("9.75") && !now.contains("〔2026〕3号"))
            #expect(now.contains("曾用名"))
            try await client.execute(uri: "\(path.prefix { $0 != "?" })?asOf=yesterday", method: .get) { response in
                #expect(response.status == .badRequest && response.text.contains("yesterday") && response.text.contains("2026-01-31"))
            }
        }
    }

    @Test("no page or answer for the public names a natural person")
    func persons() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.deliver(SampleFile.personPenalty, resource: "ZMD-03-0004", provider: "ZMD-SCJG")
        let delivery = try #require(try place.directory.registry.deliveries.find(1))
        try #require(delivery.accepted == 1, "\(delivery)")
        let key = try #require(try SourceKey.subject(of: place, "1-1"))
        try await place.routed { client in
            for path in ["/subjects/\(key)", "/records/1-1", "/records/1-1?subject=\(key)", "/api/v1/subjects/\(key)", "/api/v1/subjects/\(key)/records", "/api/v1/records/1-1"] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .notFound, "\(path)")
                    #expect(!response.text.contains("张演示"))
                }
            }
            try await client.execute(uri: "/api/v1/subjects/\(key)?scope=all", method: .get) { #expect($0.status == .unauthorized) }
        }
    }

    @Test("catalogue, one resource, its templates in both forms")
    func catalogue() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            try await client.execute(uri: "/catalogue", method: .get) { #expect($0.text.contains("行政处罚信息（法人和非法人组织）")) }
            try await client.execute(uri: "/catalogue?disclosure=sensitive", method: .get) { response in
                #expect(response.text.contains("■") && !response.text.contains("/catalogue/ZMD-03-0002\""))
            }
            try await client.execute(uri: "/catalogue?q=%E4%B8%8D%E5%AD%98%E5%9C%A8", method: .get) { #expect($0.text.contains("没有符合条件的资源")) }
            try await client.execute(uri: "/catalogue/ZMD-03-0002", method: .get) { response in
                #expect(response.text.contains("行政处罚法") && response.text.contains("CF_JDRQ") && response.text.contains("处罚决定日期"))
            }
            try await client.execute(uri: "/catalogue/ZMD-03-0002/template.csv", method: .get) { response in
                #expect(response.text.contains("行政处罚决定文书号") && response.headers[.contentDisposition]?.contains("attachment") == true)
            }
            try await client.execute(uri: "/catalogue/ZMD-03-0002/template.xlsx", method: .get) { response in
                #expect(response.body.readableBytes > 3000 && response.text.hasPrefix("PK"))
            }
            try await client.execute(uri: "/catalogue/NO", method: .get) { #expect($0.status == .notFound) }
        }
    }

    /// One of these stopped the server: the offset of the page overflowed.
    @Test("no page number stops the server: pages take the nearest, the API says what there is", arguments: [
        "0", "-1", "-9223372036854775808", "1000000", "1000001", "1152921504606846976", "9223372036854775807", "99999999999999999999", "x", "",
    ])
    func pageNumbers(number: String) async throws {
        let town = try await Town.build()
        defer { town.close() }
        let isPage = number == "1000000"
        try await town.place.routed { client in
            var answers: [(String, HTTPResponse.Status, HTTPResponse.Status)] = []
            for path in ["/search?q=演示", "/subjects/\(town.firm)?"] {
                answers.append((path, try await client.get("\(path)&page=\(number)").status, .ok))
            }
            for (role, paths) in [
                (Role.deliveryReviewer, ["/staff/deliveries?", "/staff/deliveries/2?", "/staff/subjects/\(town.firm)?"]), (.auditAdministrator, ["/audit/events?"]),
                (.firmAdministrator, ["/me?", "/me/looks?"]),
            ] {
                let cookie = try town.place.cookie(of: town.visitor(role))
                for path in paths { answers.append((path, try await client.get("\(path)&page=\(number)", cookie).status, .ok)) }
            }
            for path in ["/api/v1/subjects?q=演示", "/api/v1/subjects/\(town.firm)/records?"] {
                answers.append((path, try await client.get("\(path)&page=\(number)").status, isPage ? .ok : .badRequest))
            }
            for (path, status, expected) in answers { #expect(status == expected, "\(path)") }
        }
    }

    @Test("a method that a route does not have is refused with those it has", arguments: ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW", "POST", "GET"])
    func methods(name: String) async throws {
        let place = try Place()
        defer { place.close() }
        let method = try #require(HTTPRequest.Method(name))
        let read = "GET, HEAD"
        try await place.routed { client in
            for (path, allow) in [
                ("/", read), ("/api/v1/catalogue", read), ("/subjects/1", read), ("/api/v1/deliveries", "GET, HEAD, POST"), ("/logout", "POST"),
                ("/api/v1/deliveries/1/withdrawal", "POST"), ("/ledger/records/tile/0/x001/002", read),
            ] where !allow.contains(name) {
                let answer = try await client.execute(uri: path, method: method) { $0 }
                #expect(answer.status == .methodNotAllowed && answer.headers[.allow] == allow, "\(path) \(answer.status)")
            }
            let answer = try await client.execute(uri: "/nothing", method: method) { $0 }
            #expect(answer.status == .notFound)
        }
    }

    @Test("assets, 404 as a page, 404 as problem details, headers on all")
    func answers() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            try await client.execute(uri: "/assets/site.css", method: .get) { response in
                #expect(response.status == .ok && response.headers[.contentType] == "text/css; charset=utf-8")
                #expect(response.headers[.strictTransportSecurity] == "max-age=31536000; includeSubDomains")
            }
            try await client.execute(uri: "/assets/mark.svg", method: .get) { #expect($0.headers[.contentType] == "image/svg+xml; charset=utf-8") }
            for path in ["/assets/..%2Fopenapi.json", "/assets/../templates/home.mustache", "/nothing", "/api/v1/nothing"] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .notFound, "\(path)")
                    #expect(response.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
                    #expect(response.headers[.xContentTypeOptions] == "nosniff")
                    let isAPI = path.hasPrefix("/api")
                    #expect(response.headers[.contentType]?.hasPrefix(isAPI ? "application/problem+json" : "text/html") == true)
                    #expect(response.text.contains(isAPI ? "\"reference\"" : "编号"))
                }
            }
            try await client.execute(uri: "/?q=%zz", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/search?q=%zz", method: .get) { #expect($0.status == .badRequest) }
            try await client.execute(uri: "/preferences/text-size?large=1&back=//evil", method: .get) { response in
                #expect(response.status == .seeOther && response.headers[.location] == "/")
                #expect(response.headers[.setCookie]?.contains("__Host-tz-text=large") == true)
            }
            try await client.execute(uri: "/", method: .get, headers: [.cookie: "__Host-tz-text=large"]) { #expect($0.text.contains("class=\"large\"")) }
        }
    }

    @Test("staff pages are refused where the peer is not on this machine, whatever the Host says")
    func guards() async throws {
        let place = try Place()
        defer { place.close() }
        try await place.routed { client in
            for path in ["/staff", "/staff/deliveries", "/staff/persons", "/staff/coverage", "/staff/records/1-1/source", "/me", "/admin/accounts", "/audit/events"] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .seeOther && response.headers[.location] == "/login?back=\(PercentCoding.encode(path))", "\(path)")
                }
            }
            for path in ["/api/v1/deliveries", "/api/v1/coverage", "/api/v1/records/1-1/source", "/api/v1/own/looks"] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .unauthorized && response.headers[.wwwAuthenticate] != nil, "\(path)")
                }
            }
            try await client.execute(uri: "/api/v1/deliveries?resource=a&provider=b&fileName=c", method: .post) { #expect($0.status == .unauthorized) }
        }
    }

    @Test("the Host must be ours", arguments: [("127.0.0.1:8080", true), ("LOCALHOST", true), ("[::1]:80", true), ("credit.example", true), ("evil.example", false), ("", false), ("[::1", false), ("a:b:c", false)])
    func hosts(host: String, isOurs: Bool) {
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: host, path: "/"), body: RequestBody(buffer: ByteBuffer()))
        let ours = HostGuard(hosts: ["credit.example"]).hosts
        #expect((HostGuard.name(of: request).map(ours.contains) ?? false) == isOurs)
    }
}

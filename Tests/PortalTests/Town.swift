import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import NIOCore
import Policy
import Registry
import Testing

@testable import Portal

/// A portal with a firm, two persons, and one of everything that a route's path may name.
struct Town: Sendable {
    static let bank = "ZMD-P-BANK"
    /// A number of nobody, beside that of `SampleFile.person`.
    static let otherNumber = "411702190001010023"
    /// A market regulator of a county, and one of another.
    static let xiping = "ZMD-411721-SCJG"
    static let shangcai = "ZMD-411722-SCJG"

    let place: Place
    let firm: RegistryKey
    let person: RegistryKey
    let other: RegistryKey
    /// The firm's and the person's, to the bank, for 30 days.
    let consents: [RegistryKey: Int64]
    /// A verification and a procedure of a listing, by body.
    private(set) var verifications: [String: Int64] = [:]
    private(set) var procedures: [String: Int64] = [:]
    /// An account that administrators may deal with.
    let clerk: Int64

    /// Deliveries: 1 registration, 2 penalties (row 2 returned), 3 and 4 a person's penalty each.
    ///
    /// - Parameter provider: who delivers 2, 3 and 4.
    static func build(provider: String = "ZMD-SCJG") async throws -> Town {
        let place = try Place()
        do {
            try await place.deliver(SampleFile.registration(), resource: "ZMD-01-0001", provider: "ZMD-SCJG", name: "登记.csv")
            try await place.deliver(
                SampleFile.penalties([.init(), .init(document: "驻市监处罚〔2026〕2号", date: "2026-02-30"), .init(document: "驻市监处罚〔2026〕3号")]),
                resource: "ZMD-03-0002", provider: provider, name: "处罚.csv")
            try await place.deliver(SampleFile.personPenalty, resource: "ZMD-03-0004", provider: provider)
            try await place.deliver(
                SampleFile.personPenalty.replacing(SampleFile.person, with: otherNumber).replacing("张演示", with: "李示例").replacing("9号", with: "10号"),
                resource: "ZMD-03-0004", provider: provider)
            return try Town(place)
        } catch {
            place.close()
            throw error
        }
    }

    private init(_ place: Place) throws {
        self.place = place
        func key(_ record: String) throws -> RegistryKey {
            guard let hex = try SourceKey.subject(of: place, record), let key = RegistryKey(hex: hex) else { throw Place.Missing() }
            return key
        }
        (firm, person, other) = try (key("2-1"), key("3-1"), key("4-1"))
        let registry = place.directory.accessRegistry
        var consents: [RegistryKey: Int64] = [:]
        for subject in [firm, person] { consents[subject] = try Self.consent(of: subject, in: place).number }
        self.consents = consents
        try registry.grants.propose(Grant(body: Self.shangcai, region: "411723", reason: "测试", to: place.now.adding(days: 9), proposedBy: "somebody"))
        _ = try registry.clients.add(
            Client(id: "demo", name: "测试程序", body: "ZMD-SCJG", scopes: ["deliveries"], publicKey: "none", dailyQuota: 9, created: place.now))
        _ = try registry.alerts.raise(Alert(rule: "volume", about: "x", day: place.now.date, text: "测试", raised: place.now))
        let account = try registry.accounts.add(
            NewAccount(login: "target", name: "测试账号", body: "ZMD-SCJG", roles: [.windowClerk], password: "none", mustChange: false, proposedBy: "nobody", approvedBy: "nobody"),
            at: place.now)
        clerk = try #require(account).number
        for body in ["ZMD-SCJG", "ZMD-FGW"] {
            var event = AccessEvent(
                at: place.now, action: .verify, actor: "seed", actorName: "测试", role: "window-clerk", body: body, address: "-", channel: "web")
            event.subject = firm
            event.caseNumber = "C-1"
            event.detail = #"{"matter":"XK-02","verdict":"clear","hits":[],"snapshot":"1-1-1"}"#
            verifications[body] = try place.access.log.appendBlocking(event).position
            let notice = ListingStep(
                list: "market", subject: firm, kind: .notice, day: place.now.date, document: "告〔2026〕1号", text: "拟列入", actor: "seed", body: body, at: place.now)
            procedures[body] = try place.directory.registry.listings.append(notice, after: procedures.values.max())?.procedure
        }
        for subject in [firm, person, other] {
            var event = AccessEvent(
                at: place.now, action: .query, actor: "seed", actorName: "测试", role: "window-clerk", body: "ZMD-SCJG", address: "-", channel: "web")
            event.subject = subject
            try place.access.log.appendBlocking(event)
        }
    }

    func close() { place.close() }

    /// A consent to the bank.
    @discardableResult
    static func consent(
        of subject: RegistryKey, in place: Place, to recipient: String = bank, items: String = "", from start: Instant? = nil, days: Int = 30
    ) throws -> Consent {
        let start = start ?? place.now
        return try place.directory.accessRegistry.consents.add(
            Consent(
                subject: subject, recipient: recipient, purpose: "RZ", items: items, from: start, to: start.adding(days: days), textVersion: "RZ-2026-1",
                givenBy: "test", given: place.now))
    }

    /// Somebody of a role, with a purpose where the role has one.
    func visitor(_ role: Role) -> TestVisitor {
        switch role {
        case .windowClerk, .deliveryReviewer: .of(role, body: "ZMD-SCJG", login: role.rawValue, purpose: "XK")
        case .deliveryClerk: .of(role, body: "ZMD-SCJG", login: role.rawValue, purpose: "ZL")
        case .supervisor: .of(role, body: "ZMD-SCJG", login: role.rawValue, purpose: "JG")
        case .creditCentre: .of(role, body: "ZMD-FGW", login: role.rawValue, purpose: "YY")
        case .bank:
            TestVisitor(
                login: role.rawValue, body: Self.bank, roles: [role], purpose: StatedPurpose(code: "RZ", caseNumber: "D-1", consent: consents[firm]))
        case .firmAdministrator: .of(role, body: "", login: role.rawValue, subject: firm)
        case .citizen: .of(role, body: "", login: role.rawValue, subject: person)
        default: .of(role, body: "ZMD-DSJ", login: role.rawValue)
        }
    }

    private func body(of role: Role?) -> String { role == .creditCentre ? "ZMD-FGW" : "ZMD-SCJG" }

    /// A route's path with ids that a role's own business has.
    func path(_ route: String, for role: Role?) throws -> String {
        let isFirm = role == .firmAdministrator
        let subject = isFirm ? firm : person
        let number =
            route.contains("/verification") ? "\(verifications[body(of: role)] ?? 0)" : route.contains("/listings/") ? "\(procedures[body(of: role)] ?? 0)"
            : route.contains("/consents/") ? "\(consents[subject] ?? 0)" : route.contains("/accounts/") ? "\(clerk)" : route.contains("/deliveries/") ? "2" : "1"
        var own = AccessEvents.Filter()
        own.subject = subject
        let position = try place.directory.accessRegistry.events.search(own, limit: 1, offset: 0).events.first?.position ?? 0
        return route.replacing("{key}", with: "\(firm)").replacing("{number}", with: number)
            .replacing("{id}", with: route.contains("/clients/") ? "demo" : route.hasPrefix("/me/") && !isFirm ? "3-1" : "2-1")
            .replacing("{position}", with: "\(position)").replacing("{log}", with: "access")
    }

    // MARK: What is asked for again and again

    /// Events of refusals, of one who was known, newest first.
    func refusals(of login: String) throws -> (total: Int, events: [AccessEvent]) { try place.refusals(of: login) }
}

extension Place {
    /// Events of refusals, of one who was known, newest first.
    func refusals(of login: String) throws -> (total: Int, events: [AccessEvent]) {
        var filter = AccessEvents.Filter()
        filter.actor = login
        filter.refusedOnly = true
        return try directory.accessRegistry.events.search(filter, limit: 100, offset: 0)
    }

    /// A token for a form, as its page would hold it for the session of a cookie.
    func formToken(_ action: String, for cookie: String) throws -> String {
        let token = String(cookie.split(separator: "=").last ?? "")
        let session = try #require(access.sessions.find(token, at: now))
        return portal.tokens.token(for: action, browser: session.name, now: now)
    }
}

/// Fields as a browser sends them.
enum PostedForm {
    static func body(_ fields: [(String, String)]) -> ByteBuffer {
        ByteBuffer(string: fields.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&"))
    }

    static let type: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
}

extension TestClientProtocol {
    /// GET with a cookie.
    func get(_ uri: String, _ cookie: String? = nil, method: HTTPRequest.Method = .get, headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        if let cookie { headers[.cookie] = cookie }
        return try await execute(uri: uri, method: method, headers: headers) { $0 }
    }

    /// A form with a cookie.
    func post(_ uri: String, _ cookie: String? = nil, _ fields: [(String, String)] = [], headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/x-www-form-urlencoded"
        if let cookie { headers[.cookie] = cookie }
        return try await execute(uri: uri, method: .post, headers: headers, body: PostedForm.body(fields)) { $0 }
    }
}

package import Access
import Archive
import FoundationEssentials
import Hummingbird
import HummingbirdCore
package import Identifiers
package import Intake
package import Logging
import Measures
import NIOCore
import NIOPosix
import Policy
import Registry

/// The web side of the platform: pages for the public, pages for staff, and the API, over one data directory and one policy book.
///
/// The executable and the tests build it the same way; nothing is read from the environment, and the time comes from `clock`.
package struct Portal: Sendable {
    let desk: DeliveryDesk
    let settings: PortalSettings
    let clock: @Sendable () -> Instant
    let frames: Frames
    let templates: Templates
    let assets: Assets
    let tokens: FormTokens
    let queue: DeliveryQueue
    /// Answers verifications.
    let verifier: Verifier
    /// Who is on which list.
    let listings: ListingBook
    /// Makes what halls use without network.
    let listExtracts: ListExtracts
    /// Accounts, sessions, the access log.
    let access: Access
    let standings = StandingAnswers()
    /// Sheets and extracts, which take memory.
    let turns = Turns(2)
    /// Verifications of the sandbox.
    let rehearsals = Rehearsals()
    let logger: Logger

    /// Reads templates and assets; whatever is missing stops the start.
    package init(
        desk: DeliveryDesk, access: Access, settings: PortalSettings, logger: Logger, clock: @escaping @Sendable () -> Instant
    ) throws {
        self.desk = desk
        self.access = access
        self.settings = settings
        self.clock = clock
        self.logger = logger
        frames = Frames(site: settings.site)
        templates = try Templates.load(from: "\(settings.webDirectory)/templates", pages: Pages.all)
        assets = try Assets(directory: settings.webDirectory)
        tokens = FormTokens()
        let reader = SubjectReader(directory: desk.directory, book: desk.book)
        verifier = Verifier(reader: reader)
        listings = ListingBook(reader: reader)
        listExtracts = ListExtracts(reader: reader, listings: listings)
        queue = DeliveryQueue(desk: desk, clock: clock, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT; the delivery in hand is finished first.
    /// - Parameters:
    ///   - host: address to listen on.
    ///   - port: 0 for any free one.
    ///   - onRunning: told the port once connections are taken.
    package func serve(host: String, port: Int, onRunning: @escaping @Sendable (Int) -> Void) async throws {
        try await application(address: .hostname(host, port: port), onRunning: onRunning).runService()
    }

    /// The server, with the worker that processes deliveries as one of its services.
    func application(
        address: BindAddress, onRunning: @escaping @Sendable (Int) -> Void = { _ in }
    ) -> some ApplicationProtocol {
        // Behind a proxy all connections are the proxy's.
        let counts = ConnectionCounts(limit: settings.isBehindProxy ? 0 : settings.connectionsPerAddress)
        let patience = settings.idleSeconds
        return Application(
            router: router(),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGate(counts: counts, patience: patience)], idleTimeout: .seconds(settings.idleSeconds))),
            configuration: .init(address: address), services: [queue],
            onServerRunning: { channel in onRunning(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// All routes.
    func router() -> Router<PortalContext> {
        let router = Router(context: PortalContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: RequestLog())
        router.add(middleware: SafeHeaders())
        router.add(middleware: FaultAnswers(frames: frames, templates: templates, embedders: { EmbedRoutes(portal: self).embedders(of: $0) }))
        router.add(middleware: HostGuard(hosts: settings.hosts))
        router.add(middleware: OriginGuard())
        router.add(middleware: AccessGuard(access: access, book: book, limits: settings.limits, isBehindProxy: settings.isBehindProxy, clock: clock))
        addAssets(to: router)
        PublicRoutes(portal: self).add(to: router)
        ListRoutes(portal: self).add(to: router)
        LedgerRoutes(portal: self).add(to: router.group("ledger"))
        LoginRoutes(portal: self).add(to: router)
        SessionRoutes(portal: self).add(to: router)
        TokenRoutes(portal: self).add(to: router)
        EmbedRoutes(portal: self).add(to: router)
        StaffRoutes(portal: self).add(to: router.group("staff"))
        OwnRoutes(portal: self).add(to: router.group("me"))
        AdminRoutes(portal: self).add(to: router.group("admin"))
        AuditRoutes(portal: self).add(to: router.group("audit"))
        APIRoutes(portal: self).add(to: router.group("api/v1"))
        return router
    }

    // MARK: What routes share

    var book: PolicyBook { desk.book }
    var verifications: VerificationDesk { VerificationDesk(portal: self, verifier: verifier) }
    var registry: Registry { desk.directory.registry }
    var directory: DataDirectory { desk.directory }
    var reader: SubjectReader { SubjectReader(directory: desk.directory, book: desk.book) }
    var sources: SubjectSources {
        SubjectSources(reader: reader, times: desk.directory.times.snapshot())
    }
    var words: DeliveryWords { DeliveryWords(book: desk.book) }

    /// Runs work that waits for the disk on threads of its own, so that it holds up no other request.
    func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await NIOThreadPool.singleton.runIfActive(body)
    }

    /// The query of a request.
    func query(_ request: Request) throws(Problem) -> FormFields {
        guard let fields = FormFields(request.uri.query ?? "") else {
            throw .badRequest("bad-query", "地址有误", "地址中的参数不是有效的编码。", cure: "请从页面上的链接或表单进入。")
        }
        return fields
    }

    /// Reads bodies of at most `limit` bytes, none slower than the settings allow.
    func body(limit: Int64) -> BodyReader {
        BodyReader(limit: limit, minimumRate: settings.minimumBodyRate, window: .seconds(settings.idleSeconds))
    }

    /// The fields of a small posted form.
    func form(_ request: Request) async throws -> FormFields {
        let bytes = try await body(limit: 64 << 10).collect(request.body)
        guard let text = String(validating: bytes, as: UTF8.self), let fields = FormFields(text) else {
            throw Problem.badRequest("bad-form", "表单有误", "表单内容不是有效的编码。", cure: "请返回页面重新填写。")
        }
        return fields
    }

    /// A page as answer; gives the browser its name for form tokens if it has none.
    func answer(_ page: some Page, browser: Browser? = nil, status: HTTPResponse.Status = .ok) throws -> Response {
        var response = try Response(page, with: templates, status: status)
        if let browser, browser.isNew {
            response.setCookie(
                Cookie(name: FormTokens.cookie, value: browser.name, path: "/", secure: true, httpOnly: true, sameSite: .strict))
        }
        return response
    }

    /// The delivery of a path, or 404.
    func delivery(_ text: String) throws -> Delivery {
        guard let number = UInt32(text), let delivery = try registry.deliveries.find(number) else {
            throw Problem.notFound("delivery-unknown", "没有这个批次", "平台没有第“\(text.prefix(20))”批。", cure: "请在“报送批次”中查找。")
        }
        return delivery
    }

    /// The subject key of a path, or 404.
    static func subject(_ text: String) throws(Problem) -> SubjectKey {
        guard let key = SubjectKey(hex: text) else { throw subjectUnknown }
        return key
    }

    static let subjectUnknown = Problem.notFound(
        "subject-unknown", "没有这个主体", "平台在所选时点没有这个主体的公开档案。", cure: "请从“信用查询”查找；若选了较早的时点，请回到现在。")

    static let recordUnknown = Problem.notFound(
        "record-unknown", "没有这条记录", "没有这个编号的公开记录，或它已被撤回。", cure: "请从主体的信用档案进入。")
}

/// The browser a form is given to.
struct Browser: Sendable {
    let name: String
    let isNew: Bool

    init(name: String, isNew: Bool) {
        self.name = name
        self.isNew = isNew
    }

    init(_ request: Request) {
        let known = request.cookies[FormTokens.cookie]?.value
        self.init(name: known ?? FormTokens.newBrowser(), isNew: known == nil)
    }

    /// Behind a login the session is what a form is bound to.
    init(_ request: Request, _ context: PortalContext) {
        if let session = context.visitor?.sessionName, !session.isEmpty {
            self.init(name: session, isNew: false)
        } else {
            self.init(request)
        }
    }
}

internal import Registry

/// The one policy table: role × route × scope. What is not in it is refused, and a test fails where the router knows a route
/// that the table does not, or the other way round.
package struct AccessTable: Sendable {
    /// All rules, in the order of pages.
    package let rules: [AccessRule]
    private let byRoute: [String: AccessRule]

    init(_ rules: [AccessRule]) {
        self.rules = rules
        byRoute = Dictionary(rules.map { ("\($0.method) \($0.route)", $0) }) { first, _ in first }
    }

    /// The rule of a route; nil refuses. A HEAD is a GET without its body.
    package func rule(_ method: String, _ route: String) -> AccessRule? { byRoute["\(method == "HEAD" ? "GET" : method) \(route)"] }

    /// The methods of the routes that a path is of, HEAD with GET, in the order GET, HEAD, POST; none where there is no such route.
    package func methods(path: String) -> [String] {
        let parts = path.split(separator: "/")
        func matches(_ route: String) -> Bool {
            let pattern = route.split(separator: "/")
            if pattern.last == "**" { return parts.count >= pattern.count && zip(pattern.dropLast(), parts).allSatisfy(Self.matches) }
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy(Self.matches)
        }
        let methods = Set(rules.lazy.filter { matches($0.route) }.map(\.method))
        return ["GET", "HEAD", "POST"].filter { methods.contains($0 == "HEAD" ? "GET" : $0) }
    }

    private static func matches(_ pattern: Substring, _ part: Substring) -> Bool { pattern.hasPrefix("{") || pattern == part }

    /// The platform's table.
    package static let platform = AccessTable(open + login + staff + deliveries + own + administration + audit + api)

    // MARK: For anyone

    private static let open = [
        "/", "/about", "/search", "/embed/verification", "/lists", "/lists/{code}", "/api/v1/lists", "/api/v1/lists/{code}", "/subjects/{key}", "/records/{id}", "/catalogue", "/catalogue/{code}",
        "/catalogue/{code}/template.csv", "/catalogue/{code}/template.xlsx", "/preferences/text-size", "/assets/{name}",
        "/ledger", "/ledger/{log}/checkpoint", "/ledger/{log}/tile/{level}/**", "/ledger/{log}/key", "/ledger/{log}/consistency",
        "/api/v1/healthz", "/api/v1/openapi.json", "/api/v1/subjects", "/api/v1/subjects/{key}", "/api/v1/subjects/{key}/standing",
        "/api/v1/subjects/{key}/records", "/api/v1/records/{id}", "/api/v1/catalogue", "/api/v1/catalogue/{code}",
    ].map { AccessRule("GET", $0, isPublic: true) } + [
        AccessRule("POST", "/ledger/{log}/cosignatures", isPublic: true),
        // Who asks is told by the request that a program signed, as at the token endpoint.
        AccessRule("POST", "/embed/verification", isPublic: true), AccessRule("POST", "/embed/verification/{number}/outcome", isPublic: true),
    ]

    private static let login = [
        AccessRule("GET", "/login", isPublic: true), AccessRule("POST", "/login", isPublic: true),
        AccessRule("GET", "/login/code", isPublic: true), AccessRule("POST", "/login/code", isPublic: true),
        AccessRule("GET", "/login/enrolment", isPublic: true), AccessRule("POST", "/login/enrolment", isPublic: true),
        AccessRule("GET", "/login/password", isPublic: true), AccessRule("POST", "/login/password", isPublic: true),
        AccessRule("POST", "/oauth/token", isPublic: true),
        AccessRule("POST", "/logout", everyone(.none)), AccessRule("GET", "/login/again", everyone(.none)),
        AccessRule("POST", "/login/again", everyone(.none)), AccessRule("POST", "/login/role", everyone(.none)),
        AccessRule("GET", "/sessions", everyone(.none)), AccessRule("POST", "/sessions/others/ending", everyone(.none)),
        AccessRule("POST", "/sessions/{number}/ending", everyone(.none)),
    ]

    // MARK: At work

    /// Officials who look subjects up.
    private static let readers: [Role: Scope] = [
        .windowClerk: .region, .deliveryReviewer: .region, .supervisor: .region, .creditCentre: .city, .bank: .consented,
    ]
    /// Who verifies credit for matters of their office.
    private static let verifiers: [Role: Scope] = [.windowClerk: .body, .deliveryReviewer: .body, .supervisor: .body, .creditCentre: .body]
    /// Who takes the steps of listings.
    private static let deciders: [Role: Scope] = [.deliveryClerk: .body, .deliveryReviewer: .body, .creditCentre: .body]
    /// Who deals with deliveries.
    private static let deliverers: [Role: Scope] = [.deliveryClerk: .body, .deliveryReviewer: .body, .creditCentre: .city]

    private static let staff = [
        AccessRule("GET", "/staff", workers(.none)),
        AccessRule("GET", "/staff/purpose", workers(.none)), AccessRule("POST", "/staff/purpose", workers(.none)),
        AccessRule("POST", "/staff/purpose/leave", workers(.none)),
        AccessRule("GET", "/staff/coverage", [.deliveryClerk: .region, .deliveryReviewer: .region, .supervisor: .region, .creditCentre: .city]),
        AccessRule("GET", "/staff/subjects/{key}", readers, client: "subjects", purpose: true),
        AccessRule("GET", "/staff/subjects/{key}/export.xlsx", [.deliveryReviewer: .region, .supervisor: .region, .creditCentre: .city], purpose: true, export: true),
        AccessRule("GET", "/staff/records/{id}", readers, purpose: true),
        AccessRule("GET", "/staff/records/{id}/source", deliverers, purpose: true),
        AccessRule("GET", "/staff/records/{id}/proof", deliverers, purpose: true),
        AccessRule("GET", "/staff/persons", readers), AccessRule("POST", "/staff/persons", readers, purpose: true),
        AccessRule("GET", "/staff/verification", verifiers), AccessRule("POST", "/staff/verification", verifiers),
        AccessRule("GET", "/staff/verification/{number}", verifiers), AccessRule("POST", "/staff/verification/{number}/outcome", verifiers),
        AccessRule("GET", "/staff/verification-sheets", verifiers), AccessRule("POST", "/staff/verification-sheets", verifiers, export: true),
        AccessRule("GET", "/staff/verification-sheets/template.xlsx", verifiers, export: true),
        AccessRule("GET", "/staff/list-extracts", verifiers), AccessRule("GET", "/staff/list-extracts/hall.html", verifiers, export: true),
        AccessRule("GET", "/staff/list-extracts/lists.note", verifiers, export: true),
        AccessRule("GET", "/staff/listings", deciders), AccessRule("POST", "/staff/listings", deciders),
        AccessRule("GET", "/staff/listings/{number}", deciders), AccessRule("POST", "/staff/listings/{number}/steps", deciders),
        AccessRule("GET", "/staff/listings/subjects/{key}", deciders), AccessRule("POST", "/staff/listings/subjects/{key}/removals", deciders),
        AccessRule("GET", "/staff/consents", [.bank: .consented, .creditCentre: .city]),
    ]

    private static let deliveries = [
        AccessRule("GET", "/staff/deliveries", deliverers), AccessRule("GET", "/staff/deliveries/new", deliverers),
        AccessRule("POST", "/staff/deliveries", deliverers), AccessRule("GET", "/staff/deliveries/{number}", deliverers),
        AccessRule("GET", "/staff/deliveries/{number}/progress", deliverers),
        AccessRule("GET", "/staff/deliveries/{number}/proof", deliverers),
        AccessRule("GET", "/staff/deliveries/{number}/rejections", deliverers),
        AccessRule("GET", "/staff/deliveries/{number}/rejected.csv", deliverers, export: true),
        AccessRule("GET", "/staff/deliveries/{number}/rejected.xlsx", deliverers, export: true),
        AccessRule("POST", "/staff/deliveries/{number}/withdrawal", [.deliveryReviewer: .body, .creditCentre: .city], grave: true),
    ]

    // MARK: Oneself

    private static let subjects: [Role: Scope] = [.citizen: .own, .firmAdministrator: .own]

    private static let own = [
        AccessRule("GET", "/me", subjects), AccessRule("GET", "/me/records/{id}", subjects), AccessRule("GET", "/me/looks", subjects), AccessRule("GET", "/me/looks.csv", subjects, export: true),
        AccessRule("GET", "/me/looks.xlsx", subjects, export: true), AccessRule("GET", "/me/looks/{position}/proof", subjects),
        AccessRule("GET", "/me/consents", subjects), AccessRule("POST", "/me/consents", subjects, grave: true),
        AccessRule("POST", "/me/consents/{number}/revocation", subjects),
    ]

    // MARK: 三员

    private static let administration = [
        AccessRule("GET", "/admin/accounts", [.systemAdministrator: .none, .securityAdministrator: .none]),
        AccessRule("POST", "/admin/accounts", [.systemAdministrator: .none], grave: true),
        AccessRule("POST", "/admin/accounts/{number}/approval", [.securityAdministrator: .none], grave: true),
        AccessRule("POST", "/admin/accounts/{number}/suspension", [.securityAdministrator: .none], grave: true),
        AccessRule("POST", "/admin/accounts/{number}/reset", [.systemAdministrator: .none], grave: true),
        AccessRule("GET", "/admin/grants", [.creditCentre: .city, .securityAdministrator: .none]),
        AccessRule("POST", "/admin/grants", [.creditCentre: .city]),
        AccessRule("POST", "/admin/grants/{number}/approval", [.securityAdministrator: .none], grave: true),
        AccessRule("GET", "/admin/clients", [.securityAdministrator: .none]),
        AccessRule("POST", "/admin/clients", [.securityAdministrator: .none], grave: true),
        AccessRule("POST", "/admin/clients/{id}/state", [.securityAdministrator: .none], grave: true),
        AccessRule("POST", "/admin/clients/{id}/origins", [.securityAdministrator: .none], grave: true),
        AccessRule("GET", "/admin/matrix", [.securityAdministrator: .none, .auditAdministrator: .none]),
    ]

    private static let auditors: [Role: Scope] = [.auditAdministrator: .city]

    private static let audit = [
        AccessRule("GET", "/audit/events", auditors), AccessRule("GET", "/audit/events.csv", auditors, export: true),
        AccessRule("GET", "/audit/events/{position}/proof", auditors), AccessRule("GET", "/audit/alerts", auditors),
        AccessRule("POST", "/audit/alerts/{number}/closure", auditors),
    ]

    // MARK: Programs

    private static let api = [
        AccessRule("GET", "/api/v1/records/{id}/source", deliverers, client: "records", purpose: true),
        AccessRule("GET", "/api/v1/coverage", [.creditCentre: .city], client: "coverage"),
        AccessRule("GET", "/api/v1/deliveries", deliverers, client: "deliveries"),
        AccessRule("POST", "/api/v1/deliveries", deliverers, client: "deliveries"),
        AccessRule("GET", "/api/v1/deliveries/{number}", deliverers, client: "deliveries"),
        AccessRule("GET", "/api/v1/deliveries/{number}/rejections", deliverers, client: "deliveries"),
        AccessRule("GET", "/api/v1/deliveries/{number}/proof", deliverers, client: "deliveries"),
        AccessRule("POST", "/api/v1/deliveries/{number}/withdrawal", [.creditCentre: .city], client: "withdrawals", grave: true),
        AccessRule("POST", "/api/v1/verifications", verifiers, client: ClientScope.verifications, sandbox: true),
        AccessRule("POST", "/api/v1/verification-batches", verifiers, client: ClientScope.verifications, sandbox: true),
        AccessRule("POST", "/api/v1/verification-sheets", verifiers, client: ClientScope.verifications, sandbox: true, export: true),
        AccessRule("GET", "/api/v1/verifications/{number}", verifiers, client: ClientScope.verifications, sandbox: true),
        AccessRule("POST", "/api/v1/verifications/{number}/outcome", verifiers, client: ClientScope.verifications, sandbox: true),
        AccessRule("GET", "/api/v1/list-extract", verifiers, client: ClientScope.verifications, export: true),
        AccessRule("GET", "/api/v1/own/standing", subjects),
        AccessRule("GET", "/api/v1/own/looks", subjects),
    ]

    private static func everyone(_ scope: Scope) -> [Role: Scope] { Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0, scope) }) }

    private static func workers(_ scope: Scope) -> [Role: Scope] {
        everyone(scope).filter { !$0.key.isAdministrator && !$0.key.isSubjects }
    }
}

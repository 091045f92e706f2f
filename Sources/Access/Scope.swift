package import Registry

/// How far a role's right on a route reaches.
package enum Scope: String, Sendable, Hashable, CaseIterable {
    /// The account's own subject.
    case own
    /// What the account's own body delivered.
    case body
    /// The account's county: its bodies, and the city's; other counties only with a grant. For a body of the city, the city.
    case region
    /// The whole city.
    case city
    /// Subjects who consented to the account's body.
    case consented
    /// No data of subjects or deliveries: administration itself, or what anyone may see.
    case none

    /// Chinese name, for the matrix.
    package var name: String {
        switch self {
        case .own: "本人"
        case .body: "本单位"
        case .region: "本辖区"
        case .city: "全市"
        case .consented: "经授权"
        case .none: "不涉及"
        }
    }
}

/// One line of the policy table: who may use a route, how far, and what it takes.
package struct AccessRule: Sendable {
    /// `GET`, `POST` …
    package let method: String
    /// The route's pattern, such as `/staff/deliveries/{number}`.
    package let route: String
    /// What anyone may use, without login.
    package let isPublic: Bool
    /// What each role may do here.
    package let scopes: [Role: Scope]
    /// What machine clients need, beside the scope of their body; nil keeps programs out.
    package let clientScope: String?
    /// Whether a program that only tries things out (scope `sandbox`) may use it: the answers are of fictional subjects.
    package let hasSandbox: Bool
    /// Whether what is shown needs a purpose: statutory item with case number, or consent.
    package let needsPurpose: Bool
    /// Whether the password has to be given again shortly before (grave acts).
    package let isGrave: Bool
    /// Whether many records leave by it at once: so many an hour.
    package let isExport: Bool

    init(
        _ method: String, _ route: String, isPublic: Bool = false, _ scopes: [Role: Scope] = [:], client: String? = nil, sandbox: Bool = false,
        purpose: Bool = false, grave: Bool = false, export: Bool = false
    ) {
        self.method = method
        self.route = route
        self.isPublic = isPublic
        self.scopes = scopes
        clientScope = client
        hasSandbox = sandbox
        needsPurpose = purpose
        isGrave = grave
        isExport = export
    }
}

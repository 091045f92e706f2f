package import Identifiers
package import Policy
package import Registry

/// Whose deliveries and records a visitor may see on a route: the tenant's own, and what was granted.
package struct Reach: Sendable, Hashable {
    /// Bodies whose deliveries may be opened; nil for all.
    package var deliverers: Set<String>?
    /// Bodies whose non-public records may be read; nil for all.
    package var sources: Set<String>?

    /// Everything.
    package static let all = Reach(deliverers: nil, sources: nil)
    /// Nothing.
    package static let none = Reach(deliverers: [], sources: [])

    /// Whether a body's delivery may be opened.
    package func opens(deliveryOf provider: String) -> Bool { deliverers?.contains(provider) ?? true }

    /// Whether a body's non-public records may be read.
    package func reads(recordOf provider: String) -> Bool { sources?.contains(provider) ?? true }

    /// - Parameters:
    ///   - scope: what the policy table gives the visitor's role here.
    ///   - grants: permissions across counties, of whatever time.
    package init(_ scope: Scope, of visitor: Visitor, book: PolicyBook, grants: [Grant], at now: Instant) {
        switch scope {
        case .city: self = .all
        // What a subject's own file or consent shows does not depend on which county delivered it.
        case .own, .consented: self = Reach(deliverers: [], sources: nil)
        case .none: self = .none
        case .body: self = Reach(deliverers: [visitor.body], sources: [visitor.body])
        case .region: self = Self.region(of: visitor.body, book: book, grants: grants.filter { $0.body == visitor.body && $0.isInForce(at: now) })
        }
    }

    private init(deliverers: Set<String>?, sources: Set<String>?) {
        self.deliverers = deliverers
        self.sources = sources
    }

    private static func region(of body: String, book: PolicyBook, grants: [Grant]) -> Reach {
        guard let county = county(of: body, book) else { return .all }
        let counties = Set(grants.map(\.region)).union([county])
        let own = book.organisations.filter { self.county(of: $0.code, book).map(counties.contains) ?? false }.map(\.code)
        let city = book.organisations.filter { self.county(of: $0.code, book) == nil }.map(\.code)
        return Reach(deliverers: Set(own), sources: Set(own + city))
    }

    /// The county that a body belongs to; nil for the city's own, and for partners without one.
    package static func county(of body: String, _ book: PolicyBook) -> String? {
        guard let region = book.body(body)?.region, let entry = book.region(region) else { return nil }
        // The topmost region of the city has the province above it.
        return entry.parent.flatMap { book.region($0)?.parent } == nil ? nil : region
    }
}

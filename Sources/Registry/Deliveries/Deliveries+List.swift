/// Which deliveries a list shows.
package struct DeliveryFilter: Sendable, Hashable {
    package var provider: String?
    package var resource: String?
    package var state: DeliveryState?
    /// Only of these bodies; nil for all. A tenancy: beside whatever else is asked.
    package var providers: Set<String>?

    /// All deliveries, or those of a provider, a resource, a state.
    package init(provider: String? = nil, resource: String? = nil, state: DeliveryState? = nil, providers: Set<String>? = nil) {
        self.providers = providers
        self.provider = provider
        self.resource = resource
        self.state = state
    }

    /// The condition and its values.
    var condition: (sql: String, values: [SQLValue]) {
        var terms: [String] = []
        var values: [SQLValue] = []
        if let provider {
            terms.append("provider = ?")
            values.append(.text(provider))
        }
        if let providers {
            let list = ValueList(providers.sorted().map { .text($0) })
            terms.append("provider IN (\(list.marks))")
            values += list.values
        }
        if let resource {
            terms.append("resource = ?")
            values.append(.text(resource))
        }
        if let state {
            terms.append("state = ?")
            values.append(.text(state.rawValue))
        }
        return (terms.isEmpty ? "" : "WHERE " + terms.joined(separator: " AND "), values)
    }
}

/// One page of a list of deliveries.
package struct DeliveryPage: Sendable, Hashable {
    /// Newest first.
    package let deliveries: [Delivery]
    /// How many the filter finds altogether.
    package let total: Int
}

extension Deliveries {
    /// Most deliveries on a page.
    package static let maximumPageSize = 500

    /// Every delivery, by number.
    package func all() throws(RegistryFault) -> [Delivery] {
        try driver.read { connection throws(RegistryFault) in
            try Self.deliveries(connection.query("SELECT \(Delivery.columns) FROM deliveries ORDER BY number"))
        }
    }

    /// A page of the deliveries that the filter finds, newest first.
    package func list(
        _ filter: DeliveryFilter = DeliveryFilter(), limit: Int = 50, offset: Int = 0
    ) throws(RegistryFault) -> DeliveryPage {
        let (condition, values) = filter.condition
        return try driver.read { connection throws(RegistryFault) in
            let rows = try connection.query(
                "SELECT \(Delivery.columns) FROM deliveries \(condition) ORDER BY number DESC LIMIT ? OFFSET ?",
                values + [.integer(min(max(limit, 0), Self.maximumPageSize)), .integer(max(offset, 0))])
            let count = try connection.query("SELECT COUNT(*) AS total FROM deliveries \(condition)", values)
            return DeliveryPage(
                deliveries: try Self.deliveries(rows), total: try count.first?.integer("total") ?? 0)
        }
    }
}

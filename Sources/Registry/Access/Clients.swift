package import Identifiers

/// A program of a partner that speaks to the API (OAuth 2 client, RFC 6749 §4.4).
package struct Client: Sendable, Hashable {
    /// `client_id`, unique.
    package var id: String
    package var name: String
    /// Code of the body that it belongs to.
    package var body: String
    /// What it may do, such as `deliveries`, `subjects`.
    package var scopes: [String]
    /// Public key of its signed assertions: PEM, P-256 (ES256).
    package var publicKey: String
    /// Requests a day.
    package var dailyQuota: Int
    package var isActive: Bool
    /// Last day of the contract under which it may ask; nil where none was agreed.
    package var contractUntil: CivilDate?
    /// Origins (RFC 6454) of the pages that may embed a verification: `https://spj.zhumadian.gov.cn`.
    package var origins: [String]
    package var created: Instant

    package init(
        id: String, name: String, body: String, scopes: [String], publicKey: String, dailyQuota: Int, isActive: Bool = true, contractUntil: CivilDate? = nil,
        origins: [String] = [], created: Instant
    ) {
        self.id = id
        self.name = name
        self.body = body
        self.scopes = scopes
        self.publicKey = publicKey
        self.dailyQuota = dailyQuota
        self.isActive = isActive
        self.contractUntil = contractUntil
        self.origins = origins
        self.created = created
    }
}

extension Client {
    /// Whether its contract is over on a day.
    package func isContractOver(on day: CivilDate) -> Bool { contractUntil.map { $0 < day } ?? false }
}

/// Machine clients, and the assertions they have used up.
package struct Clients: Sendable {
    let driver: any SQLDriver

    /// Adds a client; false where the id is taken.
    package func add(_ client: Client) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                """
                INSERT INTO clients (id, name, body, scopes, public_key, daily_quota, active, created, contract_until, origins)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """,
                [
                    .text(client.id), .text(client.name), .text(client.body), .text(client.scopes.joined(separator: " ")),
                    .text(client.publicKey), .integer(client.dailyQuota), .flag(client.isActive), .instant(client.created),
                    .integer(client.contractUntil.map { Int64($0.day) }), .text(client.origins.joined(separator: " ")),
                ]) == 1
        }
    }

    /// The client of an id.
    package func find(_ id: String) throws(RegistryFault) -> Client? {
        try driver.read { connection throws(RegistryFault) in
            try connection.query("SELECT * FROM clients WHERE id = ?", [.text(id)]).first.map { row throws(RegistryFault) in try Self.client(row) }
        }
    }

    /// All clients, by id.
    package func list() throws(RegistryFault) -> [Client] {
        try driver.read { connection throws(RegistryFault) in
            var clients: [Client] = []
            for row in try connection.query("SELECT * FROM clients ORDER BY id LIMIT 1000") { clients.append(try Self.client(row)) }
            return clients
        }
    }

    private static func client(_ row: SQLRow) throws(RegistryFault) -> Client {
        Client(
            id: try row.text("id"), name: try row.text("name"), body: try row.text("body"),
            scopes: try row.text("scopes").split(separator: " ").map(String.init), publicKey: try row.text("public_key"),
            dailyQuota: try row.integer("daily_quota"), isActive: try row.flag("active"),
            contractUntil: try row.integerIfPresent("contract_until").map { CivilDate(day: $0) },
            origins: try row.text("origins").split(separator: " ").map(String.init), created: try row.instant("created"))
    }

    /// Stops a client or lets it go on.
    package func setActive(_ id: String, _ active: Bool) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("UPDATE clients SET active = ? WHERE id = ?", [.flag(active), .text(id)])
        }
    }

    /// Says which pages may embed a client's verifications.
    package func setOrigins(_ id: String, _ origins: [String]) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("UPDATE clients SET origins = ? WHERE id = ?", [.text(origins.joined(separator: " ")), .text(id)])
        }
    }

    /// Uses an assertion's id (`jti`) up, so that it is taken once.
    /// - Returns: false where it was used before.
    package func use(assertion id: String, of client: String, until: Instant, at now: Instant) throws(RegistryFault) -> Bool {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("DELETE FROM used_assertions WHERE ends < ?", [.instant(now)])
            return try connection.execute(
                "INSERT INTO used_assertions (client, id, ends) VALUES (?, ?, ?) ON CONFLICT (client, id) DO NOTHING",
                [.text(client), .text(id), .instant(until)]) == 1
        }
    }
}

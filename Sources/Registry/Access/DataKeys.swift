/// A data key in its wrapped form: for one body and one year, so that giving a key up gives up no more.
package struct WrappedKey: Sendable, Hashable {
    /// The number that sealed files and values carry.
    package let id: UInt32
    /// Code of the body whose data it seals; `platform` for the platform's own.
    package let body: String
    package let year: Int
    /// As the crypto backend wrapped it; nil once the key was destroyed.
    package let wrapped: [UInt8]?
}

/// Wrapped data keys.
package struct DataKeys: Sendable {
    let driver: any SQLDriver

    /// The key of an id.
    package func find(_ id: UInt32) throws(RegistryFault) -> WrappedKey? { try list("id = ?", [.integer(id)]).first }

    /// All keys.
    package func list() throws(RegistryFault) -> [WrappedKey] { try list("1 = 1", []) }

    /// The key of a body and year; `make` wraps a new one where there is none. Two that ask at once get the same.
    package func key(of body: String, year: Int, make: () -> [UInt8]) throws(RegistryFault) -> WrappedKey {
        let known = try list("body = ? AND year = ?", [.text(body), .integer(year)])
        if let key = known.first { return key }
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "INSERT INTO data_keys (body, year, wrapped) VALUES (?, ?, ?) ON CONFLICT (body, year) DO NOTHING",
                [.text(body), .integer(year), .blob(make())])
        }
        guard let key = try list("body = ? AND year = ?", [.text(body), .integer(year)]).first else {
            throw RegistryFault(.failed, detail: "a data key was not kept")
        }
        return key
    }

    /// Destroys a key: whatever it sealed can never be read again.
    package func destroy(_ id: UInt32) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("UPDATE data_keys SET wrapped = NULL WHERE id = ?", [.integer(id)])
        }
    }

    private func list(_ condition: String, _ values: [SQLValue]) throws(RegistryFault) -> [WrappedKey] {
        try driver.read { connection throws(RegistryFault) in
            var keys: [WrappedKey] = []
            for row in try connection.query("SELECT id, body, year, wrapped FROM data_keys WHERE \(condition) ORDER BY id", values) {
                keys.append(
                    WrappedKey(
                        id: try row.integer("id"), body: try row.text("body"), year: try row.integer("year"),
                        wrapped: try row.blobIfPresent("wrapped")))
            }
            return keys
        }
    }
}

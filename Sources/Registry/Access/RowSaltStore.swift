/// The seeds of the salts that hide each row behind its leaf of the log. Kept apart from the records, in a store whose deleted bytes are
/// overwritten: giving a seed up erases what it hid.
package struct RowSaltStore: Sendable {
    let driver: any SQLDriver

    /// A delivery's seeds, as `RowSalts` writes them; `make` draws them where there are none yet.
    package func salts(of delivery: UInt32, make: () -> [UInt8]) throws(RegistryFault) -> [UInt8] {
        if let known = try find(delivery) { return known }
        try driver.write { connection throws(RegistryFault) in
            try connection.execute(
                "INSERT INTO row_salts (delivery, salts) VALUES (?, ?) ON CONFLICT (delivery) DO NOTHING", [.integer(delivery), .blob(make())])
        }
        guard let salts = try find(delivery) else { throw RegistryFault(.failed, detail: "row salts were not kept") }
        return salts
    }

    /// A delivery's seeds; nil where there are none, or they were given up.
    package func find(_ delivery: UInt32) throws(RegistryFault) -> [UInt8]? {
        try driver.read { connection throws(RegistryFault) in
            let salts = try connection.query("SELECT salts FROM row_salts WHERE delivery = ?", [.integer(delivery)]).first?.blob("salts")
            return salts?.isEmpty == true ? nil : salts
        }
    }

    /// Overwrites a delivery's seeds, with those that are left or, empty, with nothing.
    package func overwrite(_ delivery: UInt32, with salts: [UInt8]) throws(RegistryFault) {
        try driver.write { connection throws(RegistryFault) in
            try connection.execute("UPDATE row_salts SET salts = ? WHERE delivery = ?", [.blob(salts), .integer(delivery)])
        }
    }
}

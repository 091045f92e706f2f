/// What holds the keys that everything else hangs on: master keys, under which data keys are wrapped, and named secrets, with
/// which codes are made. They never leave it.
///
/// `SoftwareKeys` keeps them in a file. A certified device (SDF, GM/T 0018) can stand here instead, as 密评 (GB/T 39786) asks:
/// `wrap` and `unwrap` are then encryption under an internal symmetric key, `code` an HMAC-SM3 under one. Calls may take as long
/// as a network does and may fail; results are to be kept, not asked for row by row.
package protocol CryptoBackend: Sendable {
    /// Wraps a data key under the master key of this name.
    ///
    /// - Returns: bytes that only this backend understands; no secret.
    func wrap(_ key: DataKey, under master: String) throws(KeyFault) -> [UInt8]

    /// The data key that was wrapped.
    ///
    /// - Throws: `KeyFault(.notOurs)` for bytes that `wrap` did not give for this master key.
    func unwrap(_ wrapped: [UInt8], under master: String) throws(KeyFault) -> DataKey

    /// HMAC-SM3 of a message under the secret of this name: 32 bytes.
    func code(_ message: [UInt8], secret: String) throws(KeyFault) -> [UInt8]
}

/// A secret of a backend by its name, as what makes codes with it is handed it: the pepper of passwords.
package struct NamedSecret: Sendable {
    private let backend: any CryptoBackend
    private let name: String

    package init(_ name: String, of backend: any CryptoBackend) {
        self.backend = backend
        self.name = name
    }

    /// HMAC-SM3 of a message: 32 bytes.
    package func code(_ message: [UInt8]) throws(KeyFault) -> [UInt8] { try backend.code(message, secret: name) }
}

/// A password as it is stored: argon2id (RFC 9106), then HMAC-SM3 under the pepper, so that neither the table without the
/// backend's secret nor the secret without the table lets anybody guess.
///
/// As text: `$tz-argon2id$v=19$m=19456,t=2,p=1$<salt>$<code>`, salt and code in Base64 without padding. The parameters stand in it, so
/// that they can be raised later: who logs in with the old ones gets a new hash (`needsRehash`).
package struct PasswordHash: Sendable, Equatable {
    /// What a hash costs.
    struct Cost: Sendable, Equatable {
        /// Memory in KiB.
        var memory: UInt32
        /// Passes over it.
        var passes: UInt32
        /// Lanes; worked off by one thread.
        var lanes: UInt32

        /// 19 MiB, two passes, one lane (OWASP Password Storage, the first choice).
        static let current = Cost(memory: 19_456, passes: 2, lanes: 1)

        /// What a stored text may ask for: no more than 256 MiB and 16 passes, so that a text that was tampered with cannot
        /// take the machine down.
        var isSound: Bool {
            (1...4).contains(lanes) && (1...16).contains(passes) && (8 * lanes...262_144).contains(memory)
        }
    }

    private static let saltBytes = 16
    private static let tagBytes = 32

    let cost: Cost
    let salt: [UInt8]
    let code: [UInt8]

    /// Hashes a password with a fresh salt. It takes some 40 ms of a processor and 19 MiB: the caller bounds how many at once.
    ///
    /// - Parameters:
    ///   - password: as typed; the caller bounds its length and folds what one keyboard writes otherwise than another.
    ///   - pepper: a secret of the backend.
    package static func make(_ password: String, pepper: NamedSecret) throws(KeyFault) -> PasswordHash {
        let salt = randomBytes(saltBytes)
        return PasswordHash(cost: .current, salt: salt, code: try code(password, salt, .current, pepper))
    }

    /// Whether this is the password. The comparison takes the same time wherever they differ.
    package func matches(_ password: String, pepper: NamedSecret) throws(KeyFault) -> Bool {
        let offered = try Self.code(password, salt, cost, pepper)
        return constantTimeEqual(offered.span, code.span)
    }

    /// Whether the parameters are no longer those of new hashes.
    package var needsRehash: Bool { cost != .current }

    /// The hash of no password, for names that are not there: to ask it takes as long as for one that is.
    package static let decoy = PasswordHash(
        cost: .current, salt: [UInt8](repeating: 0, count: saltBytes), code: [UInt8](repeating: 0, count: tagBytes))

    /// The stored form.
    package var text: String {
        let cost = "m=\(cost.memory),t=\(cost.passes),p=\(cost.lanes)"
        return "$tz-argon2id$v=19$\(cost)$\(BitText.base64.encode(salt.span))$\(BitText.base64.encode(code.span))"
    }

    /// A hash from its stored form; nil for any other text.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1].elementsEqual("tz-argon2id".utf8), parts[2].elementsEqual("v=19".utf8),
            let cost = Self.cost(parts[3]), cost.isSound,
            let salt = BitText.base64.decode(parts[4]), salt.count == Self.saltBytes,
            let code = BitText.base64.decode(parts[5]), code.count == Self.tagBytes
        else { return nil }
        self.init(cost: cost, salt: salt, code: code)
        // One value has one text: no leading zeros, no signs.
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    init(cost: Cost, salt: [UInt8], code: [UInt8]) {
        self.cost = cost
        self.salt = salt
        self.code = code
    }

    private static func cost(_ text: Substring.UTF8View) -> Cost? {
        let parts = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let numbers = zip(parts, ["m=", "t=", "p="]).compactMap { part, name -> UInt32? in
            guard part.starts(with: name.utf8) else { return nil }
            return UInt32(String(Substring(part.dropFirst(2))))
        }
        return numbers.count == 3 ? Cost(memory: numbers[0], passes: numbers[1], lanes: numbers[2]) : nil
    }

    private static func code(
        _ password: String, _ salt: [UInt8], _ cost: Cost, _ pepper: NamedSecret
    ) throws(KeyFault) -> [UInt8] {
        var bytes = Array(password.utf8)
        defer { wipe(&bytes) }
        var tag = try argon2id(bytes, salt: salt, cost: cost, count: tagBytes)
        defer { wipe(&tag) }
        return try pepper.code(tag)
    }
}

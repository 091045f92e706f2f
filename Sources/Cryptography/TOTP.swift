import CGcrypt

/// One-time codes by time (RFC 6238) as every authenticator app makes them: HMAC-SHA-1, 6 digits, a new one each 30 seconds.
package struct TOTP: Sendable {
    /// Seconds that a code serves.
    package static let period: Int64 = 30
    /// Length in bytes of the secrets that are drawn here: that of the hash (RFC 4226 §4 R6).
    package static let secretBytes = 20

    private let secret: SecretBytes

    /// A fresh secret.
    package static func random() -> TOTP { TOTP(SecretBytes(random: secretBytes)) }

    /// A secret from its 20 bytes; nil for another number of them.
    package init?(secret: Span<UInt8>) {
        guard secret.count == Self.secretBytes else { return nil }
        self.init(SecretBytes(copying: secret))
    }

    /// A secret from its Base32 text without padding, of either case, spaces between groups allowed; nil for any other.
    package init?(base32 text: String) {
        let digits = text.utf8.filter { $0 != 0x20 }.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
        guard var bytes = BitText.base32.decode(digits) else { return nil }
        defer { wipe(&bytes) }
        self.init(secret: bytes.span)
    }

    private init(_ secret: SecretBytes) { self.secret = secret }

    /// Lends the 20 bytes, to be sealed (`DataKey.seal`).
    package func withSecret<Result>(_ body: (Span<UInt8>) -> Result) -> Result { secret.withSpan(body) }

    /// The secret as Base32 (RFC 4648): 32 characters, for people who cannot scan.
    package var base32: String { secret.withSpan(BitText.base32.encode) }

    /// The code at a time.
    ///
    /// - Parameter seconds: since 1970-01-01T00:00:00Z.
    package func code(at seconds: Int64) -> String { code(counter: Self.counter(at: seconds)) }

    /// Whether a code that was entered serves now: that of this half minute or of the one before or after, and of none that has
    /// served (RFC 6238 §5.2).
    ///
    /// - Parameters:
    ///   - seconds: now, since 1970-01-01T00:00:00Z.
    ///   - last: what this gave when a code last served; nil where none has.
    /// - Returns: what is to be stored as the next `last`, before the caller lets anybody in; nil where the code does not serve.
    ///   Two requests with one code must not both find the old `last`: the caller stores it under a condition.
    package func accepts(_ code: String, at seconds: Int64, after last: Int64?) -> Int64? {
        let entered = Array(code.utf8)
        let now = Self.counter(at: seconds)
        var found: Int64?
        // All three, whatever is found: the time tells nothing. The latest counts, so that a code that two steps share is spent.
        for counter in (now - 1)...(now + 1) {
            let isRight = constantTimeEqual(Array(self.code(counter: counter).utf8).span, entered.span)
            if isRight, counter > last ?? .min { found = counter }
        }
        return found
    }

    /// What an authenticator app takes as a QR code (the Key URI format of Google Authenticator).
    ///
    /// - Parameters:
    ///   - issuer: the platform's name, shown above the code.
    ///   - account: whose code it is, shown below.
    package func uri(issuer: String, account: String) -> String {
        let name = Self.escaped(issuer)
        return "otpauth://totp/\(name):\(Self.escaped(account))?secret=\(base32)&issuer=\(name)&algorithm=SHA1&digits=6&period=30"
    }

    private static func counter(at seconds: Int64) -> Int64 {
        seconds / period - (seconds % period < 0 ? 1 : 0)
    }

    /// HOTP (RFC 4226 §5.3).
    private func code(counter: Int64) -> String {
        let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> Int64(56 - 8 * $0)) }
        let number = secret.withSpan { key in
            var hash = HMAC(GCRY_MD_SHA1, key: key)
            hash.update(message.span)
            return hash.withCode(20) { bytes in
                let start = Int(bytes[19] & 15)
                return (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + $1]) } & 0x7FFF_FFFF
            }
        }
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    /// Percent-encoded but for the unreserved characters of RFC 3986.
    private static func escaped(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

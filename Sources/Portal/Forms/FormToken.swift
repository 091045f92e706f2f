internal import Cryptography
internal import Identifiers

/// Tokens that bind a form to the browser it was given to: a page of another site cannot know one (CSRF), and an old one lapses.
///
/// Shape: expiry in seconds since 1970 (hexadecimal), a dot, 32 hexadecimal digits of HMAC-SM3 over purpose, browser and expiry.
struct FormTokens: Sendable {
    /// How long a form stays good.
    static let lifetime: Int64 = 8 * 3600
    /// The cookie that names the browser; random, and of no other meaning.
    static let cookie = "__Host-tz-browser"

    private let key: [UInt8]

    /// - Parameter key: 32 random bytes, drawn at start; a restart voids the forms that are open.
    init(key: [UInt8] = randomBytes(32)) { self.key = key }

    /// A token for a form.
    /// - Parameters:
    ///   - purpose: which form, e.g. its action.
    ///   - browser: value of the cookie.
    func token(for purpose: String, browser: String, now: Instant) -> String {
        let expiry = String(now.milliseconds / 1000 + Self.lifetime, radix: 16)
        return "\(expiry).\(code(purpose, browser, expiry))"
    }

    /// True if the token was given for this form and browser, and has not lapsed.
    func accepts(_ token: String?, for purpose: String, browser: String?, now: Instant) -> Bool {
        guard let token, let browser, !browser.isEmpty, let dot = token.firstIndex(of: ".") else { return false }
        let expiry = String(token[..<dot])
        guard let seconds = Int64(expiry, radix: 16), seconds > now.milliseconds / 1000 else { return false }
        return Self.equal(code(purpose, browser, expiry), String(token[token.index(after: dot)...]))
    }

    /// A name for a browser that has none yet: 32 hexadecimal digits.
    static func newBrowser() -> String { randomBytes(16).map { hex($0, 2) }.joined() }

    private func code(_ purpose: String, _ browser: String, _ expiry: String) -> String {
        var hash = KeyedHash(key: key)
        let text = Array("\(purpose)\u{0}\(browser)\u{0}\(expiry)".utf8)
        let value = hash.hash(0xF0, text.span)
        return Self.hex(value.high, 16) + Self.hex(value.low, 16)
    }

    private static func hex(_ value: some FixedWidthInteger & UnsignedInteger, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// Compares without saying by its time where the difference is.
    private static func equal(_ left: String, _ right: String) -> Bool {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

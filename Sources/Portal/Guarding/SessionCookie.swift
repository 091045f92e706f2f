import Hummingbird

/// The cookie of a login. `__Host-` binds it to this very host and to encrypted transport (RFC 6265bis); browsers take the
/// machine's own address for encrypted.
enum SessionCookie {
    static let name = "__Host-tz-session"

    /// The token that a request carries.
    static func token(of request: Request) -> String? {
        request.cookies[name]?.value
    }

    /// The cookie that carries a token; it ends with the browser.
    static func carrying(_ token: String) -> Cookie {
        Cookie(name: name, value: token, path: "/", secure: true, httpOnly: true, sameSite: .strict)
    }

    /// The cookie that takes the token away.
    static var ended: Cookie { Cookie(name: name, value: "", maxAge: 0, path: "/", secure: true, httpOnly: true, sameSite: .strict) }
}

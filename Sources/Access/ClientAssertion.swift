internal import FoundationEssentials
package import Identifiers
internal import JWTKit
package import Registry

/// What a program signs with its own key (RFC 7523): that it is this program, for this address, once, for a few minutes; and, in a link,
/// what is asked.
struct ClientAssertion: JWTPayload {
    var iss: IssuerClaim
    var sub: SubjectClaim
    var aud: Audience
    /// Seconds since 1970.
    var exp: Double
    var nbf: Double?
    var jti: IDClaim
    // Of a signed question.
    var matter: String?
    var caseNumber: String?
    var identifier: String?
    var name: String?
    var handler: String?
    var origin: String?

    /// One or several, none too: the library's own claim does not take an empty list.
    enum Audience: Codable {
        case one(String)
        case several([String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) { self = .one(one) } else { self = .several(try container.decode([String].self)) }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .one(let text): try container.encode(text)
            case .several(let texts): try container.encode(texts)
            }
        }

        var all: [String] {
            switch self {
            case .one(let text): [text]
            case .several(let texts): texts
            }
        }
    }

    /// How far ahead it may expire, in seconds.
    private static let lifetime: Int64 = 300

    /// Times are checked against the platform's clock, not the library's.
    func verify(using _: some JWTAlgorithm) async throws {}

    /// When it expires; it is good now.
    func expiry(at now: Instant) throws(ClientFault) -> Instant {
        // Numbers of a signed text may be anything that a number can be.
        guard let expires = Int64(exactly: exp.rounded(.down)), let start = Int64(exactly: (nbf ?? 0).rounded(.down)) else {
            throw ClientFault(code: "invalid_client", message: "断言的 exp 或 nbf 不是时间。")
        }
        let seconds = now.milliseconds / 1000
        if start > seconds + 60 { throw ClientFault(code: "invalid_client", message: "断言还没有生效。请用准确的时钟重新签名。") }
        guard seconds < expires, expires <= seconds + Self.lifetime + 60 else {
            throw ClientFault(code: "invalid_client", message: "断言已过期，或有效期超过 5 分钟。请用准确的时钟重新签名。")
        }
        return Instant(milliseconds: expires * 1000)
    }

    /// `iss` of a token whose signature is yet to be checked.
    static func issuer(of token: String) -> String? {
        struct Issuer: Decodable { var iss: String }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        // Base64url without padding (RFC 7515 §2).
        var text = String(parts[1].map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
        while text.utf8.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: text).flatMap { try? JSONDecoder().decode(Issuer.self, from: $0) }?.iss
    }
}

/// A question that a program signed for an official at its own page: what a link to the embedded verification carries.
package struct SignedQuestion: Sendable {
    package let client: Client
    package let matter: String?
    package let caseNumber: String?
    package let identifier: String?
    package let name: String?
    /// The official at the host's page, as the host knows him.
    package let handler: String
    /// The page that embeds the answer; one of the client's.
    package let origin: String
}

extension Client {
    /// Whether it may ask for verifications, real or in the sandbox.
    fileprivate var mayVerify: Bool { scopes.contains { [ClientScope.verifications, ClientScope.sandbox].contains($0) } }
}

extension ClientDesk {
    /// Takes a signed question; the signature is good once.
    /// - Parameter audiences: what it may be addressed to: the addresses of the embedded page.
    /// - Throws: `ClientFault`.
    package func question(_ request: String, audiences: [String], at now: Instant) async throws -> SignedQuestion {
        let (client, asked) = try await client(of: request, audiences: audiences, at: now)
        guard client.mayVerify else {
            throw ClientFault(code: "invalid_scope", message: "该程序没有登记核查的范围。请向信用中心申请。")
        }
        guard let origin = asked.origin, client.origins.contains(origin) else {
            throw ClientFault(code: "invalid_client", message: "请求里的 origin 不是该程序登记的页面来源。请改为登记的来源，或向信用中心登记。")
        }
        // It goes through a form and back, which changes line ends.
        guard let handler = asked.handler?.trimmingBlanks().prefix(60), !handler.isEmpty, handler.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw ClientFault(code: "invalid_request", message: "请求里没有经办人 handler，或其中有控制字符。请写明是谁在办理。")
        }
        return SignedQuestion(
            client: client, matter: asked.matter, caseNumber: asked.caseNumber, identifier: asked.identifier, name: asked.name, handler: String(handler), origin: origin)
    }

    /// The client of an id, where it may still ask; nil where it was stopped or its contract is over.
    package func active(_ id: String, at now: Instant) throws -> Client? {
        guard let client = try registry.clients.find(id), client.isActive, !client.isContractOver(on: now.date) else { return nil }
        return client
    }

    /// The origins of the pages that may embed a client's verifications; none for a client that may not ask.
    package func origins(of id: String?, at now: Instant) throws -> [String] {
        guard let client = try id.flatMap({ try active($0, at: now) }), client.mayVerify else { return [] }
        return client.origins
    }

    /// Whether a text is an origin that a page may have (RFC 6454): scheme and host, perhaps a port, nothing else. Without encryption only
    /// on the machine itself.
    package static func isOrigin(_ text: String) -> Bool {
        let isLocal = ["http://127.0.0.1", "http://localhost"].contains { text == $0 || text.hasPrefix("\($0):") }
        guard text.hasPrefix("https://") || isLocal, let start = text.firstRange(of: "://") else { return false }
        let authority = text[start.upperBound...].split(separator: ":", omittingEmptySubsequences: false)
        let isHost = authority[0].utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
        return authority.count <= 2 && !authority[0].isEmpty && isHost && (authority.count == 1 || UInt16(authority[1]) != nil)
    }
}

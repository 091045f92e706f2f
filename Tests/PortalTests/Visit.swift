import HTTPTypes
import HummingbirdTesting
import Synchronization
import Testing

@testable import Portal

/// A browser of one person: it keeps cookies as it is told to.
final class Visit: Sendable {
    let client: any TestClientProtocol
    private let jar = Shelf<[String: String]>([:])
    /// All that it was shown.
    private let seen = Shelf<[String]>([])

    init(_ client: any TestClientProtocol) { self.client = client }

    var token: String? { jar.value[SessionCookie.name] }
    var pages: [String] { seen.value }

    func setCookie(_ name: String, _ value: String?) { jar.change { $0[name] = value } }

    private var headers: HTTPFields {
        let cookies = jar.value.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: "; ")
        return cookies.isEmpty ? [:] : [.cookie: cookies]
    }

    private func keep(_ response: TestResponse) -> TestResponse {
        for text in response.headers[values: .setCookie] {
            let pair = text.prefix { $0 != ";" }
            guard let sign = pair.firstIndex(of: "=") else { continue }
            let value = String(pair[pair.index(after: sign)...])
            jar.change { $0[String(pair[..<sign])] = text.contains("Max-Age=0") ? nil : value }
        }
        seen.change { $0.append(response.text) }
        return response
    }

    func get(_ uri: String) async throws -> TestResponse { keep(try await client.get(uri, headers: headers)) }

    /// Sends a page's own form, filled in.
    func fill(_ uri: String, _ fields: [(String, String)]) async throws -> TestResponse {
        let page = try await get(uri)
        let form = try #require(page.text.firstRange(of: "action=\"\(uri.prefix { $0 != "?" })\" method=\"post\""), "no form on \(uri): \(page.status.code)")
        let rest = page.text[form.upperBound...]
        let start = try #require(rest.firstRange(of: "name=\"token\" value=\""))
        let token = String(rest[start.upperBound...].prefix { $0 != "\"" })
        return try await post(String(uri.prefix { $0 != "?" }), [("token", token)] + fields)
    }

    func post(_ uri: String, _ fields: [(String, String)]) async throws -> TestResponse { keep(try await client.post(uri, fields, headers: headers)) }

    /// Password and code.
    func login(_ login: String, _ password: String, code: () -> String) async throws {
        _ = try await fill("/login", [("login", login), ("password", password)])
        let done = try await fill("/login/code", [("code", code())])
        try #require(done.status == .seeOther, "\(done.text)")
    }
}

extension TestClientProtocol {
    fileprivate func post(_ uri: String, _ fields: [(String, String)], headers: HTTPFields) async throws -> TestResponse {
        try await post(uri, nil, fields, headers: headers)
    }
}

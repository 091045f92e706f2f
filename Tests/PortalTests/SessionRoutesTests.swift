import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identifiers
import Registry
import Testing

@testable import Access
@testable import Portal

@Suite("Where one is logged in") struct SessionRoutesTests {
    private func numbers(_ place: Place, _ account: Int64) -> [Int] { place.access.sessions.all(of: account, at: place.now).map(\.number) }

    @Test("one's own logins are shown, this one marked; one is ended, or all others; another's is not there")
    func endings() async throws {
        let place = try Place()
        defer { place.close() }
        let (number, codes) = try LoginRoutesTests.account(place)
        try await place.routed { client in
            let visits = [Visit(client), Visit(client), Visit(client)]
            for visit in visits {
                place.advance(seconds: 30)
                try await visit.login("zhang", LoginRoutesTests.password) { LoginRoutesTests.code(codes, place) }
            }
            let foreign = try place.cookie(of: .of(.windowClerk, body: "ZMD-SCJG", login: "li"))
            let page = try await visits[2].get("/sessions")
            #expect(page.status == .ok && page.text.ranges(of: "本次登录").count == 1)
            let mine = numbers(place, number)
            #expect(mine.count == 3 && mine == mine.sorted(by: >))

            // Another account's page has no such form, and its token does not make one.
            let path = "/sessions/\(mine[0])/ending"
            let refused = try await client.post(path, foreign, [("token", try place.formToken(path, for: foreign))])
            #expect(refused.status == .notFound && numbers(place, number) == mine)

            let oldest = "/sessions/\(mine[2])/ending"
            let cookie = "\(SessionCookie.name)=\(visits[2].token ?? "")"
            #expect(try await client.post(oldest, cookie, [("token", try place.formToken(oldest, for: cookie))]).headers[.location] == "/sessions")
            #expect(try await visits[0].get("/staff").headers[.location]?.hasPrefix("/login") == true)
            #expect(try await visits[1].get("/staff").status == .ok)
            #expect(try await client.post(oldest, cookie, [("token", try place.formToken(oldest, for: cookie))]).status == .notFound, "ended before")

            let others = "/sessions/others/ending"
            #expect(try await client.post(others, cookie, [("token", try place.formToken(others, for: cookie))]).status == .seeOther)
            #expect(try await visits[1].get("/staff").status == .seeOther)
            #expect(numbers(place, number) == [mine[0]])
            #expect(try await client.get("/sessions", foreign).status == .ok, "nobody else's")
        }
    }
}

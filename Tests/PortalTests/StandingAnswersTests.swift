import Archive
import FoundationEssentials
import Hummingbird
import HummingbirdTesting
import Identifiers
import Intake
import Testing

@testable import Portal

@Suite("Standings that were answered before") struct StandingAnswersTests {
    /// The parts of a standing that tell one state of the data from another.
    private struct Answer: Decodable {
        struct Clocks: Decodable { var knownAt: String; var erased: [Int]? }
        struct Total: Decodable { var records: Int }
        var clocks: Clocks
        var total: Total
    }

    @Test("the same bytes until something changes; after a commit, a withdrawal and an erasure the new state, and earlier moments as they were")
    func changes() async throws {
        let place = try await PublicRoutesTests.city()
        defer { place.close() }
        let desk = place.portal.desk
        try await place.live(as: .centre) { client in
            let hits = try await client.execute(uri: "/api/v1/subjects?q=\(SampleFile.firm)", method: .get) { $0.text }
            let start = try #require(hits.firstRange(of: "\"key\":\""))
            let uri = "/api/v1/subjects/\(hits[start.upperBound...].prefix(32))/standing"
            func ask(_ query: String = "") async throws -> (answer: Answer, text: String) {
                let text = try await client.execute(uri: uri + query, method: .get) { $0.text }
                return (try JSONDecoder().decode(Answer.self, from: Data(text.utf8)), text)
            }
            let first = try await ask()
            #expect(first.answer.total.records == 3)
            place.advance(seconds: 5)
            #expect(try await ask().text == first.text)
            #expect(try await ask("?scope=all").text != first.text)
            #expect(try await ask("?asOf=2026-01-16").answer.total.records == 1)

            try await place.deliver(
                SampleFile.penalties([.init(document: "驻市监处罚〔2026〕4号")]), resource: "ZMD-03-0002", provider: "ZMD-SCJG", name: "b.csv")
            let second = try await ask()
            #expect(second.answer.total.records == 4 && second.answer.clocks.knownAt != first.answer.clocks.knownAt)
            let earlier = "?knownAt=\(PercentCoding.encode(second.answer.clocks.knownAt))"

            _ = try desk.withdraw(3, reason: "报错", at: place.now)
            #expect(try await ask().answer.total.records == 3)
            #expect(try await ask(earlier).text == second.text)

            #expect(try desk.erase(withdrawnUntil: .distantFuture, at: place.now) == [3])
            let lacking = try await ask(earlier).answer
            #expect(lacking.total.records == 3 && lacking.clocks.erased == [3])
            #expect(try await ask().answer.clocks.erased == nil)
            #expect(try await ask("?knownAt=\(PercentCoding.encode(first.answer.clocks.knownAt))").text == first.text)
        }
    }

    @Test("what is kept is bounded, and what is asked for again stays")
    func bounded() throws {
        let answers = StandingAnswers(capacity: 1000)
        func question(_ number: UInt64) -> FileQuestion {
            FileQuestion(
                key: .init(high: number, low: 0), clocks: .init(asOf: Place.start.date, knownAt: Place.start), audience: .open)
        }
        var made = 0
        func ask(_ number: UInt64) throws {
            _ = try answers.answer(to: question(number)) { _ in
                made += 1
                var json = JSONBytes()
                json.object { $0.member("text", String(repeating: "x", count: 85)) }
                return json
            }
        }
        for number in 0..<1000 as Range<UInt64> {
            try ask(number)
            try ask(0)
        }
        // 100 bytes an answer: some 10 fit a generation, and 0 is carried from one to the next.
        #expect(made == 1000)
        try ask(999)
        try ask(500)
        #expect(made == 1001)
    }
}

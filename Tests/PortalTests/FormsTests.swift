import Identifiers
import Testing

@testable import Portal

@Suite("Forms") struct FormsTests {
    static let body =
        "--XX\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nabc\r\n--XX\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n"
        + "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"处罚;1.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n--X\r\n1,2\r\n\r\n--XX--\r\n"

    struct Taken: Equatable {
        var name: String
        var fileName: String?
        var data: [UInt8] = []
        var ended = false
    }

    /// Feeds pieces and gathers the parts.
    static func take(_ pieces: [[UInt8]], boundary: String = "XX") throws -> [Taken] {
        var parser = try MultipartParser(boundary: boundary)
        var taken: [Taken] = []
        for piece in pieces {
            try parser.feed(piece) { event in
                switch event {
                case .began(let part): taken.append(Taken(name: part.name, fileName: part.fileName))
                case .data(let bytes): taken[taken.count - 1].data += bytes
                case .ended: taken[taken.count - 1].ended = true
                case .finished: break
                }
            }
        }
        try parser.finish()
        return taken
    }

    static let expected = [
        Taken(name: "token", data: Array("abc".utf8), ended: true), Taken(name: "empty", ended: true),
        Taken(name: "file", fileName: "处罚;1.csv", data: Array("a,b\r\n--X\r\n1,2\r\n".utf8), ended: true),
    ]

    @Test("headers of just the greatest length, byte by byte")
    func headerLimit() throws {
        let head = "Content-Disposition: form-data; name=\"a\""
        let body = Array("--b\r\n\(head)\r\n\r\nx\r\n--b--".utf8)
        for (limit, isTaken) in [(head.utf8.count, true), (head.utf8.count - 1, false)] {
            for piece in [1, body.count] {
                var parser = try MultipartParser(boundary: "b", headerLimit: limit)
                var parts = 0
                do {
                    for start in stride(from: 0, to: body.count, by: piece) {
                        try parser.feed(Array(body[start..<min(body.count, start + piece)])) { if case .began = $0 { parts += 1 } }
                    }
                } catch { #expect(error as? MultipartFault == .header) }
                #expect(parts == (isTaken ? 1 : 0))
            }
        }
    }

    @Test("a multipart body split at any byte gives the same parts")
    func splitsAnywhere() throws {
        let bytes = Array(Self.body.utf8)
        for cut in 0...bytes.count {
            #expect(try Self.take([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.expected, "cut at \(cut)")
        }
        #expect(try Self.take(bytes.map { [$0] }) == Self.expected)
        #expect(try Self.take([bytes]) == Self.expected)
    }

    @Test("a body cut short is refused, wherever it is cut")
    func truncated() throws {
        let bytes = Array(Self.body.utf8).dropLast(4)
        for cut in 0..<bytes.count { #expect(throws: (any Error).self) { try Self.take([Array(bytes[..<cut])]) } }
    }

    @Test("faulty bodies are named")
    func faults() throws {
        #expect(throws: MultipartFault.boundary) { try MultipartParser(boundary: "") }
        #expect(throws: MultipartFault.malformed) { try Self.take([Array("--XXzz".utf8)]) }
        #expect(throws: MultipartFault.header) { try Self.take([Array("--XX\r\nNonsense\r\n\r\nx\r\n--XX--".utf8)]) }
        #expect(throws: MultipartFault.header) { try Self.take([Array("--XX\r\nA: ".utf8) + [UInt8](repeating: 65, count: 9000)]) }
        let many = String(repeating: "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n", count: 17) + "--XX--"
        #expect(throws: MultipartFault.tooManyParts) { try Self.take([Array(many.utf8)]) }
    }

    @Test("random bytes never crash the parser")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("\r\n-X:;=\"a ".utf8)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0..<120, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
            _ = try? Self.take([Array("--XX\r\n".utf8) + bytes])
        }
    }

    @Test("the boundary is read from the content type")
    func boundary() {
        #expect(MultipartParser.boundary(of: "multipart/form-data; boundary=abc") == "abc")
        #expect(MultipartParser.boundary(of: "Multipart/Form-Data; charset=utf-8; boundary=\"a b\"") == "a b")
        #expect(MultipartParser.boundary(of: "text/plain") == nil && MultipartParser.boundary(of: nil) == nil)
    }

    @Test("query text: plus is a blank, percent must be whole, NUL is refused")
    func query() {
        #expect(FormFields("q=%E5%A4%A9+%E4%B8%AD&page=2")?["q"] == "天 中")
        #expect(FormFields("q=a=b&q=c")?["q"] == "a=b")
        #expect(FormFields("q=%E5") == nil && FormFields("q=%zz") == nil && FormFields("q=%00") == nil)
        #expect(FormFields("")?.page() == 1 && FormFields("page=-3")?.page() == 1 && FormFields("page=7")?.page() == 7)
        #expect(FormFields("a=%20%20")?.text("a") == nil && FormFields("a=+x+")?.text("a") == "x")
        for text in ["天中 a&b=c%", "😀+", ""] { #expect(PercentCoding.decode(PercentCoding.encode(text)) == text) }
    }

    @Test("a token is good for its form, its browser and its time only")
    func tokens() {
        let tokens = FormTokens(key: [1, 2, 3])
        let now = Instant(milliseconds: 1_700_000_000_000)
        let token = tokens.token(for: "/staff/deliveries", browser: "b", now: now)
        #expect(tokens.accepts(token, for: "/staff/deliveries", browser: "b", now: now))
        #expect(!tokens.accepts(token, for: "/staff/persons", browser: "b", now: now))
        #expect(!tokens.accepts(token, for: "/staff/deliveries", browser: "c", now: now))
        #expect(!tokens.accepts(token, for: "/staff/deliveries", browser: nil, now: now))
        #expect(!tokens.accepts(token, for: "/staff/deliveries", browser: "b", now: Instant(milliseconds: now.milliseconds + 9 * 3_600_000)))
        #expect(!tokens.accepts(token + "0", for: "/staff/deliveries", browser: "b", now: now))
        #expect(!FormTokens(key: [9]).accepts(token, for: "/staff/deliveries", browser: "b", now: now))
        for text in ["", ".", "zz.1", "ffffffff."] { #expect(!tokens.accepts(text, for: "/staff/deliveries", browser: "b", now: now)) }
    }

    @Test("an event frame keeps line ends within the data")
    func frames() {
        #expect(ServerEvent(id: "7", name: "progress", data: "a\nb").frame == "id: 7\nevent: progress\ndata: a\ndata: b\n\n")
        #expect(ServerEvent(name: "end", data: "").frame == "event: end\ndata: \n\n")
    }

    @Test("the way back from the text-size switch stays on this site")
    func back() {
        #expect(TextSize.back("/search?q=1") == "/search?q=1")
        for path in ["//evil", "http://evil", "/\\evil", "", "/a\r\nb"] { #expect(TextSize.back(path) == "/") }
        #expect(TextSize.back(nil) == "/")
    }
}

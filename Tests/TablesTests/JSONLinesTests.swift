import Testing

@testable import Tables

@Suite("JSON Lines")
struct JSONLinesTests {
    let scratch = Scratch()

    @Test("the first object's keys are the header, objects are rows of its width")
    func rows() throws {
        let text = """
            {"名称":"甲","金额":12.50,"有效":true,"备注":null}

             { "金额" : -1e3 , "名称" : "\\u4e59\\ud83d\\ude00\\n\\"\\/" } \r
            {"有效":false,"备注":"","名称":"丙","金额":411702199001010023}
            """
        for batch in [1, 2, 1000] {
            let table = try Table(scratch.file("a.jsonl", text), batch: batch)
            #expect(table.format == .jsonLines)
            #expect(table.lines == [0, 1, 3, 4])
            #expect(table.texts == [["名称", "金额", "有效", "备注"], ["甲", "12.50", "true", ""], ["乙😀\n\"/", "-1000", "", ""], ["丙", "411702199001010023", "false", ""]])
            #expect(table.rows[1].map(\.form) == [.text, .number, .boolean, .empty])
            #expect(table.rows[3].map(\.form) == [.text, .number, .boolean, .empty])
        }
    }

    @Test("what is no flat object on one line is refused with its line", arguments: [
        ("{\"a\":1}\n{\"a\":1,\"b\":2}", TableFaultCode.unknownKey), ("{\"a\":1}\n{\"a\":{}}", .malformedJSON), ("{\"a\":1}\n{\"a\":[]}", .malformedJSON),
        ("{\"a\":1}\n{\"a\":1,\"a\":2}", .malformedJSON), ("{\"a\":1}\n{\"a\":1,}", .malformedJSON), ("{\"a\":1}\n{\"a\":01}", .malformedJSON),
        ("{\"a\":1}\n{\"a\":+1}", .malformedJSON), ("{\"a\":1}\n{\"a\":1.}", .malformedJSON), ("{\"a\":1}\n{\"a\":.5}", .malformedJSON),
        ("{\"a\":1}\n{\"a\":1e}", .malformedJSON), ("{\"a\":1}\n{\"a\":NaN}", .malformedJSON), ("{\"a\":1}\n{\"a\":tru}", .malformedJSON),
        ("{\"a\":1}\n{\"a\":\"x}", .malformedJSON), ("{\"a\":1}\n{\"a\":\"\\x\"}", .malformedJSON), ("{\"a\":1}\n{\"a\":\"\\ud800\"}", .malformedJSON),
        ("{\"a\":1}\n{\"a\":\"\\ud800\\u0041\"}", .malformedJSON), ("{\"a\":1}\n{\"a\":\"\\u0000\"}", .malformedJSON), ("{\"a\":1}\n{\"a\":\"\t\"}", .malformedJSON),
        ("{\"a\":1}\n{'a':1}", .malformedJSON), ("{\"a\":1}\n{a:1}", .malformedJSON), ("{\"a\":1}\n{\"a\"1}", .malformedJSON), ("{\"a\":1}\n{\"a\":1}x", .malformedJSON),
        ("{\"a\":1}\n[1]", .malformedJSON), ("{\"a\":1}\n{\"a\":1", .malformedJSON), ("{\"a\":1}\n{\"a\":", .malformedJSON), ("{\"a\":1}\n{", .malformedJSON),
        ("{\"a\":1}\n{\"a\":1} {\"a\":1}", .malformedJSON), ("\n{\n\"a\":1}", .malformedJSON),
    ])
    func refusals(_ text: String, _ code: TableFaultCode) {
        let found = fault(scratch.file("a.jsonl", text))
        #expect(found?.code == code)
        #expect(found?.line == 2)
        expectReadable(found)
    }

    @Test("an array, bytes that are not UTF-8, an overlong line")
    func others() {
        #expect(fault(scratch.file("a.json", " [\n {\"a\":1}]"))?.code == .malformedJSON)
        let bad = fault(scratch.file("a.jsonl", Array("{\"a\":1}\n{\"a\":\"".utf8) + [0xB0, 0xA1] + Array("\"}".utf8)))
        #expect(bad?.code == .encoding)
        #expect(bad?.line == 2)
        let long = fault(scratch.file("a.jsonl", "{\"a\":1}\n{\"a\":\"" + String(repeating: "x", count: 17 << 20) + "\"}"))
        #expect(long?.code == .lineTooLong)
        #expect(long?.line == 2)
    }
}

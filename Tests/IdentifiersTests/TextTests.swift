import Identifiers
import Testing

@Suite struct TextTests {
    private func fold(_ text: String) -> String? {
        var out = Array("前".utf8)
        guard Text.fold(Array(text.utf8).span, into: &out) else { return nil }
        return String(String(decoding: out, as: UTF8.self).dropFirst())
    }

    @Test(arguments: [
        ("驻马店市天中（集团）有限公司", "驻马店市天中(集团)有限公司"), ("  公司\t\r\n", "公司"), ("\u{3000}公司\u{3000}", "公司"),
        ("\u{FEFF}公司\u{A0}", "公司"), ("ＡＢＣ１２３", "ABC123"), ("甲\u{3000}乙", "甲 乙"), ("", ""), ("   ", ""),
        ("\u{3000}", ""),
        ("《办法》、第一条。", "《办法》、第一条。"), ("é—·", "é—·"), ("𠮷野家😀", "𠮷野家😀"), ("a\u{FEFF}b", "a\u{FEFF}b"),
        ("公司\u{3000}\u{FEFF} ", "公司"), ("ｱ｡", "ｱ｡"), ("～！", "~!"),
    ])
    func folds(text: String, expected: String) {
        #expect(fold(text) == expected)
        #expect(fold(expected) == expected)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xB8],
            [0x80],
            [0xF0, 0x80, 0x80, 0x80], [0xC2], [0xB9, 0xAB, 0xCB, 0xBE],
        ] as [[UInt8]])
    func refusesWhatIsNotUTF8(bytes: [UInt8]) {
        var out: [UInt8] = [7]
        let mixed = Array("甲 ".utf8) + bytes
        let folded = Text.fold(mixed.span, into: &out)
        #expect(!folded)
        #expect(out == [7])
    }

    /// Where a text needs no folding, its plain range is what folding gives; elsewhere there is none.
    @Test func plainRangeAgreesWithFolding() {
        var dice = Dice(51)
        let pieces = [
            "甲", "乙公司", "abc", "12345678901", " ", "\u{3000}", "\u{A0}", "\u{FEFF}", "（", "é", "😀", "。", "Ａ", "\t",
        ]
        var plain = 0
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...5, using: &dice)
            let bytes = (0..<count).flatMap { _ in Array((pieces.randomElement(using: &dice) ?? "").utf8) }
            var folded: [UInt8] = []
            _ = Text.fold(bytes.span, into: &folded)
            if let range = Text.plainRange(bytes.span) {
                plain += 1
                #expect(Array(bytes[range]) == folded)
            }
            var again: [UInt8] = []
            _ = Text.fold(folded.span, into: &again)
            #expect(again == folded)
        }
        #expect(plain > 500)
    }

    @Test func acceptsEveryScalar() {
        var failures = 0
        for value in stride(from: UInt32(0x80), through: 0x10FFFF, by: 7) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var out: [UInt8] = []
            if !Text.fold(Array("甲\(scalar)乙".utf8).span, into: &out) { failures += 1 }
        }
        #expect(failures == 0)
    }

    @Test func searchForms() {
        #expect(Text.searchForm("驻马店（天中）ａｂｃ 公司") == "驻马店(天中)ABC公司")
        #expect(Text.searchForm("驻马店(天中)ABC公司") == "驻马店(天中)ABC公司")
        #expect(Text.searchForm("【甲】〔乙〕《丙》「丁」[戊]{己}") == "(甲)(乙)(丙)(丁)(戊)(己)")
        #expect(Text.searchForm("买买提•艾力") == Text.searchForm("买买提·艾力"))
        #expect(Text.searchForm("\u{3000} \t\u{200B}") == "")
    }

    @Test func maskedNames() {
        #expect(Text.maskedName("张三") == "张*")
        #expect(Text.maskedName("张三丰") == "张*丰")
        #expect(Text.maskedName("欧阳娜娜") == "欧**娜")
        #expect(Text.maskedName("王") == "*")
        #expect(Text.maskedName("") == "")
    }
}

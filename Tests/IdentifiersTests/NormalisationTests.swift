import Identifiers
import Testing

@Suite struct NormalisationTests {
    /// One code in many written forms.
    static let forms = [
        "91411700ma00000a9c", " 91411700MA00000A9C ", "91411700-MA00000A9-C", "９１４１１７００ＭＡ０００００Ａ９Ｃ",
        "９１４１１７００ｍａ０００００ａ９ｃ", "9141 1700 MA00 000A 9C", "\u{3000}91411700MA00000A9C\u{A0}",
        "\u{FEFF}91411700MA00000A9C\t", "91411700－MA00000A9—C", "9141\u{200B}1700MA00000A9C",
    ]

    @Test(arguments: forms) func formsFoldToOne(form: String) {
        #expect(assess(form, as: .unifiedSocialCreditCode) == sound("91411700MA00000A9C", .unifiedSocialCreditCode))
    }

    @Test func normalisingAgainChangesNothing() {
        var dice = Dice(21)
        for _ in 0..<3_000 {
            var text = ""
            for byte in makeCreditCode(&dice) + makeCitizenNumber(&dice).prefix(Int.random(in: 0...3, using: &dice)) {
                switch Int.random(in: 0..<6, using: &dice) {
                case 0: text += String(UnicodeScalar(byte)).lowercased()
                case 1: text.unicodeScalars.append(UnicodeScalar(UInt32(byte) + 0xFEE0) ?? " ")
                case 2: text += " \(String(UnicodeScalar(byte)))\u{3000}"
                default: text += String(UnicodeScalar(byte))
                }
            }
            for kind in IdentifierKind.allCases {
                let once = assess(text, as: kind)
                guard let identifier = once.identifier else { continue }
                #expect(assess(identifier.text.description, as: identifier.kind).identifier == identifier)
            }
        }
    }

    @Test func randomBytesNeverCrash() {
        var dice = Dice(22)
        let pieces: [[UInt8]] = [
            [0xEF, 0xBC], [0xEF, 0xBB, 0xBF], [0xE3, 0x80, 0x80], [0xC2], [0xE2, 0x80], Array("９Ｘ".utf8),
            Array("年".utf8),
            Array("91411700MA00000A9C".utf8), Array("4128".utf8), [0xFF], [0x00],
        ]
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...24, using: &dice) {
                if round % 2 == 0 {
                    bytes.append(UInt8.random(in: 0...255, using: &dice))
                } else {
                    bytes += pieces.randomElement(using: &dice) ?? []
                }
            }
            for kind in IdentifierKind.allCases {
                let verdict = assess(bytes, as: kind)
                if case .wrong(let fault) = verdict {
                    #expect(!Identifier.explain(fault, in: bytes.span, as: kind).isEmpty)
                }
            }
            _ = Identifier.recognise(bytes.span, on: today)
            _ = CivilDate.parse(bytes.span)
            _ = FixedDecimal.parse(bytes.span, scale: 6, precision: 18)
            _ = Instant.parse(String(decoding: bytes, as: UTF8.self))
            var out: [UInt8] = [1]
            let valid = String(validating: bytes, as: UTF8.self) != nil
            let folded = Text.fold(bytes.span, into: &out)
            #expect(folded == valid)
            #expect(valid || out == [1])
        }
    }

    @Test func explanationsNameThePlace() {
        let letterO = Array("9144030Ｏ1922038216".utf8)
        #expect(
            Identifier.explain(.alphabet, in: letterO.span, as: .unifiedSocialCreditCode)
                == "统一社会信用代码第 8 位“O”不应出现（是否应为数字 0）")
        let short = Array(" 4403-0119 ".utf8)
        #expect(
            Identifier.explain(.length, in: short.span, as: .registrationNumber) == "工商注册号应为15 位数字，现为 8 位")
        #expect(
            Identifier.explain(.checkCharacter, in: short.span, as: .citizenNumber) == "公民身份号码校验码不符，号码有误")
    }

    @Test func textOfAnIdentifier() {
        #expect(IdentifierText("ABC")?.description == "ABC")
        #expect(IdentifierText("") == IdentifierText())
        #expect(IdentifierText(String(repeating: "9", count: 32))?.count == 32)
        #expect(IdentifierText(String(repeating: "9", count: 33)) == nil)
        #expect(IdentifierText("中") == nil)
        #expect(IdentifierText("A B") == nil)
        #expect(Set([IdentifierText("A1"), IdentifierText("A1"), IdentifierText("A2")]).count == 2)
    }

    @Test func everyFaultHasWords() {
        for fault in IdentifierFault.allCases { #expect(!fault.message.isEmpty && !fault.cure.isEmpty) }
        for doubt in IdentifierDoubt.allCases { #expect(!doubt.message.isEmpty && !doubt.cure.isEmpty) }
        #expect(Set(IdentifierFault.allCases.map(\.code)).count == IdentifierFault.allCases.count)
    }

    private func isWellFormed(_ code: String) -> Bool {
        Region.isWellFormed(Array(code.utf8).span)
    }

    @Test func regions() {
        #expect(Region.isKnownProvince(41) && Region.isKnownProvince(82) && Region.isKnownProvince(91))
        for unknown in [-1, 0, 10, 16, 20, 24, 38, 47, 55, 66, 72, 83, 90, 99, 141] {
            #expect(!Region.isKnownProvince(unknown))
        }
        #expect(Region.isKnownRegistrar(10))
        #expect(isWellFormed("411771"))
        #expect(!isWellFormed("991771"))
        #expect(!isWellFormed("4117"))
        #expect(!isWellFormed("41177A"))
    }
}

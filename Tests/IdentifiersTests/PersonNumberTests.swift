import Identifiers
import Testing

@Suite struct PersonNumberTests {
    @Test(arguments: ["11010519491231002X", "440524188001010014", "412825190001010032", "411702190001010023"])
    func citizenNumberOfTheReferenceIsSound(number: String) {
        #expect(assess(number, as: .citizenNumber) == sound(number, .citizenNumber))
        #expect(recognise(number)?.kind == .citizenNumber)
    }

    @Test(arguments: [
        ("110105194912310021", IdentifierFault.checkCharacter), ("11010519491231002", .length),
        ("11010519491231X020", .alphabet),
        ("4.12825E+17", .digitsLost), ("412825190001010000", .digitsLost),
    ])
    func wrongCitizenNumber(number: String, fault: IdentifierFault) {
        #expect(assess(number, as: .citizenNumber) == .wrong(fault))
    }

    @Test(arguments: [
        ("41172119900230123", IdentifierFault.date), ("41172119901301123", .date), ("41172117991231123", .date),
        ("41172120270101123", .futureDate), ("99172119900101123", .region), ("10172119900101123", .region),
    ])
    func wrongInsideARightCheck(body: String, fault: IdentifierFault) throws {
        let number = try completed(body, .citizenNumber)
        #expect(assess(number, as: .citizenNumber) == .wrong(fault))
    }

    @Test func birthOnTheDayItselfIsNoFuture() throws {
        let number = try completed("41179920260701123", .citizenNumber)
        #expect(assess(number, as: .citizenNumber).identifier != nil)
        let before = today.adding(days: -1)
        #expect(assess(number, as: .citizenNumber, on: before) == .wrong(.futureDate))
    }

    @Test func legacyNumberIsLengthenedWithADoubt() throws {
        let full = try #require(IdentifierText("11010519491231002X"))
        #expect(
            assess("110105491231002", as: .citizenNumber)
                == .doubtful(Identifier(kind: .citizenNumber, text: full), .legacyCitizenNumber))
        #expect(assess("110105491331002", as: .citizenNumber) == .wrong(.date))
        #expect(assess("990105491231002", as: .citizenNumber) == .wrong(.region))
        #expect(assess("11010549123100X", as: .citizenNumber) == .wrong(.alphabet))
    }

    @Test func otherDocuments() {
        #expect(assess("e12345678", as: .passport) == sound("E12345678", .passport))
        #expect(assess("ABCDEFGH", as: .passport) == .wrong(.form))
        #expect(assess("E123", as: .passport) == .wrong(.length))
        #expect(assess("H12345678", as: .mainlandTravelPermit) == sound("H12345678", .mainlandTravelPermit))
        #expect(assess("Ｍ1234567801", as: .mainlandTravelPermit) == sound("M1234567801", .mainlandTravelPermit))
        #expect(assess("H1234567801", as: .mainlandTravelPermit).identifier?.masked == "H1*******01")
        #expect(assess("H123456780", as: .mainlandTravelPermit) == .wrong(.length))
        #expect(assess("X12345678", as: .mainlandTravelPermit) == .wrong(.form))
        #expect(assess("12345678", as: .taiwanPermit) == sound("12345678", .taiwanPermit))
        #expect(assess("1234567A", as: .taiwanPermit) == .wrong(.alphabet))
        #expect(assess("FRA110105123456", as: .permanentResidence) == sound("FRA110105123456", .permanentResidence))
        #expect(assess("军1234567", as: .otherDocument) == .wrong(.alphabet))
        #expect(assess("SB-1234567", as: .otherDocument) == sound("SB1234567", .otherDocument))
    }

    @Test func residenceCardsAreFoundInEitherColumn() throws {
        for (body, kind) in [
            ("81000019900101123", IdentifierKind.residencePermit), ("83000019900101123", .residencePermit),
            ("93411719900101123", .permanentResidence),
        ] {
            let number = try completed(body, .citizenNumber)
            let expected = sound(String(decoding: number, as: UTF8.self), kind)
            #expect(assess(number, as: .citizenNumber) == expected)
            #expect(assess(number, as: kind) == expected)
        }
        #expect(assess("11010519491231002X", as: .residencePermit) == .wrong(.form))
        #expect(assess("11010519491231002X", as: .permanentResidence) == .wrong(.form))
    }

    @Test func masks() {
        #expect(assess("412825190001010032", as: .citizenNumber).identifier?.masked == "4128**********0032")
        #expect(assess("E12345678", as: .passport).identifier?.masked == "E1*****78")
        #expect(assess("12", as: .otherDocument).identifier?.masked == "**")
        let code = "91411700MA00000A9C"
        #expect(assess(code, as: .unifiedSocialCreditCode).identifier?.masked == code)
    }

    @Test func generatedNumbersAreSound() {
        var dice = Dice(11)
        for _ in 0..<2_000 {
            let number = makeCitizenNumber(&dice)
            #expect(
                assess(number, as: .citizenNumber)
                    == sound(String(decoding: number, as: UTF8.self), .citizenNumber))
        }
    }

    @Test func everySingleErrorIsDetected() {
        var dice = Dice(12)
        var passed = 0
        for _ in 0..<200 {
            let number = makeCitizenNumber(&dice)
            for index in 0..<18 {
                for other in Array("0123456789X".utf8) where other != number[index] {
                    var changed = number
                    changed[index] = other
                    if assess(changed, as: .citizenNumber).identifier != nil { passed += 1 }
                }
            }
        }
        #expect(passed == 0)
    }

    @Test func everySwapOfNeighboursIsDetected() {
        var dice = Dice(13)
        var passed = 0
        for _ in 0..<200 {
            let number = makeCitizenNumber(&dice)
            for index in 0..<17 where number[index] != number[index + 1] {
                var changed = number
                changed.swapAt(index, index + 1)
                if assess(changed, as: .citizenNumber).identifier != nil { passed += 1 }
            }
        }
        #expect(passed == 0)
    }
}

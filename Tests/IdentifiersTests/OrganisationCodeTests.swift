import Identifiers
import Testing

@Suite struct OrganisationCodeTests {
    @Test(arguments: [
        "914403001922038216", "9144030071526726XG", "91330100799655058B", "91100000100003962T", "91110000710926094P",
        "91410000170001401D", "12100000400000624D", "91411700MA00000A9C", "92411702MA40000B4G", "52411700MJY00001XC",
        "124117004190000189", "31411700MD00000166", "N2411721MF0000013P",
    ])
    func creditCodeOfTheReferenceIsSound(code: String) {
        #expect(assess(code, as: .unifiedSocialCreditCode) == sound(code, .unifiedSocialCreditCode))
        #expect(recognise(code)?.text.description == code)
        #expect(recognise(code)?.kind == .unifiedSocialCreditCode)
    }

    @Test(arguments: [
        ("914403001922038261", IdentifierFault.checkCharacter), ("9144030O1922038216", .alphabet),
        ("911000007109250324", .checkCharacter),
        // The check of 92411702MA40000B4G, an individual business, under an enterprise's second character.
        ("91411702MA40000B4G", .checkCharacter), ("91440300192203821", .length), ("9144030019220382166", .length),
        ("9144O3001922038216", .alphabet), ("91440300192203821I", .alphabet), ("9144030019220382中", .alphabet),
        ("9.14403E+17", .digitsLost), ("9.14403001922038E17", .digitsLost), ("124117004190000000", .digitsLost),
    ])
    func wrongCreditCode(code: String, fault: IdentifierFault) {
        #expect(assess(code, as: .unifiedSocialCreditCode) == .wrong(fault))
    }

    @Test func unknownProvinceIsRefused() throws {
        let code = try completed("91991700MA00000A9", .unifiedSocialCreditCode)
        #expect(assess(code, as: .unifiedSocialCreditCode) == .wrong(.region))
    }

    @Test func doubtWhereOnlyTheOrganisationCodeFails() throws {
        let code = try completed("91411700MA00000A8", .unifiedSocialCreditCode)
        let verdict = assess(code, as: .unifiedSocialCreditCode)
        guard case .doubtful(let identifier, .organisationCodeCheck) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(identifier.text.description == String(decoding: code, as: UTF8.self))
    }

    @Test func doubtWhereTheDepartmentIsUnknown() throws {
        let code = try completed("C1411700MA00000A9", .unifiedSocialCreditCode)
        let verdict = assess(code, as: .unifiedSocialCreditCode)
        guard case .doubtful(_, .unknownDepartment) = verdict else {
            Issue.record("\(verdict)")
            return
        }
    }

    @Test(arguments: ["00000000000000000X", "000000000000000000", "无", " 暂无 ", "null", "N/A", "/", "***", "00000000-0"])
    func placeholder(text: String) {
        #expect(assess(text, as: .unifiedSocialCreditCode) == .placeholder)
    }

    @Test func nothingIsEmpty() {
        for text in ["", " ", "\u{3000}\t", "-", "\u{FEFF}"] {
            #expect(assess(text, as: .unifiedSocialCreditCode) == .empty)
        }
    }

    @Test func organisationCode() {
        #expect(assess("D2143569X", as: .organisationCode) == sound("D2143569X", .organisationCode))
        #expect(assess("D2143569-x", as: .organisationCode) == sound("D2143569X", .organisationCode))
        #expect(assess("D21435699", as: .organisationCode) == .wrong(.checkCharacter))
        #expect(assess("D2143569A", as: .organisationCode) == .wrong(.alphabet))
        #expect(assess("D214356X", as: .organisationCode) == .wrong(.length))
        #expect(checkCharacter("D2143569", .organisationCode) == UInt8(ascii: "X"))
    }

    @Test func organisationCodeInsideCreditCode() throws {
        let code = try #require(assess("9144030071526726XG", as: .unifiedSocialCreditCode).identifier)
        let inner = try #require(code.organisationCode)
        #expect(inner.text.description == "71526726X")
        #expect(assess(inner.text.description, as: .organisationCode) == .sound(inner))
        #expect(inner.organisationCode == nil)
    }

    @Test func registrationNumber() {
        for number in ["440301103097413", "440301103504850"] {
            #expect(assess(number, as: .registrationNumber) == sound(number, .registrationNumber))
            #expect(recognise(number)?.kind == .registrationNumber)
        }
        #expect(assess("440301103097414", as: .registrationNumber) == .wrong(.checkCharacter))
        #expect(assess("44030110309741A", as: .registrationNumber) == .wrong(.alphabet))
        #expect(assess("4403011030974", as: .registrationNumber) == .wrong(.length))
        #expect(assess("4.40301E+14", as: .registrationNumber) == .wrong(.digitsLost))
    }

    @Test func generatedCodesAreSound() {
        var dice = Dice(1)
        for _ in 0..<2_000 {
            let code = makeCreditCode(&dice)
            #expect(
                assess(code, as: .unifiedSocialCreditCode)
                    == sound(String(decoding: code, as: UTF8.self), .unifiedSocialCreditCode))
            let number = makeRegistrationNumber(&dice)
            #expect(
                assess(number, as: .registrationNumber)
                    == sound(String(decoding: number, as: UTF8.self), .registrationNumber))
        }
    }

    /// A company must never be taken for a person in the public search.
    @Test func creditCodesAreRecognisedAsSuch() {
        var dice = Dice(4)
        for _ in 0..<3_000 {
            var code = makeCreditCode(&dice)
            // Digits only, where a citizen number's check may pass as well.
            for index in 8..<16 { code[index] = UInt8.random(in: 0x30...0x39, using: &dice) }
            let body = String(decoding: code[..<16], as: UTF8.self)
            guard let inner = checkCharacter(String(body.dropFirst(8)), .organisationCode),
                let check = checkCharacter(body + String(UnicodeScalar(inner)), .unifiedSocialCreditCode)
            else { continue }
            let text = body + String(decoding: [inner, check], as: UTF8.self)
            #expect(recognise(text)?.kind == .unifiedSocialCreditCode, "\(text)")
        }
    }

    @Test func recognitionOfOtherForms() {
        #expect(recognise("D2143569-X")?.kind == .organisationCode)
        #expect(recognise("h12345678")?.kind == .mainlandTravelPermit)
        #expect(recognise("412825900101003")?.text.description.hasPrefix("41282519900101003") == true)
        for text in ["", "天中", "12", "914403001922038261", "1234567890"] { #expect(recognise(text) == nil) }
    }

    /// MOD 31 has a prime modulus above every value, so one wrong character never passes.
    @Test func everySubstitutionInACreditCodeIsDetected() {
        var dice = Dice(2)
        var passed = 0
        for _ in 0..<40 {
            let code = makeCreditCode(&dice)
            for index in 0..<18 {
                for other in creditCodeAlphabet where other != code[index] {
                    var changed = code
                    changed[index] = other
                    let verdict = assess(changed, as: .unifiedSocialCreditCode)
                    if verdict.identifier != nil { passed += 1 }
                }
            }
        }
        #expect(passed == 0)
    }

    @Test func everySingleErrorInARegistrationNumberIsDetected() {
        var dice = Dice(3)
        var passed = 0
        for _ in 0..<200 {
            let number = makeRegistrationNumber(&dice)
            for index in 0..<15 {
                for other in UInt8(0x30)...0x39 where other != number[index] {
                    var changed = number
                    changed[index] = other
                    if assess(changed, as: .registrationNumber).identifier != nil {
                        passed += 1
                    }
                }
            }
        }
        #expect(passed == 0)
    }

    @Test func checkCharactersRefuseWhatIsNoCode() {
        #expect(checkCharacter("9144030019220382", .unifiedSocialCreditCode) == nil)
        #expect(checkCharacter("9144030I192203821", .unifiedSocialCreditCode) == nil)
        #expect(checkCharacter("9144030é19220382", .unifiedSocialCreditCode) == nil)
        #expect(checkCharacter("D214-569", .organisationCode) == nil)
        #expect(checkCharacter("4403011030974A", .registrationNumber) == nil)
        #expect(checkCharacter("1101051949123100X", .citizenNumber) == nil)
    }
}

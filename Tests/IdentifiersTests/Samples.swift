import Identifiers
import Testing

/// The day on which the tests stand.
let today = CivilDate(day: 20_635)  // 2026-07-01

/// A small generator of random numbers with a seed, so that a failure comes again.
struct Dice: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The verdict on a written text.
func assess(_ text: String, as kind: IdentifierKind, on day: CivilDate = today) -> Assessment {
    let bytes = Array(text.utf8)
    return Identifier.assess(bytes.span, as: kind, on: day)
}

/// The same for bytes.
func assess(_ bytes: [UInt8], as kind: IdentifierKind, on day: CivilDate = today) -> Assessment {
    Identifier.assess(bytes.span, as: kind, on: day)
}

/// What a code typed into the search box is.
func recognise(_ text: String) -> Identifier? {
    let bytes = Array(text.utf8)
    return Identifier.recognise(bytes.span, on: today)
}

/// The last character of a code, from the others.
func checkCharacter(_ body: String, _ kind: IdentifierKind) -> UInt8? {
    let bytes = Array(body.utf8)
    return switch kind {
    case .unifiedSocialCreditCode: Identifier.checkCharacter(forUSCC: bytes.span)
    case .organisationCode: Identifier.checkCharacter(forOrganisationCode: bytes.span)
    case .registrationNumber: Identifier.checkCharacter(forRegistrationNumber: bytes.span)
    default: Identifier.checkCharacter(forCitizenNumber: bytes.span)
    }
}

/// A code with its last character put behind the others.
func completed(_ body: String, _ kind: IdentifierKind) throws -> [UInt8] {
    Array(body.utf8) + [try #require(checkCharacter(body, kind))]
}

/// The verdict "sound" with a normalised text.
func sound(_ text: String, _ kind: IdentifierKind) -> Assessment? {
    IdentifierText(text).map { .sound(Identifier(kind: kind, text: $0)) }
}

let creditCodeAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
let provinces = [10, 11, 15, 21, 23, 31, 37, 41, 46, 50, 54, 61, 65, 71, 81, 82, 91]

/// A random 统一社会信用代码 of which both checks are right.
func makeCreditCode(_ dice: inout Dice) -> [UInt8] {
    while true {
        var code: [UInt8] = [Array("1359YN".utf8).randomElement(using: &dice) ?? 0x39, 0x31]
        code += Array(String(provinces.randomElement(using: &dice) ?? 41).utf8)
        code += Array(String(Int.random(in: 1000...9999, using: &dice)).utf8)
        for _ in 0..<8 { code.append(creditCodeAlphabet.randomElement(using: &dice) ?? 0x30) }
        guard let inner = Identifier.checkCharacter(forOrganisationCode: code.span.extracting(8..<16)) else { continue }
        code.append(inner)
        guard let check = Identifier.checkCharacter(forUSCC: code.span) else { continue }
        return code + [check]
    }
}

/// A random 公民身份号码 in an unassigned county of Zhumadian.
func makeCitizenNumber(_ dice: inout Dice) -> [UInt8] {
    let birth = CivilDate(day: Int32.random(in: -25_000...20_000, using: &dice))
    var number = Array("411799".utf8)
    number += Array(birth.description.utf8).filter { $0 != 0x2D }
    for _ in 0..<3 { number.append(UInt8.random(in: 0x30...0x39, using: &dice)) }
    return number + [Identifier.checkCharacter(forCitizenNumber: number.span) ?? 0]
}

/// A random 工商注册号.
func makeRegistrationNumber(_ dice: inout Dice) -> [UInt8] {
    var number = Array("4117".utf8)
    for _ in 0..<10 { number.append(UInt8.random(in: 0x30...0x39, using: &dice)) }
    return number + [Identifier.checkCharacter(forRegistrationNumber: number.span) ?? 0]
}

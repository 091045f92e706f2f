internal import Identifiers

/// Makes identifiers with right check characters, from ranges that no authority has given out, so that they belong to
/// nobody. The checks are computed here on their own, not by the part that is tested with them.
enum Codes {
    /// The 31 characters of GB 32100-2015, in the order of their values.
    static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    /// County codes that GB/T 2260 never had: 411799 after 2000, 412899 before.
    static let unassignedCounty = (since2000: "411799", before2000: "412899")

    /// The value of a character in the code of organisations: 0-9, then A = 10 to Z = 35.
    private static func value36(_ character: UInt8) -> Int {
        character < 58 ? Int(character) - 48 : Int(character) - 55
    }

    /// 组织机构代码 (GB 11714): the body `00dddddd` for the old ones, `MAYxxxxx` (a block far from being reached) for the new.
    static func organisationCode(_ number: Int, old: Bool) -> [UInt8] {
        var body: [UInt8]
        if old {
            body = [48, 48]
            append(number % 1_000_000, width: 6, to: &body)
        } else {
            body = Array("MAY".utf8)
            var divisor = 31 * 31 * 31 * 31
            for _ in 0..<5 {
                body.append(alphabet[number / divisor % 31])
                divisor /= 31
            }
        }
        var sum = 0
        for (weight, character) in zip([3, 7, 9, 10, 5, 8, 4, 2], body) { sum += weight * value36(character) }
        let check = 11 - sum % 11
        body.append(check == 10 ? 88 : check == 11 ? 48 : UInt8(48 + check))
        return body
    }

    /// 统一社会信用代码 (GB 32100-2015) from its first two characters, the six digits of the region and the organisation code.
    static func unifiedCode(_ prefix: String, region: String, organisation: [UInt8]) -> [UInt8] {
        var code = Array(prefix.utf8) + Array(region.utf8) + organisation
        var sum = 0
        var weight = 1
        for character in code {
            sum += (alphabet.firstIndex(of: character) ?? 0) * weight
            weight = weight * 3 % 31
        }
        code.append(alphabet[(31 - sum % 31) % 31])
        return code
    }

    /// 工商注册号 (GS 15): region, eight digits, ISO 7064 MOD 11,10.
    static func registrationNumber(region: String, serial: Int) -> [UInt8] {
        var code = Array(region.utf8)
        append(serial, width: 8, to: &code)
        var p = 10
        for digit in code {
            let s = (p + Int(digit - 48)) % 10
            p = (s == 0 ? 10 : s) * 2 % 11
        }
        code.append(UInt8(48 + (11 - p) % 10))
        return code
    }

    /// 公民身份号码 (GB 11643-1999) of an unassigned county.
    static func citizenNumber(born: CivilDate, sequence: Int) -> [UInt8] {
        var code = Array((born.year < 2000 ? unassignedCounty.before2000 : unassignedCounty.since2000).utf8)
        append(born.year * 10_000 + born.month * 100 + born.dayOfMonth, width: 8, to: &code)
        append(sequence, width: 3, to: &code)
        var sum = 0
        for (weight, digit) in zip([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], code) {
            sum += weight * Int(digit - 48)
        }
        code.append(Array("10X98765432".utf8)[sum % 11])
        return code
    }

    /// Appends the decimal digits of a number, with leading zeros up to `width`.
    @inline(__always)
    static func append(_ number: Int, width: Int = 1, to out: inout [UInt8]) {
        var divisor = 1
        var places = 1
        while number / divisor >= 10 {
            divisor *= 10
            places += 1
        }
        for _ in 0..<max(0, width - places) { out.append(48) }
        while divisor > 0 {
            out.append(UInt8(48 + number / divisor % 10))
            divisor /= 10
        }
    }
}

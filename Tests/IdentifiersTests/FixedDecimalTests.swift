import Identifiers
import Testing

@Suite struct FixedDecimalTests {
    private func parse(_ text: String, scale: UInt8 = 6, precision: UInt8 = 18) -> Result<FixedDecimal, DecimalFault> {
        FixedDecimal.parse(Array(text.utf8).span, scale: scale, precision: precision)
    }

    @Test(arguments: [
        ("0", "0"), ("12", "12"), ("1.5", "1.5"), ("1.500000", "1.5"), ("-0.25", "-0.25"), ("+3", "3"), ("-0", "0"),
        ("1,234,567.89", "1234567.89"), ("１２，３４５．６", "12345.6"), (" 7 ", "7"), ("\u{3000}7\u{A0}", "7"),
        ("0.000001", "0.000001"), ("007.5", "7.5"), (".5", "0.5"), ("999999999999.999999", "999999999999.999999"),
        ("1.5E3", "1500"), ("1.5e+3", "1500"), ("15E-1", "1.5"), ("1.2345678E6", "1234567.8"), ("0E99", "0"),
        ("100E-8", "0.000001"), ("－2", "-2"),
    ])
    func reads(text: String, expected: String) throws {
        let number = try parse(text).get()
        #expect(number.description == expected)
        #expect(number.scale == 6)
    }

    @Test(arguments: [
        ("", DecimalFault.empty), ("  \u{3000}", .empty), ("1.2345678", .tooManyDecimals),
        ("1.0000000", .tooManyDecimals),
        ("1E-7", .tooManyDecimals), ("1.5E-6", .tooManyDecimals), ("1000000000000", .tooLarge), ("1E12", .tooLarge),
        ("9999999999999999999999", .tooLarge), ("1234567890123.1234567890", .tooManyDecimals), ("1E99", .tooLarge),
        ("12,34", .grouping), ("1,2345", .grouping), ("1234,567", .grouping), ("1,,234", .grouping),
        (",123", .notNumber),
        ("1,234,", .grouping), ("1.", .notNumber), (".", .notNumber), ("-", .notNumber), ("--1", .notNumber),
        ("1.2.3", .notNumber), ("1 000", .notNumber), ("5万", .notNumber), ("5元", .notNumber), ("￥5", .notNumber),
        ("NaN", .notNumber), ("inf", .notNumber), ("0x10", .notNumber), ("1e", .notNumber), ("1e+", .notNumber),
        ("e5", .notNumber), ("1e1.5", .notNumber), ("1e1234", .notNumber), ("1.5,000", .notNumber), ("12%", .notNumber),
    ])
    func refuses(text: String, fault: DecimalFault) {
        #expect(parse(text) == .failure(fault))
    }

    @Test func precisionCountsWholeDigits() throws {
        #expect(parse("9999.99", scale: 2, precision: 6).map(\.units) == .success(999_999))
        #expect(parse("10000", scale: 2, precision: 6) == .failure(.tooLarge))
        #expect(parse("12", scale: 0, precision: 2).map(\.units) == .success(12))
        #expect(parse("12.0", scale: 0, precision: 2) == .failure(.tooManyDecimals))
        #expect(parse("0.5", scale: 2, precision: 2).map(\.units) == .success(50))
    }

    @Test func comparesByValue() throws {
        let one = try #require(FixedDecimal(units: 15, scale: 1))
        let same = try #require(FixedDecimal(units: 1_500_000, scale: 6))
        let more = try #require(FixedDecimal(units: 16, scale: 1))
        #expect(one == same && one.hashValue == same.hashValue && one < more && same < more && !(one < same))
        let least = try #require(FixedDecimal(units: .min, scale: 0))
        let great = try #require(FixedDecimal(units: .max, scale: 18))
        #expect(least < great && least.description == "-9223372036854775808")
        #expect(great.description == "9.223372036854775807")
        #expect(FixedDecimal(units: 1, scale: 19) == nil)
    }

    @Test func parsingUndoesFormatting() throws {
        var dice = Dice(41)
        for _ in 0..<5_000 {
            let scale = UInt8.random(in: 0...12, using: &dice)
            let units = Int64.random(in: -999_999_999_999...999_999_999_999, using: &dice)
            let number = try #require(FixedDecimal(units: units, scale: scale))
            let again = try parse(number.description, scale: scale, precision: 18).get()
            #expect(again.units == units && again.scale == scale)
        }
    }
}

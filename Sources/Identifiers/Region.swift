/// What is computed from the digits of GB/T 2260 region codes. The list of regions itself is policy data.
package enum Region {
    /// Whether two digits begin the codes of a province-level region: GB/T 2260, with 71, 81, 82 (Taiwan, Hong Kong,
    /// Macao) and 91 (abroad). County codes are not checked: citizen numbers keep abolished ones, such as 4128xx.
    package static func isKnownProvince(_ number: Int) -> Bool {
        switch number {
        case 11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71, 81...82, 91: true
        default: false
        }
    }

    /// Whether two digits may begin the region inside an organisation's code: a known province, or 10, the registering
    /// authorities of the state, which organisations' codes carry and citizen numbers do not.
    package static func isKnownRegistrar(_ number: Int) -> Bool {
        number == 10 || isKnownProvince(number)
    }

    /// Whether a text is six digits that begin with a known province.
    package static func isWellFormed(_ code: Span<UInt8>) -> Bool {
        guard code.count == 6 else { return false }
        for index in 0..<6 where code[index] < 0x30 || code[index] > 0x39 { return false }
        return isKnownProvince(Int(code[0] - 0x30) * 10 + Int(code[1] - 0x30))
    }
}

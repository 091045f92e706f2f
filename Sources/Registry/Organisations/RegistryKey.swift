/// Sixteen bytes that stand for a subject or for one of its identifiers: the archive's keyed hash, which the registry
/// stores and compares but cannot make.
package struct RegistryKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first eight bytes, big-endian.
    package let high: UInt64
    /// The last eight bytes, big-endian.
    package let low: UInt64

    /// A key from its halves.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A key from exactly sixteen bytes; nil for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A key from 32 hexadecimal digits; nil for anything else.
    package init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count == 32, let text = String(validating: digits, as: UTF8.self), let high = UInt64(text.prefix(16), radix: 16),
            let low = UInt64(text.suffix(16), radix: 16), digits.allSatisfy({ $0 != 0x2B && $0 != 0x2D })
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The sixteen bytes, as stored.
    package var bytes: [UInt8] {
        [UInt8](capacity: 16) { output in
            for shift in 0..<8 { output.append(UInt8(truncatingIfNeeded: high >> UInt64(56 - shift * 8))) }
            for shift in 0..<8 { output.append(UInt8(truncatingIfNeeded: low >> UInt64(56 - shift * 8))) }
        }
    }

    /// 32 hexadecimal digits.
    package var description: String {
        let digits = [UInt8](capacity: 32) { output in
            for word in [high, low] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let nibble = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                    output.append(nibble + (nibble < 10 ? 48 : 87))
                }
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    package static func < (left: RegistryKey, right: RegistryKey) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension SQLRow {
    /// A key stored as sixteen bytes.
    func key(_ column: String) throws(RegistryFault) -> RegistryKey {
        guard let key = RegistryKey(bytes: try blob(column)) else { throw RegistryFault(.unreadable(column: column)) }
        return key
    }
}

extension SQLValue {
    static func key(_ key: RegistryKey) -> SQLValue { .blob(key.bytes) }
}

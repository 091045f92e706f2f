import Cryptography
package import Identifiers

/// The 16 bytes under which a subject's history is kept: HMAC-SM3 of identifier kind and normalised identifier, truncated.
///
/// The archive holds no identifier in clear. Ordered as the bytes are ordered in the store, which is why sorting by this type is sorting by key.
package struct SubjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first eight bytes, most significant first.
    package let high: UInt64
    /// The last eight bytes, most significant first.
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads 32 hexadecimal digits, either case; `nil` for anything else.
    package init?(hex: String) {
        guard let pair = hexPair(hex.utf8.span) else { return nil }
        self.init(high: pair.high, low: pair.low)
    }

    /// Reads the 16 bytes as the registry stores them; `nil` for any other count.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.init(high: bytes.span.bigEndian64(at: 0), low: bytes.span.bigEndian64(at: 8))
    }

    /// The 16 bytes, most significant first.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
        return bytes
    }

    /// 32 lower-case hexadecimal digits.
    package var description: String { hexText(bytes.span) }

    package static func < (left: SubjectKey, right: SubjectKey) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

/// Makes subject keys from identifiers. One per worker: the keyed state inside is reused for every call.
package struct SubjectKeyMaker: ~Copyable {
    private var keyedHash: KeyedHash

    /// - Parameter key: the platform's secret for subject keys (32 random bytes of the data directory). Another key gives other subjects.
    package init(key: [UInt8]) {
        keyedHash = KeyedHash(key: key)
    }

    /// The key of an identifier that has been assessed and normalised.
    package mutating func key(of identifier: Identifier) -> SubjectKey {
        let text = identifier.text
        let pair = keyedHash.hash(identifier.kind.rawValue, text.storage.span.extracting(0..<text.count))
        return SubjectKey(high: pair.high, low: pair.low)
    }
}

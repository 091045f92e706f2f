package import Identifiers

/// Written in the same atomic step as a delivery's entries: where it stands, all of the delivery is there; where it is missing, nothing is.
package struct DeliveryMarker: Sendable, Hashable {
    package var delivery: UInt32
    /// When the platform learned of the delivery.
    package var known: Instant
    /// Data rows of the file; accepted + rejected.
    package var rows: Int
    /// Rows that became entries, 疑似 ones included.
    package var accepted: Int
    /// Rows kept aside because their subject is not certain (疑似).
    package var suspended: Int
    /// Rows refused with reasons.
    package var rejected: Int
    /// Entries appended to histories; filled by sealing, whatever the caller wrote.
    package var entryCount: Int
    /// Suspended entries kept; filled by sealing, whatever the caller wrote.
    package var suspendedCount: Int
    /// SM3 of the delivered bytes, 32 bytes.
    package var digest: [UInt8]

    package init(
        delivery: UInt32, known: Instant, rows: Int, accepted: Int, suspended: Int, rejected: Int, entryCount: Int = 0,
        suspendedCount: Int = 0, digest: [UInt8]
    ) {
        self.delivery = delivery
        self.known = known
        self.rows = rows
        self.accepted = accepted
        self.suspended = suspended
        self.rejected = rejected
        self.entryCount = entryCount
        self.suspendedCount = suspendedCount
        self.digest = digest
    }
}

// Stored: form (1), knowledge time (8 bytes), six varints, digest. The delivery's number is the key.
extension DeliveryMarker {
    static let form: UInt8 = 1

    var stored: [UInt8] {
        var bytes: [UInt8] = [Self.form]
        bytes.appendBigEndian(UInt64(bitPattern: known.milliseconds))
        for count in [rows, accepted, suspended, rejected, entryCount, suspendedCount] {
            bytes.appendVarint(UInt64(max(0, count)))
        }
        bytes.append(contentsOf: digest)
        return bytes
    }

    /// Reads a stored marker; the thrown damage says where it cannot be read.
    init(delivery: UInt32, stored bytes: Span<UInt8>) throws(EntryDamage) {
        guard bytes.count > 9 else { throw EntryDamage(offset: bytes.count, reason: .badLength) }
        guard bytes[0] == Self.form else { throw EntryDamage(offset: 0, reason: .unknownKind) }
        let known = Instant(milliseconds: Int64(bitPattern: bytes.bigEndian64(at: 1)))
        var offset = 9
        var counts: [Int] = []
        for _ in 0..<6 {
            let start = offset
            guard let value = bytes.varint(at: &offset, end: bytes.count), let count = Int(exactly: value) else {
                throw EntryDamage(offset: start, reason: .badNumber)
            }
            counts.append(count)
        }
        var digest: [UInt8] = []
        digest.append(bytes.extracting(offset..<bytes.count))
        self.init(
            delivery: delivery, known: known, rows: counts[0], accepted: counts[1], suspended: counts[2],
            rejected: counts[3], entryCount: counts[4], suspendedCount: counts[5], digest: digest)
    }
}

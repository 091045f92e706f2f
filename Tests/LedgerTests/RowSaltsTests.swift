@testable import Ledger
import Testing

@Suite("The salts of rows")
struct RowSaltsTests {
    private let root = SIMD16<UInt8>((0..<16).map { UInt8($0) })

    @Test("salts do not depend on the way they are asked for, and differ")
    func ways() {
        let salts = RowSalts(root: root)
        var cursor = RowSalts.Cursor(salts)
        var seen = Set<Salt>()
        var trials = Trials(6)
        let rows = Array(0..<300) + [UInt32.max, .max - 1, 1 << 31] + (0..<300).map { _ in UInt32.random(in: 0 ... .max, using: &trials) }
        for row in rows {
            let salt = cursor.salt(of: row)
            #expect(salt != nil && salt == salts.salt(of: row))
            if let salt { seen.insert(salt) }
        }
        #expect(seen.count == Set(rows).count)
        #expect(RowSalts(root: SIMD16(repeating: 0)).salt(of: 0) != salts.salt(of: 0))
        #expect(RowSalts() != RowSalts())
    }

    @Test("puncturing destroys the row's salt, and no other's, in any order")
    func puncturing() throws {
        var trials = Trials(7)
        for _ in 0..<20 {
            let whole = RowSalts(root: SIMD16((0..<16).map { _ in UInt8.random(in: 0...255, using: &trials) }))
            var salts = whole
            var gone = Set<UInt32>()
            // Neighbours, the ends, and far ones.
            let start = UInt32.random(in: 0...1_000_000, using: &trials)
            for _ in 0..<40 {
                let row: UInt32 =
                    switch Int.random(in: 0..<4, using: &trials) {
                    case 0: UInt32.random(in: 0 ... .max, using: &trials)
                    case 1: Bool.random(using: &trials) ? 0 : .max
                    default: start + UInt32.random(in: 0..<40, using: &trials)
                    }
                #expect(salts.puncture(row) == gone.insert(row).inserted)
            }
            salts = try #require(RowSalts(encoded: salts.encoded))
            var cursor = RowSalts.Cursor(salts)
            var before = RowSalts.Cursor(whole)
            let rows = Array(start..<start + 60) + Array(gone) + (0..<50).map { _ in UInt32.random(in: 0 ... .max, using: &trials) }
            for row in rows.shuffled(using: &trials) {
                let expected = gone.contains(row) ? nil : before.salt(of: row)
                #expect(cursor.salt(of: row) == expected)
                #expect(salts.salt(of: row) == expected)
            }
            // No seed above a punctured row is kept.
            for row in gone { #expect(RowSalts.place(of: row, in: salts.nodes) == nil) }
        }
    }

    @Test("the encoded form is short and comes back; every other form is refused or means something, and nothing traps")
    func encoding() throws {
        var salts = RowSalts(root: root)
        #expect(salts.encoded.count == 22)
        #expect(RowSalts(encoded: salts.encoded) == salts)
        salts.puncture(5)
        #expect(salts.encoded.count == 1 + 21 * 120)
        #expect(RowSalts(encoded: salts.encoded) == salts)
        let encoded = salts.encoded
        for length in 0..<encoded.count where (length - 1) % 21 != 0 { #expect(RowSalts(encoded: Array(encoded[..<length])) == nil) }
        #expect(RowSalts(encoded: []) == nil)
        #expect(RowSalts(encoded: [2] + encoded.dropFirst()) == nil)
        #expect(RowSalts(encoded: encoded + encoded.dropFirst()) == nil)
        var trials = Trials(8)
        for _ in 0..<20_000 {
            var bytes = encoded
            for _ in 0..<Int.random(in: 1...4, using: &trials) {
                bytes[Int.random(in: bytes.indices, using: &trials)] = UInt8.random(in: 0...255, using: &trials)
            }
            guard let other = RowSalts(encoded: bytes) else { continue }
            #expect(other.encoded == bytes)
            _ = other.salt(of: UInt32.random(in: 0 ... .max, using: &trials))
        }
    }
}

@Suite("The data of leaves")
struct LeafDataTests {
    @Test("the hasher and the enclosed bytes give the same hash, for entries of every length")
    func same() {
        var hasher = LeafHasher()
        var expected: [UInt8] = []
        var trials = Trials(9)
        for length in Array(0..<300) + [1_023, 1_024, 5_000, 10] {
            let entry = (0..<length).map { _ in UInt8.random(in: 0...255, using: &trials) }
            let salt = Salt((0..<16).map { _ in UInt8.random(in: 0...255, using: &trials) })
            let subject = (high: trials.next(), low: trials.next())
            let data = LeafData.record(salt: salt, subject: subject, entry: entry)
            hasher.append(salt: salt, subject: subject, entry: entry.span)
            #expect(data.hash == digest([0] + data.bytes))
            expected += bytes(data.hash)
            let parts = data.record
            #expect(parts?.salt == salt && parts?.subject.high == subject.high && parts?.subject.low == subject.low)
            #expect(parts.map { Array($0.entry) } == entry)
        }
        let hashes = hasher.take()
        #expect(hashes == expected)
        #expect(LeafData(bytes: [UInt8](repeating: 0, count: 31)).record == nil)
        #expect(LeafData.event("查询").hash == digest([0] + Array("查询".utf8)))
    }
}

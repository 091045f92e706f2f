/// What departments' files look like at their worst: changes to the cells of a line, and to bytes.
struct LineMutation {
    var chance: SplitMix
    let isGB18030: Bool

    /// Odd values, in ASCII.
    private static let odd: [String] = [
        "", " ", "   \t ", "0", "-1", "1e9", "1E+400", "99999999999999999999", "0.0000000001", "1,234,567.8", "NaN", "2026-13-45", "0000-00-00",
        "2026-02-30", "99991231", "2026-6-31", "20260230", "1900-01-00", "9999-12-31 23:59:59-14:00", "45000", "9.14117E+17", "NULL", "N/A", "\\N", "-",
        "/", "***", "=cmd|' /C calc'!A0", "'; drop table x;--", "<script>", "../../etc/passwd", "%00", "91411700MA00000A9X", "00000000000000000X",
        "411799199002300011", "11010519491231002X", "42-17", "0-0", "4294967296-1", "true", "#REF!", "{}", "[]",
    ]
    /// Byte order mark, zero-width joiner, combining accent, right-to-left mark, emoji, no-break blank.
    private static let strange: [[UInt8]] = [
        [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0x8D], [0xCC, 0x81], [0xE2, 0x80, 0x8F], [0xF0, 0x9F, 0x98, 0x80], [0xC2, 0xA0], [0xE3, 0x80, 0x80],
    ]

    /// A value that no department should write, free of quotation marks and line ends.
    mutating func oddValue() -> [UInt8] {
        switch chance.below(24) {
        case 0: return [UInt8](repeating: 0x41, count: 1 + chance.below(3000))
        case 1: return isGB18030 ? [0xA3, 0xB1, 0xA1, 0xA1] : Self.strange[chance.below(Self.strange.count)]
        case 2: return Array(repeating: isGB18030 ? [0xD2, 0xBB] : [0xE4, 0xB8, 0x80], count: 1 + chance.below(600)).flatMap { $0 }
        case 3 where chance.below(50) == 0: return [UInt8](repeating: 0x39, count: 200_000)
        default: return Array(Self.odd[chance.below(Self.odd.count)].utf8)
        }
    }

    /// A line with one to three changes that leave it one line of CSV.
    mutating func gentle(csv record: [UInt8]) -> [UInt8] {
        var cells = PlainRecords.parts(record[...], escape: nil)
        for _ in 0...chance.below(3) {
            let cell = chance.below(cells.count)
            switch chance.below(12) {
            case 0, 1, 2: cells[cell] = quotedIfNeeded(oddValue())
            case 3: cells.swapAt(cell, chance.below(cells.count))
            case 4: cells.insert([], at: cell)
            case 5: if cells.count > 1 { cells.remove(at: cell) }
            case 6: if let at = plainPlace(cells[cell]) { cells[cell][at] = Array("0123456789XABCxyz".utf8)[chance.below(17)] }
            case 7: if let at = plainPlace(cells[cell]) { cells[cell].remove(at: at) }
            case 8: cells[cell] = wide(cells[cell])
            case 9: quote(&cells[cell], "\r\n,\"\"\"")
            case 10: if cells[cell].first != 0x22 { cells[cell].append(contentsOf: [0x20, 0x09]) }
            default: quote(&cells[cell], "\" ")
            }
        }
        return Array(cells.joined(separator: [0x2C]))
    }

    /// The line ends that are met.
    mutating func lineEnd() -> [UInt8] {
        switch chance.below(20) {
        case 0: [0x0D, 0x0A]
        case 1: [0x0D]
        case 2: [0x0A, 0x0A]
        case 3: [0x0A, 0x2C, 0x2C, 0x0A]   // a row without content is none
        default: [0x0A]
        }
    }

    /// An object with one to three changes that leave it an object with the same keys or fewer.
    mutating func gentle(json record: [UInt8]) -> [UInt8] {
        guard record.first == 0x7B, record.last == 0x7D else { return record }
        var members = PlainRecords.parts(record.dropFirst().dropLast(), escape: 0x5C)
        for _ in 0...chance.below(3) {
            let index = chance.below(members.count)
            guard let colon = keyEnd(members[index]) else { continue }
            let key = Array(members[index][...colon])
            switch chance.below(8) {
            case 0, 1, 2: 
                let value = oddValue().filter { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
                members[index] = key + [0x22] + value + [0x22]
            case 3: members[index] = key + Array(["null", "true", "false", "0", "-1.5e3", "1e400", "12345678901234567890", "\"\""][chance.below(8)].utf8)
            case 4: if members.count > 1 { members.remove(at: index) }
            case 5: members.swapAt(index, chance.below(members.count))
            case 6: members[index] = key + [0x20] + Array(members[index][(colon + 1)...]) + [0x09]
            default: members[index] = key + Array(#""\u0041\ud83d\ude00\n\"\\\/""#.utf8)
            }
        }
        return [0x7B] + Array(members.joined(separator: [0x2C])) + [0x7D]
    }

    /// Changes bytes wherever they stand, from `start` on.
    mutating func harsh(_ bytes: inout [UInt8], from start: Int) {
        guard bytes.count > start else { return }
        let at = start + chance.below(bytes.count - start)
        switch chance.below(12) {
        case 0, 1: bytes[at] ^= 1 << UInt8(chance.below(8))
        case 2: bytes[at] = UInt8(truncatingIfNeeded: chance.next())
        case 3: bytes.removeSubrange(at..<min(bytes.count, at + 1 + chance.below(4)))
        case 4: bytes.insert(contentsOf: (0...chance.below(4)).map { _ in UInt8(truncatingIfNeeded: chance.next()) }, at: at)
        case 5: bytes.insert(0x22, at: at)
        case 6: bytes.insert(0, at: at)
        case 7: bytes.insert(contentsOf: [0xEF, 0xBB, 0xBF], at: at)
        case 8: bytes.insert(contentsOf: [0xE4, 0xB8], at: at)        // the first two of three
        case 9: bytes.insert(0x81 + UInt8(chance.below(0x7D)), at: at)   // the first of a pair
        case 10: bytes.removeLast(bytes.count - at)
        default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + chance.below(500))], at: at)
        }
    }

    /// Puts a cell in quotation marks, with this end.
    private func quote(_ cell: inout [UInt8], _ end: String) {
        guard cell.first != 0x22 else { return }
        cell.removeAll { $0 == 0x22 }
        cell.insert(0x22, at: 0)
        cell.append(contentsOf: end.utf8)
    }

    private func quotedIfNeeded(_ value: [UInt8]) -> [UInt8] {
        value.contains(0x2C) ? [0x22] + value + [0x22] : value
    }

    /// A place that holds an ASCII letter or digit and no half of a character; nil where the cell has none.
    private mutating func plainPlace(_ cell: [UInt8]) -> Int? {
        guard !cell.isEmpty, cell.allSatisfy({ $0 < 0x80 }) else { return nil }
        let at = chance.below(cell.count)
        let byte = cell[at]
        return (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) ? at : nil
    }

    /// Digits in full width.
    private func wide(_ cell: [UInt8]) -> [UInt8] {
        guard cell.allSatisfy({ $0 < 0x80 }) else { return cell }
        return cell.flatMap { byte -> [UInt8] in
            guard (0x30...0x39).contains(byte) else { return [byte] }
            return isGB18030 ? [0xA3, byte + 0x80] : [0xEF, 0xBC, byte + 0x60]
        }
    }

    /// Where the colon after a member's key stands.
    private func keyEnd(_ member: [UInt8]) -> Int? {
        guard let open = member.firstIndex(of: 0x22), let close = member[(open + 1)...].firstIndex(of: 0x22) else { return nil }
        return member[close...].firstIndex(of: 0x3A)
    }
}

import FoundationEssentials

@testable import Tables

enum JSONLinesProperties {
    /// What the parser takes, Foundation takes too, and both read the same texts out of it.
    static func check(_ input: [UInt8]) throws {
        guard UTF8Check.scan(input.span).reason == .end else { return }
        var parser = JSONLineParser()
        for line in input.split(separator: 0x0A) {
            var batch = RowBatch()
            let bytes = Array(line)
            do throws(JSONProblem) { try parser.parse(bytes.span, 0..<bytes.count, into: &batch) } catch { return }
            try ensure(batch.cells.count == parser.keys.count, "\(batch.cells.count) cells for \(parser.keys.count) keys")
            batch.rows = [TableRow(firstCell: 0, cellCount: UInt32(batch.cells.count), line: 1)]
            try TableProperties.ensureSound(batch, isText: true)
            try compare(batch, parser.keys, bytes)
        }
    }

    private enum Value: Decodable {
        case text(String)
        case number
        case boolean(Bool)
        case null

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let truth = try? value.decode(Bool.self) {
                self = .boolean(truth)
            } else {
                self = .number   // of whatever size
            }
        }
    }

    private static func compare(_ batch: RowBatch, _ keys: [[UInt8]], _ line: [UInt8]) throws {
        let other: [String: Value]
        do { other = try JSONDecoder().decode([String: Value].self, from: Data(line)) } catch {
            throw Violation("Foundation does not take it: \(error)")
        }
        for (column, key) in keys.enumerated() {
            let name = String(decoding: key, as: UTF8.self)
            // Swift holds canonically equal keys for one.
            guard keys.count(where: { String(decoding: $0, as: UTF8.self) == name }) == 1 else { continue }
            let cell = batch.cell(row: 0, column: column)
            let text = Array(batch.bytes[batch.range(cell)])
            switch other[name] {
            case .text(let expected): try ensure(text == Array(expected.utf8) && (cell.form == .text || text.isEmpty), "text of \(name)")
            case .boolean(let truth): try ensure(cell.form == .boolean && text == Array("\(truth)".utf8), "truth of \(name)")
            case .number: try ensure(cell.form == .number && isPlainNumber(text), "number of \(name)")
            case .null, nil: try ensure(cell.form == .empty && text.isEmpty, "\(name) should be empty")
            }
        }
    }

    /// Digits with an optional minus and point, no exponent.
    private static func isPlainNumber(_ text: [UInt8]) -> Bool {
        let digits = text.first == 0x2D ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.count(where: { $0 == 0x2E }) <= 1 && digits.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
    }
}

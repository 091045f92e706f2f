internal import FoundationEssentials

/// The returned rows of a delivery as `DeliveryStore` keeps them, before sealing: one JSON object a line, in row order.
///
/// `{"row":17,"line":19,"faults":[{"code":"date-impossible","field":"CF_JDRQ","name":"决定日期","value":"2021-13-01","message":"…","cure":"…"}]}`
enum RejectionFile {
    /// The lines of some returned rows, without line ends.
    static func lines(_ rejections: [Rejection]) throws -> [(row: UInt32, line: [UInt8])] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try rejections.map { ($0.row, Array(try encoder.encode($0))) }
    }

    /// The file's bytes: a line for each returned row.
    static func bytes(_ lines: [(row: UInt32, line: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(0) { $0 + $1.line.count + 1 })
        for (_, line) in lines {
            bytes.append(contentsOf: line)
            bytes.append(0x0A)
        }
        return bytes
    }

    /// All returned rows of a file's bytes.
    static func rejections(_ bytes: [UInt8]) throws -> [Rejection] {
        let decoder = JSONDecoder()
        return try bytes.split(separator: 0x0A).map { try decoder.decode(Rejection.self, from: Data($0)) }
    }
}

/// Returned rows that share a cause: same field, same kind of fault.
package struct RejectionCause: Sendable {
    package let code: RowFaultCode
    /// Field code; empty for faults of the whole row.
    package let field: String
    package let name: String
    package let message: String
    package let cure: String
    /// Rows with this cause.
    package let count: Int
    /// The first of them, as an example.
    package let firstRow: UInt32

    /// The causes of some returned rows, most frequent first.
    package static func causes(of rejections: [Rejection]) -> [RejectionCause] {
        struct Key: Hashable {
            let code: RowFaultCode
            let field: String
        }
        var found: [Key: (fault: RowFault, count: Int, row: UInt32)] = [:]
        for rejection in rejections {
            for fault in rejection.faults {
                found[Key(code: fault.code, field: fault.field), default: (fault, 0, rejection.row)].count += 1
            }
        }
        return found.map { key, value in
            RejectionCause(
                code: key.code, field: key.field, name: value.fault.name, message: value.fault.message,
                cure: value.fault.cure, count: value.count, firstRow: value.row)
        }.sorted { ($1.count, $0.field, $0.code.rawValue) < ($0.count, $1.field, $1.code.rawValue) }
    }
}

import FoundationEssentials
import Glibc
import Identifiers
import Tables

/// Simulated files of water payments, each with rows of its own and one row that must be returned.
struct DrillFiles {
    static let resource = "ZMD-07-0002"
    static let provider = "ZMD-GSGS"
    private static let header = ["户号", "户名", "主体类别", "公民身份号码", "账期末日", "应缴水费（元）", "实缴水费（元）", "缴费日期", "提供依据", "授权书、合同条款或文书编号"]

    /// A written file and what intake must make of it.
    struct File {
        let path: String
        let rows: Int
        let accepted: Int
    }

    let folder: String
    private(set) var count = 0

    init(in folder: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Writes the next file; no two are the same.
    mutating func next(rows: Int, workbook: Bool) throws -> File {
        count += 1
        let path = "\(folder)/\(count).\(workbook ? "xlsx" : "csv")"
        if workbook {
            let writer = try TableFile.create(path: path, format: .xlsx, layout: TableLayout(columns: Self.header.map { TableColumn($0, format: .text) }))
            for row in 0..<rows { try writer.append(texts: cells(row)) }
            try writer.finish()
        } else {
            var text = Self.header.joined(separator: ",") + "\n"
            for row in 0..<rows { text += cells(row).joined(separator: ",") + "\n" }
            guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8)) else { throw Exit(73, "无法写入 \(path)") }
        }
        return File(path: path, rows: rows, accepted: rows - 1)
    }

    /// The row that is returned says that it was paid on an impossible day.
    private func cells(_ row: Int) -> [String] {
        var citizen: [UInt8] = []
        Payments.appendCitizen((count &* 31 + row) % 50_000, to: &citizen)
        let amount = "\(10 + row % 90).\(row % 10)0"
        let paid = row == 0 ? "2024-02-31" : "2024-01-28"
        return [
            "H\(count)-\(row)", "演示用户", "自然人", String(decoding: citizen, as: UTF8.self), "2024-01-28", amount, amount, paid, "合同同意条款",
            "YS-\(count)",
        ]
    }
}

import HTTPTypes
import Hummingbird
import HummingbirdCore
import Intake
import NIOCore
import Policy
import Tables

/// The empty table of a resource that a department fills in.
struct TemplateFile: Sendable {
    let resource: Resource
    let book: PolicyBook

    /// Writes the template: a header of Chinese names; in XLSX also text format for codes, drop-down lists, and a hidden sheet that says which
    /// resource and version it is.
    func write(to path: String, format: TableFormat) throws {
        let columns = book.templateColumns(of: resource).map { column in
            TableColumn(
                column.heading, format: Self.format(column.type), width: max(12, Double(column.heading.count * 2 + 4)),
                choices: column.choices, required: column.obligation == "必填")
        }
        let layout = TableLayout(
            columns: columns, sheet: "数据",
            metadata: [
                TableMetadata("resource", resource.code), TableMetadata("version", "\(resource.version)"), TableMetadata("name", resource.name),
            ])
        try TableFile.create(path: path, format: format, layout: layout).finish()
    }

    private static func format(_ type: FieldType) -> TableColumn.Format {
        switch type {
        case .text, .code, .identifier: .text
        case .date: .date
        case .decimal: .decimal
        case .integer: .general
        }
    }
}

extension Portal {
    /// A file made for this answer, in memory: an export may hold what must not lie on the disk in clear.
    func download(
        named name: String, format: TableFormat, _ write: @escaping @Sendable (String) throws -> Void
    ) async throws -> Response {
        let isWorkbook = format == .xlsx
        let bytes = try await blocking {
            let file = try MemoryFile()
            try write(file.path)
            return ByteBuffer(bytes: try file.bytes())
        }
        let file = "\(name)\(isWorkbook ? ".xlsx" : ".csv")"
        return Response(
            status: .ok,
            headers: [
                .contentType: isWorkbook
                    ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename*=UTF-8''\(PercentCoding.encode(file))", .cacheControl: "no-store",
            ], body: .init(byteBuffer: bytes))
    }
}

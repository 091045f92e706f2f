import Archive
import Identifiers
import Intake
import Policy
import Tables

/// A credit file as a workbook: one line a record, as its audience may see it, with the reader's watermark.
struct FileSheet {
    let view: CreditFileView
    let sources: SubjectSources
    /// 单位, 姓名, 时间, 事由 of who exports.
    let watermark: String

    private static let titles = ["栏目", "资源", "决定或生效日期", "来源部门", "文书号", "摘要", "记录编号"]

    func write(to path: String) throws {
        let subject = view.file.subject
        let layout = TableLayout(
            columns: Self.titles.map { TableColumn($0, format: .text, width: $0 == "摘要" ? 60 : nil) }, sheet: "信用档案",
            titleRows: ["\(subject.name)（\(subject.identifier)） 截至 \(view.file.clocks.knownAt)", watermark], safe: true)
        let writer = try TableFile.create(path: path, format: .xlsx, layout: layout)
        for section in FileSection.allCases {
            for record in try view.file.records(of: view.lines(RecordFilter(section: section))) {
                let words = sources.words
                try writer.append(texts: [
                    section.title, record.resource.name, record.entry.effective?.description ?? "", sources.provider(record.delivery),
                    words.document(record.resource, record.values, view.audience),
                    words.summary(record.resource, record.values, view.audience).map { "\($0.name)：\($0.value)" }.joined(separator: "；"), "\(record.id)",
                ])
            }
        }
        try writer.finish()
    }
}

import Access
import Policy
import Registry
import Tables

/// Access events as people read them.
struct EventWords: Sendable {
    let book: PolicyBook

    func body(_ event: AccessEvent) -> String { book.body(event.body)?.name ?? (event.body.isEmpty ? "–" : event.body) }

    /// Name and role of who did it.
    func actor(_ event: AccessEvent) -> String {
        let role = Role(rawValue: event.role)?.name ?? (event.role == "program" ? "接口程序" : event.role == "terminal" ? "本机终端" : "")
        return [event.actorName.isEmpty ? event.actor : event.actorName, role].filter { !$0.isEmpty }.joined(separator: "，")
    }

    /// The purpose with its basis.
    func purpose(_ event: AccessEvent) -> String {
        guard !event.purpose.isEmpty else { return "–" }
        guard let purpose = book.purposes.first(where: { $0.code == event.purpose }) else { return event.purpose }
        let basis = purpose.basis.compactMap { book.document($0.document)?.title }.map { "《\($0)》" }.joined()
        let consent = event.consent.map { "，授权 \($0)" } ?? ""
        return "\(purpose.name)\(consent)（\(basis)）"
    }

    func outcome(_ event: AccessEvent) -> Tag { event.isAllowed ? Tag("已查看", .plain) : Tag("已拒绝", .bad) }
}

/// Events as a sheet, with the reader's watermark.
struct EventSheet {
    let events: [AccessEvent]
    let words: EventWords
    /// 单位, 姓名, 时间, 事由 of who exports.
    let watermark: String

    private static let titles = ["序号", "时间", "动作", "结果", "单位", "经办人", "事由和依据", "办件号", "内容", "渠道", "备注"]

    func write(to path: String, as format: TableFormat) throws {
        let layout = TableLayout(columns: Self.titles.map { TableColumn($0, format: .text) }, sheet: "查询记录", titleRows: [watermark], safe: true)
        let writer = try TableFile.create(path: path, format: format, layout: layout)
        for event in events {
            try writer.append(texts: [
                "\(event.position)", "\(event.at)", event.action.name, event.isAllowed ? "允许" : "拒绝", words.body(event), words.actor(event),
                words.purpose(event), event.caseNumber, event.items, event.channel, event.detail,
            ])
        }
        try writer.finish()
    }
}

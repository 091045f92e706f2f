import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Logging
import Measures
import NIOCore
import Policy
import Tables

/// 批量核查: a sheet of questions in, the same sheet with answers out. Each row is a verification of its own, with its event.
struct VerificationSheetRoutes: Sendable {
    let portal: Portal
    private var desk: VerificationDesk { portal.verifications }
    private static let path = "/staff/verification-sheets"

    func add(to group: RouterGroup<PortalContext>) {
        group.get("verification-sheets", use: form)
        group.post("verification-sheets", use: upload)
        group.get("verification-sheets/template.xlsx", use: template)
    }

    func addAPI(to group: RouterGroup<PortalContext>) { group.post("verification-sheets", use: take) }

    @Sendable func form(_ request: Request, _ context: PortalContext) async throws -> Response { try page(request, context, matter: nil) }

    private func page(_ request: Request, _ context: PortalContext, matter: String?, problem: Problem? = nil) throws -> Response {
        let matters = desk.matters(context.visitor)
        let form = FormView(
            title: "上传表格", note: "最多 \(VerificationSheet.rowLimit) 行、4 MB，CSV、XLSX、XLS 都可以；结果是同一张表，每行后面附上结论。", action: Self.path,
            token: portal.token(Self.path, context),
            fields: [
                FieldView(
                    "matter", "事项",
                    choices: [Choice(value: "", label: "按表格里的“事项编码”列", selected: matter == nil)]
                        + matters.map { Choice(value: $0.code, label: "\($0.code) \($0.name)", selected: $0.code == matter) }),
                FieldView("file", "文件", type: "file"),
            ], button: "核查并下载结果")
        let columns = [
            ("事项编码", "必填；下面选了事项的，空着的行按所选事项"), ("办件号", "必填；说明为什么查"), ("代码", "必填；统一社会信用代码或证件号码"), ("名称", "可不填；填写时与代码登记的名称核对"),
        ]
        return try portal.answer(
            TablePage(
                portal.shell("批量核查", request, context, current: Self.path), intro: "每一行都是一次核查，逐行留痕，当事人可以看到；结果供承办人参考。",
                notice: problem.map(Notice.init), exports: [Link(label: "下载模板", href: "\(Self.path)/template.xlsx")], columns: ["列", "怎么填"],
                rows: columns.map { .init(cells: [.init($0.0), .init($0.1)]) }, empty: "", form: form), status: problem?.status ?? .ok)
    }

    @Sendable func template(_ request: Request, _ context: PortalContext) async throws -> Response {
        let matters = desk.matters(context.visitor)
        return try await portal.download(named: "批量核查", format: .xlsx) { try VerificationSheet.writeTemplate(for: matters, to: $0) }
    }

    @Sendable func upload(_ request: Request, _ context: PortalContext) async throws -> Response {
        let sent = try await portal.uploadedFile(request, limit: VerificationSheet.byteLimit + (64 << 10))
        try portal.check(sent.fields["token"], for: Self.path, request, context)
        let matter = sent.fields.text("matter")
        do {
            guard let name = sent.name, !sent.bytes.isEmpty else {
                throw Problem.badRequest("file-missing", "没有文件", "没有选择文件，或文件是空的。", cure: "请选择要核查的表格。")
            }
            return try await answered(sent.bytes, named: name, matter: matter, request, context)
        } catch let problem as Problem where problem.status.code < 500 && problem.status != .unauthorized {
            return try page(request, context, matter: matter, problem: problem)
        }
    }

    /// The body is the sheet.
    @Sendable func take(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let bytes = try await portal.body(limit: Int64(VerificationSheet.byteLimit)).collect(request.body)
        return try await answered(bytes, named: "核查表", matter: query.text("matter"), request, context)
    }

    // MARK: Answering

    /// - Parameter matter: for rows that name none.
    private func answered(_ bytes: [UInt8], named name: String, matter: String?, _ request: Request, _ context: PortalContext) async throws -> Response {
        try await portal.turns.take {
            let sheet = try await portal.blocking { try Self.sheet(bytes, named: name) }
            let answers = try await answers(to: sheet, matter: matter, request, context)
            let mark = portal.watermark(context)
            return try await portal.download(named: "核查结果", format: .xlsx) { try sheet.write(answers, watermark: mark, to: $0) }
        }
    }

    private static func sheet(_ bytes: [UInt8], named name: String) throws -> VerificationSheet {
        do {
            return try VerificationSheet(bytes, name: name)
        } catch let fault as VerificationSheet.Fault {
            throw Problem.badRequest("sheet-empty", "表格不能核查", fault.message + "。", cure: fault.cure + "。")
        } catch let fault as TableFault {
            throw Problem.badRequest("sheet-unreadable", "文件读不出来", fault.message + "。", cure: fault.cure + "。")
        }
    }

    /// Some rows at a time: their events then share a sync.
    private static let width = 16

    private func answers(to sheet: VerificationSheet, matter: String?, _ request: Request, _ context: PortalContext) async throws -> [VerificationSheet.Answer] {
        var answers: [VerificationSheet.Answer] = []
        for start in stride(from: 0, to: sheet.rows.count, by: Self.width) {
            answers += try await withThrowingTaskGroup(of: (Int, VerificationSheet.Answer).self) { group in
                for index in start..<min(start + Self.width, sheet.rows.count) {
                    group.addTask { (index, try await answer(to: sheet.rows[index], isFirst: index == 0, matter: matter, request, context)) }
                }
                return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
        }
        return answers
    }

    private func answer(
        to row: VerificationSheet.Row, isFirst: Bool, matter: String?, _ request: Request, _ context: PortalContext
    ) async throws -> VerificationSheet.Answer {
        do {
            // The request itself was counted for the first row.
            if !isFirst, let visitor = context.visitor, let refusal = try portal.access.refusal(of: visitor, at: portal.clock()) { throw refusal }
            if row.isDamaged { throw Problem.damagedNumber }
            let question = VerificationQuestion(matter: row.matter.isEmpty ? matter : row.matter, caseNumber: row.caseNumber, identifier: row.identifier, name: row.name)
            let answered = try await desk.answer(question, request, context)
            return .verified(answered.verification, number: answered.number, at: answered.at)
        } catch let problem as Problem where problem.status.code < 500 {
            return .problem("\(problem.title)：\(problem.detail)\(problem.cure)")
        } catch let fault where !(fault is CancellationError) {
            // The other rows were looked up, and their events are kept: their answers are not lost for this one.
            context.logger.error("a row of a sheet was not verified", metadata: ["error": "\(fault)"])
            return .problem("平台暂时不能核查这一行，请稍后重新核查")
        }
    }
}

extension Problem {
    fileprivate static let damagedNumber = Problem(
        status: .unprocessableContent, code: "identifier-damaged", title: "代码存成了数字", detail: "这一格是数字格式，表格软件已改掉了后几位。",
        cure: "请把这一列设为文本格式，重新填写代码。")
}

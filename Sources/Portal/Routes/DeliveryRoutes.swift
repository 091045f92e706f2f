import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Policy
import Registry
import Tables

/// Deliveries as staff handle them: list, upload, progress, receipt, rejections, withdrawal. Audience: the delivering body and the credit centre.
struct DeliveryRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("", use: list)
        group.get("new", use: form)
        group.post("", use: upload)
        group.get(":number", use: receipt)
        group.get(":number/progress", use: progress)
        group.get(":number/proof", use: proof)
        group.get(":number/rejections", use: rejections)
        group.get(":number/rejected.csv") { request, context in try await rejected(request, context, .csv(.utf8BOM)) }
        group.get(":number/rejected.xlsx") { request, context in try await rejected(request, context, .xlsx) }
        group.post(":number/withdrawal", use: withdraw)
    }

    private static let crumb = Link(label: "报送批次", href: "/staff/deliveries")

    @Sendable func list(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let shell = portal.shell("报送批次", request, context, current: "/staff/deliveries")
        let reach = context.reach
        let page = try await portal.blocking { [portal] in
            var filter = DeliveriesPage.filter(query)
            filter.providers = reach.deliverers
            let found = try portal.registry.deliveries.list(
                filter, limit: DeliveriesPage.size, offset: (query.page() - 1) * DeliveriesPage.size)
            return DeliveriesPage(
                found, query: query, words: portal.words, 
                coverage: try portal.registry.deliveries.coverage().filter { reach.opens(deliveryOf: $0.provider) }, shell: shell)
        }
        return try portal.answer(page)
    }

    // MARK: Upload

    @Sendable func form(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        return try formPage(request, context, NewDeliveryPage.Attempt(resource: query.text("resource"), provider: query.text("provider")))
    }

    private func formPage(_ request: Request, _ context: PortalContext, _ attempt: NewDeliveryPage.Attempt) throws -> Response {
        let isFaulty = attempt.resourceError != nil || attempt.providerError != nil || attempt.fileError != nil
        let shell = portal.shell(
            isFaulty ? "错误：新建报送" : "新建报送", request, context, current: "/staff/deliveries/new", crumbs: [Self.crumb])
        let now = portal.clock()
        let page = NewDeliveryPage(
            book: portal.book, on: now.date, reach: context.reach, attempt: attempt, limit: portal.settings.uploadLimit,
            token: portal.token("/staff/deliveries", context), shell: shell)
        return try portal.answer(page, status: isFaulty ? .badRequest : .ok)
    }

    @Sendable func upload(_ request: Request, _ context: PortalContext) async throws -> Response {
        guard let boundary = MultipartParser.boundary(of: request.headers[.contentType]) else { throw Problem.notMultipart }
        let receiver = try UploadReceiver(
            boundary: boundary, store: portal.desk.directory.store, book: portal.book, at: portal.clock())
        do {
            try await portal.body(limit: portal.settings.uploadLimit + (1 << 20))
                .read(request.body) { try receiver.take($0) }
            try receiver.finish()
        } catch let fault as MultipartFault {
            receiver.abandon()
            throw Problem.badMultipart(fault)
        } catch {
            receiver.abandon()
            throw error
        }
        return try await settle(receiver, request, context)
    }

    /// Everything has arrived: check what was said about the file, and take it or give the form back.
    private func settle(_ receiver: UploadReceiver, _ request: Request, _ context: PortalContext) async throws -> Response {
        let fields = receiver.fields
        do { try portal.check(fields["token"], for: "/staff/deliveries", request, context) } catch {
            receiver.abandon()
            throw error
        }
        let now = portal.clock()
        var attempt = NewDeliveryPage.Attempt(resource: fields.text("resource"), provider: fields.text("provider"))
        let delivery = DeliveryRequest(
            resource: attempt.resource ?? "", provider: attempt.provider ?? "", fileName: receiver.fileName ?? "", channel: .web,
            submitter: context.visitor.map { "\($0.name)（\($0.login)）" })
        if attempt.resource == nil { attempt.resourceError = "请选择信息资源" }
        if attempt.provider == nil { attempt.providerError = "请选择报送单位" }
        if attempt.resourceError == nil, attempt.providerError == nil {
            do { try portal.desk.admit(delivery, on: now.date) } catch {
                let text = error.description
                if error.code == .unknownResource { attempt.resourceError = text } else { attempt.providerError = text }
            }
        }
        if attempt.providerError == nil, let provider = attempt.provider, !context.reach.opens(deliveryOf: provider) {
            try await portal.recordRefusal(.deliver, request, context, "替 \(provider) 报送")
            attempt.providerError = "您不能替其他单位报送"
        }
        switch receiver.byteCount {
        case nil: attempt.fileError = "请选择要上传的文件"
        case 0: attempt.fileError = "文件是空的（0 字节），请确认选择了正确的文件"
        default: break
        }
        guard attempt.resourceError == nil, attempt.providerError == nil, attempt.fileError == nil, let arrived = try receiver.arrived() else {
            receiver.abandon()
            return try formPage(request, context, attempt)
        }
        let (receipt, isNew) = try await portal.blocking { [portal] in
            let taken = try portal.desk.receive(arrived, as: delivery, at: now)
            return (taken.delivery, taken.isNew)
        }
        try await portal.record(.deliver, request, context, items: "第 \(receipt.number) 批 \(receipt.resource)")
        if isNew { portal.queue.add(receipt.number) }
        return .seeOther("/staff/deliveries/\(receipt.number)\(isNew ? "" : "?repeat=1")")
    }

    // MARK: What became of it

    @Sendable func receipt(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        let shell = portal.shell("第 \(delivery.number) 批", request, context, crumbs: [Self.crumb])
        let stall = portal.queue.stall(of: delivery.number)
        if delivery.state == .received, stall == nil {
            return try portal.answer(ProgressPage(delivery, work: work(delivery), words: portal.words, shell: shell))
        }
        let action = "/staff/deliveries/\(delivery.number)/withdrawal"
        let mayWithdraw = context.visitor.flatMap { visitor in
            portal.access.table.rule("POST", "/staff/deliveries/{number}/withdrawal").flatMap { portal.access.scope(of: visitor, under: $0) }
        } != nil
        var page = ReceiptPage(
            delivery, words: portal.words, isRepeat: query["repeat"] == "1",
            token: mayWithdraw ? portal.token(action, context) : nil, shell: shell)
        if delivery.state == .received, let stall {
            page.notice = Notice(tone: "bad", title: "处理中断，文件已收好，没有任何一行入库", text: stall)
        }
        return try portal.answer(page)
    }

    private func work(_ delivery: Delivery) -> WorkProgress {
        WorkProgress(
            progress: portal.desk.directory.board.progress(of: delivery.number) ?? Progress(), since: delivery.received, now: portal.clock())
    }

    @Sendable func progress(_ request: Request, _ context: PortalContext) async throws -> Response {
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        return .events { [self] turn in
            let work = work(delivery)
            let isOver = portal.queue.stall(of: delivery.number) != nil || work.progress.stage == .done || work.progress.stage == .refused
            // The board forgets with the process; the registry does not. Asked now and then, since it costs a query.
            let isDecided = isOver || (turn % 4 == 0 && (try? portal.registry.deliveries.find(delivery.number))?.state != .received)
            let data = (try? JSONEncoder().encode(work.snapshot)).flatMap { String(bytes: $0, encoding: .utf8) } ?? "{}"
            let id = "\(work.progress.rows)"
            return isDecided
                ? .last(ServerEvent(id: id, name: "end", data: data)) : .event(ServerEvent(id: id, name: "progress", data: data))
        }
    }

    /// The proof that the delivery's arrival is in the log, as a file.
    @Sendable func proof(_ request: Request, _ context: PortalContext) async throws -> Response {
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        let now = portal.clock()
        return try await portal.blocking { [portal] in
            guard let proof = try RecordProofs(directory: portal.desk.directory, book: portal.book).proof(of: delivery, at: now) else {
                throw Problem.notFound("no-proof", "还没有存证", "第 \(delivery.number) 批还没有入库。")
            }
            return Portal.proofFile(proof, named: "第\(delivery.number)批")
        }
    }

    @Sendable func rejections(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        let shell = portal.shell(
            "退回明细", request, context, crumbs: [Self.crumb, Link(label: "第 \(delivery.number) 批", href: "/staff/deliveries/\(delivery.number)")])
        let page = try await portal.blocking { [portal] in
            let rows = try portal.desk.directory.store.returned(by: delivery)
            return RejectionsPage(delivery, rejections: rows, cause: query.text("cause"), page: query.page(), shell: shell)
        }
        try await portal.record(.source, request, context, items: "第 \(delivery.number) 批退回明细")
        return try portal.answer(page)
    }

    private func rejected(_ request: Request, _ context: PortalContext, _ format: TableFormat) async throws -> Response {
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        guard delivery.rejected > 0 else {
            throw Problem.notFound("nothing-rejected", "没有退回的行", "第 \(delivery.number) 批没有退回的行。", cure: "请查看回执。")
        }
        try await portal.record(.export, request, context, items: "第 \(delivery.number) 批退回行")
        let mark = portal.watermark(context)
        return try await portal.download(named: "第\(delivery.number)批-退回", format: format) { [portal] path in
            try ReturnedRows(directory: portal.desk.directory, book: portal.book).write(delivery, as: format, watermark: mark, to: path)
        }
    }

    @Sendable func withdraw(_ request: Request, _ context: PortalContext) async throws -> Response {
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        let form = try await portal.form(request)
        try portal.check(form["token"], for: "/staff/deliveries/\(delivery.number)/withdrawal", request, context)
        guard let reason = form.text("reason"), (5...200).contains(reason.unicodeScalars.count) else {
            throw Problem.badRequest(
                "reason-missing", "请写明撤回理由", "撤回须写明理由，5 至 200 字。", cure: "请返回回执页，填写理由或文书号后再提交。",
                inputs: [.init(name: "reason", message: "5 至 200 字")])
        }
        let now = portal.clock()
        _ = try await portal.blocking { [portal] in try portal.desk.withdraw(delivery.number, reason: reason, at: now) }
        try await portal.record(.withdraw, request, context, items: "第 \(delivery.number) 批", detail: reason)
        return .seeOther("/staff/deliveries/\(delivery.number)")
    }
}

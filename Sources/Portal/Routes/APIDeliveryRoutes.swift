import Access
import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Registry
import Synchronization

/// Deliveries through the API. Audience: programs of the delivering body, and people as on the pages.
struct APIDeliveryRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("", use: list)
        group.post("", use: receive)
        group.get(":number", use: delivery)
        group.get(":number/rejections", use: rejections)
        group.get(":number/proof", use: proof)
        group.post(":number/withdrawal", use: withdraw)
    }

    private func answer(_ delivery: Delivery, status: HTTPResponse.Status = .ok) throws -> Response {
        var response = try Response(json: model(delivery), status: status)
        response.headers[.location] = "/api/v1/deliveries/\(delivery.number)"
        return response
    }

    private func model(_ delivery: Delivery) -> API.Receipt {
        let progress = delivery.state == .received ? portal.desk.directory.board.progress(of: delivery.number) : nil
        let work = progress.map { WorkProgress(progress: $0, since: delivery.received, now: portal.clock()).snapshot }
        return API.Receipt(delivery, words: portal.words, progress: work)
    }

    @Sendable func list(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        let page = try query.statedPage()
        if let text = query["state"], DeliveryState(rawValue: text) == nil {
            throw Problem.badRequest(
                "bad-state", "状态写法有误", "没有状态“\(text.prefix(20))”。",
                cure: "可用的状态：\(DeliveryState.allCases.map(\.rawValue).joined(separator: "、"))。", inputs: [.init(name: "state", message: "未知状态")])
        }
        let reach = context.reach
        let found = try await portal.blocking { [portal] in
            var filter = DeliveriesPage.filter(query)
            filter.providers = reach.deliverers
            return try portal.registry.deliveries.list(
                filter, limit: APIRoutes.pageSize, offset: (page - 1) * APIRoutes.pageSize)
        }
        return try Response(
            json: API.Deliveries(
                total: found.total, page: page, pageSize: APIRoutes.pageSize, deliveries: found.deliveries.map(model)))
    }

    @Sendable func delivery(_ request: Request, _ context: PortalContext) async throws -> Response {
        try answer(await portal.delivery(context.parameters.get("number") ?? "", request, context))
    }

    /// The body is the file. 202 with the receipt for a new delivery, 200 with the earlier receipt for bytes that are here already.
    @Sendable func receive(_ request: Request, _ context: PortalContext) async throws -> Response {
        let query = try portal.query(request)
        var missing: [Problem.Input] = []
        for name in ["resource", "provider", "fileName"] where query.text(name) == nil { missing.append(.init(name: name, message: "必填")) }
        guard missing.isEmpty else {
            throw Problem.badRequest(
                "parameters-missing", "缺少参数", "缺少\(missing.map(\.name).joined(separator: "、"))。",
                cure: "请在地址中给出 resource（资源编码）、provider（单位编码）和 fileName（文件名）。", inputs: missing)
        }
        let delivery = DeliveryRequest(
            resource: query.text("resource") ?? "", provider: query.text("provider") ?? "", fileName: query.text("fileName") ?? "",
            channel: .api, submitter: query.text("submitter") ?? context.visitor?.name)
        // Before any byte is taken.
        try portal.desk.admit(delivery, on: portal.clock().date)
        guard context.reach.opens(deliveryOf: delivery.provider) else {
            try await portal.recordRefusal(.deliver, request, context, "替 \(delivery.provider) 报送")
            throw Problem(
                status: .forbidden, code: "not-provider", title: "不能替其他单位报送", detail: "您所属的单位不是 \(delivery.provider)。", cure: "请用该单位的账号或接口程序报送。")
        }
        let inbox = try Inbox(portal.desk.directory.store, of: delivery.provider, at: portal.clock())
        do {
            try await portal.body(limit: portal.settings.uploadLimit)
                .read(request.body) { try inbox.append($0) }
        } catch {
            inbox.abandon()
            throw error
        }
        let now = portal.clock()
        let (receipt, isNew) = try await portal.blocking { [portal] in
            guard let arrived = try inbox.finish() else { throw Problem.tooSlow }
            let taken = try portal.desk.receive(arrived, as: delivery, at: now)
            return (taken.delivery, taken.isNew)
        }
        try await portal.record(.deliver, request, context, items: "第 \(receipt.number) 批 \(receipt.resource)")
        if isNew { portal.queue.add(receipt.number) }
        return try answer(receipt, status: isNew ? .accepted : .ok)
    }

    @Sendable func proof(_ request: Request, _ context: PortalContext) async throws -> Response {
        try await DeliveryRoutes(portal: portal).proof(request, context)
    }

    @Sendable func rejections(_ request: Request, _ context: PortalContext) async throws -> Response {
        let page = try portal.query(request).statedPage()
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        try await portal.record(.source, request, context, items: "第 \(delivery.number) 批退回明细")
        let answer = try await portal.blocking { [portal] in
            let rows = try portal.desk.directory.store.returned(by: delivery)
            return API.Rejections(
                delivery: Int(delivery.number), total: rows.count, page: page, pageSize: APIRoutes.pageSize,
                causes: RejectionCause.causes(of: rows).map {
                    API.Cause(code: $0.code.rawValue, field: $0.field, message: $0.message, cure: $0.cure, count: $0.count)
                }, rejections: Array(rows.dropFirst((page - 1) * APIRoutes.pageSize).prefix(APIRoutes.pageSize)))
        }
        return try Response(json: answer)
    }

    @Sendable func withdraw(_ request: Request, _ context: PortalContext) async throws -> Response {
        let delivery = try await portal.delivery(context.parameters.get("number") ?? "", request, context)
        let bytes = try await portal.body(limit: 64 << 10).collect(request.body)
        struct Body: Decodable { var reason: String }
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true,
            let body = try? JSONDecoder().decode(Body.self, from: Data(bytes)), !body.reason.trimmingBlanks().isEmpty
        else {
            throw Problem.badRequest(
                "reason-missing", "缺少撤回理由", "内容须是 JSON，并给出 reason。", cure: "请发送 {\"reason\": \"…\"}，类型 application/json。",
                inputs: [.init(name: "reason", message: "必填")])
        }
        let now = portal.clock()
        let done = try await portal.blocking { [portal] in try portal.desk.withdraw(delivery.number, reason: body.reason, at: now) }
        try await portal.record(.withdraw, request, context, items: "第 \(delivery.number) 批", detail: body.reason)
        return try answer(done)
    }
}

/// A file that comes in as the body itself.
final class Inbox: Sendable {
    private let file: Mutex<IncomingFile?>

    /// - Parameters:
    ///   - body: code of the body that sends it, under whose key it is sealed.
    ///   - now: the time of arrival.
    init(_ store: DeliveryStore, of body: String, at now: Instant) throws { file = Mutex(try store.incoming(of: body, at: now)) }

    func append(_ bytes: [UInt8]) throws { try file.withLock { try $0?.append(bytes.span) } }

    func finish() throws -> ArrivedFile? {
        try file.withLock { file in
            guard let whole = file.take() else { return nil }
            return try whole.finish()
        }
    }

    func abandon() {
        file.withLock { file in
            if let rest = file.take() { rest.abandon() }
        }
    }
}

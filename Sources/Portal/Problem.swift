import HTTPTypes
import Hummingbird
import HummingbirdCore
import Intake
import Tables

/// Why a request is not answered as asked: what a person reads, and what RFC 9457 carries. The middleware renders it as page or JSON.
struct Problem: Error, Sendable, Equatable {
    var status: HTTPResponse.Status
    /// Last part of the problem type, stable for programs: `subject-unknown`.
    var code: String
    /// What it is, the same for every occurrence.
    var title: String
    /// What happened here.
    var detail: String
    /// What to do.
    var cure: String
    /// The inputs at fault, by name.
    var inputs: [Input] = []
    /// Seconds after which it is worth trying again, for 429.
    var retryAfter: Int?
    /// What the address can be asked with, for 405.
    var methods: [String] = []

    struct Input: Sendable, Equatable, Encodable {
        var name: String
        var message: String
    }

    static func notFound(_ code: String, _ title: String, _ detail: String, cure: String = "请核对地址或编号后再试。") -> Problem {
        Problem(status: .notFound, code: code, title: title, detail: detail, cure: cure)
    }

    static func badRequest(_ code: String, _ title: String, _ detail: String, cure: String, inputs: [Input] = []) -> Problem {
        Problem(status: .badRequest, code: code, title: title, detail: detail, cure: cure, inputs: inputs)
    }

    /// 405 with the methods there are.
    static func methodNotAllowed(_ methods: [String]) -> Problem {
        var problem = Problem(
            status: .methodNotAllowed, code: "method-not-allowed", title: "不支持这种请求方式", detail: "这个地址不接受该请求方法。", cure: "请按接口说明使用。")
        problem.methods = methods
        return problem
    }

    /// 413 for a body beyond the limit.
    static func tooLarge(limit: Int64) -> Problem {
        Problem(
            status: .contentTooLarge, code: "body-too-large", title: "内容过大", detail: "上传的内容超过 \(Figures.bytes(limit)) 的上限。",
            cure: "请把文件拆成几份，分批报送。")
    }

    /// 408 for a body that comes too slowly.
    static let tooSlow = Problem(
        status: .requestTimeout, code: "body-too-slow", title: "上传中断", detail: "内容传送过慢或已中断，平台没有保留不完整的文件。", cure: "请检查网络后重新上传。")

    /// Whatever was thrown, as a problem. What is not known becomes a 500 that says nothing of the inside.
    init(any error: any Error) {
        if let problem = error as? Problem {
            self = problem
            return
        }
        if let fault = error as? DeliveryFault {
            self.init(delivery: fault)
            return
        }
        if DeliveryFault.isDiskFull(error) {
            self.init(delivery: DeliveryFault(.diskFull, "磁盘已满，这次没有写入任何内容", cure: "请稍后再试，或清理、扩充磁盘；已受理的数据不受影响"))
            return
        }
        if let fault = error as? TableFault {
            self.init(
                status: .unprocessableContent, code: "file-unreadable", title: "文件读不出来", detail: fault.message, cure: fault.cure)
            return
        }
        let status = (error as? any HTTPResponseError)?.status ?? .internalServerError
        switch status {
        case .notFound: self = .notFound("no-such-page", "没有这个页面", "地址可能写错了，或页面已经移走。", cure: "请从首页或菜单进入。")
        case .methodNotAllowed: self = .methodNotAllowed([])
        case .contentTooLarge:
            self.init(status: status, code: "body-too-large", title: "内容过大", detail: "请求内容超过上限。", cure: "请减小内容后再试。")
        case _ where status.kind == .clientError:
            self.init(status: status, code: "bad-request", title: "请求有误", detail: "平台看不懂这个请求。", cure: "请返回上一页，核对后再试。")
        default:
            self.init(
                status: .internalServerError, code: "internal", title: "平台出错了", detail: "这次请求没有完成，没有任何内容被改动到一半。",
                cure: "请稍后再试；若仍出错，请把下面的编号告诉我们。")
        }
    }

    init(
        status: HTTPResponse.Status, code: String, title: String, detail: String, cure: String, inputs: [Input] = []
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.cure = cure
        self.inputs = inputs
    }
}

extension Problem {
    /// What a desk refuses, with the code that the desk gives it.
    init(delivery fault: DeliveryFault) {
        let (status, title): (HTTPResponse.Status, String) =
            switch fault.code {
            case .unknownDelivery: (.notFound, "没有这个批次")
            case .wrongState: (.conflict, "现在不能这样做")
            case .storage: (.internalServerError, "平台没能读写文件")
            case .diskFull: (.init(code: 507), "磁盘已满")
            case .unreadable, .header, .noRows: (.unprocessableContent, "文件不能受理")
            case .unknownResource, .unknownProvider, .notProvider: (.unprocessableContent, "不能受理这次报送")
            }
        self.init(status: status, code: fault.code.rawValue, title: title, detail: fault.message, cure: fault.cure)
    }
}

/// RFC 9457 problem details, with `cure`, `reference` and `inputs` as extension members.
struct ProblemDetails: Encodable {
    var type: String
    var title: String
    var status: Int
    var detail: String
    var cure: String
    var reference: String
    var inputs: [Problem.Input]?

    init(_ problem: Problem, reference: String) {
        type = "urn:tianzhong:problem:\(problem.code)"
        title = problem.title
        status = problem.status.code
        detail = problem.detail
        cure = problem.cure
        self.reference = reference
        inputs = problem.inputs.isEmpty ? nil : problem.inputs
    }
}

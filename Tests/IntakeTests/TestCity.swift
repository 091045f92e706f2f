import Archive
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Synchronization

/// A data directory of its own, the real policy book, and a clock that only the test moves.
final class TestCity: Sendable {
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
    static let today = date("2026-06-30")
    static let book: PolicyBook = {
        do { return try PolicyBook.load(from: root + "/PolicyBook", on: today) } catch { preconditionFailure("\(error)") }
    }()

    let path: String
    let directory: DataDirectory
    let desk: DeliveryDesk
    private let now: Mutex<Instant>

    /// - Parameters:
    ///   - start: the day on which the test begins.
    ///   - folder: where the data directory is made.
    init(from start: CivilDate = today, under folder: String = "/tmp") throws {
        path = "\(folder)/tianzhong-\(UUID().uuidString)"
        try DataDirectory.initialise(path)
        directory = try DataDirectory.open(path)
        desk = DeliveryDesk(directory: directory, book: Self.book)
        now = Mutex(Instant(startOf: start))
    }

    deinit {
        try? directory.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The test's present; each look is a second later, so that no two deliveries share a knowledge time.
    func clock() -> Instant {
        now.withLock { now in
            now = Instant(milliseconds: now.milliseconds + 1000)
            return now
        }
    }

    /// Moves the test's present to the morning of a day.
    func setClock(_ day: CivilDate) {
        now.withLock { $0 = max($0, Instant(startOf: day)) }
    }

    /// Delivers a file made of these bytes and works on it.
    @discardableResult
    func deliver(
        _ bytes: [UInt8], resource: String = Penalties.resource, provider: String = "ZMD-SCJG", name: String = "文件.csv",
        at other: DeliveryDesk? = nil
    ) async throws -> Delivery {
        let desk = other ?? desk
        var file = try directory.store.incoming(of: provider, at: clock())
        try file.append(bytes.span)
        let request = DeliveryRequest(resource: resource, provider: provider, fileName: name, channel: .commandLine)
        let (delivery, _) = try desk.receive(try file.finish(), as: request, at: clock())
        return try await desk.work(on: delivery.number, clock: { self.clock() })
    }

    @discardableResult
    func deliver(_ text: String, resource: String = Penalties.resource, provider: String = "ZMD-SCJG") async throws -> Delivery {
        try await deliver(Array(text.utf8), resource: resource, provider: provider)
    }

    func rejections(_ delivery: Delivery) throws -> [Rejection] {
        try directory.store.rejections(of: delivery.number)
    }

    var reader: SubjectReader { SubjectReader(directory: directory, book: Self.book) }

    func file(_ code: String, asOf: CivilDate = today, knownAt: Instant? = nil) throws -> SubjectFile? {
        guard let identifier = Identifier.recognise(Array(code.utf8).span, on: Self.today) else { return nil }
        return try reader.file(of: reader.key(of: identifier), at: Clocks(asOf: asOf, knownAt: knownAt ?? clock()))
    }
}

func date(_ text: String) -> CivilDate {
    guard let date = CivilDate.parse(Array(text.utf8).span) else { preconditionFailure("\(text) is no date") }
    return date
}

/// Rows of 行政处罚信息（法人和非法人组织）, sound unless a test says otherwise.
enum Penalties {
    static let resource = "ZMD-03-0002"
    static let firm = "91411700MA00000A9C"
    static let otherFirm = "92411702MA40000B4G"
    static let columns = [
        "行政相对人名称", "行政相对人类别", "统一社会信用代码", "法定代表人", "行政处罚决定文书号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容",
        "罚款金额（万元）", "处罚决定日期", "处罚有效期", "处罚机关", "处罚机关统一社会信用代码", "数据来源单位", "数据来源单位统一社会信用代码",
    ]
    static let header = columns.joined(separator: ",")
    static let sound: [String: String] = [
        "行政相对人名称": "驻马店市演示商贸有限公司", "行政相对人类别": "法人及非法人组织", "统一社会信用代码": firm, "法定代表人": "张演示",
        "行政处罚决定文书号": "驻市监罚〔2026〕1号", "违法行为类型": "虚假宣传", "违法事实": "演示数据", "处罚依据": "反不正当竞争法第二十条", "处罚类别": "罚款",
        "处罚内容": "罚款二万元", "罚款金额（万元）": "2.000000", "处罚决定日期": "2026-05-06", "处罚有效期": "2029-05-06", "处罚机关": "驻马店市市场监督管理局",
        "处罚机关统一社会信用代码": "124117004190000189", "数据来源单位": "驻马店市市场监督管理局", "数据来源单位统一社会信用代码": "124117004190000189",
    ]

    static func row(_ changes: [String: String] = [:]) -> String {
        let values = sound.merging(changes) { $1 }
        return columns.map { values[$0] ?? "" }.joined(separator: ",")
    }

    static func csv(_ rows: [String: String]...) -> String {
        ([header] + rows.map { row($0) }).joined(separator: "\n") + "\n"
    }
}

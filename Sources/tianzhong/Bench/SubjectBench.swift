import Archive
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry

struct SubjectBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subject", abstract: "记录极多的一个主体：首页、末页、信用状态的用时，服务进程的内存，对照顺序扫描同样多的条目")
    @OptionGroup var place: PlaceOptions
    @Option(help: "记录数") var records = 100_000
    @Option(help: "每页读几次，取中位数") var rounds = 11

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            try await withScratch { folder in
                try DataDirectory.initialise("\(folder)/data")
                var keys: [(count: Int, key: SubjectKey)] = []
                let directory = try DataDirectory.open("\(folder)/data")
                let reader = SubjectReader(directory: directory, book: book)
                for count in [100, 10_000, records].filter({ $0 <= records }) {
                    let code = try await Self.fill(directory, book: book, count: count, firm: keys.count, folder: folder)
                    keys.append((count, reader.key(of: code)))
                }
                let scan = try Self.scan(directory)
                try directory.close()
                try measure(keys, data: "\(folder)/data", scan: scan)
            }
        }
    }

    /// Seconds for one entry of a scan over the whole archive.
    private static func scan(_ directory: DataDirectory) throws -> Double {
        var count = 0
        let start = Clock.uptime()
        try directory.archive.scan { _, _ in count += 1 }
        return (Clock.uptime() - start) / Double(max(1, count))
    }

    private func measure(_ keys: [(count: Int, key: SubjectKey)], data: String, scan: Double) throws {
        let server = try ServerProcess(data: data, book: place.book)
        let connection = try LoopbackConnection(server)
        _ = try connection.get("/about")
        for (count, key) in keys {
            let before = server.megabytes()
            let last = (count + 49) / 50
            let why = "purpose=ZL&case=bench"
            let asked: [(String, String)] = [
                ("概览页", "/staff/subjects/\(key)?\(why)"), ("列表首页", "/staff/subjects/\(key)?tab=administration&\(why)"),
                ("列表末页", "/staff/subjects/\(key)?tab=administration&page=\(last)&\(why)"),
                ("接口一页", "/api/v1/subjects/\(key)/records?page=\(last)"), ("信用状态", "/api/v1/subjects/\(key)/standing?scope=all&\(why)"),
            ]
            for (name, path) in asked {
                var times: [Double] = []
                for _ in 0..<rounds {
                    let start = Clock.uptime()
                    _ = try connection.get(path)
                    times.append((Clock.uptime() - start) * 1000)
                }
                let peer = scan * Double(count) * 1000
                Measurement.show([
                    Measurement(
                        work: "\(count) 条记录的主体，\(name)", figure: "中位 \(two(median(times))) 毫秒，首次 \(two(times[0])) 毫秒",
                        peer: "顺序扫描同样多的条目 \(two(peer)) 毫秒；目标 300 毫秒", ratio: two(median(times) / max(peer, 0.001)))
                ])
            }
            let after = server.megabytes()
            print("\(count) 条记录：服务进程内存 \(before.now) → \(after.now) MB，峰值 \(before.peak) → \(after.peak) MB")
        }
    }

    /// Delivers penalties of one firm, each with a number of its own, over three years.
    /// - Returns: the firm's code.
    private static func fill(
        _ directory: DataDirectory, book: PolicyBook, count: Int, firm: Int, folder: String
    ) async throws -> Identifier {
        let unit = Array("MA00000\(firm)".utf8)
        let body = Array("91411700".utf8) + unit + [Identifier.checkCharacter(forOrganisationCode: unit.span) ?? UInt8(ascii: "0")]
        let code = String(decoding: body + [Identifier.checkCharacter(forUSCC: body.span) ?? UInt8(ascii: "0")], as: UTF8.self)
        guard let identifier = Identifier.recognise(Array(code.utf8).span, on: Clock.now().date) else { throw Exit(70, "代码 \(code) 无效") }
        var bytes = Array(
            ("行政相对人名称,行政相对人类别,统一社会信用代码,法定代表人,行政处罚决定文书号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,"
                + "罚款金额（万元）,处罚决定日期,处罚有效期,处罚机关,处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码\n").utf8)
        for row in 0..<count {
            let day = CivilDate(day: Int32(19_700 + row % 700))
            bytes += Array(
                ("驻马店市演示商贸\(firm)有限公司,法人及非法人组织,\(code),张演示,驻市监罚〔2025〕\(row)号,虚假宣传,演示数据第\(row)条,"
                    + "反不正当竞争法第二十条,罚款,罚款二万元,2.000000,\(day),2029-05-06,驻马店市市场监督管理局,124117004190000189,"
                    + "驻马店市市场监督管理局,124117004190000189\n").utf8)
        }
        let file = "\(folder)/\(count).csv"
        _ = FileManager.default.createFile(atPath: file, contents: Data(bytes))
        let desk = DeliveryDesk(directory: directory, book: book)
        let request = DeliveryRequest(resource: "ZMD-03-0002", provider: "ZMD-SCJG", fileName: "bench.csv", channel: .commandLine)
        let (delivery, _) = try desk.receive(try desk.arrive(file, of: request.provider, at: Clock.now()), as: request, at: Clock.now())
        let done = try await desk.work(on: delivery.number, clock: { Clock.now() })
        guard done.accepted == count else { throw Exit(70, "基准文件有 \(done.rejected) 行退回：\(done.fault ?? "")") }
        return identifier
    }
}

import Archive
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry

struct ServerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "门户每秒答多少请求：信用状态、主体页、查询，对照同一服务的静态文件；报送大文件时与空闲时的延迟",
        discussion: "需要 wrk（Debian 软件包）。服务和加压程序同在本机，各占一部分处理器。")
    @OptionGroup var place: PlaceOptions
    @Option(name: .customLong("city"), help: "已有的数据目录；缺省生成一个小演示城市") var city: String?
    @Option(help: "演示城市的主体数") var subjects = 5_000
    @Option(help: "连接数") var connections = 64
    @Option(help: "每项加压秒数") var seconds = 10
    @Option(help: "报送期间读取用的文件行数") var rows = 6_000_000

    func run() async throws {
        try await reporting {
            try Load.requireTool()
            try await withScratch { folder in
                let data = try city ?? makeCity(in: folder)
                let script = try Requests(data: data, folder: folder)
                let server = try ServerProcess(data: data, book: place.book)
                let load = { (script: String) in try Load(script, port: server.port, connections: connections, seconds: seconds) }
                let assets = try load(script.asset)
                let standing = try load(script.standing)
                show([
                    ("静态文件 /assets/mark.svg", assets), ("信用状态 /api/v1/subjects/{key}/standing", standing),
                    ("同上，每次都是没有问过的（另一个截至日期）", try load(script.newStanding)),
                    ("信用状态，有权限的查询（?scope=all，事由，每次先留痕）", try load(script.official(server.token))),
                    ("主体页 /subjects/{key}", try load(script.page)), ("查询 /search", try load(script.search)),
                ])
                try await readsDuringIntake(server, script, folder: folder, idle: standing)
                let memory = server.megabytes()
                print("服务进程内存 \(memory.now) MB，峰值 \(memory.peak) MB")
            }
        }
    }

    private func show(_ loads: [(String, Load)]) {
        let peer = loads[0].1
        Measurement.show(
            loads.map { name, load in
                Measurement(
                    work: name, figure: "每秒 \(Int(load.rate)) 个，中位 \(two(load.median)) 毫秒，p99 \(two(load.p99)) 毫秒",
                    peer: "静态文件每秒 \(Int(peer.rate)) 个；目标一半", ratio: two(load.rate / peer.rate))
            })
    }

    private func readsDuringIntake(_ server: ServerProcess, _ script: Requests, folder: String, idle: Load) async throws {
        let file = "\(folder)/intake.csv"
        try Payments.write(rows: rows, subjects: 200_000, period: 0, to: file)
        let connection = try LoopbackConnection(server)
        _ = try connection.post(
            "/api/v1/deliveries?resource=\(Payments.resource)&provider=\(Payments.provider)&fileName=bench.csv", file: file)
        let busy = try Load(script.standing, port: server.port, connections: connections, seconds: seconds)
        let receipt = try connection.get("/api/v1/deliveries?state=received")
        let isOn = String(decoding: receipt, as: UTF8.self).contains("bench.csv")
        Measurement.show([
            Measurement(
                work: "信用状态，同时报送 \(rows) 行\(isOn ? "" : "，报送先完成了：请增大 --rows")",
                figure: "每秒 \(Int(busy.rate)) 个，中位 \(two(busy.median)) 毫秒，p99 \(two(busy.p99)) 毫秒",
                peer: "空闲时 p99 \(two(idle.p99)) 毫秒；目标不超过 5 倍", ratio: two(busy.p99 / idle.p99))
        ])
    }

    private func makeCity(in folder: String) throws -> String {
        let program = CommandLine.arguments[0]
        let data = "\(folder)/data"
        _ = try ChildProcess.output(of: program, ["init", "--data", data, "--book", place.book])
        _ = try ChildProcess.output(of: program, ["simulate", "--subjects", "\(subjects)", "--out", "\(folder)/city", "--book", place.book])
        _ = try ChildProcess.output(
            of: program, ["deliver", "--data", data, "--book", place.book, "--manifest", "\(folder)/city/manifest.json", "--json"])
        return data
    }
}

/// Scripts of wrk: which addresses it asks for, by turns.
private struct Requests {
    let asset, standing, newStanding, page, search: String
    private let keys: [RegistryKey]
    private let folder: String

    init(data: String, folder: String) throws {
        let directory = try DataDirectory.open(data)
        var random = SplitMix(seed: 11)
        let known = try directory.registry.organisations.keys().filter(\.hasRecords).map(\.key)
        guard !known.isEmpty else { throw Exit(66, "\(data) 中没有任何组织的记录") }
        let keys = (0..<10_000).map { _ in known[Int(random.next() % UInt64(known.count))] }
        let names = try keys.prefix(500).compactMap { try directory.registry.organisations.find($0)?.name }
        try directory.close()
        (self.keys, self.folder) = (keys, folder)
        func script(_ name: String, _ paths: [String], question: String = "\"\"") throws -> String {
            try Self.script("\(folder)/\(name).lua", paths, question: question)
        }
        asset = try script("asset", ["/assets/mark.svg"])
        standing = try script("standing", keys.map { "/api/v1/subjects/\($0)/standing" })
        // Each subject once a day of the question; 28 days a month are days in every month.
        newStanding = try script(
            "new", Set(keys).map { "/api/v1/subjects/\($0)/standing" },
            question: "string.format(\"?asOf=2030-%02d-%02d\", math.floor(n / #paths / 28) % 12 + 1, math.floor(n / #paths) % 28 + 1)")
        page = try script("page", keys.map { "/subjects/\($0)" })
        search = try script("search", names.map { "/search?q=\(Self.encode($0.dropFirst(3).prefix(4)))" })
    }

    /// The standing of all that an official may see, with the token that says who asks.
    func official(_ token: String) throws -> String {
        try Self.script(
            "\(folder)/official.lua", keys.map { "/api/v1/subjects/\($0)/standing?scope=all&purpose=YY&case=1" },
            headers: "wrk.headers[\"Authorization\"] = \"Bearer \(token)\"\n")
    }

    /// - Parameter question: Lua for what is put behind a path; `n` counts requests from 1.
    private static func script(_ path: String, _ paths: [String], question: String = "\"\"", headers: String = "") throws -> String {
        let list = paths.map { "\"\($0)\"" }.joined(separator: ",\n")
        let text = "\(headers)local paths = {\n\(list)}\nlocal n = 0\nfunction request()\nn = n + 1\n"
            + "return wrk.format(\"GET\", paths[(n - 1) % #paths + 1] .. \(question))\nend\n"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    private static func encode(_ text: Substring) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}

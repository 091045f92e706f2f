import Archive
import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Measures
import Policy
import Registry

/// Verifications of a data directory's subjects: in process beside the bare fold, and over HTTP under load beside a static file.
struct VerificationBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verifications", abstract: "核查的用时：进程内对照只折叠档案，经 HTTP 加压对照静态文件",
        discussion: "数据目录须没有别的进程在用；HTTP 部分需要 wrk（Debian 软件包），每次核查都在访问日志留痕。bench scale 的目录会连同其自然人一起测。")
    @OptionGroup var place: PlaceOptions
    @Option(help: "进程内核查多少次") var count = 20_000
    @Option(help: "连接数") var connections = 16
    @Option(help: "加压秒数；0 不测 HTTP") var seconds = 10

    /// Whom to ask about, and for which matter.
    private struct Sample {
        let name: String
        let matter: Matter
        let numbers: [String]
    }

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            let samples = try measureInProcess(book)
            guard seconds > 0 else { return }
            try Load.requireTool()
            try await withScratch { folder in
                let server = try ServerProcess(data: place.data, book: place.book)
                let asset = try Load(script("asset", "return wrk.format(\"GET\", \"/assets/mark.svg\")", in: folder), port: server.port, connections: connections, seconds: seconds)
                Measurement.show(
                    try samples.map { sample in
                        let load = try Load(script(sample, token: server.token, in: folder), port: server.port, connections: connections, seconds: seconds)
                        return Measurement(
                            work: "核查经 HTTP，\(connections) 个连接，每次留痕：\(sample.name)",
                            figure: "每秒 \(Int(load.rate)) 次，中位 \(two(load.median)) 毫秒，p99 \(two(load.p99)) 毫秒",
                            peer: "静态文件每秒 \(Int(asset.rate)) 个，p99 \(two(asset.p99)) 毫秒；目标 p99 20 毫秒", ratio: "p99 为目标的 \(two(load.p99 / 20))")
                    })
            }
        }
    }

    private func measureInProcess(_ book: PolicyBook) throws -> [Sample] {
        let directory = try place.openDirectory()
        defer { try? directory.close() }
        let verifier = Verifier(reader: SubjectReader(directory: directory, book: book))
        let samples = try samples(directory, book)
        Measurement.show(try samples.map { try measure($0, verifier, at: Clock.now()) })
        return samples
    }

    /// Organisations on lists, organisations at random, and the persons of a scale city.
    private func samples(_ directory: DataDirectory, _ book: PolicyBook) throws -> [Sample] {
        let now = Clock.now()
        func matter(_ kind: SubjectKind) throws -> Matter {
            guard let found = book.matters.filter({ $0.subjects.contains(kind) && book.matter($0.code, on: now.date) != nil }).max(by: { $0.lists.count < $1.lists.count })
            else { throw Exit(70, "没有适用的用信事项") }
            return found
        }
        var random = SplitMix(seed: 3)
        func drawn(_ texts: [String]) -> [String] { (0..<min(count, 20_000)).map { _ in texts[Int(random.next() % UInt64(texts.count))] } }
        var codes: [String] = []
        try directory.registry.organisations.forEachPlace { if let code = $0.code { codes.append(code) } }
        let listed = try directory.registry.listings.subjects(after: ListingMarks()).compactMap { try directory.registry.organisations.find($0)?.uscc }
        var samples: [Sample] = []
        for (name, texts) in [("名单上的组织（\(listed.count) 个）", listed), ("任意组织（\(codes.count) 个）", codes)] where !texts.isEmpty {
            samples.append(Sample(name: name, matter: try matter(.organisation), numbers: drawn(texts)))
        }
        if let city = try? ScaleResult.load(place.data + ".json").city {
            let numbers = (0..<min(count, 20_000)).map { _ in city.number(of: Int(random.next() % UInt64(city.persons))) }
            samples.append(Sample(name: "任意自然人（\(city.persons) 个）", matter: try matter(.person), numbers: numbers))
        }
        return samples
    }

    private func measure(_ sample: Sample, _ verifier: Verifier, at now: Instant) throws -> Measurement {
        var micros: [Double] = []
        var folds: [Double] = []
        for number in sample.numbers {
            let bytes = Array(number.utf8)
            guard let identifier = Identifier.recognise(bytes.span, on: now.date) else { continue }
            let start = Clock.uptime()
            _ = try verifier.verify(sample.matter, caseNumber: "B-1", identifier: identifier, at: now)
            let middle = Clock.uptime()
            _ = try verifier.isKnown(identifier, at: now)
            micros.append((middle - start) * 1e6)
            folds.append((Clock.uptime() - middle) * 1e6)
        }
        (micros, folds) = (micros.sorted(), folds.sorted())
        guard !micros.isEmpty else { throw Exit(70, "没有可核查的号码") }
        return Measurement(
            work: "核查（\(sample.matter.name)，\(sample.matter.lists.count) 个名单）：\(sample.name)",
            figure: "中位 \(Int(median(micros))) 微秒，p99 \(Int(micros[micros.count * 99 / 100])) 微秒，最慢 \(Int(micros.last ?? 0)) 微秒",
            peer: "只折叠同一主体的档案（刚读过），中位 \(Int(median(folds))) 微秒；目标中位 2000 微秒", ratio: "\(two(median(micros) / median(folds)))；为目标的 \(two(median(micros) / 2000))")
    }

    // MARK: Scripts of wrk

    private func script(_ sample: Sample, token: String, in folder: String) throws -> String {
        let bodies = sample.numbers.map { "'{\"matter\":\"\(sample.matter.code)\",\"caseNumber\":\"B-1\",\"identifier\":\"\($0)\"}'" }.joined(separator: ",\n")
        return try script(
            "verify-\(sample.matter.code)", "n = n + 1\nreturn wrk.format(\"POST\", \"/api/v1/verifications\", headers, bodies[(n - 1) % #bodies + 1])",
            before: "local n = 0\nlocal headers = {[\"Authorization\"] = \"Bearer \(token)\", [\"Content-Type\"] = \"application/json\"}\nlocal bodies = {\n\(bodies)}\n", in: folder)
    }

    private func script(_ name: String, _ body: String, before: String = "", in folder: String) throws -> String {
        let path = "\(folder)/\(name).lua"
        try Data("\(before)function request()\n\(body)\nend\n".utf8).write(to: URL(filePath: path))
        return path
    }
}

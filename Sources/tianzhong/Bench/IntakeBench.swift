import ArgumentParser
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Tables

struct IntakeBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake", abstract: "CSV 报送全过程（解码、校验、识别主体、入库）的行速，对照只读行的速度")
    @OptionGroup var place: PlaceOptions
    @Option(help: "每个文件的行数") var rows = 1_000_000
    @Option(help: "主体数") var subjects = 200_000
    @Option(help: "轮数，取中位数") var rounds = 3

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            try await withScratch { folder in
                try DataDirectory.initialise("\(folder)/data")
                let directory = try DataDirectory.open("\(folder)/data")
                let desk = DeliveryDesk(directory: directory, book: book)
                var full: [Double] = []
                var plain: [Double] = []
                var cpu: [Double] = []
                for round in 0..<rounds {
                    let file = "\(folder)/\(round).csv"
                    let bytes = Payments.write(rows: rows, subjects: subjects, period: round, to: file)
                    let (_, reading) = try await Cost.of { try Self.readOnly(file) }
                    let (done, intake) = try await Cost.of { try await Self.deliver(file, at: desk) }
                    guard done.accepted == rows else { throw Exit(70, "基准文件有 \(done.rejected) 行退回：\(done.fault ?? "")") }
                    full.append(Double(rows) / intake.wall)
                    plain.append(Double(rows) / reading.wall)
                    cpu.append(intake.cpu / Double(rows) * 1e6)
                    print(
                        "第 \(round + 1) 轮：\(bytes / 1_000_000) MB，\(two(intake.wall)) 秒，每秒 \(Int(full[round])) 行，"
                            + "CPU \(two(intake.cpu)) 秒；只读行每秒 \(Int(plain[round])) 行")
                }
                try directory.close()
                Measurement.show([
                    Measurement(
                        work: "CSV 报送，全部环节，两核", figure: "每秒 \(Int(median(full))) 行（每行 CPU \(two(median(cpu))) 微秒）",
                        peer: "同一文件只解码：每秒 \(Int(median(plain))) 行；目标 400000 行",
                        ratio: "\(two(median(full) / median(plain)))；达目标 \(two(median(full) / 400_000)) 倍"),
                    Measurement(work: "内存峰值", figure: "\(peakMegabytes()) MB", peer: "—", ratio: "—"),
                ])
            }
        }
    }

    private static func readOnly(_ path: String) throws -> Int {
        let reader = try TableFile.open(path: path)
        var count = 0
        while let batch = try reader.next(maximumRows: 4096) { count += batch.rows.count }
        return count
    }

    private static func deliver(_ path: String, at desk: DeliveryDesk) async throws -> Delivery {
        let request = DeliveryRequest(
            resource: Payments.resource, provider: Payments.provider, fileName: "bench.csv", channel: .commandLine)
        let (delivery, _) = try desk.receive(try desk.arrive(path), as: request, at: Clock.now())
        return try await desk.work(on: delivery.number, clock: { Clock.now() })
    }
}

/// A monthly file of water payments: the narrow rows that make up most of a city's records.
enum Payments {
    static let resource = "ZMD-07-0002"
    static let provider = "ZMD-GSGS"
    private static let header = "户号,户名,主体类别,公民身份号码,账期末日,应缴水费（元）,实缴水费（元）,缴费日期,提供依据,授权书、合同条款或文书编号\n"

    /// - Returns: the file's size in bytes.
    static func write(rows: Int, subjects: Int, period: Int, to path: String) -> Int {
        var bytes = Array(header.utf8)
        bytes.reserveCapacity(rows * 110)
        let day = CivilDate(year: 2024 + period / 12, month: period % 12 + 1, day: 28)?.description ?? "2024-01-28"
        for row in 0..<rows {
            let subject = (row &* 2_654_435_761) % subjects
            bytes.append(contentsOf: "H\(100_000_000 + row),演示用户,自然人,".utf8)
            appendCitizen(subject, to: &bytes)
            let cents = 1000 + (row &* 7919) % 20_000
            let amount = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
            bytes.append(contentsOf: ",\(day),\(amount),\(amount),\(day),合同同意条款,YS-\(row % 1000)\n".utf8)
        }
        _ = FileManager.default.createFile(atPath: path, contents: Data(bytes))
        return bytes.count
    }

    /// A citizen number of the county code 411799, which is not assigned: it belongs to nobody.
    static func appendCitizen(_ subject: Int, to bytes: inout [UInt8]) {
        let day = CivilDate(day: Int32(-7_000 + subject / 999 % 18_000))
        let number = subject % 999 + 1
        var body = Array("411799".utf8) + day.description.utf8.filter { $0 != UInt8(ascii: "-") }
        body += [UInt8(48 + number / 100), UInt8(48 + number / 10 % 10), UInt8(48 + number % 10)]
        body.append(Identifier.checkCharacter(forCitizenNumber: body.span) ?? UInt8(ascii: "0"))
        bytes += body
    }
}

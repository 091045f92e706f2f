import Archive
import Cryptography
import FoundationEssentials
import Identifiers
import Intake
import Policy
import Registry
import Simulation
import Tables
import Testing

@Suite("Nothing that identifies a person lies in clear in the data directory")
struct SealingTests {
    private static let phone = "13912345678"
    private static let address = "驻马店市驿城区演示路一百零八号院三单元五〇二室"

    private func request(_ provider: String = "ZMD-SCJG") -> DeliveryRequest {
        DeliveryRequest(resource: Penalties.resource, provider: provider, fileName: "一.csv", channel: .api)
    }

    /// Every file below a folder.
    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }.filter { path in
            var isFolder = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
        }
    }

    /// Runs of 17 digits and one more character, or 15 digits and more, that are among the numbers; and the other texts.
    private func hits(_ bytes: [UInt8], _ numbers: Set<[UInt8]>) -> [String] {
        var found: [String] = []
        var run = 0
        for index in bytes.indices {
            let isNumber = (0x30...0x39).contains(bytes[index])
            if run >= 17, isNumber || bytes[index] | 0x20 == 0x78 {
                let text = Array(bytes[index - 17...index])
                if numbers.contains(text) { found.append(String(decoding: text, as: UTF8.self)) }
            }
            run = isNumber ? run + 1 : 0
        }
        for text in [Self.phone, Self.address] where bytes.firstRange(of: Array(text.utf8)) != nil { found.append(text) }
        return found
    }

    /// A number in the truth lines: `citizenNumber:…`.
    private func citizens(_ truth: [UInt8]) -> Set<[UInt8]> {
        let mark = Array("citizenNumber:".utf8)
        var found: Set<[UInt8]> = []
        var rest = truth[...]
        while let range = rest.firstRange(of: mark) {
            rest = rest[range.upperBound...]
            found.insert(Array(rest.prefix(18)))
        }
        return found
    }

    @Test("a city with returned rows and an upload that was cut off: no number, phone or address in any file; no nonce twice")
    func city() async throws {
        let city = try TestCity(from: date("2023-01-01"))
        let folder = city.path + "-files"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let manifest = try await City(book: TestCity.book, subjects: 100, seed: 7, today: TestCity.today).write(to: folder) { _, _ in }
        let numbers = citizens(try #require(readWhole(folder + "/truth.jsonl")))
        #expect(numbers.count > 40)
        var sent = 0
        for file in manifest.files {
            let bytes = try #require(readWhole(folder + "/" + file.path))
            sent += hits(bytes, numbers).count
            city.setClock(date(file.delivered))
            try await city.deliver(bytes, resource: file.resource, provider: file.provider, name: file.path)
        }
        #expect(sent > 100, "the search finds what was sent")
        let returned = try await city.deliver(
            Penalties.csv([:], ["行政相对人类别": Self.phone], ["处罚类别": Self.address], ["统一社会信用代码": String(decoding: numbers.first ?? [], as: UTF8.self)]))
        #expect(returned.rejected == 3)
        #expect(try city.directory.store.rejections(of: returned.number).flatMap(\.faults).contains { $0.value == Self.phone })
        // As the portal gives them out: in memory.
        for format in [TableFormat.csv(.utf8BOM), .xlsx] {
            let file = try MemoryFile()
            try ReturnedRows(directory: city.directory, book: TestCity.book).write(returned, as: format, to: file.path)
            #expect(try TableFile.sniff(path: file.path) == format)
            let copy = city.path + "-copy"
            defer { try? FileManager.default.removeItem(atPath: copy) }
            #expect(FileManager.default.createFile(atPath: copy, contents: Data(try file.bytes())))
            let reader = try TableFile.open(path: copy)
            var rows = 0
            while let batch = try reader.next(maximumRows: 100) { rows += batch.rows.count }
            #expect(rows == 4)
        }
        // Cut off: neither finished nor given up.
        let half = numbers.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { number in Array("\(String(decoding: number, as: UTF8.self)) ".utf8) }
        let part = Array(repeating: half, count: 1 + 100_000 / half.count).flatMap { $0 } + Array((Self.phone + Self.address).utf8)
        func cutOff() throws {
            var file = try city.directory.store.incoming(at: city.clock())
            try file.append(part.span)
        }
        try cutOff()

        func search() throws {
            let files = try files(city.path)
            #expect(files.contains { $0.hasSuffix("access.sqlite") } && files.contains { $0.contains("/incoming/") && FlipDrill.size($0) > 65_536 })
            for file in files {
                let found = hits(try #require(readWhole(file)), numbers)
                #expect(found.isEmpty, "\(file): \(found.prefix(3))")
            }
            // The archive's files are compressed: what is in them as well.
            var clear: [String] = []
            try city.directory.archive.scan { _, entry in clear += hits(entry.encoded, numbers) }
            for delivery in try city.directory.registry.deliveries.all() {
                for entry in try city.directory.archive.suspended(delivery: delivery.number, limit: .max) { clear += hits(entry.encoded, numbers) }
            }
            #expect(clear.isEmpty, "\(clear.prefix(5))")
        }
        try search()
        try city.directory.archive.compact()
        try search()

        var nonces: Set<[UInt8]> = []
        let sealed = try files("\(city.path)/deliveries").filter { !$0.contains("/staging/") }
        for file in sealed {
            let bytes = try #require(readWhole(file))
            let isSealed = SealedHeader.begins(bytes.span)
            #expect(isSealed, "\(file)")
            nonces.insert(Array(bytes[16..<24]))
        }
        #expect(nonces.count == sealed.count && sealed.count > manifest.files.count)
        #expect(try Verification(directory: city.directory).run { _ in }.isWhole)
    }

    @Test("kept under the key of its body and year, wherever it came from; sent again, the file stays; one that no longer opens gives way")
    func keys() async throws {
        let city = try TestCity()
        let store = city.directory.store
        func send() throws -> Delivery {
            var file = try store.incoming(at: city.clock())
            try file.append(Array(Penalties.csv([:]).utf8).span)
            return try city.desk.receive(file.finish(), as: request(), at: city.clock()).delivery
        }
        let delivery = try send()
        let path = store.rawPath(delivery.digest)
        let first = try #require(readWhole(path))
        let key = try city.directory.keyring.key(of: "ZMD-SCJG", year: 2026).id
        #expect(try store.raw(delivery.digest).keyID == key)
        #expect(try key != city.directory.keyring.key(of: Keyring.platform, year: 2026).id)
        #expect(try send().number == delivery.number)
        #expect(readWhole(path) == first)
        FlipDrill.flip(path, at: first.count - 1, bit: 0)
        #expect(try send().number == delivery.number)
        #expect(try store.raw(delivery.digest).bytes() == Array(Penalties.csv([:]).utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(store.root)/incoming").isEmpty)
        let done = try await city.desk.work(on: delivery.number, clock: { city.clock() })
        #expect(done.accepted == 1)
    }

    @Test("a flipped byte is found by verification, refused by a backup and told as a fault with a cure")
    func flipped() async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.csv([:], ["处罚决定日期": "2026-02-30"]))
        let store = city.directory.store
        let backup = city.path + "-backup"
        defer { try? FileManager.default.removeItem(atPath: backup) }
        let reader = SourceReader(directory: city.directory, book: TestCity.book)
        for path in [store.rawPath(done.digest), store.rejectionsPath(done.number)] {
            FlipDrill.flip(path, at: 40, bit: 3)
            let faults = try Verification(directory: city.directory).run { _ in }.faults
            #expect(faults.count == 1 && faults[0].contains("第 1 批"), "\(faults)")
            let fault = #expect(throws: DeliveryFault.self) {
                _ = try reader.row(RecordID(delivery: done.number, row: 1))
                _ = try store.rejections(of: done.number)
            }
            #expect(fault?.code == .storage && fault?.cure.isEmpty == false)
            #expect(throws: DataDirectoryFault.self) {
                try Backup(directory: city.directory, repository: .make(backup)).run(at: city.clock())
            }
            FlipDrill.flip(path, at: 40, bit: 3)
        }
        _ = try Backup(directory: city.directory, repository: .make(backup)).run(at: city.clock())
        #expect(try reader.row(RecordID(delivery: done.number, row: 1)) != nil)
    }

    @Test("a destroyed data key takes its files along and nothing else")
    func destroyed() async throws {
        let city = try TestCity()
        let done = try await city.deliver(Penalties.csv([:], ["处罚决定日期": "2026-02-30"]))
        let other = try #require(TestCity.book.organisations.map(\.code).first { code in
            code != "ZMD-SCJG" && TestCity.book.resource(Penalties.resource, on: TestCity.today).map { TestCity.book.mayDeliver(body: code, resource: $0) } == true
        })
        let kept = try await city.deliver(Penalties.csv(["统一社会信用代码": Penalties.otherFirm]), provider: other)
        let store = city.directory.store
        try city.directory.keyring.destroy(store.raw(done.digest).keyID)

        let reader = SourceReader(directory: city.directory, book: TestCity.book)
        for body in [{ _ = try reader.row(RecordID(delivery: done.number, row: 1)) }, { _ = try store.rejections(of: done.number) }] {
            let fault = #expect(throws: DeliveryFault.self) { try body() }
            #expect(fault?.code == .storage && fault?.message.contains("密钥") == true, "\(fault as Any)")
        }
        // Nothing more can come under that key; under others it can.
        let again = await #expect(throws: DeliveryFault.self) { try await city.deliver(Penalties.csv(["行政处罚决定文书号": "9号"])) }
        #expect(again?.message.contains("已销毁") == true)
        #expect(try await city.deliver(Penalties.csv(["行政处罚决定文书号": "10号"]), provider: other).accepted == 1)
        #expect(try reader.row(RecordID(delivery: kept.number, row: 1)) != nil)
        #expect(try city.file(Penalties.firm)?.records.isEmpty == false)
        let report = try Verification(directory: city.directory).run { _ in }
        #expect(report.isWhole && report.keyDestroyed.count == 2, "\(report.faults)")
        let audit = try LedgerAudit(directory: city.directory).run { _ in }
        #expect(audit.faults.isEmpty && audit.hidden == 1, "\(audit.faults)")
        let backup = city.path + "-backup"
        defer { try? FileManager.default.removeItem(atPath: backup) }
        _ = try Backup(directory: city.directory, repository: .make(backup)).run(at: city.clock())
    }
}

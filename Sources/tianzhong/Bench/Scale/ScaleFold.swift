import Archive
import Dispatch
import Identifiers
import Intake
import Policy
import Registry
import Synchronization

/// The phase `fold`: count, sum and greatest of an amount by resource and year over every visible entry, on two threads.
struct ScaleFold {
    let directory: DataDirectory
    let book: PolicyBook
    private static let threads = 2

    func run(_ result: inout ScaleResult, peer: PeerOptions) async throws {
        let amounts = amountsByResource()
        let visible = visibleDeliveries()
        let shares = Mutex([Result<Sums, any Error>?](repeating: nil, count: Self.threads))
        let (_, cost) = await Cost.of {
            DispatchQueue.concurrentPerform(iterations: Self.threads) { thread in
                let share = Result { try fold(thread, amounts, visible) }
                shares.withLock { $0[thread] = share }
            }
        }
        var all = Sums()
        for share in shares.withLock({ $0 }) { if let share { all.add(try share.get()) } }
        let rate = Double(all.count) / cost.wall
        result.figures["foldEntriesPerSecond"] = rate
        for line in all.lines { print("    资源 \(line.resource)，\(line.year) 年：\(line.cell.count) 条，合计 \(line.cell.sum)，最大 \(line.cell.greatest)") }
        print("汇总 \(all.count) 条：\(two(cost.wall)) 秒，每秒 \(Int(rate)) 条，CPU \(two(cost.cpu)) 秒；目标每秒 2000 万条")
        guard let duck = try DuckDB.prepare(in: peer.folder) else { return }
        let text = try duck.run(Self.script, ["\(directory.path).duckdb"])
        let figures = text.split(separator: " ").compactMap { Double($0) }
        guard figures.count == 2 else { throw Exit(70, "DuckDB：\(text)（先运行 read 阶段）") }
        result.figures["duckFoldRowsPerSecond"] = figures[0] / figures[1]
        Measurement.show([
            Measurement(
                work: "按资源和年份汇总全部 \(all.count) 条", figure: "每秒 \(Int(rate)) 条",
                peer: "DuckDB 同样多的行、同样的汇总：每秒 \(Int(figures[0] / figures[1])) 行", ratio: two(rate / (figures[0] / figures[1])))
        ])
    }

    private func fold(_ thread: Int, _ amounts: [Layout.Number?], _ visible: [Bool]) throws -> Sums {
        var sums = Sums()
        let width = UInt64.max / UInt64(Self.threads)
        let low = UInt64(thread) * width
        let high = thread == Self.threads - 1 ? UInt64.max : low + width - 1
        let range = SubjectKey(high: low, low: 0)...SubjectKey(high: high, low: .max)
        var resource = -1
        var amount: Layout.Number?
        try directory.archive.scanPages(range) { _, page in
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page) {
                guard visible[Int(head.record.delivery)] else { continue }
                if Int(head.resource) != resource {
                    resource = Int(head.resource)
                    amount = amounts[resource]
                    sums.select(resource)
                }
                let units = try amount?.units(in: page.extracting(head.payload)) ?? 0
                sums.take(day: head.effective?.day ?? 0, units)
            }
        }
        return sums
    }

    /// Where the first decimal of each resource stands in its payload, by the resource's number.
    private func amountsByResource() -> [Layout.Number?] {
        var places = [Layout.Number?](repeating: nil, count: Int(UInt16.max) + 1)
        for content in ScaleContent.allCases {
            guard let resource = book.versions(of: content.resource).last else { continue }
            let decimal = resource.fields.firstIndex { if case .decimal = $0.type { true } else { false } }
            if let decimal { places[Int(resource.number)] = resource.layout.number(ofField: decimal) }
        }
        return places
    }

    private func visibleDeliveries() -> [Bool] {
        let times = directory.times.snapshot()
        return (0...UInt32(UInt16.max)).map { times.known($0) != nil && times.withdrawn($0) == nil }
    }

    private static let script = """
        import sys, time, duckdb
        c = duckdb.connect(sys.argv[1], read_only=True); c.execute("set enable_progress_bar=false"); c.execute("set threads=2"); c.execute("set memory_limit='4GB'")
        best = 1e9
        for _ in range(2):
            start = time.perf_counter()
            rows = sum(r[2] for r in c.execute('select resource, year(effective), count(*), sum(amount), max(amount) from facts group by all').fetchall())
            best = min(best, time.perf_counter() - start)
        print(rows, best)
        """
}

/// Figures by resource and year.
struct Sums: Sendable {
    struct Cell: Sendable {
        var count = 0
        var sum: Int64 = 0
        var greatest = Int64.min
    }

    private static let firstYear = 2000
    private static let years = 64
    private static let firstDay = CivilDate(year: firstYear, month: 1, day: 1)?.day ?? 0
    /// The year of each day from 2000 on, as an index.
    private static let yearOfDay: [UInt8] = (0..<years).flatMap { year in
        let days = (CivilDate(year: firstYear + year + 1, month: 1, day: 1)?.day ?? 0) - (CivilDate(year: firstYear + year, month: 1, day: 1)?.day ?? 0)
        return [UInt8](repeating: UInt8(year), count: Int(days))
    }

    private var resources: [Int] = []
    /// Where the cells of each resource begin, by its number; -1 for one not met yet.
    private var bases = [Int32](repeating: -1, count: Int(UInt16.max) + 1)
    private var cells: [Cell] = []
    private var base = 0
    private let yearOfDay = Self.yearOfDay

    var count: Int { cells.reduce(0) { $0 + $1.count } }

    /// The resource of what is taken next.
    mutating func select(_ resource: Int) {
        guard bases[resource] < 0 else {
            base = Int(bases[resource])
            return
        }
        base = cells.count
        bases[resource] = Int32(base)
        resources.append(resource)
        cells += [Cell](repeating: Cell(), count: Self.years)
    }

    @inline(__always)
    mutating func take(day: Int32, _ units: Int64) {
        let index = Int(day - Self.firstDay)
        let year = yearOfDay.indices.contains(index) ? Int(yearOfDay[index]) : 0
        cells[base + year].count += 1
        cells[base + year].sum += units
        cells[base + year].greatest = max(cells[base + year].greatest, units)
    }

    mutating func add(_ other: Sums) {
        for (place, resource) in other.resources.enumerated() {
            select(resource)
            for year in 0..<Self.years {
                let cell = other.cells[place * Self.years + year]
                cells[base + year].count += cell.count
                cells[base + year].sum += cell.sum
                cells[base + year].greatest = max(cells[base + year].greatest, cell.greatest)
            }
        }
    }

    var lines: [(resource: Int, year: Int, cell: Cell)] {
        resources.enumerated().flatMap { place, resource in
            (0..<Self.years).compactMap { year in
                let cell = cells[place * Self.years + year]
                return cell.count > 0 ? (resource, Self.firstYear + year, cell) : nil
            }
        }
    }
}

import Archive
import FoundationEssentials
import Glibc
import Identifiers
import Intake

/// The phase `read`: histories of random subjects, warm and cold, beside DuckDB.
struct ScaleReads {
    let directory: DataDirectory
    let city: ScaleCity
    private static let warm = 20_000
    private static let cold = 500

    func run(_ result: inout ScaleResult, peer: PeerOptions) async throws {
        _ = try micros(Self.warm, seed: 1)
        let warm = ScaleResult.Latency(try micros(Self.warm, seed: 2))
        dropCache()
        let cold = ScaleResult.Latency(try micros(Self.cold, seed: 3))
        result.reads["warm"] = warm
        result.reads["cold"] = cold
        print("一个主体的履历，缓存已热：\(warm?.text ?? "—")；文件不在页缓存：\(cold?.text ?? "—")")
        guard let duck = try DuckDB.prepare(in: peer.folder) else { return }
        let text = try duck.run(Self.script, ["\(directory.path).duckdb", "\(result.records)", "\(city.subjects)"])
        let figures = text.split(separator: " ").compactMap { Double($0) }
        guard figures.count == 4, let middle = warm?.p50, let late = cold?.p50 else { throw Exit(70, "DuckDB：\(text)") }
        result.figures["duckWarmP50"] = figures[0]
        result.figures["duckWarmP99"] = figures[1]
        result.figures["duckColdP50"] = figures[2]
        Measurement.show([
            Measurement(
                work: "一个主体的履历，\(result.records) 条，热", figure: "中位 \(two(middle)) µs",
                peer: "DuckDB 按主体排好序的表，中位 \(two(figures[0])) µs、p99 \(two(figures[1])) µs；目标 30 µs、20 倍", ratio: two(figures[0] / middle)),
            Measurement(
                work: "同上，冷", figure: "中位 \(two(late)) µs", peer: "DuckDB 中位 \(two(figures[2])) µs", ratio: two(figures[2] / late)),
        ])
    }

    /// Microseconds of each read.
    private func micros(_ count: Int, seed: UInt64) throws -> [Double] {
        var random = SplitMix(seed: seed)
        var keys = directory.subjectKeys()
        let today = Clock.now().date
        var found = 0
        let micros = try (0..<count).map { _ in
            guard let identifier = city.identifier(of: Int(random.next() % UInt64(city.subjects)), on: today) else { return 0.0 }
            let key = keys.key(of: identifier)
            let start = Clock.uptime()
            found += try directory.archive.history(of: [key]).entries.count
            return (Clock.uptime() - start) * 1e6
        }
        guard found > 0 else { throw Exit(70, "没有读到任何条目") }
        return micros
    }

    /// Lets the kernel forget the archive's files. The store's own cache of blocks stays; it holds a small part.
    private func dropCache() {
        let folder = "\(directory.path)/archive"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".sst") {
            let descriptor = unsafe Glibc.open("\(folder)/\(name)", O_RDONLY)
            guard descriptor >= 0 else { continue }
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
            close(descriptor)
        }
    }

    /// A database file with one table of as many rows of the same shape, sorted by subject, made by DuckDB itself; then
    /// `select *` of one subject by a prepared statement, one thread.
    private static let script = """
        import sys, os, time, random, duckdb
        path, rows, subjects = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        fresh = not os.path.exists(path)
        c = duckdb.connect(path)
        c.execute("set enable_progress_bar=false"); c.execute("set memory_limit='4GB'"); c.execute("set threads=2"); c.execute("set preserve_insertion_order=true")
        if fresh:
            per = max(1, rows // subjects)
            c.execute(f'''create table facts as select (i // {per})::ubigint as subject, (i % 5)::usmallint as resource,
              (1 + i % 70)::uinteger as delivery, (i % 5000000)::uinteger as row,
              date '2022-06-30' + (((i % 35) // 5) * 182)::integer as effective,
              'H' || lpad((i // {per})::varchar, 9, '0') as number,
              (10000 + (i * 7919) % 80000)::bigint as amount, 'YS-' || (i % 1000)::varchar as paper from range({rows}) t(i)''')
            c.execute('checkpoint')
        per = max(1, rows // subjects)
        count = rows // per
        def read(times, seed, cold):
            random.seed(seed); out = []
            for _ in range(times):
                key = random.randrange(count)
                if cold:
                    f = os.open(path, os.O_RDONLY); os.posix_fadvise(f, 0, 0, os.POSIX_FADV_DONTNEED); os.close(f)
                start = time.perf_counter()
                c.execute('select * from facts where subject = ?::ubigint', [key]).fetchall()
                out.append((time.perf_counter() - start) * 1e6)
            out.sort(); return out
        c.execute("set threads=1")
        read(300, 1, False); warm = read(1000, 2, False)
        c.close(); c = duckdb.connect(path); c.execute("set threads=1")
        cold = read(50, 3, True)
        print(warm[len(warm)//2], warm[len(warm)*99//100], cold[len(cold)//2], cold[len(cold)*99//100])
        """
}

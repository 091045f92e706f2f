import FoundationEssentials
import Glibc
import Identifiers

/// A monthly file of water payments: the narrow rows that make up most of a city's records.
enum Payments {
    static let resource = "ZMD-07-0002"
    static let provider = "ZMD-GSGS"
    static let identifierColumn = 3
    private static let titles = "账期末日,应缴水费（元）,实缴水费（元）,缴费日期,提供依据,授权书、合同条款或文书编号\n"

    /// Loads files into a database, each in a transaction of its own, on disk when the next begins; prints rows, wall and CPU
    /// seconds. Types are given, so that nothing is guessed.
    static let duckScript = """
        import duckdb, sys, time
        types = ['VARCHAR'] * 4 + ['DATE', 'DECIMAL(12,2)', 'DECIMAL(12,2)', 'DATE', 'VARCHAR', 'VARCHAR']
        columns = {f'c{i}': t for i, t in enumerate(types)}
        wall, cpu = time.perf_counter(), time.process_time()
        db = duckdb.connect(sys.argv[1])
        db.execute('SET threads = 2')
        db.execute('CREATE TABLE payments (' + ', '.join(f'{n} {t}' for n, t in columns.items()) + ')')
        for path in sys.argv[2:]:
            db.execute(f"INSERT INTO payments SELECT * FROM read_csv('{path}', auto_detect = false, delim = ',', quote = '\\"', "
                       f"header = false, skip = 1, columns = {columns})")
            db.execute('CHECKPOINT')
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(db.execute('SELECT count(*) FROM payments').fetchone()[0], wall, cpu)
        """

    static func write(rows: Int, subjects: Int, organisations: Bool = false, period: Int, to path: String) throws {
        guard let file = unsafe fopen(path, "w") else { throw Exit(73, "写不了 \(path)") }
        defer { unsafe fclose(file) }
        let who = organisations ? "统一社会信用代码" : "公民身份号码"
        var bytes = Array("户号,户名,主体类别,\(who),\(titles)".utf8)
        let day = CivilDate(year: 2022 + period / 12, month: period % 12 + 1, day: 28)?.description ?? "2022-01-28"
        let category = organisations ? "演示企业,法人及非法人组织," : "演示用户,自然人,"
        for row in 0..<rows {
            let subject = (row &* 2_654_435_761) % subjects
            bytes.append(contentsOf: "H\(100_000_000 + row),".utf8)
            bytes.append(contentsOf: category.utf8)
            if organisations { appendOrganisation(subject, to: &bytes) } else { appendCitizen(subject, to: &bytes) }
            let cents = 1000 + (row &* 7919) % 20_000
            let amount = "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
            bytes.append(contentsOf: ",\(day),\(amount),\(amount),\(day),合同同意条款,YS-\(row % 1000)\n".utf8)
            guard bytes.count > 1 << 20 || row == rows - 1 else { continue }
            guard unsafe fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Exit(73, "写不了 \(path)") }
            bytes.removeAll(keepingCapacity: true)
        }
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

    /// A credit code of the same county; its organisation codes begin with ZZ, which nobody is given.
    static func appendOrganisation(_ subject: Int, to bytes: inout [UInt8]) {
        var organisation = Array("ZZ".utf8) + String(1_000_000 + subject).utf8.suffix(6)
        organisation.append(Identifier.checkCharacter(forOrganisationCode: organisation.span) ?? UInt8(ascii: "0"))
        var code = Array("91411799".utf8) + organisation
        code.append(Identifier.checkCharacter(forUSCC: code.span) ?? UInt8(ascii: "0"))
        bytes += code
    }
}

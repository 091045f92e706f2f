internal import Identifiers
internal import Tables

/// What writing one file came to.
struct WrittenFile: Sendable {
    /// The file's lines of `truth.jsonl`.
    var truth: [UInt8]
    var counts: [Expectation: Int]
    var rows: Int
}

/// Writes one file of the city.
struct FileWriter {
    let scene: Scene
    /// Directory of the files.
    let directory: String

    func write(_ index: Int) throws -> WrittenFile {
        let plan = scene.plans[index]
        let path = "\(directory)/\(plan.fileName)"
        switch plan.habits.format {
        case .csv(let encoding): return try write(index, CSVSink(path: path, habits: plan.habits, header: plan.header, encoding: encoding))
        case .jsonLines: return try write(index, JSONLinesSink(path: path, habits: plan.habits, header: plan.header))
        case .xlsx, .xls:
            return try write(index, WorkbookSink(
                path: path, habits: plan.habits, header: plan.header, sheet: "演示数据", made: CivilDate(day: plan.delivered).description))
        }
    }

    private func write(_ index: Int, _ sink: consuming some RowSink) throws -> WrittenFile {
        var sink = sink
        let script = FileScript(scene, file: index)
        var truth = TruthLines(file: script.plan.fileName)
        var draft = DraftRow()
        var scratch: [UInt8] = []
        for row in 0..<script.count {
            let made = script.make(row, in: &draft, scratch: &scratch)
            try sink.append(draft, number: row + 1, width: made.width)
            truth.append(
                row: row + 1, made.expectation,
                subject: made.subject.map { (scene.population.subjects[$0].kind, scene.population.subjects[$0].code) },
                reason: made.reason)
        }
        try sink.finish()
        return WrittenFile(truth: truth.bytes, counts: truth.counts, rows: script.count)
    }
}

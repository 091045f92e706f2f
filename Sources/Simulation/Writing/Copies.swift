internal import Policy

/// A row that says again what another row said.
struct Copy: Sendable {
    /// The file of the other row, and its place among that file's base rows.
    var plan: Int
    var row: Int
    /// Whether it brings other content under the same business key.
    var isCorrection: Bool
}

/// Chooses the rows that a file repeats or corrects. Each sound row is taken at most once, so that what a copy must
/// come to is known without looking at any other file.
struct CopyChoice {
    let scene: Scene
    let plan: FilePlan
    let index: Int

    func copies() -> [Copy] {
        var draws = Draws(seed: plan.seed, place: 1 << 41)
        var copies = take(from: index, residue: 0, count(plan.rows, Planting.repeatedInFile, &draws), isCorrection: false, &draws)
        if let previous = plan.previous {
            let rows = scene.plans[previous].rows
            copies += take(from: previous, residue: 1, count(rows, Planting.repeatedLater, &draws), isCorrection: false, &draws)
            copies += take(from: previous, residue: 2, count(rows, Planting.corrected, &draws), isCorrection: true, &draws)
        }
        return copies
    }

    /// The expected number, a fraction as the chance of one more.
    private func count(_ rows: Int, _ rate: Rate, _ draws: inout Draws) -> Int {
        let share = rows * rate.perMillion
        return share / 1_000_000 + (draws.below(1_000_000) < share % 1_000_000 ? 1 : 0)
    }

    /// Sound rows of a file whose number has this residue by 3: the kinds of copies never meet at a row.
    private func take(from source: Int, residue: Int, _ count: Int, isCorrection: Bool, _ draws: inout Draws) -> [Copy] {
        let origin = scene.plans[source]
        let places = (origin.rows - residue + 2) / 3
        guard count > 0, places > 0 else { return [] }
        let spoiler = Spoiler(scene.sheets[origin.sheet], origin)
        let spread = Spread(count: places, draws: &draws)
        var copies: [Copy] = []
        for place in 0..<min(places, count * 3) where copies.count < count {
            let row = spread[place] * 3 + residue
            guard row < origin.rows, spoiler.flaw(row) == nil else { continue }
            if case .register(let lines) = origin.cast, lines[row].isProtected { continue }
            copies.append(Copy(plan: source, row: row, isCorrection: isCorrection))
        }
        return copies
    }
}

/// Gives a row other content under the same business key.
struct Correction {
    let sheet: Sheet
    let habits: FileHabits

    /// Changes one value; false where the resource has nothing that may be changed.
    func apply(_ draft: inout DraftRow) -> Bool {
        let fields = habits.columns.filter { field in
            let column = sheet.columns[field]
            return column.isStored && !column.isKey && column.need == nil && !draft.isEmpty(field) && column.role == nil
                && !sheet.deciding.contains(field)
        }
        if let field = fields.first(where: { isRoomyText($0) }) {
            let text = Array(draft.text(field))
            draft.set(field) { out in
                out.append(contentsOf: text)
                out.append(contentsOf: "（更正）".utf8)
            }
            return true
        }
        if let field = fields.first(where: { isNumber($0) }) {
            let isOne = draft.text(field).elementsEqual([49])
            draft.set(field, .number) { $0.append(isOne ? 50 : 49) }
            return true
        }
        if let field = fields.first(where: { sheet.columns[$0].values.count > 1 && draft.cells[$0].number > 0 }) {
            let values = sheet.columns[field].values
            let place = Int(draft.cells[field].number & 0xFF) % values.count
            draft.set(field, number: Int32(place + 1)) { $0.append(contentsOf: values[place].code) }
            return true
        }
        return false
    }

    private func isRoomyText(_ field: Int) -> Bool {
        let column = sheet.columns[field]
        if case .phrase = column.filler, column.type == .text { return (column.length ?? 999) >= 100 }
        if case .bodyName = column.filler, column.type == .text { return (column.length ?? 999) >= 100 }
        return false
    }

    private func isNumber(_ field: Int) -> Bool {
        switch sheet.columns[field].filler {
        case .integer, .decimal, .sameAmount: true
        default: false
        }
    }
}

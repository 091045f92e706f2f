internal import Identifiers

/// One row of a file as it is to be written, and what intake must make of it.
struct ScriptedRow {
    var expectation: Expectation
    /// Index into the population; nil where the row must not reach a subject.
    var subject: Int?
    var reason: (field: String, family: FaultFamily)?
    /// Number of cells to write.
    var width: Int
}

/// The rows of one file in order: the base rows, then what repeats or corrects earlier ones.
struct FileScript {
    let scene: Scene
    let plan: FilePlan
    let copies: [Copy]
    private let maker: RowMaker
    private let spoiler: Spoiler
    private let sloppiness: Sloppiness
    private let correction: Correction
    private var makers: [Int: RowMaker] = [:]

    init(_ scene: Scene, file index: Int) {
        self.scene = scene
        plan = scene.plans[index]
        maker = RowMaker(scene, plan)
        spoiler = Spoiler(maker.sheet, plan)
        sloppiness = Sloppiness(sheet: maker.sheet, habits: plan.habits)
        correction = Correction(sheet: maker.sheet, habits: plan.habits)
        copies = CopyChoice(scene: scene, plan: plan, index: index).copies()
        for copy in copies where makers[copy.plan] == nil { makers[copy.plan] = RowMaker(scene, scene.plans[copy.plan]) }
    }

    /// Number of data rows.
    var count: Int { plan.rows + copies.count }

    /// Makes data row `row` (0-based) in `draft`.
    ///
    /// - Parameter observe: sees the row while its values are still plain, before any sloppiness or fault; for tests.
    func make(_ row: Int, in draft: inout DraftRow, scratch: inout [UInt8], observe: (DraftRow) -> Void = { _ in }) -> ScriptedRow {
        let width = plan.habits.columns.count
        var draws = Draws(seed: plan.seed ^ 0xC3C3_3C3C_9696_6969, place: UInt64(row))
        guard row < plan.rows else {
            let copy = copies[row - plan.rows]
            let matter = (makers[copy.plan] ?? maker).make(copy.row, in: &draft)
            sloppiness.shorten(&draft, of: scene.plans[copy.plan], row: copy.row)
            // Where nothing may be changed, the correction is but a repetition.
            let isCorrection = copy.isCorrection && correction.apply(&draft)
            observe(draft)
            sloppiness.apply(&draft, &draws, scratch: &scratch)
            return ScriptedRow(expectation: isCorrection ? .supersede : .repeat, subject: matter.subject, reason: nil, width: width)
        }
        let matter = maker.make(row, in: &draft)
        observe(draft)
        guard let flaw = spoiler.flaw(row) else {
            sloppiness.shorten(&draft, of: plan, row: row)
            sloppiness.apply(&draft, &draws, scratch: &scratch)
            return ScriptedRow(expectation: matter.isUpdate ? .supersede : .accept, subject: matter.subject, reason: nil, width: width)
        }
        sloppiness.writeNames(&draft)
        let outcome = spoiler.apply(flaw, row: row, &draft)
        return ScriptedRow(
            expectation: outcome.reason != nil ? .reject : outcome.isNameOnly ? .suspend : .accept,
            subject: outcome.reason == nil && !outcome.isNameOnly ? matter.subject : nil, reason: outcome.reason, width: outcome.width)
    }
}

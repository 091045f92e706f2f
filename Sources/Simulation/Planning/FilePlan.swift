internal import Identifiers
internal import Policy

/// Where a file's base rows come from.
enum Cast: Sendable {
    /// Drawn by weight from a pool: a subject may come often.
    case drawn(pool: Int)
    /// From a pool, each subject at most once, beginning at a place.
    case each(pool: Int, offset: Int)
    /// The lines of a roster, all of them.
    case roster(Int)
    /// Registrations.
    case register([Matter])
}

/// One file before it is written: everything that its rows depend on.
struct FilePlan: Sendable {
    /// Index into the scene's sheets.
    var sheet: Int
    /// Code of the delivering body, and what it calls itself in rows.
    var provider: String
    var body: (name: [UInt8], code: [UInt8])
    /// 1-based place among the files of the resource; numbers that must not repeat begin with it.
    var ordinal: Int
    var period: Period
    var periodName: String
    /// Whether the effective day is the last of the period.
    var statesPeriodEnd: Bool
    /// The roster's variants are kinds of the key's code set.
    var hasKinds: Bool
    var delivered: Int32
    /// The city's last day.
    var today: Int32
    var seed: UInt64
    var cast: Cast
    /// Base rows, without copies.
    var rows: Int
    var habits: FileHabits
    /// Headings, one for each of the habits' columns.
    var header: [String]
    /// The file that the department delivered before for the same resource, from which copies are taken: index in the
    /// order of delivery.
    var previous: Int?
    /// 1-based place in the order of delivery.
    var number = 0
    var fileName = ""
}

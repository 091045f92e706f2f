/// The values of an `IN (…)` list. Lists are filled up with nulls, which match nothing, to a few fixed lengths, so that a
/// driver keeps a handful of prepared statements instead of one for each length.
struct ValueList {
    let marks: String
    let values: [SQLValue]

    init(_ values: [SQLValue]) {
        var length = 1
        while length < values.count { length *= 2 }
        self.values = values + repeatElement(SQLValue.null, count: length - values.count)
        marks = String(repeating: "?,", count: length - 1) + "?"
    }
}

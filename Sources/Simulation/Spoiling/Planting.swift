/// How often everything that is not plain happens. The only place where rates stand.
enum Planting {
    /// Rows with a fault for which they must be sent back, over all families.
    static let faultyRow: Rate = 15_000
    /// How the faults are shared among the families; a family that a file cannot have leaves its share to the others.
    static let families: [(family: FaultFamily, share: Int)] = [
        (.identifierWrong, 26), (.identifierNumberTyped, 9), (.requiredMissing, 16), (.dateImpossible, 10), (.dateFuture, 7),
        (.decimalScale, 7), (.codeUnknown, 9), (.tooLong, 5), (.order, 5), (.ragged, 4), (.nameInvalid, 2),
    ]
    /// Rows with a name and no identifier: suspended where the catalogue allows it, else sent back.
    static let nameOnly: Rate = 900
    /// Rows of resources that allow a name alone in which there is nothing more.
    static let nameOnlyAllowed: Rate = 25_000
    /// Of the rows with a name only, those that fill the code with 00000000000000000X.
    static let placeholder: Rate = 400_000
    /// Rows that repeat a row of the same file word for word.
    static let repeatedInFile: Rate = 3_000
    /// Rows that repeat a row of the department's file before.
    static let repeatedLater: Rate = 4_000
    /// Rows that correct a row of the department's file before, under the same business key.
    static let corrected: Rate = 6_000
    /// Rows about something that was decided months before.
    static let lateRow: Rate = 20_000
    /// Files delivered months late.
    static let lateFile: Rate = 50_000
    /// Old sole traders known by their 注册号 alone.
    static let registrationNumberOnly: Rate = 60_000
    /// Validity without an end, written 2099-12-31.
    static let openEnd: Rate = 120_000
    /// Citizen numbers of those born before 2000 in the old form of 15 digits.
    static let legacyNumber: Rate = 4_000
    /// Codes typed sloppily but readably, by careful and by careless departments.
    static let sloppiness: (careful: Rate, careless: Rate) = (2_000, 45_000)
}

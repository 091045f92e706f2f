import Testing

/// A sound book with one thing wrong, and what the loader must say of it.
struct Defect: Sendable, CustomTestStringConvertible {
    /// What is wrong, for the reader of a test report.
    let name: String
    /// The file that is changed.
    let file: String
    /// Text that is replaced in it (its first occurrence); nil removes or adds the whole file.
    let old: String?
    /// What stands there instead.
    let new: String
    /// The file that the fault names; the changed one unless said.
    let faultFile: String
    /// Text on the line that the fault names; nil for line 1.
    let marker: String?
    /// Part of the message.
    let says: String
    /// How many faults it draws along that could not be told apart from faults of their own.
    private(set) var drawn = 0

    var testDescription: String { name }

    init(
        _ name: String, _ file: String, _ old: String?, _ new: String, at marker: String?, in faultFile: String? = nil,
        says: String
    ) {
        self.name = name
        self.file = file
        self.old = old
        self.new = new
        self.marker = marker
        self.faultFile = faultFile ?? file
        self.says = says
    }

    /// The same defect, which draws further faults along.
    func drawing(_ count: Int) -> Defect {
        var copy = self
        copy.drawn = count
        return copy
    }

    /// The fixture book with the defect.
    func files() throws -> [String: String] {
        var files = FixtureBook.files
        guard let old else {
            files[file] = new.isEmpty ? nil : new
            return files
        }
        let text = try #require(files[file])
        try #require(text.contains(old), "the fixture lacks “\(old)”")
        files[file] = text.replacing(old, with: new, maxReplacements: 1)
        return files
    }

    /// The line that the fault must name.
    func line(in files: [String: String]) throws -> Int {
        guard let marker else { return 1 }
        let lines = try #require(files[faultFile]).split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.contains(marker) }, "no line has “\(marker)”") + 1
    }
}

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
    private(set) var says: String
    /// What else is replaced in the file.
    private var further: (old: String, new: String)?
    /// The line that the fault names, where no text marks it.
    private var place: Int?
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

    /// The same defect of two places.
    func replacing(_ old: String, _ new: String) -> Defect {
        var copy = self
        copy.further = (old, new)
        return copy
    }

    /// The same defect, which the fault tells of in other words.
    func says(_ words: String) -> Defect {
        var copy = self
        copy.says = words
        return copy
    }

    /// The same defect, whose line no text of its own marks.
    func atLine(_ line: Int) -> Defect {
        var copy = self
        copy.place = line
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
        if let further { files[file] = files[file]?.replacing(further.old, with: further.new, maxReplacements: 1) }
        return files
    }

    /// The line that the fault must name.
    func line(in files: [String: String]) throws -> Int {
        if let place { return place }
        guard let marker else { return 1 }
        let lines = try #require(files[faultFile]).split(separator: "\n", omittingEmptySubsequences: false)
        return try #require(lines.firstIndex { $0.contains(marker) }, "no line has “\(marker)”") + 1
    }
}

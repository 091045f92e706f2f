/// One fault of the policy book, found by the loader.
package struct PolicyFault: Error, Sendable, Hashable, Comparable {
    /// Path of the file, relative to the book's directory; empty where the directory itself is meant.
    package let file: String
    /// Line of the fault, from 1.
    package let line: Int
    /// What is wrong and how to mend it, in Chinese, for those who edit the book.
    package let message: String

    package init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// Order of files, then of lines, so that faults read as the book does.
    package static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.message) < (right.file, right.line, right.message)
    }
}

/// All faults of a book at once: a book with any fault does not load.
package struct PolicyFaults: Error, Sendable, CustomStringConvertible {
    /// The book's directory, as the caller named it.
    package let directory: String
    /// The faults in the order of files and lines; never empty.
    package let faults: [PolicyFault]

    /// One `file:line: message` a line.
    package var description: String {
        faults.map { fault in
            let path = fault.file.isEmpty ? directory : "\(directory)/\(fault.file)"
            return "\(path):\(fault.line): \(fault.message)"
        }.joined(separator: "\n")
    }
}

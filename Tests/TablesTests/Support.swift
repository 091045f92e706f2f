import Glibc
import Testing

@testable import Tables

/// A folder of its own for one test, removed with the value's last use.
final class Scratch {
    let path: String

    init() {
        var template = "/tmp/tables-test-XXXXXX".utf8CString
        path = unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, let made = unsafe mkdtemp(base) else { return "/nonexistent" }
            return unsafe String(cString: made)
        }
    }

    deinit {
        for name in names { _ = unsafe unlink(path + "/" + name) }
        _ = unsafe rmdir(path)
    }

    private var names: [String] = []

    func file(_ name: String, _ bytes: [UInt8]) -> String {
        let full = place(name)
        let descriptor = unsafe open(full, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var done = 0
        while done < bytes.count {
            let wrote = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress.map { unsafe $0 + done }, bytes.count - done) }
            if wrote <= 0 { break }
            done += wrote
        }
        close(descriptor)
        return full
    }

    func file(_ name: String, _ text: String) -> String { file(name, Array(text.utf8)) }

    /// A path that will be removed with the folder.
    func place(_ name: String) -> String {
        if !names.contains(name) { names.append(name) }
        return path + "/" + name
    }
}

/// One cell as tests compare it.
struct Shown: Equatable, CustomStringConvertible {
    var form: CellForm
    var text: String
    var description: String { "\(form) “\(text)”" }
}

/// A whole table, read with `batch` rows at a time.
struct Table {
    var format: TableFormat
    var sheet: String?
    var unreadSheets: [String]
    var lines: [Int] = []
    var rows: [[Shown]] = []

    var texts: [[String]] { rows.map { $0.map(\.text) } }

    init(_ path: String, batch: Int = 1000) throws(TableFault) {
        let reader = try TableFile.open(path: path)
        format = reader.format
        sheet = reader.sheet
        unreadSheets = reader.unreadSheets
        while let next = try reader.next(maximumRows: batch) {
            #expect(!next.rows.isEmpty)
            #expect(next.rows.count <= max(2, batch))
            for row in next.rows.indices {
                lines.append(Int(next.rows[row].line))
                rows.append(
                    (0..<Int(next.rows[row].cellCount)).map {
                        Shown(form: next.cell(row: row, column: $0).form, text: next.text(row: row, column: $0))
                    })
            }
        }
    }
}

/// The fault that reading a file meets, or nil.
func fault(_ path: String) -> TableFault? {
    do throws(TableFault) {
        _ = try Table(path)
        return nil
    } catch {
        return error
    }
}

/// Every fault a clerk sees says what and how to mend it, in Chinese, and names the file without its folder.
func expectReadable(_ fault: TableFault?, sourceLocation: SourceLocation = #_sourceLocation) {
    guard let fault else { return }
    for text in [fault.message, fault.cure] {
        #expect(text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, sourceLocation: sourceLocation)
    }
    #expect(!fault.file.contains("/"), sourceLocation: sourceLocation)
}

/// SplitMix64: the same cases in every run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

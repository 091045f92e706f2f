/// Bounds of every reader. What exceeds them is refused with a `TableFault`, never cut.
package enum TableLimits {
    /// Longest cell: 1 MiB of UTF-8.
    package static let cellBytes = 1 << 20
    /// Longest line or row: 16 MiB.
    package static let lineBytes = 16 << 20
    /// Most columns of a row.
    package static let columns = 1024
    /// A batch ends after the row that makes it this long.
    package static let batchBytes = 4 << 20
    /// Most entries of a workbook's zip.
    package static let zipEntries = 1000
    /// Most bytes a workbook may inflate to, all parts together: 2 GiB.
    package static let inflatedBytes: Int64 = 2 << 30
    /// Greatest inflation of one part once it is beyond `ratioFreeBytes`.
    package static let inflationRatio: Int64 = 200
    /// Below this size the ratio is not looked at: 10 MiB.
    package static let ratioFreeBytes: Int64 = 10 << 20
    /// Most bytes of shared strings: 256 MiB.
    package static let sharedStringBytes = 256 << 20
}

/// A file as one stream of batches, in file order, all rows included (titles and header too: who reads finds the header).
///
/// A reader belongs to one task at a time. After a thrown fault or `nil` it gives nothing more.
package protocol TableReader: AnyObject {
    var format: TableFormat { get }
    /// The sheet being read, in workbooks.
    var sheet: String? { get }
    /// Other visible sheets with content, which are not read: tell the sender rather than lose them silently.
    var unreadSheets: [String] { get }
    /// Bytes of the file consumed so far, for progress.
    var bytesRead: Int64 { get }
    /// Size of the file in bytes.
    var byteCount: Int64 { get }

    /// The next rows, at most `maximumRows` (at least 1) and about `TableLimits.batchBytes`; `nil` at the end.
    func next(maximumRows: Int) throws(TableFault) -> RowBatch?
}

extension TableReader {
    package var sheet: String? { nil }
    package var unreadSheets: [String] { [] }
}

/// Opens tables by what their bytes are.
package enum TableFile {
    /// What the file at `path` is. Reads it all when it is text, since one late byte decides between UTF-8 and GB 18030.
    /// - Throws: `TableFault` when it is nothing we take, with the cure.
    package static func sniff(path: String) throws(TableFault) -> TableFormat {
        try format(of: try FileBytes(path: path))
    }

    /// The same of bytes that lie elsewhere than in a plain file.
    /// - Parameters:
    ///   - name: what faults call them.
    ///   - text: what `UTF8Judge` found over all of them, where somebody has asked it; else they are read for it.
    package static func sniff(_ source: any RandomAccessBytes, name: String, text: UTF8Verdict? = nil) throws(TableFault) -> TableFormat {
        try format(of: FileBytes(source, name: name), text: text)
    }

    private static func format(of file: FileBytes, text: UTF8Verdict? = nil) throws(TableFault) -> TableFormat {
        switch try judge(file, text: text) {
        case .csv(let encoding, _): .csv(encoding)
        case .jsonLines: .jsonLines
        case .xlsx: .xlsx
        case .xls: .xls
        }
    }

    /// A reader on the file at `path`, which must not change while it is read.
    /// - Throws: `TableFault` as `sniff`, and whatever shows before the first row.
    package static func open(path: String) throws(TableFault) -> any TableReader {
        try open(try FileBytes(path: path))
    }

    /// The same on bytes that lie elsewhere than in a plain file.
    /// - Parameters:
    ///   - name: what faults call them.
    ///   - text: as for `sniff`.
    package static func open(_ source: any RandomAccessBytes, name: String, text: UTF8Verdict? = nil) throws(TableFault) -> any TableReader {
        try open(FileBytes(source, name: name), text: text)
    }

    private static func open(_ file: FileBytes, text: UTF8Verdict? = nil) throws(TableFault) -> any TableReader {
        switch try judge(file, text: text) {
        case .csv(let encoding, let invalidUTF8): return try CSVReader(file, encoding: encoding, invalidUTF8: invalidUTF8)
        case .xlsx: return try XLSXReader(file)
        case .jsonLines(let start): return JSONLinesReader(file, start: start)
        case .xls: return try XLSReader(file)
        }
    }

    /// A reader on CSV that is made while it is read: UTF-8 without a mark, whose bytes the caller answers for.
    /// - Parameter name: what faults call it.
    package static func open(_ source: any ByteSource, name: String) throws(TableFault) -> any TableReader {
        try CSVReader(source, name: name)
    }

    /// A writer that makes the file at `path` (replacing it) in `format`: CSV in its encoding, XLSX. XLS and JSON Lines are not written.
    package static func create(path: String, format: TableFormat, layout: TableLayout) throws(TableFault) -> any TableWriter {
        switch format {
        case .csv(let encoding): return try CSVWriter(path: path, encoding: encoding, layout: layout)
        case .xlsx: return try XLSXWriter(path: path, layout: layout)
        case .xls, .jsonLines:
            throw TableFault(
                .unwritable, file: TableFault.name(ofPath: path), message: "平台不写 \(format) 文件", cure: "请选择 CSV 或 XLSX")
        }
    }
}

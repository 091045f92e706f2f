import CXlsxWriter

/// Writes one sheet of an XLSX through libxlsxwriter, row after row; the file appears at `finish`.
///
/// Text cells are never formulas, whatever they begin with, so `TableLayout.safe` changes nothing here.
@safe final class XLSXWriter: TableWriter {
    private let name: String
    private let layout: TableLayout
    /// nil once closed: libxlsxwriter frees it then.
    private var book: UnsafeMutablePointer<lxw_workbook>?
    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    private var formats: [UnsafeMutablePointer<lxw_format>?] = unsafe []
    private let dateFormat: UnsafeMutablePointer<lxw_format>?
    private var row: UInt32 = 0

    /// Excel's own limits.
    private static let rows: UInt32 = 1_048_576
    private static let textCharacters = 32_767
    /// A drop-down longer than this (characters with commas) has to refer to cells.
    private static let inlineChoices = 200

    init(path: String, layout: TableLayout) throws(TableFault) {
        let name = TableFault.name(ofPath: path)
        self.name = name
        self.layout = layout
        guard let book = unsafe Self.workbook(path, constantMemory: !layout.sharedStrings) else { throw .unwritable(name, reason: "内存不足") }
        unsafe self.book = unsafe book
        guard let sheet = unsafe workbook_add_worksheet(book, layout.sheet) else {
            unsafe lxw_workbook_free(book)
            throw TableFault(
                .unwritableValue, file: name, message: "工作表名“\(layout.sheet)”不合 Excel 的规定", cure: "工作表名不超过 31 字，不含 []:*?/\\")
        }
        unsafe self.sheet = unsafe sheet
        unsafe dateFormat = unsafe workbook_add_format(book)
        unsafe format_set_num_format(dateFormat, "yyyy-mm-dd")
        try unsafe writeHead(book)
        try unsafe writeMetadata(book)
    }

    deinit {
        // Dropped before `finish`: nothing is left behind.
        if let book = unsafe book { unsafe lxw_workbook_free(book) }
    }

    func append(_ values: [CellValue]) throws(TableFault) {
        if row == Self.rows {
            throw TableFault(.unwritableValue, file: name, message: "超过 Excel 的 \(Self.rows) 行上限", cure: "请改用 CSV 格式导出，或分成几个文件")
        }
        for (index, value) in values.enumerated() {
            guard let column = UInt16(exactly: index), index < TableLimits.columns else { throw .tooManyColumns(name, line: Int(row) + 1) }
            let format = unsafe index < formats.count ? formats[index] : nil
            switch value {
            case .empty: break
            case .text(let text): try unsafe write(text, column, format)
            case .number(let number): try check(unsafe worksheet_write_number(sheet, row, column, number, format), column)
            case .boolean(let truth): try check(unsafe worksheet_write_boolean(sheet, row, column, truth ? 1 : 0, format), column)
            case .date(let day): try write(day: day, column)
            }
        }
        row += 1
    }

    func finish() throws(TableFault) {
        guard let book = unsafe book else { return }
        unsafe self.book = nil
        let status = unsafe workbook_close(book)
        guard status == LXW_NO_ERROR else { throw .unwritable(name, reason: reason(status)) }
    }

    private func write(_ text: String, _ column: UInt16, _ format: UnsafeMutablePointer<lxw_format>?) throws(TableFault) {
        // Longer than the limit only if its bytes are, which costs nothing to know.
        if text.utf8.count > Self.textCharacters, text.utf16.count > Self.textCharacters || text.unicodeScalars.count > Self.textCharacters {
            throw unwritable(column, "超过 Excel 一格 \(Self.textCharacters) 字的上限")
        }
        if text.utf8.contains(0) { throw unwritable(column, "内容里有空字节") }
        try check(unsafe worksheet_write_string(sheet, row, column, text, format), column)
    }

    private func write(day: Int32, _ column: UInt16) throws(TableFault) {
        // Serials agree with the calendar from 1 March 1900 on; earlier dates are text.
        if day >= -25_508 {
            return try check(unsafe worksheet_write_number(sheet, row, column, Double(day) + 25_569, dateFormat), column)
        }
        var text: [UInt8] = []
        guard SerialDate.appendDate(Int(day), to: &text) else { throw unwritable(column, "日期超出 1 至 9999 年") }
        try unsafe write(String(decoding: text, as: UTF8.self), column, nil)
    }

    private func check(_ status: lxw_error, _ column: UInt16) throws(TableFault) {
        guard status == LXW_NO_ERROR else { throw unwritable(column, reason(status)) }
    }

    private func unwritable(_ column: UInt16, _ what: String) -> TableFault {
        TableFault(
            .unwritableValue, file: name, line: Int(row) + 1, sheet: layout.sheet, message: "第 \(column + 1) 列写不出：\(what)",
            cure: "请改正这一格的内容，或改用 CSV 格式")
    }

    private func reason(_ status: lxw_error) -> String {
        switch status {
        case LXW_ERROR_CREATING_XLSX_FILE: return reasonOfLastError()
        case LXW_ERROR_CREATING_TMPFILE, LXW_ERROR_READING_TMPFILE: return "临时目录写不进去"
        default:
            guard let text = unsafe lxw_strerror(status) else { return "错误 \(status.rawValue)" }
            return unsafe String(cString: text)
        }
    }

    private static func workbook(_ path: String, constantMemory: Bool) -> UnsafeMutablePointer<lxw_workbook>? {
        var options = unsafe lxw_workbook_options()
        unsafe options.constant_memory = constantMemory ? 1 : 0
        unsafe options.use_zip64 = 1
        return unsafe workbook_new_opt(path, &options)
    }
}

extension XLSXWriter {
    /// Column formats, title rows, header, drop-downs.
    private func writeHead(_ book: UnsafeMutablePointer<lxw_workbook>) throws(TableFault) {
        let title = unsafe workbook_add_format(book)
        unsafe format_set_bold(title)
        unsafe format_set_font_size(title, 14)
        unsafe format_set_align(title, UInt8(LXW_ALIGN_CENTER.rawValue))
        for (index, column) in layout.columns.enumerated() {
            let format = unsafe workbook_add_format(book)
            switch column.format {
            case .general: break
            case .text: unsafe format_set_num_format(format, "@")
            case .date: unsafe format_set_num_format(format, "yyyy-mm-dd")
            case .decimal: unsafe format_set_num_format(format, "#,##0.00####")
            }
            unsafe formats.append(column.format == .general ? nil : format)
            let at = UInt16(truncatingIfNeeded: index)
            try check(unsafe worksheet_set_column(sheet, at, at, column.width ?? Self.width(of: column), formats[index]), at)
        }
        for text in layout.titleRows {
            let last = UInt16(truncatingIfNeeded: layout.columns.count - 1)
            if layout.columns.count > 1 {
                try check(unsafe worksheet_merge_range(sheet, row, 0, row, last, text, title), 0)
            } else {
                try check(unsafe worksheet_write_string(sheet, row, 0, text, title), 0)
            }
            row += 1
        }
        if layout.writesHeader { try unsafe writeHeader(book) }
        for (index, column) in layout.columns.enumerated() where !column.choices.isEmpty {
            try unsafe addChoices(column.choices, at: index, book)
        }
    }

    private func writeHeader(_ book: UnsafeMutablePointer<lxw_workbook>) throws(TableFault) {
        let optional = unsafe headerFormat(book, background: 0xDDE8F6)
        let required = unsafe headerFormat(book, background: 0xF9D9A8)
        for (index, column) in layout.columns.enumerated() {
            let at = UInt16(truncatingIfNeeded: index)
            try check(unsafe worksheet_write_string(sheet, row, at, column.title, column.required ? required : optional), at)
        }
        row += 1
        unsafe worksheet_freeze_panes(sheet, row, 0)
    }

    private func headerFormat(
        _ book: UnsafeMutablePointer<lxw_workbook>, background: UInt32
    ) -> UnsafeMutablePointer<lxw_format>? {
        let format = unsafe workbook_add_format(book)
        unsafe format_set_bold(format)
        unsafe format_set_bg_color(format, background)
        unsafe format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue))
        unsafe format_set_text_wrap(format)
        return unsafe format
    }

    /// Twice a title's characters, for Chinese ones are two wide.
    private static func width(of column: TableColumn) -> Double {
        let characters = column.title.unicodeScalars.reduce(0) { $0 + ($1.value < 0x80 ? 1 : 2) }
        return Double(min(40, max(column.format == .text ? 22 : 12, characters + 2)))
    }

    private func addChoices(_ choices: [String], at index: Int, _ book: UnsafeMutablePointer<lxw_workbook>) throws(TableFault) {
        let column = UInt16(truncatingIfNeeded: index)
        let isShort = choices.reduce(0) { $0 + $1.utf16.count + 1 } <= Self.inlineChoices && !choices.contains { $0.contains(",") }
        var texts: [String] = choices
        if !isShort {
            let listName = "选项\(index + 1)"
            guard let list = unsafe workbook_add_worksheet(book, listName) else { throw unwritable(column, "下拉项工作表建不出") }
            for (line, choice) in choices.enumerated() {
                try check(unsafe worksheet_write_string(list, UInt32(truncatingIfNeeded: line), 0, choice, nil), column)
            }
            unsafe worksheet_hide(list)
            texts = ["='\(listName)'!$A$1:$A$\(choices.count)"]
        }
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { text in
            let bytes = text.utf8CString
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
            for (place, byte) in bytes.enumerated() { unsafe copy[place] = byte }
            return unsafe copy
        }
        defer { for unsafe pointer in unsafe pointers { unsafe pointer?.deallocate() } }
        var validation = unsafe lxw_data_validation()
        unsafe validation.ignore_blank = UInt8(LXW_VALIDATION_ON.rawValue)
        let status: lxw_error
        if isShort {
            unsafe pointers.append(nil)
            unsafe validation.validate = UInt8(LXW_VALIDATION_TYPE_LIST.rawValue)
            status = unsafe pointers.withUnsafeMutableBufferPointer { list in
                unsafe validation.value_list = list.baseAddress
                return unsafe worksheet_data_validation_range(sheet, row, column, Self.rows - 1, column, &validation)
            }
        } else {
            unsafe validation.validate = UInt8(LXW_VALIDATION_TYPE_LIST_FORMULA.rawValue)
            unsafe validation.value_formula = unsafe pointers[0]
            status = unsafe worksheet_data_validation_range(sheet, row, column, Self.rows - 1, column, &validation)
        }
        try check(status, column)
    }

    private func writeMetadata(_ book: UnsafeMutablePointer<lxw_workbook>) throws(TableFault) {
        guard !layout.metadata.isEmpty else { return }
        guard let hidden = unsafe workbook_add_worksheet(book, "模板信息") else { throw unwritable(0, "模板信息工作表建不出") }
        for (index, item) in layout.metadata.enumerated() {
            let line = UInt32(truncatingIfNeeded: index)
            try check(unsafe worksheet_write_string(hidden, line, 0, item.key, nil), 0)
            try check(unsafe worksheet_write_string(hidden, line, 1, item.value, nil), 1)
        }
        unsafe worksheet_hide(hidden)
    }
}

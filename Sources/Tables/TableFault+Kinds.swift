/// The faults that several readers share, each worded once.
extension TableFault {
    static func unreadable(_ file: String, reason: String) -> TableFault {
        TableFault(.unreadable, file: file, message: "文件读不出来（\(reason)）", cure: "请确认文件存在、没有被占用，再重新报送")
    }

    static func empty(_ file: String, sheet: String? = nil) -> TableFault {
        TableFault(.empty, file: file, sheet: sheet, message: "文件是空的，没有任何数据行", cure: "请检查导出步骤，填好数据后再报送；本期确无数据的请走零报告")
    }

    static func nulByte(_ file: String, line: Int, byte: Int64) -> TableFault {
        TableFault(
            .nulByte, file: file, line: line, byte: byte, message: "有空字节（NUL），文件已损坏或不是文本文件",
            cure: "请从业务系统重新导出，或用 Excel 打开后另存为 .xlsx 再报送")
    }

    static func cellTooLong(_ file: String, sheet: String? = nil, line: Int, column: Int) -> TableFault {
        TableFault(
            .cellTooLong, file: file, line: line, sheet: sheet, message: "第 \(column) 列的内容超过 1 MiB",
            cure: "请把这一格缩短，附件正文不要放在表格里")
    }

    static func tooManyColumns(_ file: String, sheet: String? = nil, line: Int) -> TableFault {
        TableFault(
            .tooManyColumns, file: file, line: line, sheet: sheet, message: "超过 \(TableLimits.columns) 列",
            cure: "请按资源目录的模板整理列，删除多余的列")
    }

    static func lineTooLong(_ file: String, sheet: String? = nil, line: Int) -> TableFault {
        TableFault(
            .lineTooLong, file: file, line: line, sheet: sheet, message: "这一行超过 \(TableLimits.lineBytes >> 20) MiB",
            cure: "请检查换行是否丢失，每条记录占一行")
    }

    static func wideEncoding(_ file: String, name: String) -> TableFault {
        TableFault(
            .wideEncoding, file: file, line: 1, byte: 0, message: "文件是 \(name) 编码，平台只收 UTF-8 和 GB18030",
            cure: "请在 Excel 里另存为“CSV UTF-8（逗号分隔）”或 .xlsx 后再报送")
    }

    static func damaged(_ file: String, _ what: String) -> TableFault {
        TableFault(
            .damaged, file: file, message: "工作簿已损坏或没有传完整（\(what)）", cure: "请用 Excel 打开确认能看到数据，另存一份后重新报送")
    }

    static func encrypted(_ file: String) -> TableFault {
        TableFault(.encrypted, file: file, message: "工作簿设有打开密码，读不出内容", cure: "请在 Excel 里去掉密码（文件→信息→保护工作簿），保存后重新报送")
    }

    static func macros(_ file: String) -> TableFault {
        TableFault(.macros, file: file, message: "工作簿带有宏，平台不收带宏的文件", cure: "请另存为“Excel 工作簿（.xlsx）”后重新报送")
    }

    static func bomb(_ file: String, _ what: String) -> TableFault {
        TableFault(.bomb, file: file, message: "工作簿解压后超出限度（\(what)），不予读取", cure: "请删除空白格式行和多余工作表，或拆成几个文件报送")
    }

    static func notAWorkbook(_ file: String, _ what: String) -> TableFault {
        TableFault(.notAWorkbook, file: file, message: "文件不是 Excel 工作簿（\(what)）", cure: "请直接报送 .xlsx、.csv 文件本身，不要打包压缩")
    }

    static func malformedSheet(_ file: String, sheet: String? = nil, line: Int? = nil, _ what: String) -> TableFault {
        TableFault(
            .malformedSheet, file: file, line: line, sheet: sheet, message: "工作簿内容不合规范（\(what)）",
            cure: "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新报送")
    }

    static func unwritable(_ file: String, reason: String) -> TableFault {
        TableFault(.unwritable, file: file, message: "文件写不进去（\(reason)）", cure: "请检查目录是否存在、有没有权限、磁盘是否已满")
    }
}

extension TableFault {
    /// The file name shown to people: the last component of a path.
    static func name(ofPath path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

import ArgumentParser
import FoundationEssentials
import Tables

struct WorkbookBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xlsx", abstract: "读 20 列 XLSX 的时间和内存，对照 openpyxl（装有时）")
    @Option(help: "行数") var rows = 200_000
    @Flag(help: .init("只读这个文件并打印用时与内存", visibility: .private)) var onlyRead = false
    @Argument(help: .hidden) var file: String?

    func run() async throws {
        try await reporting {
            if onlyRead, let file {
                let ((rows, cells), cost) = try await Cost.of { try Self.read(file) }
                print("\(rows) \(cells) \(cost.wall) \(cost.cpu) \(peakMegabytes())")
                return
            }
            try await withScratch { folder in
                let path = "\(folder)/bench.xlsx"
                try write(to: path)
                let own = try Self.child(CommandLine.arguments[0], ["bench", "xlsx", "--only-read", path])
                print("天中信用：\(own)（行 单元格 秒 CPU秒 MB）")
                let script = """
                    import time,sys,re
                    try: import openpyxl
                    except ImportError: print("没有安装"); sys.exit()
                    t=time.time();n=c=0
                    for r in openpyxl.load_workbook(sys.argv[1],read_only=True).active.iter_rows(values_only=True): n+=1;c+=sum(v is not None for v in r)
                    print(n,c,time.time()-t,time.process_time(),int(re.search(r'VmHWM:\\s+(\\d+)',open('/proc/self/status').read())[1])//1024)
                    """
                print("openpyxl：\(try Self.child("python3", ["-c", script, path]))（行 单元格 秒 CPU秒 MB）")
                print("目标：不超过 2.5 秒、200 MB")
            }
        }
    }

    private func write(to path: String) throws {
        let layout = TableLayout(columns: (1...20).map { TableColumn("第\($0)列", format: .text) }, sharedStrings: true)
        let writer = try TableFile.create(path: path, format: .xlsx, layout: layout)
        for row in 0..<rows {
            try writer.append(texts: (0..<20).map { column in "演示\(row &* 31 &+ column)" })
        }
        try writer.finish()
    }

    private static func read(_ path: String) throws -> (rows: Int, cells: Int) {
        let reader = try TableFile.open(path: path)
        var rows = 0
        var cells = 0
        while let batch = try reader.next(maximumRows: 4096) {
            rows += batch.rows.count
            cells += batch.cells.count { $0.form != .empty }
        }
        return (rows, cells)
    }

    /// Runs a program of its own, so that its memory is its own, and gives what it printed.
    private static func child(_ program: String, _ arguments: [String]) throws -> String {
        try ChildProcess.output(of: program, arguments)
    }
}

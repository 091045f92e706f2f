import ArgumentParser
import FoundationEssentials
import Glibc
import Intake

/// Fills a small disk of its own and gives it back 64 KiB at a time: reads go on, intake stops with a clear answer, and goes on
/// by itself when there is room again.
struct FullDrill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "full", abstract: "写满一块小磁盘（tmpfs，须为 root），再每次放回 64 KiB：查询不断，报送得到 507，有空间后自行继续")
    @OptionGroup var place: PlaceOptions
    @Option(help: "每步放回多少 KiB") var step = 64
    @Option(help: "从余量以下多少 KiB 开始（缺省从零）") var below: Int?
    @Option(help: "一次报送需要多少 KiB，走到余量以上这么多为止") var need = 4096

    func run() async throws {
        try await reporting {
            let book = try place.loadBook()
            try await withScratch { folder in
                var drill = try FullDiskDrill(folder: folder, book: book, bookPath: place.book, reserve: place.reserve)
                defer { drill.disk.unmount() }
                let reserve = place.reserve << 20
                let start = max(0, reserve - (below.map { $0 << 10 } ?? reserve))
                try await drill.run(from: start, to: reserve + need << 10, by: step << 10)
                drill.show()
                if !drill.faults.isEmpty { throw ExitCode(3) }
            }
        }
    }
}

/// A file system in memory.
struct SmallDisk {
    let path: String

    /// - Throws: `Exit(77)` where it cannot be mounted.
    init(at path: String, bytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            throw Exit(77, unsafe "不能挂载 tmpfs：\(String(cString: strerror(errno)))。这项演练须以 root 运行")
        }
    }

    func unmount() { _ = unsafe umount2(path, Int32(MNT_DETACH)) }
}

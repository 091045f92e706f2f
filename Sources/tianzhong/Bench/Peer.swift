import ArgumentParser
import FoundationEssentials

/// Where the benches keep the program that they are held against.
struct PeerOptions: ParsableArguments {
    @Option(help: "对照程序（DuckDB）的安装文件夹；缺省在用户的缓存目录下")
    var peerFolder: String?

    /// The folder given, or one under the user's cache directory.
    var folder: String {
        let home = FileManager.default.homeDirectoryForCurrentUser.path
        return peerFolder ?? (ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? "\(home)/.cache") + "/tianzhong-bench"
    }
}

/// DuckDB, the yardstick of bulk loading and scanning: one release from PyPI in a virtual environment of the benches' own,
/// run by small Python scripts in a process of its own.
struct DuckDB {
    /// The release that figures are quoted against.
    static let version = "1.4.2"

    private let python: String

    /// Installs the release into the folder, unless it is there; nil where it cannot be had, after saying so.
    static func prepare(in folder: String) throws -> DuckDB? {
        let environment = "\(folder)/duckdb-\(version)"
        let peer = DuckDB(python: "\(environment)/bin/python")
        if try peer.isReady() { return peer }
        print("安装对照程序 DuckDB \(version) 到 \(environment) …")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try ChildProcess.output(of: "python3", ["-m", "venv", "--clear", environment])
        _ = try peer.output([
            "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:",
            "duckdb==\(version)",
        ])
        if try peer.isReady() { return peer }
        print("装不上 DuckDB \(version)：本次没有对照")
        return nil
    }

    /// Runs a Python script, which may import duckdb and finds `arguments` in `sys.argv[1:]`, and gives what it printed.
    func run(_ script: String, _ arguments: [String] = []) throws -> String {
        try output(["-c", script] + arguments)
    }

    private func isReady() throws -> Bool {
        guard FileManager.default.isExecutableFile(atPath: python) else { return false }
        return try run("import duckdb; print(duckdb.__version__)") == Self.version
    }

    private func output(_ arguments: [String]) throws -> String {
        try ChildProcess.output(of: python, arguments)
    }
}

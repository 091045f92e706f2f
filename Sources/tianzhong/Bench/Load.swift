/// What wrk, a Debian package, found of a portal on this machine; times in milliseconds.
struct Load {
    let rate, median, p99: Double

    /// Puts a load on a portal.
    /// - Parameter script: path of a script that makes the requests.
    init(_ script: String, port: Int, connections: Int, seconds: Int) throws {
        let text = try ChildProcess.output(of: "wrk", ["-t1", "-c\(connections)", "-d\(seconds)s", "--latency", "-s", script, "http://127.0.0.1:\(port)"])
        func field(_ name: String) -> String? {
            text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.first { $0.hasPrefix(name) }
                .map { String($0.dropFirst(name.count).trimmingPrefix { $0 == " " }) }
        }
        guard let rate = field("Requests/sec:").flatMap({ Double($0) }), let median = field("50%").flatMap(Self.milliseconds),
            let p99 = field("99%").flatMap(Self.milliseconds), field("Non-2xx or 3xx responses:") == nil
        else { throw Exit(70, "wrk 的结果读不懂，或有请求失败：\(text)") }
        (self.rate, self.median, self.p99) = (rate, median, p99)
    }

    /// Stops where wrk is not installed.
    static func requireTool() throws {
        guard try !ChildProcess.output(of: "wrk", ["-v"]).hasPrefix("没有安装") else { throw Exit(69, "请先安装 wrk：apt-get install wrk") }
    }

    /// `1.25ms`, `830.00us` or `2.01s`.
    private static func milliseconds(_ text: String) -> Double? {
        for (unit, factor) in [("us", 0.001), ("ms", 1), ("s", 1000)] where text.hasSuffix(unit) {
            return Double(text.dropLast(unit.count)).map { $0 * factor }
        }
        return nil
    }
}

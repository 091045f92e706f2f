import FoundationEssentials
import Glibc

/// CPU seconds of this process, those of the store's own threads told apart: they compact.
struct ThreadCosts {
    var store = 0.0
    var others = 0.0

    /// Since the process began. Threads that have ended count among the others.
    static func now() -> ThreadCosts {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        let all = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        var store = 0.0
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [] {
            guard let text = try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8),
                text.contains("(rocksdb:"), let end = text.lastIndex(of: ")")
            else { continue }
            // Behind the name: state is field 3, user time field 14, system time field 15.
            let fields = text[end...].split(separator: " ")
            guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { continue }
            store += (user + system) / ticks
        }
        return ThreadCosts(store: store, others: all - store)
    }

    static func - (left: ThreadCosts, right: ThreadCosts) -> ThreadCosts {
        ThreadCosts(store: left.store - right.store, others: left.others - right.others)
    }
}

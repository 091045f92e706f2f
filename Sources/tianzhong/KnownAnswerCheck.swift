import Cryptography
import Ledger

/// The published vectors of every algorithm, computed once more before anything begins: a machine that gets one wrong does not serve.
enum KnownAnswerCheck {
    /// - Throws: `Exit` 70 naming the algorithms.
    static func run() throws {
        var failures = KnownAnswers.failures()
        if !LedgerKnownAnswers.hold() { failures.append("存证账本的树根") }
        guard failures.isEmpty else {
            throw Exit(70, "密码算法自检不通过：\(failures.joined(separator: "、"))。没有启动。请检查系统密码库（libgcrypt、libcrypto、libargon2）的版本和完整性")
        }
    }
}

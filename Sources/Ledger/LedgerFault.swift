/// Why the ledger could not do what was asked. `message` and `cure` are for people; `detail` is for the log.
package struct LedgerFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of trouble that callers treat differently.
    package enum Code: UInt8, Sendable, CaseIterable {
        /// A file of hashes is shorter than the size that the registry vouches for.
        case tooShort
        /// A stored file of the ledger is not what was written.
        case damaged
        /// The file of new leaf hashes is not whole hashes, or cannot be read.
        case unreadableLeaves
        /// A size or an index lies behind the present head.
        case beyondHead
        /// The head to be adopted is not the one prepared.
        case notPrepared
        /// The head to be signed is smaller than the one signed last.
        case smallerThanSigned
        /// The head to be signed is not a continuation of the one signed last: a fork.
        case fork
        /// No space left, or a quota reached.
        case diskFull
        /// The files could not be read or written for another reason.
        case inputOutput
    }

    package let code: Code
    /// The file, size or index that it is about.
    package let place: String
    /// The system's own words, for the log.
    package let detail: String

    package init(_ code: Code, place: String, detail: String = "") {
        self.code = code
        self.place = place
        self.detail = detail
    }

    /// What happened, in Chinese.
    package var message: String {
        switch code {
        case .tooShort: "存证日志的文件比登记库记载的短：\(place)"
        case .damaged: "存证日志的文件已损坏：\(place)"
        case .unreadableLeaves: "读不到本批记录的摘要文件，或其长度不是 32 字节的整数倍：\(place)"
        case .beyondHead: "所问的位置不在存证日志之内：\(place)"
        case .notPrepared: "存证日志的新树头与刚写入的不一致：\(place)"
        case .smallerThanSigned: "存证日志比上次签名时短，拒绝签名：\(place)"
        case .fork: "存证日志与上次签名的内容不一致，拒绝签名：\(place)"
        case .diskFull: "磁盘空间不足，未能写入：\(place)"
        case .inputOutput: "读写存证日志失败：\(place)"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch code {
        case .tooShort, .damaged: "请停止写入，运行 tianzhong verify 查明范围，然后用最近的备份恢复；切勿删除检查点文件。"
        case .unreadableLeaves: "请重新处理该报送批次，摘要文件会重新生成。"
        case .beyondHead: "请核对编号；刚报送的记录要等入档完成后才能查证。"
        case .notPrepared: "请重新启动程序，未完成的批次会自动续办。"
        case .smallerThanSigned, .fork: "数据可能是从旧备份恢复的，或被改动过。请恢复到最后一次签名之后的备份；在查明之前不得签发新的树头，并告知见证单位。"
        case .diskFull: "请腾出磁盘空间后重试；已入档的数据不受影响。"
        case .inputOutput: "请检查磁盘、目录权限和系统日志，排除故障后重试。"
        }
    }

    package var description: String { "\(message)。\(cure)" }
}

/// Why the archive could not do what was asked. `message` and `cure` are for people; `detail` is for the log.
package struct ArchiveFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of trouble that callers treat differently.
    package enum Code: UInt8, Sendable, CaseIterable {
        /// Another process (or another part of this one) has the archive open.
        case locked
        /// Stored bytes are not what was written.
        case damaged
        /// The directory cannot be written.
        case unwritable
        /// There is no archive at this place.
        case missing
        /// No space left, or a quota reached.
        case diskFull
        /// The archive was closed.
        case closed
        /// It was opened for reading only.
        case readOnly
        /// The delivery's marker is already there: nothing was written.
        case alreadyCommitted
        /// One entry or one delivery is larger than the archive takes.
        case tooLarge
        /// The work was stopped before it was done.
        case interrupted
        /// The store failed to read or write for another reason.
        case inputOutput
    }

    package let code: Code
    /// The file, directory, key or delivery that it is about.
    package let place: String
    /// The store's own words, for the log.
    package let detail: String

    package init(_ code: Code, place: String, detail: String = "") {
        self.code = code
        self.place = place
        self.detail = detail
    }

    /// What happened, in Chinese.
    package var message: String {
        switch code {
        case .locked: "信用档案正被另一个进程使用：\(place)"
        case .damaged: "信用档案的数据已损坏：\(place)"
        case .unwritable: "信用档案目录不能写入：\(place)"
        case .missing: "找不到信用档案：\(place)"
        case .diskFull: "磁盘空间不足，未能写入：\(place)"
        case .closed: "信用档案已关闭：\(place)"
        case .readOnly: "信用档案以只读方式打开，不能写入：\(place)"
        case .alreadyCommitted: "该报送批次已经入档，未重复写入：\(place)"
        case .tooLarge: "内容超过信用档案的上限：\(place)"
        case .interrupted: "档案的整理被中止：\(place)"
        case .inputOutput: "读写信用档案失败：\(place)"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch code {
        case .locked: "请先停止正在使用该目录的 tianzhong 进程，或改用另一个数据目录。"
        case .damaged: "请停止写入，运行 tianzhong verify 查明范围，然后用最近的备份恢复。"
        case .unwritable: "请检查目录的属主和权限，确认磁盘没有以只读方式挂载。"
        case .missing: "请检查数据目录的路径；新建数据目录请先运行 tianzhong init。"
        case .diskFull: "请腾出磁盘空间后重试；已入档的数据不受影响，查询不中断。"
        case .closed: "请重新打开后再试。"
        case .readOnly: "请在主进程中执行写入。"
        case .alreadyCommitted: "无需处理：原回执仍然有效。"
        case .tooLarge: "请把文件拆成较小的批次，或缩短过长的字段后重新报送。"
        case .interrupted: "无需处理：下次运行时会重新整理。"
        case .inputOutput: "请检查磁盘和系统日志；排除故障后重新启动服务，未确认的批次会自动重新处理。"
        }
    }

    /// One line for the log.
    package var description: String {
        detail.isEmpty ? "\(message) \(cure)" : "\(message) \(cure) [\(detail)]"
    }
}

extension ArchiveFault {
    /// Sorts the store's own error text into a code. The text is RocksDB's `Status::ToString()`.
    init(store text: String, place: String) {
        let kinds: [(Code, [String])] = [
            (.locked, ["LOCK: Resource temporarily", "lock hold by current process"]),
            (.diskFull, ["No space left", "quota exceeded"]),
            (.damaged, ["Corruption", "checksum"]),
            (.unwritable, ["Permission denied", "Read-only file system", "Operation not permitted"]),
            (.missing, ["does not exist", "No such file", "Not a directory"]),
            (.readOnly, ["read only mode"]),
        ]
        let code = kinds.first { $0.1.contains { text.contains($0) } }?.0 ?? .inputOutput
        self.init(code, place: place, detail: text)
    }

    /// Damage found while decoding the value under a key.
    init(_ damage: EntryDamage, key: Span<UInt8>) {
        self.init(.damaged, place: "键 \(hexText(key))，\(damage)")
    }
}

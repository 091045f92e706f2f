/// Why the registry could not do what was asked: a closed list of problems, each with a Chinese message and its cure.
///
/// `message` says what happened, `cure` what to do about it; both are shown to people. `detail` is the store's own
/// wording, without any bound value, and belongs in the log only.
package struct RegistryFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for code that has to choose (HTTP status, exit code, retry).
    package enum Problem: Sendable, Hashable {
        /// The database or its directory cannot be opened or written.
        case unwritable(path: String)
        /// The disk, or the quota set on the database, is full; the transaction was rolled back whole.
        case full
        /// Another process holds the database longer than the busy timeout.
        case locked
        /// The database's pages do not fit together.
        case damaged
        /// The file is no registry.
        case notARegistry(path: String)
        /// The registry was written by a newer version of this program.
        case newerVersion(found: Int, supported: Int)
        /// The target of a backup exists already.
        case alreadyExists(path: String)
        /// No delivery carries this number.
        case unknownDelivery(number: UInt32)
        /// The delivery is not in a state from which the wanted one can be reached.
        case wrongTransition(number: UInt32, from: DeliveryState, to: DeliveryState)
        /// The totals of a delivery contradict each other (`rows = accepted + rejected` must hold).
        case wrongTotals(number: UInt32)
        /// A stored value has another type or range than its column promises.
        case unreadable(column: String)
        /// A constraint of the schema refused the statement.
        case constraint
        /// Anything else that the store reports.
        case failed
    }

    /// The problem, for decisions.
    package let problem: Problem
    /// The store's own wording, for the log; empty where there is none.
    package let detail: String

    /// A fault of this problem, with the store's wording where there is one.
    package init(_ problem: Problem, detail: String = "") {
        self.problem = problem
        self.detail = detail
    }

    /// Message and cure in one line, as shown on a terminal.
    package var description: String { "\(message)\(cure)" }
}

extension RegistryFault {
    /// What happened, in Chinese, for people.
    package var message: String {
        switch problem {
        case .unwritable(let path): "登记库无法打开或写入：\(path)。"
        case .full: "磁盘空间已满，登记库未能写入，本次操作已整体撤回，没有留下一半的数据。"
        case .locked: "登记库正被另一个进程占用。"
        case .damaged: "登记库文件已损坏。"
        case .notARegistry(let path): "\(path) 不是本平台的登记库。"
        case .newerVersion(let found, let supported): "登记库的版本（\(found)）比本程序支持的版本（\(supported)）新。"
        case .alreadyExists(let path): "备份目标已存在：\(path)。"
        case .unknownDelivery(let number): "没有编号为 \(number) 的报送批次。"
        case .wrongTransition(let number, let from, let to):
            "报送批次 \(number) 当前为“\(from.name)”，不能改为“\(to.name)”。"
        case .wrongTotals(let number): "报送批次 \(number) 的行数不平：总行数应等于接收行数加退回行数。"
        case .unreadable(let column): "登记库中“\(column)”一栏的内容无法读取。"
        case .constraint: "登记库拒绝了这次写入：数据不符合登记库的约束。"
        case .failed: "登记库操作失败。"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch problem {
        case .unwritable: "请检查数据目录是否存在、是否归运行本程序的用户所有、所在磁盘是否只读。"
        case .full: "请清理磁盘或扩容后重新执行，同一文件可以放心重报。"
        case .locked: "请先停止另一个正在使用该数据目录的程序，再重试。"
        case .damaged: "请停止服务，用最近一次备份恢复，再运行 tianzhong verify 核对。"
        case .notARegistry: "请检查数据目录是否写对；新的数据目录请用 tianzhong init 建立。"
        case .newerVersion: "请改用写入该数据目录的新版本程序，或用旧版本的备份恢复。"
        case .alreadyExists: "请换一个新的备份路径，已有的备份不会被覆盖。"
        case .unknownDelivery: "请核对批次编号。"
        case .wrongTransition: "请刷新页面查看该批次的最新状态。"
        case .wrongTotals: "这是程序错误，请保留日志并联系维护人员；该批次没有入库。"
        case .unreadable, .constraint, .failed: "请保留日志并联系维护人员；已入库的数据不受影响。"
        }
    }
}

import ArgumentParser

/// The command line of the platform.
///
/// Exit codes: 0 done · 3 done, but rows were returned or damage was found · 64 wrong arguments · 65 the input was refused ·
/// 66 an input does not exist · 69 the data directory is in use · 70 internal fault · 73 cannot write · 74 the disk failed and the process stopped · 78 the policy book does not load.
@main
struct Tianzhong: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tianzhong",
        abstract: "天中信用：城市公共信用平台",
        discussion: """
            退出码：0 完成；3 完成，但有退回的行或发现损坏；64 参数不对；65 输入被拒绝；66 输入不存在；\
            69 数据目录正被使用；70 内部错误；73 无法写入；74 磁盘故障，进程已停止；78 政策手册未能载入。
            """,
        subcommands: [
            InitCommand.self, SimulateCommand.self, DeliverCommand.self, DeliveriesCommand.self, WithdrawCommand.self, EraseCommand.self,
            ErasePersonCommand.self, ExpireCommand.self, SubjectCommand.self, SearchCommand.self, ServeCommand.self, VerifyCommand.self, BackupCommand.self,
            RestoreCommand.self, PolicyCommand.self, CompatibilityKitCommand.self, AccountCommand.self, LedgerCommand.self, ProofCommand.self, WitnessCommand.self, ListsCommand.self, BenchCommand.self, DrillCommand.self,
        ])
}

import ArgumentParser
import Cryptography
import Disk
import FoundationEssentials
import Identifiers
import Intake
import Ledger
import Registry

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ledger", abstract: "存证账本", subcommands: [Verify.self, Keys.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "核对两本账：每条记录、每次查询、每一层摘要，对照签名的树头", discussion: "发现不符时退出码为 3，并逐条列出涉及的批次、行和查询记录。")
        @OptionGroup var place: PlaceOptions

        func run() async throws {
            try await reporting {
                let directory = try place.openDirectory()
                let line = ProgressLine("核对")
                let report = try LedgerAudit(directory: directory).run { line.show(share: $0) }
                line.finish("已核对 \(report.records) 条档案叶、\(report.events) 条查询叶，树头大小 \(report.signedRecords)、\(report.signedEvents)")
                try directory.close()
                for fault in report.faults { print(fault) }
                if report.hidden > 0 { print("另有 \(report.hidden) 条因依法清除只剩摘要，不能再逐条核对") }
                guard report.faults.isEmpty else { throw ExitCode(3) }
                print("全部相符")
            }
        }
    }

    struct Keys: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "两本账和名单摘录的公钥，供离线核验和见证方使用")
        @OptionGroup var place: PlaceOptions

        func run() async throws {
            try await reporting {
                let directory = try place.openDirectory()
                print(directory.ledger.vkey)
                print(directory.accessTree.vkey)
                print(directory.lists.verifier.key.vkey)
                try directory.close()
            }
        }
    }
}

/// Checks a proof with nothing but the proof and a public key: no data directory, no network.
struct ProofCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "proof", abstract: "离线核验存证证明", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "核验一份 .tlog-proof 或树头一致性证明", discussion: "不需要数据目录和网络。成立时退出码 0，不成立 65。")
        @Argument(help: "证明文件") var file: String
        @Option(help: "账本的公钥，或写有公钥的文件") var key: String
        @Option(help: "见证方的公钥，可写多次") var witness: [String] = []
        @Option(help: "至少要有几个见证方会签") var needed = 0

        func run() async throws {
            try await reporting {
                guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { throw Exit(66, "打不开 \(file)") }
                let vkey = publicKey(key)
                guard let verifier = ProofVerifier(vkey: vkey, witnesses: witness, needed: needed) else { throw Exit(64, "公钥的写法不对") }
                do {
                    if text.hasPrefix("tianzhong/consistency-proof") {
                        let proven = try verifier.check(consistency: text)
                        print("成立：\(proven.new.origin) 从 \(proven.old.head.size) 条到 \(proven.new.head.size) 条只有增加，没有改动")
                    } else {
                        show(try verifier.check(inclusion: text))
                    }
                } catch let problem as ProofProblem {
                    throw Exit(65, "不成立：\(problem.message)。\(problem.cure)")
                }
            }
        }

        private func show(_ proven: ProofVerifier.Inclusion) {
            print("成立：是 \(proven.checkpoint.origin) 的第 \(proven.index) 条（树头共 \(proven.checkpoint.head.size) 条）")
            for (name, time) in proven.witnesses.sorted(by: { $0.key < $1.key }) {
                print("见证：\(name) 于 \(Instant(milliseconds: Int64(time) * 1000))")
            }
            if let text = String(validating: proven.data.bytes, as: UTF8.self) {
                print(text)
            } else if let record = proven.data.record {
                if let text = String(validating: Array(proven.data.bytes[16...]), as: UTF8.self) {
                    // An access event: salt, then its text.
                    print(text)
                } else {
                    print("主体编号 \(RegistryKey(high: record.subject.high, low: record.subject.low))，内容 \(record.entry.count) 字节，SM3 \(SM3.digest(Array(record.entry).span).hex)")
                }
            }
        }
    }
}

/// A witness of somebody else's log: its own key, and what it has cosigned so far.
struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness", abstract: "见证：核对树头只增不改后会签", subcommands: [Make.self, Cosign.self])

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "建立见证方：生成密钥并给出公钥")
        @Argument(help: "见证方的目录") var folder: String
        @Option(help: "名称，如 jianzheng.henan") var name: String

        func run() async throws {
            try await reporting {
                let disk = SystemDisk()
                try disk.makeDurableFolder(folder, mode: 0o700)
                guard (try? disk.read("\(folder)/key.pem")) == nil else { throw Exit(65, "\(folder) 里已有密钥") }
                let key = SM2PrivateKey.generate()
                guard let signer = CosignatureSigner(name: name, key: key) else { throw Exit(64, "名称不能用：\(name)") }
                let pem = key.pem()
                try disk.write(pem.span, to: "\(folder)/key.pem", mode: 0o600)
                try disk.write(Array(name.utf8).span, to: "\(folder)/name")
                print(signer.verifier.key.vkey)
            }
        }
    }

    struct Cosign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "会签一个树头", discussion: "树头取自 /ledger/<账>/checkpoint，一致性证明取自 /ledger/<账>/consistency；第一次会签不需要证明。输出会签后的树头，可 POST 到 /ledger/<账>/cosignatures。")
        @Argument(help: "见证方的目录") var folder: String
        @Option(help: "树头文件") var checkpoint: String
        @Option(help: "一致性证明文件") var proof: String?
        @Option(help: "账本的公钥，或写有公钥的文件") var key: String

        func run() async throws {
            try await reporting {
                let disk = SystemDisk()
                guard let pem = try? disk.read("\(folder)/key.pem"), let secret = SM2PrivateKey(pem: pem),
                    let name = (try? disk.read("\(folder)/name")).flatMap({ String(validating: $0, as: UTF8.self) }),
                    let signer = CosignatureSigner(name: name, key: secret)
                else { throw Exit(66, "\(folder) 不是见证方的目录") }
                let vkey = publicKey(key)
                guard let log = CheckpointVerifier(vkey: vkey) else { throw Exit(64, "公钥的写法不对") }
                let note: SignedNote
                var path: [SM3Digest] = []
                do {
                    note = try SignedNote(String(contentsOfFile: checkpoint, encoding: .utf8))
                    if let proof { path = try ConsistencyProofFile(String(contentsOfFile: proof, encoding: .utf8)).path }
                    let witness = try Witness(folder: "\(folder)/seen", signer: signer, logs: [log])
                    let signature = try witness.cosign(note, proof: path, at: Int(Clock.now().milliseconds / 1000))
                    FileHandleOutput.standardOutput.write(note.adding(signature).description)
                } catch let problem as ProofProblem {
                    throw Exit(65, "没有会签：\(problem.message)。\(problem.cure)")
                }
            }
        }
    }
}

/// A public key that is given as text or as the name of a file that holds it.
func publicKey(_ text: String) -> String {
    let found = (try? String(contentsOfFile: text, encoding: .utf8)) ?? text
    return found.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
}

import ArgumentParser
import Feel
import FoundationEssentials

/// Runs the public compatibility kit of DMN over its folders.
struct CompatibilityKitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dmn-tck", abstract: "用公开的 DMN TCK 检验规则引擎：每个模型通过多少例", discussion: "目录为 TCK 的一级（compliance-level-2）或其上一层。有不符时退出码为 3。")
    @Argument(help: "TCK 目录") var folder: String
    @Flag(help: "列出每一例不符") var failures = false

    func run() async throws {
        try await reporting {
            let kit = CompatibilityKit(
                read: { FileManager.default.contents(atPath: $0).map { [UInt8]($0) } }, list: { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] })
            var (cases, passed) = (0, 0)
            var (models, profileCases, profilePassed) = (0, 0, 0)
            for path in folders(folder) {
                let report = kit.run(path)
                cases += report.cases
                passed += report.passed
                if report.isInProfile {
                    models += 1
                    profileCases += report.cases
                    profilePassed += report.passed
                }
                if report.passed < report.cases || report.cases == 0 { print("\(report.model)\t\(report.passed)/\(report.cases)") }
                if failures { for line in report.failures { print("    \(line)") } }
            }
            guard cases > 0 else { throw Exit(66, "\(folder) 里没有 TCK 的用例") }
            print("通过 \(passed)/\(cases)")
            print("其中规则所用写法之内的 \(models) 个模型：通过 \(profilePassed)/\(profileCases)")
            if passed < cases { throw ExitCode(3) }
        }
    }

    /// Folders that hold models, at most two levels down.
    private func folders(_ folder: String) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        if names.contains(where: { $0.hasSuffix(".dmn") }) { return [folder] }
        return names.filter { !$0.hasSuffix(".xml") && !$0.hasSuffix(".xsd") && !$0.hasSuffix(".md") }.flatMap { folders("\(folder)/\($0)") }
    }
}

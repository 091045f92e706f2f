import Foundation
import Testing

/// Short versions of the drills; the long ones are commands (`Documentation/commit.md`).
@Suite("Drills", .serialized)
struct DrillTests {
    static let hasTracer = FileManager.default.isExecutableFile(atPath: "/usr/bin/strace") && getuid() == 0

    @Test("killed at 25 random moments, nothing acknowledged is lost or doubled")
    func kills() throws {
        let drill = try Program.run("drill", "kill", "--count", "25", "--seed", "\(UInt64.random(in: 1...1_000_000))")
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")
        #expect(drill.output.contains("丢失 0，重复 0"))
    }

    @Test("killed at 25 random moments while many look, no look that was answered lacks its event")
    func looks() throws {
        let drill = try Program.run("drill", "looks", "--count", "25", "--seed", "\(UInt64.random(in: 1...1_000_000))")
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")
        #expect(drill.output.contains("丢失 0，"))
    }

    @Test("killed at, or refused, 25 system calls of a delivery, nothing acknowledged is lost or doubled", .enabled(if: hasTracer))
    func calls() throws {
        let drill = try Program.run("drill", "fault", "--count", "25")
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")
        #expect(drill.output.contains("丢失 0，重复 0"))
    }

    @Test("on a full disk reads go on, intake answers 507, and goes on by itself", .enabled(if: SmallDisk.isPossible), arguments: [
        ["--reserve", "256", "--below", "512", "--need", "1024", "--step", "256"], ["--reserve", "0", "--need", "1024", "--step", "256"],
    ])
    func full(_ options: [String]) throws {
        let drill = try Program.run(["drill", "full"] + options)
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")
        #expect(drill.output.contains("丢失 0，重复 0"))
    }

    @Test("mutated lines: nothing crashes, hangs or is lost")
    func lines() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let drill = try Program.run("drill", "lines", "--count", "20000", "--lines", "1000", "--subjects", "600", "--keep", folder.path)
        #expect(drill.status == 0, "\(drill.output)\(drill.errors)")
        #expect(drill.output.contains("20000 行") && drill.output.contains("问题 0 处"))
    }
}

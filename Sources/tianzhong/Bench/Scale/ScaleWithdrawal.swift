import Archive
import Identifiers
import Intake
import Policy
import Registry

/// The phase `withdraw`: taking the largest delivery back, erasing it, and rewriting the archive without it.
struct ScaleWithdrawal {
    let directory: DataDirectory
    let book: PolicyBook
    let city: ScaleCity

    func run(_ result: inout ScaleResult) async throws {
        let deliveries = try directory.registry.deliveries.all().filter { $0.state == .committed }
        guard let largest = deliveries.max(by: { $0.accepted < $1.accepted }) else { throw Exit(66, "没有可撤回的批次") }
        let desk = DeliveryDesk(directory: directory, book: book)
        let reader = SubjectReader(directory: directory, book: book)
        let key = try subject(of: largest, reader)
        let now = Clock.now()
        let visible = try records(of: largest.number, reader, key)
        let (_, withdrawing) = try await Cost.of { try desk.withdraw(largest.number, reason: "规模基准", at: now) }
        let withdrawn = try records(of: largest.number, reader, key)
        let before = try directory.archive.backlog().diskBytes
        let (erased, erasing) = try await Cost.of { try desk.erase(withdrawnUntil: .distantFuture, at: Clock.now()) }
        let (removed, removing) = try await Cost.of { try desk.removeErased(at: Clock.now()) }
        let after = try directory.archive.backlog().diskBytes
        guard visible > 0, withdrawn == 0, erased == [largest.number], removed == erased else { throw Exit(70, "撤回后记录仍可见，或没有清除") }
        result.figures["withdrawSeconds"] = withdrawing.wall
        result.figures["eraseSeconds"] = erasing.wall
        result.figures["removeSeconds"] = removing.wall
        print(
            "撤回第 \(largest.number) 批（\(largest.accepted) 条）：\(two(withdrawing.wall * 1000)) 毫秒，读者立即不再看到；清除 \(two(erasing.wall * 1000)) 毫秒，"
                + "重写档案 \(two(removing.wall)) 秒，占用由 \(before / 1_000_000) MB 变为 \(after / 1_000_000) MB")
    }

    /// A subject that the delivery has a record of.
    private func subject(of delivery: Delivery, _ reader: SubjectReader) throws -> SubjectKey {
        let today = Clock.now().date
        for number in 0..<city.subjects {
            guard let identifier = city.identifier(of: number, on: today) else { continue }
            let key = reader.key(of: identifier)
            if try directory.archive.history(of: [key]).entries.contains(where: { $0.record.delivery == delivery.number }) { return key }
        }
        throw Exit(70, "第 \(delivery.number) 批没有记录")
    }

    private func records(of delivery: UInt32, _ reader: SubjectReader, _ key: SubjectKey) throws -> Int {
        let now = Clock.now().adding(days: 1)
        return try reader.file(of: key, at: Clocks(asOf: .openEnd, knownAt: now))?.lines.filter { $0.id.delivery == delivery }.count ?? 0
    }
}

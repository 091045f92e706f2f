internal import Archive
internal import Identifiers
internal import Registry

/// Answers whether a record that a correction or withdrawal names exists and may be touched.
struct TargetLookup: Sendable {
    let archive: RocksArchive
    let registry: Registry
    let provider: String
    let resource: UInt16
    /// Provider of a committed delivery; nil where there is none of that number.
    let providerOf: @Sendable (UInt32) -> String?
    /// Whether the record was erased, though the archive may still have it.
    let isErased: @Sendable (RecordID) -> Bool

    /// Nil where the target is the same provider's record of the same resource in this subject's history.
    func fault(of target: RecordID, subject: SubjectKey?) throws(ArchiveFault) -> RowFault? {
        func fault(_ message: String, _ cure: String) -> RowFault {
            let name = HeaderMatch.Reserved.target.rawValue
            return RowFault(.targetUnknown, field: name, name: name, value: target.description, message: message, cure: cure)
        }
        guard let subject else { return fault("疑似记录没有主体，不能更正", "请重新报送带有主体代码的行") }
        guard let owner = providerOf(target.delivery) else { return fault("没有这个批次", "请核对记录编号") }
        guard owner == provider else { return fault("该记录由其他单位报送", "谁提供、谁更正：请联系原报送单位") }
        guard !isErased(target), let entry = try archive.entry(try keys(of: subject), record: target), entry.resource == resource else {
            return fault("该主体在本资源下没有这条记录", "请核对主体代码和记录编号；主体报错的，请先撤销原记录再报送新记录")
        }
        return nil
    }

    /// All keys under which the subject's records may stand: it may have been named by another of its codes then.
    private func keys(of subject: SubjectKey) throws(ArchiveFault) -> [SubjectKey] {
        do {
            let main = try registry.aliases.subject(of: RegistryKey(subject)) ?? RegistryKey(subject)
            return [subject, SubjectKey(main)] + (try registry.aliases.identifiers(of: main, isKnown: { _ in true }).map(SubjectKey.init))
        } catch { throw ArchiveFault(.inputOutput, place: "registry", detail: "\(error)") }
    }
}

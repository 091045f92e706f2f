package import Identifiers

extension PolicyBook {
    /// Loads the book of a directory and checks it across all files.
    /// - Parameters:
    ///   - directory: the folder that holds `catalogue/`, `organisations.yaml` and the rest.
    ///   - today: the day of loading; confirmations may not lie after it.
    /// - Throws: every fault of the book at once. A book with any fault does not load: a resource without a basis in
    ///   force, a provider nobody knows or a check of a field that is not there must never come into use.
    package static func load(from directory: String, on today: CivilDate) throws(PolicyFaults) -> PolicyBook {
        let log = FaultLog()
        let source = BookSource(directory: directory, log: log)
        // Where the directory itself cannot be read, missing files say nothing more.
        if source.texts.isEmpty { try refuse(log, directory) }
        return try make(source, directory, today, log)
    }

    /// The files of a book as texts by path, from which a changed book can be loaded.
    package static func texts(in directory: String) throws(PolicyFaults) -> [String: String] {
        let log = FaultLog()
        let source = BookSource(directory: directory, log: log)
        try refuse(log, directory)
        return source.texts
    }

    /// Loads a book from texts by path, such as `organisations.yaml`; for tests and for checking a change before it is
    /// written.
    package static func load(
        files: [String: String], directory: String = "PolicyBook", on today: CivilDate
    ) throws(PolicyFaults) -> PolicyBook {
        try make(BookSource(texts: files), directory, today, FaultLog())
    }

    private static func make(
        _ source: BookSource, _ directory: String, _ today: CivilDate, _ log: FaultLog
    ) throws(PolicyFaults) -> PolicyBook {
        let draft = BookReader(source: source, today: today, log: log).read()
        let checker = BookChecker(draft: draft, log: log)
        let judging = checker.check()
        try refuse(log, directory)
        return try assemble(checker, judging, source, directory, log)
    }

    private static func refuse(_ log: FaultLog, _ directory: String) throws(PolicyFaults) {
        guard log.faults.isEmpty else { throw PolicyFaults(directory: directory, faults: log.faults.sorted()) }
    }

    private static func assemble(
        _ checker: BookChecker, _ judging: BookChecker.Judging, _ source: BookSource, _ directory: String, _ log: FaultLog
    ) throws(PolicyFaults) -> PolicyBook {
        let draft = checker.draft
        let resources = draft.resources.compactMap { resource in
            let made = resource.resource(checker)
            // Every draft that lacks a part has a fault; this keeps a gap in the checks from dropping a resource.
            if made == nil { log.note(resource.place.file, resource.place.start, "目录项不完整：请对照同类文件补全") }
            return made
        }
        try refuse(log, directory)
        return PolicyBook(
            digest: source.digest, calendar: WorkingCalendar(years: draft.calendar?.map(\.value) ?? []), resources: resources,
            organisations: draft.organisations?.map(\.value) ?? [],
            regions: draft.regions?.map(\.value) ?? [], documents: draft.documents?.map(\.value) ?? [],
            codeSets: checker.codeSets,
            classes: (draft.classes?.map(\.value) ?? []).sorted { $0.number < $1.number },
            sectors: draft.sectors?.map(\.value) ?? [], purposes: draft.purposes?.map(\.value) ?? [],
            retention: draft.retention?.map(\.value) ?? [], lists: draft.lists?.map(\.value) ?? [],
            nationalMeasures: (draft.nationalMeasures?.map(\.value) ?? []).sorted { $0.number < $1.number },
            measures: draft.measures?.map(\.value) ?? [], indicators: judging.indicators, vocabulary: judging.vocabulary, rules: judging.rules,
            matters: judging.matters, forbidden: draft.forbidden?.map(\.value) ?? [])
    }
}

extension ResourceDraft {
    /// The finished resource; nil where a part is missing.
    fileprivate func resource(_ checker: BookChecker) -> Resource? {
        guard let code, let number = number.flatMap(UInt16.init(exactly:)),
            let version = version.flatMap(UInt8.init(exactly:)), let name, let basicClass, let cadence, let disclosure,
            let subject, let validFrom, let identification
        else { return nil }
        let rules = providers.compactMap { checker.providerRule($0.value) }
        let finished = fields.compactMap { $0.field(of: self, checker) }
        guard rules.count == providers.count, finished.count == fields.count else { return nil }
        return Resource(
            code: code, number: number, version: version, name: name, basicClass: basicClass,
            sectors: sectors.map { Sector(name: $0.value) }, providers: rules, cadence: cadence, disclosure: disclosure,
            subject: subject, basis: basis.map(\.value), validFrom: validFrom, validTo: validTo,
            businessKey: businessKey.map(\.value), effective: effective, identification: identification,
            registers: registers, summary: summary.map(\.value), fields: finished, checks: checks.map(\.value),
            confirmed: confirmed, note: note)
    }
}

extension FieldDraft {
    fileprivate func field(of resource: ResourceDraft, _ checker: BookChecker) -> Field? {
        guard let code, let name, let type, let sensitivity else { return nil }
        return Field(
            code: code, national: national, name: name, aliases: aliases.map(\.value), type: type, length: length,
            required: required, requiredWhen: requiredWhen.map { checker.resolved($0.value, in: resource) },
            multiple: multiple, role: role, sensitivity: sensitivity, checks: checks.map(\.value), note: note)
    }
}

import Identifiers

/// What resources are to each other: codes, numbers and versions.
extension BookChecker {
    func checkVersions() {
        checkNumbers()
        let byCode = Dictionary(grouping: draft.resources.filter { $0.code != nil }) { $0.code ?? "" }
        for (code, versions) in byCode {
            let sorted = versions.filter { $0.version != nil }.sorted {
                ($0.version ?? 0, $0.place.file) < ($1.version ?? 0, $1.place.file)
            }
            for (earlier, later) in zip(sorted, sorted.dropFirst()) { checkPair(code, earlier, later) }
        }
    }

    /// One code and version stand once, and two versions of one code never hold on the same day: a decision must know which was its own.
    func checkVersions<Value: Versioned>(of items: [Draft<Value>], key: String, what: String) {
        noteDoubles(items, key: key, title: "\(what)编码和版本") { "\($0.code) 第 \($0.version) 版" }
        for (code, versions) in Dictionary(grouping: items, by: \.value.code) {
            let sorted = versions.sorted { ($0.value.from, $0.value.version) < ($1.value.from, $1.value.version) }
            for (earlier, later) in zip(sorted, sorted.dropFirst()) where earlier.value.to.map({ $0 >= later.value.from }) ?? true {
                guard earlier.value.version != later.value.version else { continue }
                note(later.place, "from", "\(what)“\(code)”的两个版本在 \(later.value.from) 同时有效：请给前一版写上 to")
            }
        }
    }

    /// The archive keeps records by number: one number is one code for ever.
    private func checkNumbers() {
        var byNumber: [Int: ResourceDraft] = [:]
        var byCode: [String: ResourceDraft] = [:]
        for resource in draft.resources {
            guard let number = resource.number, let code = resource.code else { continue }
            if let other = byNumber[number], other.code != code {
                note(
                    resource.place, "number",
                    "编号 \(number) 已被 \(other.code ?? "") 使用（\(other.place.file)）：请换一个没有用过的编号")
            }
            if let other = byCode[code], other.number != number {
                note(
                    resource.place, "number",
                    "\(code) 的编号在 \(other.place.file) 里是 \(other.number ?? 0)：同一目录项各版本的编号必须相同，请改正")
            }
            byNumber[number] = byNumber[number] ?? resource
            byCode[code] = byCode[code] ?? resource
        }
    }

    private func checkPair(_ code: String, _ earlier: ResourceDraft, _ later: ResourceDraft) {
        guard let old = earlier.version, let new = later.version else { return }
        if old == new {
            note(
                later.place, "version",
                "\(code) 第 \(new) 版与 \(earlier.place.file) 重复：请改用新的版本号，或删去一个文件")
            return
        }
        guard let oldFrom = earlier.validFrom, let newFrom = later.validFrom else { return }
        if newFrom <= oldFrom {
            note(
                later.place, "validFrom",
                "\(code) 第 \(new) 版的有效期起 \(newFrom) 不晚于第 \(old) 版的 \(oldFrom)：版本号须随时间递增，请改正")
        } else if newFrom <= earlier.validTo ?? CivilDate(day: .max) {
            let cure = "请在 \(earlier.place.file) 里写 validTo: \(newFrom.adding(days: -1))"
            note(later.place, "validFrom", "\(code) 第 \(new) 版与第 \(old) 版的有效期重叠：\(cure)")
        }
    }
}

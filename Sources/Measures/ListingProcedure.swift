package import Identifiers
package import Policy
package import Registry

/// Why a step of a listing is not taken.
package struct ListingFault: Error, Sendable, Hashable {
    package enum Code: String, Sendable {
        case list, subject, order, day, document, text, hearing, person, ground, dishonest, changed
    }

    package let code: Code
    /// What is wrong, in Chinese.
    package let message: String
    /// What to do.
    package let cure: String

    /// Somebody else took a step meanwhile.
    package static let changed = ListingFault(.changed, "这个程序或主体刚刚有别的步骤登记", cure: "请刷新后核对，再决定是否继续")

    /// The subject is on the list, or about to be.
    package static func underWay(_ procedure: Int64) -> ListingFault {
        ListingFault(.order, "主体在这个名单上还有没结束的程序（\(procedure)）", cure: "请在那个程序里办理")
    }

    init(_ code: Code, _ message: String, cure: String) {
        self.code = code
        self.message = message
        self.cure = cure
    }
}

/// The way of one listing (名单认定): 告知 → 陈述申辩 → 决定 → 列入 → 公示 → 移出, each step once, in order, dated and documented.
package struct ListingProcedure: Sendable {
    package let list: ListKind
    /// All versions of the list: a step that leads onto it must be of a day on which one of them is valid.
    package let versions: [ListKind]
    package let calendar: WorkingCalendar
    /// The steps taken, in order.
    package let steps: [ListingStep]
    /// The first day on the list, where a delivered record made the entry: the procedure was another system's, and only its end is taken here.
    package let delivered: CivilDate?

    package init(list: ListKind, versions: [ListKind]? = nil, calendar: WorkingCalendar, steps: [ListingStep], delivered: CivilDate? = nil) {
        self.list = list
        self.versions = versions ?? [list]
        self.calendar = calendar
        self.steps = steps
        self.delivered = delivered
    }

    package func step(_ kind: ListingStepKind) -> ListingStep? { steps.last { $0.kind == kind } }

    /// The last day on which the subject may be heard, and whether it is provisional; nil before the notice.
    package var hearingEnd: (day: CivilDate, isProvisional: Bool)? {
        guard let notice = step(.notice), let days = list.hearing else { return nil }
        return calendar.adding(workingDays: days, to: notice.day)
    }

    /// The steps that may come next.
    package var next: [ListingStepKind] {
        if step(.removal) != nil || step(.closure) != nil { return [] }
        if delivered != nil { return [.removal] }
        if step(.entry) != nil { return list.isPublic && step(.publication) == nil ? [.publication, .removal] : [.removal] }
        if step(.decision) != nil { return [.entry, .closure] }
        guard list.hearing != nil else { return [.decision] }
        guard step(.notice) != nil else { return [.notice] }
        return step(.statement) == nil ? [.statement, .decision, .closure] : [.decision, .closure]
    }

    /// Makes sure that a step may be taken.
    /// - Parameters:
    ///   - isDishonest: whether the subject is on a list of serious dishonesty now: red lists do not take it in.
    package func check(_ step: ListingStep, kind: SubjectKind, isDishonest: Bool, on today: CivilDate) throws(ListingFault) {
        let leadsOnto = [ListingStepKind.notice, .decision, .entry].contains(step.kind)
        guard !leadsOnto || versions.contains(where: { $0.isValid(on: step.day) }) else { throw ListingFault(.list, "“\(list.name)”在 \(step.day) 没有效力", cure: "请核对日期；名单的依据失效后不得再列入") }
        guard list.subjects.contains(kind) else { throw ListingFault(.subject, "“\(list.name)”不适用于\(kind.name)", cure: "请换一个名单") }
        guard next.contains(step.kind) else {
            let allowed = next.map(\.name).joined(separator: "、")
            throw ListingFault(.order, "现在不能“\(step.kind.name)”", cure: allowed.isEmpty ? "这个程序已经结束" : "下一步可以是：\(allowed)")
        }
        guard step.day <= today else { throw ListingFault(.day, "日期 \(step.day) 晚于今天", cure: "请填写实际办理的日期") }
        if let last = steps.last, step.day < last.day {
            throw ListingFault(.day, "日期 \(step.day) 早于上一步“\(last.kind.name)”的 \(last.day)", cure: "请核对日期")
        }
        try checkDocument(of: step)
        switch step.kind {
        case .decision: try checkHearing(before: step.day)
        case .entry:
            if list.nature == .red, isDishonest { throw ListingFault(.dishonest, "主体在严重失信主体名单上，不得列入红名单", cure: "请先核对失信名单；失信期间不得享受激励") }
            if let decision = self.step(.decision), decision.actor == step.actor {
                throw ListingFault(.person, "列入须由作出决定登记以外的人复核办理", cure: "请由本单位另一名人员办理")
            }
        case .removal:
            guard let ground = step.ground else { throw ListingFault(.ground, "没有写明移出的原因", cure: "请选择信用修复、撤销原决定或义务履行完毕") }
            try checkRemoval(on: ground, day: step.day)
        default: break
        }
    }

    /// Credit is repaired after the time that the list's rules set; a decision that is taken back, or a duty that is done, waits for none.
    private func checkRemoval(on ground: RemovalGround, day: CivilDate) throws(ListingFault) {
        guard let entered = delivered ?? step(.entry)?.day else { return }
        guard day >= entered else { throw ListingFault(.day, "移出日期 \(day) 早于列入日期 \(entered)", cure: "请核对日期") }
        guard ground == .repair else { return }
        guard let early = list.early else { throw ListingFault(.ground, "“\(list.name)”没有提前修复的规定", cure: "请等期满，或按撤销原决定、义务履行完毕办理") }
        // A term ends the day before the day of the same date.
        let last = early.end(from: entered)
        guard day > last else { throw ListingFault(.day, "列入不满 \(early)（到 \(last) 为止），还不能信用修复", cure: "请在 \(last) 之后办理") }
    }

    private func checkDocument(of step: ListingStep) throws(ListingFault) {
        let needsNumber: Set<ListingStepKind> = [.notice, .decision, .removal]
        if needsNumber.contains(step.kind), step.document.isEmpty { throw ListingFault(.document, "“\(step.kind.name)”没有文书号", cure: "请填写文书号") }
        let needsText: Set<ListingStepKind> = list.hearing == nil ? [.decision, .removal] : [.notice, .statement, .removal, .closure]
        if needsText.contains(step.kind), step.text.isEmpty {
            throw ListingFault(.text, "“\(step.kind.name)”没有写内容", cure: step.kind == .notice ? "请写明拟列入的事实、理由和依据，以及陈述申辩的权利" : "请写明理由或内容")
        }
    }

    /// Nothing is decided before the subject was heard, or its time is over.
    private func checkHearing(before day: CivilDate) throws(ListingFault) {
        guard let end = hearingEnd, step(.statement) == nil, day <= end.day else { return }
        throw ListingFault(
            .hearing, "陈述申辩期限到 \(end.day) 为止\(end.isProvisional ? "（暂算）" : "")，主体尚未陈述申辩", cure: "请等期限届满，或先登记主体的陈述申辩（包括书面放弃）")
    }
}

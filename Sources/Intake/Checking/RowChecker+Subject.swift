internal import Archive
internal import Identifiers
internal import Policy
internal import Tables

/// Whom a row is about.
enum Subject {
    case known(Identifier, isDoubtful: Bool)
    /// A name and no sound identifier, where the catalogue allows it: 疑似, kept apart, in no figure.
    case nameOnly
    /// The reasons are among the row's faults.
    case faulty
}

/// What a row does to the history.
enum Action: Equatable {
    case add
    /// Takes the place of a record, 更正.
    case replace(RecordID)
    /// Takes a record out, 撤销.
    case withdraw
}

extension RowChecker {
    /// Resolves the row's subject by identifier; a name alone never does.
    mutating func identify(_ bytes: Span<UInt8>) -> Subject {
        let wantsPerson = plan.resource.subject == .person || (plan.resource.subject == .either && saysPerson())
        let identifier = wantsPerson ? personIdentifier(bytes) : organisationIdentifier()
        if let identifier { return .known(identifier, isDoubtful: values.isDoubtful) }
        guard faults.isEmpty else { return .faulty }
        let hasName = plan.identity.name.map { !values.fields[$0].isEmpty } ?? false
        if hasName, plan.resource.identification == .nameAllowed { return .nameOnly }
        faults.append(
            RowFault(
                .subjectMissing, message: "没有可用的主体代码，仅凭名称不能归到任何主体",
                cure: wantsPerson ? "请补填公民身份号码或其他证件号码" : "请补填统一社会信用代码"))
        return .faulty
    }

    private func organisationIdentifier() -> Identifier? {
        for index in plan.identity.organisation.indices {
            if let identifier = values.assessed[plan.identity.organisation[index]] { return identifier }
        }
        return nil
    }

    private mutating func personIdentifier(_ bytes: Span<UInt8>) -> Identifier? {
        if let field = plan.identity.citizenNumber, let identifier = values.assessed[field] { return identifier }
        guard let number = plan.identity.documentNumber, !values.fields[number].isEmpty else { return nil }
        let kind = documentKind()
        let place = plan.slotOfField[number]
        guard values.fields[number].form != .number else {
            if case .identifier = plan.outlines[place].form { return nil }
            fault(place, bytes, .identifierNumberTyped, "该单元格被存为数字，后几位已丢失", "请把该列设为文本格式，按文本重填")
            return nil
        }
        let assessed = Identifier.assess(bytes.extracting(values.fields[number].range), as: kind, on: plan.today)
        switch assessed {
        case .wrong(let problem): fault(place, bytes, .identifierWrong, problem.message, problem.cure)
        case .doubtful: values.isDoubtful = true
        case .sound, .placeholder, .empty: break
        }
        return assessed.identifier
    }

    private func documentKind() -> IdentifierKind {
        guard let field = plan.identity.documentType else { return .citizenNumber }
        switch values.fields[field].code {
        case .none: return .citizenNumber
        case .listed(let index): return plan.documentKinds[index]
        case .asWritten, .joined: return .otherDocument
        }
    }

    private func saysPerson() -> Bool {
        if let category = plan.identity.category, !values.fields[category].isEmpty {
            switch values.fields[category].code {
            case .listed(let index): return index == plan.personCode
            case .joined(let range): return equal(values.joined.span.extracting(range), CheckPlan.person.utf8.span)
            case .none, .asWritten: return false
            }
        }
        return organisationIdentifier() == nil
            && (plan.identity.citizenNumber.map { values.assessed[$0] != nil } ?? false
                || plan.identity.documentNumber.map { !values.fields[$0].isEmpty } ?? false)
    }

    /// Reads the reserved columns 更正记录编号 and 操作.
    mutating func readAction(_ batch: RowBatch, row: Int) -> Action {
        if plan.match.targetColumn == nil, plan.match.actionColumn == nil { return .add }
        func cell(_ column: Int?) -> String {
            column.map { batch.text(row: row, column: $0).filter { !$0.isWhitespace } } ?? ""
        }
        let text = cell(plan.match.targetColumn)
        let verb = cell(plan.match.actionColumn)
        guard !text.isEmpty else {
            if !verb.isEmpty {
                faults.append(
                    RowFault(
                        .targetUnknown, field: HeaderMatch.Reserved.target.rawValue, name: HeaderMatch.Reserved.target.rawValue,
                        message: "操作是“\(verb)”，却没有写明是哪条记录", cure: "请填写要\(verb)的记录编号，形如 42-17"))
            }
            return .add
        }
        guard let target = RecordID(text) else {
            faults.append(
                RowFault(
                    .targetUnknown, field: HeaderMatch.Reserved.target.rawValue, name: HeaderMatch.Reserved.target.rawValue,
                    value: text, message: "不是记录编号", cure: "记录编号形如 42-17，可在主体档案或批次回执中找到"))
            return .add
        }
        values.target = target
        switch verb {
        case "", "更正": return .replace(target)
        case "撤销": return .withdraw
        default:
            faults.append(
                RowFault(
                    .actionUnknown, field: HeaderMatch.Reserved.action.rawValue, name: HeaderMatch.Reserved.action.rawValue,
                    value: verb, message: "不认识的操作", cure: "请填“更正”或“撤销”"))
            return .add
        }
    }
}

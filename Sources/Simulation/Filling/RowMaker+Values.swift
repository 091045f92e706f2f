internal import Identifiers
internal import Policy

extension RowMaker {
    /// Fills one field that is no date.
    func fill(
        _ field: Int, _ column: Column, _ matter: Matter, _ subject: Subject, _ row: Int, _ draft: inout DraftRow, _ draws: inout Draws
    ) {
        let isPerson = subject.form.isPerson
        switch column.filler {
        case .date: break
        case .subjectName: draft.set(field, name(of: subject, on: matter.day))
        case .formerName:
            if !subject.formerName.isEmpty, matter.day >= subject.renamed { draft.set(field, subject.formerName) }
        case .representative: draft.set(field, city.population.subjects[Int(subject.representative)].name)
        case .representativeNumber: draft.set(field, city.population.subjects[Int(subject.representative)].code)
        case .address: draft.set(field, subject.address)
        case .unifiedCode: if !isPerson { draft.set(field, subject.code) }
        case .registrationNumber: if !isPerson, sheet.resource.registers || draws.happens(.percent(60)) { draft.set(field, subject.registrationNumber) }
        case .organisationCode: if !isPerson, draws.happens(.percent(25)) { draft.set(field, subject.organisationCode) }
        case .citizenNumber, .documentNumber: if isPerson { draft.set(field, subject.code) }
        case .documentType: choose(field, column) { $0.name.elementsEqual("身份证".utf8) || $0.name.elementsEqual("居民身份证".utf8) }
        case .category: choose(field, column) { $0.name.elementsEqual(category(subject).utf8) }
        case .organisationType:
            choose(field, column) { value in city.typeWords[Int(subject.form.rawValue)].contains { value.name.contains($0) } }
        case .bodyName: draft.set(field, plan.body.name)
        case .bodyCode: draft.set(field, plan.body.code)
        case .region: draft.set(field, city.population.counties[subject.county].code.utf8)
        case .otherPerson: draft.set(field, city.population.subjects[draws.below(city.population.personCount)].name)
        case .otherOrganisation:
            let organisations = city.population.subjects.count - city.population.personCount
            draft.set(field, city.population.subjects[city.population.personCount + draws.below(organisations)].name)
        case .code: fillCode(field, column, matter, &draft, &draws)
        case .phrase(let texts): draft.set(field, texts.isEmpty ? [] : draws.pick(texts))
        default: fillNumber(field, column, matter, row, &draft, &draws)
        }

        func choose(_ field: Int, _ column: Column, where fits: ((code: [UInt8], name: [UInt8])) -> Bool) {
            guard !column.values.isEmpty else { return draft.set(field, "演示".utf8) }
            let place = column.values.firstIndex(where: fits) ?? 0
            draft.set(field, number: Int32(place + 1)) { $0.append(contentsOf: column.values[place].code) }
        }
    }

    private func category(_ subject: Subject) -> String {
        switch subject.form {
        case .person: "自然人"
        case .soleTrader: "个体工商户"
        default: "法人及非法人组织"
        }
    }

    /// The name that the subject bore on a day.
    private func name(of subject: Subject, on day: Int32) -> [UInt8] {
        subject.formerName.isEmpty || day >= subject.renamed ? subject.name : subject.formerName
    }

    private func fillCode(_ field: Int, _ column: Column, _ matter: Matter, _ draft: inout DraftRow, _ draws: inout Draws) {
        let count = column.values.count
        guard count > 0 else { return draft.set(field, "演示".utf8) }
        // In a list with kinds, the kind is what tells a subject's lines apart.
        if column.isKey, matter.variant >= 0, plan.hasKinds {
            let place = matter.variant % count
            return draft.set(field, number: Int32(place + 1)) { $0.append(contentsOf: column.values[place].code) }
        }
        let x = draws.unit()
        let place = Int(x * x * x * Double(count))
        guard column.multiple, count > 1, draws.happens(.percent(20)) else {
            return draft.set(field, number: Int32(place + 1)) { $0.append(contentsOf: column.values[place].code) }
        }
        let second = (place + 1 + draws.below(count - 1)) % count
        draft.set(field, number: Int32(place + 1 | (second + 1) << 8)) {
            $0.append(contentsOf: column.values[place].code)
            $0.append(0x3B)
            $0.append(contentsOf: column.values[second].code)
        }
    }

    private func fillNumber(
        _ field: Int, _ column: Column, _ matter: Matter, _ row: Int, _ draft: inout DraftRow, _ draws: inout Draws
    ) {
        switch column.filler {
        case .serial(let style): fillSerial(field, style, matter, row, &draft)
        case .subjectNumber(let length):
            let value = Draws.mix(UInt64(matter.subject) << 16 | UInt64(field))
            draft.set(field) { out in
                for place in 0..<length { out.append(48 + UInt8(value >> (UInt64(place) * 4) & 15) % 10) }
            }
        case .year: draft.set(field) { Codes.append(CivilDate(day: plan.period.last).year, to: &$0) }
        case .periodName: draft.set(field, plan.periodName.utf8)
        case .numberPlate: draft.set(field) { out in
            out.append(contentsOf: "豫QYS".utf8)
            Codes.append(draws.below(1_000), width: 3, to: &out)
        }
        case .integer(let range):
            let x = draws.unit()
            let value = range.lowerBound + Int(x * x * x * Double(range.upperBound - range.lowerBound + 1))
            draft.set(field, .number) { Codes.append(min(value, range.upperBound), to: &$0) }
        case .decimal(let digits, let scale, let most): fillAmount(field, digits, scale, most, &draft, &draws)
        case .sameAmount(let other, let scale):
            if draws.happens(.percent(93)) {
                let text = Array(draft.text(other))
                draft.set(field, .number) { $0.append(contentsOf: text) }
            } else {
                fillAmount(field, 4, scale, nil, &draft, &draws)
            }
        default: break
        }
    }

    /// An amount: small ones often, large ones seldom; as many decimals as people write.
    private func fillAmount(
        _ field: Int, _ digits: Int, _ scale: Int, _ most: Int?, _ draft: inout DraftRow, _ draws: inout Draws
    ) {
        let places = scale <= 2 ? scale : draws.happens(.percent(30)) ? min(scale, 6) : min(scale, 2)
        var whole: Int
        if let most {
            whole = draws.below(max(1, most))
        } else {
            var bound = 10
            for _ in 1..<max(1, min(digits, 2 + draws.below(5))) { bound *= 10 }
            whole = draws.below(bound)
        }
        var unit = 1
        for _ in 0..<places { unit *= 10 }
        let fraction = draws.below(unit)
        if let most, whole >= most { whole = most - 1 }
        draft.set(field, .number) { out in
            Codes.append(max(0, whole), to: &out)
            if places > 0, fraction > 0 {
                out.append(0x2E)
                Codes.append(fraction, width: places, to: &out)
            }
        }
    }

    private func fillSerial(_ field: Int, _ style: SerialStyle, _ matter: Matter, _ row: Int, _ draft: inout DraftRow) {
        // An account keeps its number; what is numbered by the row is unique by file and row.
        let isAccount = matter.variant >= 0
        let number = isAccount ? 17_000_000 + matter.variant : plan.ordinal * 100_000 + row + 1
        let year = CivilDate(day: matter.day).year
        draft.set(field) { out in
            switch style {
            case .digits: Codes.append(number, width: 10, to: &out)
            case .plain:
                out.append(contentsOf: "YS-".utf8)
                Codes.append(year, to: &out)
                out.append(0x2D)
                Codes.append(number, width: 8, to: &out)
            case .document:
                out.append(contentsOf: "驻演示〔".utf8)
                Codes.append(year, to: &out)
                out.append(contentsOf: "〕".utf8)
                Codes.append(number, to: &out)
                out.append(contentsOf: "号".utf8)
            case .lawsuit:
                out.append(contentsOf: "（".utf8)
                Codes.append(year, to: &out)
                out.append(contentsOf: "）豫17演示".utf8)
                Codes.append(number, to: &out)
                out.append(contentsOf: "号".utf8)
            }
        }
    }
}

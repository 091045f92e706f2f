internal import Glibc
internal import Identifiers

/// A county-level unit as the simulation needs it.
struct County: Sendable {
    /// Six digits of GB/T 2260.
    var code: String
    var name: [UInt8]
}

/// All subjects of the city, persons first. Subject `i` is a function of the seed and `i` alone.
struct Population: Sendable {
    let subjects: [Subject]
    let counties: [County]
    /// Persons are 0..<personCount, organisations the rest.
    let personCount: Int

    /// - Parameter today: nobody is younger than 18 on the first day of the three years, no organisation founded after today.
    init(count: Int, seed: UInt64, counties: [County], today: CivilDate) {
        self.counties = counties
        personCount = max(1, count * 55 / 100)
        let maker = Maker(
            heaviest: max(50, min(6_000, Double(count) / 10)), seed: Draws.seed(seed, "population"), counties: counties, today: today, persons: personCount)
        var subjects: [Subject] = []
        subjects.reserveCapacity(count)
        for index in 0..<personCount { subjects.append(maker.person(index)) }
        for index in 0..<max(1, count - personCount) { subjects.append(maker.organisation(index)) }
        self.subjects = subjects
    }
}

extension Population {
    /// Draws one subject from its own stream.
    private struct Maker {
        /// No subject weighs more: in a small city a few would fill all files.
        let heaviest: Double
        let seed: UInt64
        let counties: [County]
        let today: CivilDate
        let persons: Int

        /// Days on which the city's adults were born: 62 years ending 21 years before today.
        private static let birthDays = 22_637

        func person(_ index: Int) -> Subject {
            var draws = Draws(seed: seed, place: UInt64(index))
            // The day and the sequence come from the index, so that no number is made twice.
            let last = Int(today.day) - 21 * 366
            let born = CivilDate(day: Int32(last - index * 7_919 % Self.birthDays))
            let round = index / Self.birthDays
            let sequence = (round * 2 + draws.below(2) + Int(born.day & 0xFF) * 2) % 1000
            let county = draws.below(counties.count)
            return Subject(
                form: .person, name: personName(&draws), code: Codes.citizenNumber(born: born, sequence: sequence),
                county: county, representative: Int32(index), address: address(county, &draws),
                established: born.day, weight: weight(&draws, shape: 1.15))
        }

        func organisation(_ index: Int) -> Subject {
            var draws = Draws(seed: seed, place: UInt64(index) | 1 << 40)
            let form = form(&draws)
            let county = draws.below(counties.count)
            // More than a third are younger than eleven years; the rest carry a registration number.
            let age = draws.happens(.percent(62)) ? draws.below(10 * 365) : draws.below(27 * 365)
            let established = CivilDate(day: today.day - Int32(20 + age))
            let old = established.day < 16_709  // 2015-10-01, 国务院令: one licence, one code
            let prefix = switch form {
            case .person, .company: "91"
            case .soleTrader: "92"
            case .cooperative: "93"
            case .society: draws.happens(.percent(50)) ? "51" : "52"
            case .institution: "12"
            case .lawFirm: "31"
            case .collective: draws.happens(.percent(70)) ? "N2" : "N3"
            }
            // A million old codes are there to be had; a greater city gives the new form to old organisations too.
            let oldCode = old && index < 1_000_000
            let number = index * 7_919 % (oldCode ? 1_000_000 : 28_629_151)
            let organisation = Codes.organisationCode(number, old: oldCode)
            var subject = Subject(
                form: form, name: name(form, county, &draws),
                code: Codes.unifiedCode(prefix, region: counties[county].code, organisation: organisation),
                county: county, representative: Int32(draws.below(persons)), address: address(county, &draws),
                established: established.day, weight: weight(&draws, shape: form == .company ? 0.95 : 1.1))
            if old, form == .company || form == .soleTrader || form == .cooperative {
                subject.registrationNumber = Codes.registrationNumber(region: counties[county].code, serial: 90_000_000 + index % 10_000_000)
            }
            if draws.happens(.percent(9)) {
                subject.formerName = name(form, county, &draws)
                subject.renamed = min(today.day - 40, established.day + 30 + Int32(draws.below(max(1, age - 60))))
            }
            return subject
        }

        private func form(_ draws: inout Draws) -> Subject.Form {
            switch draws.below(100) {
            case 0..<40: .company
            case 40..<85: .soleTrader
            case 85..<92: .cooperative
            case 92..<96: .society
            case 96..<98: .institution
            case 98: .lawFirm
            default: .collective
            }
        }

        /// Pareto: half of all subjects weigh less than 2, one of a thousand more than 300; bounded.
        private func weight(_ draws: inout Draws, shape: Double) -> Double {
            min(heaviest, pow(1 - draws.unit(), -1 / shape))
        }

        private func personName(_ draws: inout Draws) -> [UInt8] {
            var name = draws.favour(Words.surnames)
            name += draws.favour(Words.givenNames)
            if name.count == 6, draws.happens(.percent(55)) { name += draws.pick(Words.givenNames).prefix(3) }
            return name
        }

        private func name(_ form: Subject.Form, _ county: Int, _ draws: inout Draws) -> [UInt8] {
            let city = Array("驻马店市".utf8)
            let demonstration = Array("演示".utf8)
            let wide = draws.happens(.percent(45))
            var name = form == .company && wide ? city : counties[county].name
            name += demonstration
            switch form {
            case .company, .person:
                name += trade(&draws) + draws.favour(Words.industries) + draws.pick(Words.endings)
            case .soleTrader:
                if wide { name += draws.favour(Words.surnames) + Array(wide ? "记".utf8 : "家".utf8) } else { name += trade(&draws) }
                name += draws.favour(Words.shops)
            case .cooperative:
                name += trade(&draws) + draws.favour(Words.coops) + Array("农民专业合作社".utf8)
            case .society:
                name += trade(&draws) + draws.pick(Words.societies)
            case .institution:
                name += trade(&draws) + draws.pick(Words.institutions)
            case .lawFirm:
                name += trade(&draws) + Array("律师事务所".utf8)
            case .collective:
                name += draws.pick(Words.towns) + draws.pick(Words.villages) + Array("村股份经济合作社".utf8)
            }
            return name
        }

        private func trade(_ draws: inout Draws) -> [UInt8] {
            draws.favour(Words.trade) + draws.favour(Words.trade) + (draws.happens(.percent(22)) ? draws.pick(Words.trade) : [])
        }

        private func address(_ county: Int, _ draws: inout Draws) -> [UInt8] {
            var text = Array("河南省驻马店市".utf8) + counties[county].name
            if draws.happens(.percent(35)) {
                text += draws.pick(Words.towns) + draws.pick(Words.villages) + Array("村".utf8)
            } else {
                text += draws.favour(Words.roads)
            }
            Codes.append(1 + draws.below(480), to: &text)
            return text + Array("号（演示）".utf8)
        }
    }
}

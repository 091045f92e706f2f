/// What of the city a resource is about, and how much of it there is. This is the only place that knows resources by
/// their code; everything else is read from the catalogue.
struct Assignment: Sendable {
    /// The forms of subject concerned.
    var forms: [Subject.Form]
    /// For each thousand subjects of the city: lines in three years, or in each period of a list that is delivered anew
    /// for every month, quarter or year.
    var perThousand: Int
    /// Subjects whose name has one of these words; empty for all.
    var words: [String] = []
    /// Everyone of these forms has one line, in place of some having many.
    var everyone = false

    private static let organisations: [Subject.Form] = [
        .company, .soleTrader, .cooperative, .society, .institution, .lawFirm, .collective,
    ]
    private static let traders: [Subject.Form] = [.company, .soleTrader, .cooperative]
    private static let food = ["食品", "粮油", "面粉", "芝麻", "花生", "食用菌", "超市", "副食", "烩面", "饭店", "豆腐", "卤肉", "香油", "水果", "便利"]
    private static let transport = ["汽车运输", "物流", "货运"]
    private static let catering = ["烩面", "胡辣汤", "饭店", "早餐", "面条", "餐饮", "酒店"]

    /// Where the catalogue has a resource that the table does not name.
    static func standard(persons: Bool, organisations: Bool) -> Assignment {
        Assignment(forms: (persons ? [.person] : []) + (organisations ? Self.organisations : []), perThousand: 8)
    }

    static let table: [String: Assignment] = [
        "ZMD-01-0001": .init(forms: [.company], perThousand: 0),
        "ZMD-01-0002": .init(forms: [.soleTrader], perThousand: 0),
        "ZMD-01-0003": .init(forms: [.cooperative], perThousand: 0),
        "ZMD-01-0004": .init(forms: [.society], perThousand: 0),
        "ZMD-01-0005": .init(forms: [.institution], perThousand: 0),
        "ZMD-01-0006": .init(forms: organisations, perThousand: 60),
        "ZMD-01-0007": .init(forms: organisations, perThousand: 20),
        "ZMD-01-0008": .init(forms: [.lawFirm], perThousand: 0),
        "ZMD-01-0009": .init(forms: [.collective], perThousand: 0),
        "ZMD-01-0010": .init(forms: traders, perThousand: 40, words: ["电子商务", "网店", "超市", "服装", "农业", "食品"]),
        "ZMD-02-0001": .init(forms: organisations, perThousand: 150),
        "ZMD-02-0002": .init(forms: [.company, .soleTrader], perThousand: 60),
        "ZMD-02-0003": .init(forms: [.company], perThousand: 3),
        "ZMD-03-0001": .init(forms: organisations, perThousand: 700),
        "ZMD-03-0002": .init(forms: organisations, perThousand: 260),
        "ZMD-03-0003": .init(forms: [.person], perThousand: 0, everyone: true),
        "ZMD-03-0004": .init(forms: [.person], perThousand: 120),
        "ZMD-03-0005": .init(forms: traders, perThousand: 260, words: food),
        "ZMD-03-0006": .init(forms: traders, perThousand: 60, words: ["医药", "药房", "诊所", "医疗"]),
        "ZMD-03-0007": .init(forms: traders, perThousand: 460, words: transport),
        "ZMD-03-0008": .init(forms: [.company], perThousand: 50),
        "ZMD-03-0009": .init(forms: organisations, perThousand: 400),
        "ZMD-03-0010": .init(forms: [.company], perThousand: 3, words: ["小额贷款"]),
        "ZMD-03-0011": .init(forms: [.company], perThousand: 3, words: ["融资担保"]),
        "ZMD-03-0012": .init(forms: [.company], perThousand: 4),
        "ZMD-04-0001": .init(forms: [.person], perThousand: 40),
        "ZMD-04-0002": .init(forms: [.person], perThousand: 60),
        "ZMD-04-0003": .init(forms: [.person], perThousand: 25),
        "ZMD-05-0001": .init(forms: [.company], perThousand: 60),
        "ZMD-05-0002": .init(forms: [.soleTrader], perThousand: 90),
        "ZMD-05-0003": .init(forms: [.society], perThousand: 6),
        "ZMD-06-0001": .init(forms: [.company, .soleTrader], perThousand: 30),
        "ZMD-06-0002": .init(forms: [.person], perThousand: 45),
        "ZMD-06-0013": .init(forms: [.society], perThousand: 3),
        "ZMD-06-0015": .init(forms: [.person], perThousand: 2),
        "ZMD-07-0001": .init(forms: organisations, perThousand: 120),
        "ZMD-07-0002": .init(forms: [.person] + organisations, perThousand: 60),
        "ZMD-07-0003": .init(forms: [.person] + organisations, perThousand: 92),
        "ZMD-07-0004": .init(forms: [.person] + organisations, perThousand: 40),
        "ZMD-07-0005": .init(forms: [.company], perThousand: 60),
        "ZMD-07-0006": .init(forms: [.company], perThousand: 60),
        "ZMD-07-0007": .init(forms: [.institution], perThousand: 4),
        "ZMD-08-0001": .init(forms: organisations, perThousand: 260),
        "ZMD-08-0002": .init(forms: [.person], perThousand: 160),
        "ZMD-09-0001": .init(forms: [.company], perThousand: 150),
        "ZMD-09-0002": .init(forms: [.company], perThousand: 25),
        "ZMD-09-0003": .init(forms: [.company], perThousand: 12),
        "ZMD-09-0004": .init(forms: traders, perThousand: 60, words: catering),
        "ZMD-09-0005": .init(forms: traders, perThousand: 8, words: transport),
        "ZMD-09-0007": .init(forms: [.company], perThousand: 30),
        "ZMD-09-0008": .init(forms: [.company], perThousand: 12),
        "ZMD-10-0001": .init(forms: [.company, .society, .institution, .lawFirm], perThousand: 105),
        "ZMD-10-0002": .init(forms: [.person], perThousand: 82),
        "ZMD-10-0003": .init(forms: [.company, .society, .institution, .lawFirm], perThousand: 42),
        "ZMD-10-0004": .init(forms: [.person], perThousand: 62),
        "ZMD-10-0005": .init(forms: [.company], perThousand: 18),
        "ZMD-10-0006": .init(forms: [.company], perThousand: 45),
        "ZMD-11-0001": .init(forms: organisations, perThousand: 30),
        "ZMD-11-0002": .init(forms: [.person], perThousand: 30),
        "ZMD-11-0003": .init(forms: [.person], perThousand: 110),
        "ZMD-11-0004": .init(forms: [.person], perThousand: 420),
        "ZMD-12-0001": .init(forms: [.company], perThousand: 40),
        "ZMD-12-0002": .init(forms: traders, perThousand: 60),
        "ZMD-13-0001": .init(forms: traders, perThousand: 40),
        "ZMD-13-0002": .init(forms: [.company], perThousand: 150),
        "ZMD-13-0003": .init(forms: [.company], perThousand: 8, words: ["投资", "典当", "担保"]),
        "ZMD-13-0004": .init(forms: [.company], perThousand: 20),
        "ZMD-13-0005": .init(forms: [.company], perThousand: 3, words: ["投资", "典当"]),
    ]
}

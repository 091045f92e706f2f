@testable import Portal

/// Small files of departments, as text. All subjects are made up.
enum SampleFile {
    static let firm = "91411700MA00000A9C"
    static let other = "52411700MJY00001XC"
    static let person = "412825190001010032"
    static let court = "124117004190000189"

    /// 企业登记注册信息 of one firm.
    static func registration(name: String = "驻马店市天中商贸有限公司", status: String = "存续", approved: String = "2024-03-01") -> String {
        """
        企业名称,统一社会信用代码,法定代表人,类型,成立日期,登记状态,住所,行政区划,登记机关,核准日期
        \(name),\(firm),王演示,有限责任公司,2016-05-04,\(status),驿城区演示路1号,411702,驻马店市市场监督管理局,\(approved)

        """
    }

    /// 行政处罚信息（法人和非法人组织）: header and rows.
    static func penalties(_ rows: [Penalty]) -> String {
        let header =
            "行政相对人名称,行政相对人类别,统一社会信用代码,法定代表人,法定代表人证件号码,行政处罚决定文书号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,"
            + "罚款金额（万元）,处罚决定日期,处罚有效期,处罚机关,处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码\n"
        return header + rows.map { $0.line + "\n" }.joined()
    }

    struct Penalty: Sendable {
        var name = "驻马店市天中商贸有限公司"
        var code = firm
        var document = "驻市监处罚〔2026〕1号"
        var fine = "1.5"
        var date = "2026-01-17"

        var line: String {
            "\(name),法人及非法人组织,\(code),王演示,SECRET-NUMBER,\(document),食品安全,销售标签不符的食品,食品安全法,罚款,罚款人民币\(fine)万元,"
                + "\(fine),\(date),2027-01-17,驻马店市市场监督管理局,\(court),驻马店市市场监督管理局,\(court)"
        }
    }

    /// 行政处罚信息（自然人）: one row.
    static let personPenalty =
        "行政相对人名称,行政相对人类别,证件类型,证件号码,行政处罚决定文书号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,处罚决定日期,处罚机关,"
        + "处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码\n"
        + "张演示,自然人,身份证,\(person),驻公交罚〔2026〕9号,交通违法,超速,道路交通安全法,罚款,罚款200元,0.02,2026-02-03,驻马店市市场监督管理局,\(court),驻马店市市场监督管理局,\(court)\n"
}

import Foundation
import Identifiers
import Policy

/// A small sound book, as texts: tests write it to a directory, whole or with one defect.
enum FixtureBook {
    static let today = CivilDate(day: 20_780)  // 2026-11-23

    static let rule = "rules/punish-penalties.yaml"
    static let penalty = "catalogue/03-administration/penalty.yaml"
    static let penaltyNext = "catalogue/03-administration/penalty-v2.yaml"
    static let enterprise = "catalogue/01-registration/enterprise.yaml"
    static let debtor = "catalogue/02-judicial/debtor.yaml"

    static let files = written.merging(drawn) { one, _ in one }

    private static let written: [String: String] = [
        "classes.yaml": classes,
        "sectors.yaml": """
            - {name: 食品药品}
            - {name: 中小企业}
            """,
        "purposes.yaml": """
            - {code: XK, name: 行政许可核查, ground: duty, users: [window-clerk], case: required, basis: [{document: penalty-law, article: 第四十八条}]}
            - {code: RZ, name: 融资, ground: consent, users: [bank], case: required, basis: [{document: registration, article: 全文}], consentText: 同意, consentVersion: "1", consentDays: 365}
            """,
        "national-measures.yaml": """
            - {number: 1, name: 限制市场准入, effect: reduces-rights, subjects: [organisation]}
            - {number: 6, name: 限制申请财政性资金, effect: administrative, subjects: [organisation, person]}
            """,
        "measures.yaml": """
            - {code: ZR, version: 1, name: 限制准入, item: 1, effect: reduces-rights, subjects: [organisation], departments: [ZMD-SCJG], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: }
            - {code: CZ, version: 1, name: 限制财政资金, item: 6, effect: administrative, subjects: [organisation, person], departments: [kind:city-department], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: }
            - {code: LS, version: 1, name: 绿色通道, effect: incentive, subjects: [organisation], departments: [kind:city-department], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: , confirmed: {owner: 信用办, on: 2026-01-05}}
            """,
        "lists.yaml": """
            - {code: bad, version: 1, name: 严重失信名单, nature: serious-dishonesty, authority: 市场监管部门, resources: [], subjects: [organisation], public: true, term: P3Y, early: P1Y, measures: [ZR, CZ], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: , hearing: 5}
            - {code: watched, version: 1, name: 重点关注, nature: watch, authority: 信用中心, resources: [], subjects: [organisation], public: false, measures: [], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: }
            - {code: good, version: 1, name: 红名单, nature: red, authority: 信用中心, resources: [], subjects: [organisation], public: true, term: P2Y, measures: [LS], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: 2030-01-01}
            """,
        "forbidden-attributes.yaml": """
            - {word: 民族, basis: [{document: registration, article: 全文}]}
            """,
        "indicators.yaml": """
            - {name: 处罚次数, of: count, resource: ZMD-03-0002, window: P24M, where: 'list contains(处罚类别, "2")', unit: 次}
            - {name: 罚款金额, of: sum, resource: ZMD-03-0002, field: CF_NR_FK, window: P24M, unit: 万元}
            - {name: 最近违法行为, of: latest, resource: ZMD-03-0002, field: CF_WFXW}
            - {name: 在列数, of: listings, nature: serious-dishonesty, unit: 个}
            """,
        "matters.yaml": """
            - {code: XK-01, version: 1, name: 食品经营许可, bodies: [ZMD-SCJG], purpose: XK, subjects: [organisation], lists: [bad], resources: [ZMD-03-0002], measures: [ZR], basis: [{document: registration, article: 全文}], from: 2022-03-01, to: }
            """,
        rule: """
            rule: punish.penalties
            version: 1
            kind: punish
            title: 屡受处罚的限制财政资金
            issuer: 驻马店市市场监督管理局
            basis:
              - {document: registration, article: 全文}
            applies: organisation
            from: 2022-03-01
            to:
            when:
              all:
                - {id: c1, if: '处罚次数 >= 3', say: 三次以上处罚}
                - {id: c2, if: '罚款金额 > 1.5', say: 罚款较多}
            unless:
              - {id: u1, if: '最近违法行为 = "轻微"', say: 最近一次轻微}
            on_unknown: manual
            measure: CZ
            tests:
              - {in: {处罚次数: 3, 罚款金额: 2, 最近违法行为: 无证经营}, out: met, fired: [c1, c2]}
              - {in: {处罚次数: 3, 罚款金额: 2, 最近违法行为: 轻微}, out: not_met, fired: [c1, c2, u1]}
              - {in: {处罚次数: 3, 罚款金额: 2}, out: manual}
            """,
        "retention.yaml": """
            - {kept: records, classes: [1, 2, 3], subject: organisation, basis: [{document: registration, article: 全文}]}
            - {kept: records, classes: [1, 2, 3], subject: person, years: 5, basis: [{document: registration, article: 全文}]}
            - {kept: files, years: 3, basis: [{document: registration, article: 全文}]}
            - {kept: events, years: 5, basis: [{document: registration, article: 全文}], confirmed: {owner: 信用办, on: 2026-01-05}}
            """,
        "calendar.yaml": """
            - {year: 2025, document: 国办发明电〔2024〕12号, holidays: [2025-01-01, 2025-10-01/2025-10-08], workdays: [2025-09-28, 2025-10-11]}
            - {year: 2026, document: 国办发明电〔2025〕7号, holidays: [2026-01-01/2026-01-03, 2026-02-15/2026-02-23, 2026-10-01/2026-10-07], workdays: [2026-01-04, 2026-02-14, 2026-02-28, 2026-10-10], confirmed: {owner: 市政府办, on: 2026-01-05}}
            """,
        "regions.yaml": """
            - {code: "411700", name: 驻马店市, longitude: 114.024736, latitude: 32.980169}
            - {code: "411721", name: 西平县, parent: "411700", formerCodes: ["412824"]}
            - {code: "411771", name: 经济开发区, parent: "411700", zone: true}
            """,
        "organisations.yaml": """
            - {code: ZMD-SCJG, name: 驻马店市市场监督管理局, kind: city-department, region: "411700", aliases: [市市场监管局]}
            - {code: ZMD-ZY, name: 驻马店市中级人民法院, kind: court, uscc: 124117004190000189}
            - {code: XP-SCJG, name: 西平县市场监督管理局, kind: county-department, region: "411721", owner: ZMD-SCJG}
            """,
        "documents.yaml": """
            - {id: penalty-law, title: 中华人民共和国行政处罚法, level: law, issuer: 全国人大常委会, from: 2021-07-15, articles: [第四十八条]}
            - {id: city-notice, title: 市级通知, level: local-document, issuer: 市人民政府, from: 2020-01-01}
            - {id: penalty-law-2017, title: 中华人民共和国行政处罚法（2017修正）, level: law, issuer: 全国人大常委会, from: 2018-01-01, to: 2021-07-14}
            - id: registration
              title: 市场主体登记管理条例
              number: 国务院令第746号
              level: regulation
              issuer: 国务院
              from: 2022-03-01
              confirmed: {owner: 信用办, on: 2026-01-05}
            """,
        "codesets/penalty-category.yaml": """
            id: penalty-category
            name: 处罚类别
            open: true
            values:
              - {code: "1", name: 警告}
              - {code: "2", name: 罚款, aliases: [处以罚款]}
              - {code: "3", name: 没收违法所得}
            """,
        "codesets/document-type.yaml": """
            id: document-type
            name: 证件类型
            values:
              - {code: "01", name: 身份证}
              - {code: "02", name: 护照}
            """,
        penalty: penaltyText,
        penaltyNext: penaltyText.replacing("version: 1", with: "version: 2")
            .replacing("validFrom: 2019-01-01\nvalidTo: 2023-12-31", with: "validFrom: 2024-01-01\nvalidTo:")
            .replacing("  - {document: penalty-law-2017, article: 第三十一条}\n", with: ""),
        enterprise: enterpriseText,
        debtor: debtorText,
    ]

    private static let classes = """
        - {number: 1, name: 登记注册基本信息}
        - {number: 2, name: 司法裁判及执行信息}
        - {number: 3, name: 行政管理信息}
        - {number: 4, name: 职称和职业信息}
        - {number: 5, name: 经营（活动）异常名录（状态）信息}
        - {number: 6, name: 严重失信主体名单信息}
        - {number: 7, name: 合同履行信息}
        - {number: 8, name: 信用承诺及履行情况信息}
        - {number: 9, name: 信用评价结果信息}
        - {number: 10, name: 遵守法律法规情况信息}
        - {number: 11, name: 诚实守信相关荣誉信息}
        - {number: 12, name: 知识产权信息}
        - {number: 13, name: 经营主体自主提供信息}
        """

    private static let penaltyText = """
        code: ZMD-03-0002
        number: 302
        version: 1
        name: 行政处罚信息
        class: 3
        sectors: [食品药品]
        providers: [kind:city-department, XP-SCJG]
        cadence: daily
        disclosure: public
        subject: organisation
        basis:
          - {document: penalty-law-2017, article: 第三十一条}
          - {document: penalty-law, article: 第四十八条}
        validFrom: 2019-01-01
        validTo: 2023-12-31
        businessKey: [CF_WSH, CF_CFJGDM]
        effective: CF_JDRQ
        identification: required
        summary: [CF_WFXW]
        fields:
          - {code: CF_XDR_MC, name: 行政相对人名称, aliases: [企业名称, 当事人名称], type: text, length: 200, required: true, role: name, check: [minLength 2, notAllDigits]}
          - {code: CF_XDR_SHXYM, national: CF_XDR_SHXYM, name: 统一社会信用代码, type: identifier, identifier: unifiedSocialCreditCode, required: true, role: unifiedSocialCreditCode}
          - {code: CF_FR_ZJHM, name: 法定代表人证件号码, type: text, sensitivity: personal}
          - {code: CF_CFLB, name: 处罚类别, type: code, codeSet: penalty-category, multiple: true, required: true}
          - {code: CF_WFXW, name: 违法行为类型, type: text, required: true}
          - {code: CF_NR_FK, name: 罚款金额（万元）, type: decimal, precision: 18, scale: 6, requiredWhen: {field: CF_CFLB, contains: 罚款}, check: [min 0, max 999999]}
          - {code: CF_WSH, name: 决定文书号, type: text, length: 128, required: true, aliases: [文书号]}
          - {code: CF_JDRQ, name: 决定日期, type: date, required: true}
          - {code: CF_YXQ, name: 处罚有效期, type: date}
          - {code: CF_CFJGDM, name: 处罚机关代码, type: text, length: 18, role: providerCode, check: [departmentCode]}
          - {code: CF_RS, name: 涉案人数, type: integer}
        checks:
          - {kind: notAfterToday, field: CF_JDRQ}
          - {kind: ordered, field: CF_JDRQ, notAfter: CF_YXQ}
          - {kind: oneOf, fields: [CF_YXQ, CF_RS]}
        """

    private static let enterpriseText = """
        code: ZMD-01-0001
        number: 101
        version: 1
        name: 企业登记信息
        class: 1
        sectors: [中小企业]
        providers: [ZMD-SCJG]
        cadence: daily
        disclosure: public
        subject: organisation
        basis:
          - {document: registration, article: 第八条}
        validFrom: 2022-03-01
        businessKey: [TYSHXYDM]
        effective: CLRQ
        identification: required
        registers: true
        summary: [QYMC]
        fields:
          - {code: QYMC, name: 企业名称, type: text, required: true, role: name}
          - {code: TYSHXYDM, name: 统一社会信用代码, type: identifier, identifier: unifiedSocialCreditCode, required: true, role: unifiedSocialCreditCode}
          - {code: CLRQ, name: 成立日期, type: date, role: established}
          - {code: XZQH, name: 行政区划, type: code, codeSet: region, role: region}
        """

    private static let debtorText = """
        code: ZMD-02-0001
        number: 201
        version: 1
        name: 失信被执行人（自然人）
        class: 2
        providers: [ZMD-ZY]
        cadence: weekly
        disclosure: shared
        subject: person
        basis:
          - {document: penalty-law, article: 第四十八条}
        validFrom: 2022-01-01
        businessKey: [AH]
        effective: FBRQ
        identification: nameAllowed
        summary: [AH]
        fields:
          - {code: XM, name: 姓名, type: text, required: true, role: name, sensitivity: personal}
          - {code: ZJLX, name: 证件类型, type: code, codeSet: document-type, role: documentType}
          - {code: ZJHM, name: 证件号码, type: text, role: documentNumber, sensitivity: personal, requiredWhen: {absent: SFZH}}
          - {code: SFZH, name: 公民身份号码, type: identifier, identifier: citizenNumber, role: citizenNumber, sensitivity: personal}
          - {code: AH, name: 案号, type: text, required: true}
          - {code: FBRQ, name: 发布日期, type: date}
        """

    /// Loads texts by way of a temporary directory, as the platform does.
    static func load(_ files: [String: String]) throws -> PolicyBook {
        try withDirectory(files) { try PolicyBook.load(from: $0, on: today) }
    }

    /// Writes texts to a temporary directory that is gone afterwards.
    static func withDirectory<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "policy-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return try body(root.path)
    }
}

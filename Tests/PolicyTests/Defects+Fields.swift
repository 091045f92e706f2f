/// Defects of fields, and of what names fields.
extension Defect {
    private static let enterprise = FixtureBook.enterprise
    private static let penalty = FixtureBook.penalty
    private static let debtor = FixtureBook.debtor

    private static let withoutFields =
        String((FixtureBook.files[enterprise] ?? "").split(separator: "fields:")[0]) + "fields: []\n"

    static let ofFields: [Defect] = [
        Defect("no field", enterprise, nil, withoutFields, at: "fields", says: "没有任何字段"),
        Defect("an unknown type", penalty, "type: integer", "type: number", at: "CF_RS,", says: "只能是 text、date、decimal、integer、code、identifier"),
        Defect("a decimal without scale", penalty, "precision: 18, scale: 6", "precision: 18", at: "CF_NR_FK", says: "缺少“scale”"),
        Defect("more decimals than digits", penalty, "precision: 18, scale: 6", "precision: 4, scale: 6", at: "CF_NR_FK", says: "小数位数 6 多于总位数 4"),
        Defect("a scale for a whole number", penalty, "type: integer", "type: integer, scale: 2", at: "CF_RS,", says: "类型为 integer 的字段没有“scale”"),
        Defect("a length for a date", debtor, "type: date", "type: date, length: 10", at: "FBRQ,", says: "日期字段没有“length”"),
        Defect("an unknown code set", debtor, "codeSet: document-type", "codeSet: documents", at: "documents", says: "代码集“documents”不存在"),
        Defect("an unknown kind of identifier", debtor, "identifier: citizenNumber", "identifier: idCard", at: "idCard", says: "只能是 unifiedSocialCreditCode"),
        Defect("an identifier without a role", debtor, ", role: citizenNumber", "", at: "SFZH, name", says: "没有写 role"),
        Defect("an unknown role", debtor, "role: documentType", "role: idType", at: "idType", says: "“role”不能是“idType”"),
        Defect("a role of another type", enterprise, "type: date, role: established", "type: text, role: established", at: "CLRQ,", says: "应为 type: date").drawing(1),
        Defect("a role of another kind of identifier", debtor, "identifier: citizenNumber", "identifier: passport", at: "passport", says: "identifier: citizenNumber"),
        Defect("a role twice", debtor, "name: 案号, type: text, required: true", "name: 案号, type: text, required: true, role: name, sensitivity: personal", at: "AH, name", says: "role: name 在本目录项里重复").drawing(1),
        Defect("an unknown sensitivity", debtor, "role: name, sensitivity: personal", "role: name, sensitivity: secret", at: "secret", says: "只能是 open、internal、personal、sensitive"),
        Defect("a person's number in the open", debtor, "role: citizenNumber, sensitivity: personal", "role: citizenNumber", at: "SFZH, name", says: "自然人的证件号码，不得公开"),
        Defect("a document number in the open", debtor, "role: documentNumber, sensitivity: personal", "role: documentNumber, sensitivity: internal", at: "ZJHM, name", says: "自然人的证件号码，不得公开"),
        Defect("the representative's number in the open", penalty, "sensitivity: personal", "sensitivity: open", at: "CF_FR_ZJHM", says: "自然人的证件号码，不得公开"),
        Defect("a person's name in the open", debtor, "role: name, sensitivity: personal", "role: name", at: "XM,", says: "自然人姓名，属于个人信息"),
        Defect("a field code twice", debtor, "- {code: FBRQ", "- {code: AH", at: "发布日期", says: "字段代码“AH”在本目录项里重复").drawing(1),
        Defect("one name for two fields", debtor, "name: 发布日期", "name: 案号", at: "FBRQ, name", says: "列名“案号”同时指字段“AH”和“FBRQ”"),
        Defect("an alias that is another's name", penalty, "aliases: [文书号]", "aliases: [文书号, ＣＦ＿ＪＤＲＱ]", at: "CF_JDRQ, name", says: "同时指字段“CF_WSH”和“CF_JDRQ”"),
        Defect("an alias twice", penalty, "aliases: [文书号]", "aliases: [文书号, 文书号]", at: "CF_WSH, name", says: "“文书号”写了两次"),
        Defect("several dates in a cell", debtor, "type: date", "type: date, multiple: true", at: "FBRQ,", says: "不能有多个值"),
        Defect("required and required when", penalty, "required: true, aliases: [文书号]", "required: true, requiredWhen: {absent: CF_YXQ}", at: "CF_WSH, name", says: "已经必填"),
        Defect("an unknown check of a value", penalty, "check: [minLength 2, notAllDigits]", "check: [minLength 2, notDigits]", at: "CF_XDR_MC", says: "不认识检查“notDigits”：只能是 minLength N"),
        Defect("a check without its number", penalty, "check: [minLength 2, notAllDigits]", "check: [minLength]", at: "CF_XDR_MC", says: "不认识检查“minLength”"),
        Defect("a check with no number", penalty, "check: [min 0, max 999999]", "check: [min none]", at: "CF_NR_FK", says: "写成 min 0 的形式"),
        Defect("a check of another type", penalty, "type: integer", "type: integer, check: [notAllDigits]", at: "CF_RS,", says: "不适用于整数字段"),
        Defect("bounds the wrong way round", penalty, "min 0, max 999999", "min 10, max 1", at: "CF_NR_FK", says: "上限 1 小于下限 10"),
        Defect("a least length over the greatest", penalty, "length: 200", "length: 1", at: "CF_XDR_MC", says: "要求至少 2 字，却最多 1 字"),
    ]

    static let ofRules: [Defect] = [
        Defect("no business key", debtor, "businessKey: [AH]", "businessKey: []", at: "businessKey", says: "没有业务主键"),
        Defect("a business key of a field that is not there", debtor, "businessKey: [AH]", "businessKey: [AJH]", at: "businessKey", says: "字段“AJH”不在本目录项的 fields 里"),
        Defect("a business key that may be empty", debtor, "businessKey: [AH]", "businessKey: [FBRQ]", at: "businessKey", says: "没有一个是必填的"),
        Defect("a field twice in the business key", debtor, "businessKey: [AH]", "businessKey: [AH, AH]", at: "businessKey", says: "“AH”写了两次"),
        Defect("an effective date that is not there", debtor, "effective: FBRQ", "effective: RQ", at: "effective", says: "字段“RQ”不在本目录项的 fields 里"),
        Defect("an effective date that is no date", debtor, "effective: FBRQ", "effective: AH", at: "effective", says: "不是日期"),
        Defect("a summary of a field that is not there", debtor, "summary: [AH]", "summary: [AH, NR]", at: "summary", says: "字段“NR”不在本目录项的 fields 里"),
        Defect("a summary that shows what is personal", penalty, "summary: [CF_WFXW]", "summary: [CF_WFXW, CF_FR_ZJHM]", at: "summary", says: "摘要里有个人信息字段“CF_FR_ZJHM”"),
        Defect("a summary of what is not stored", penalty, "summary: [CF_WFXW]", "summary: [CF_XDR_MC]", at: "summary", says: "只标识主体"),
        Defect("a check of a field that is not there", penalty, "{kind: notAfterToday, field: CF_JDRQ}", "{kind: notAfterToday, field: CF_RQ}", at: "notAfterToday", says: "字段“CF_RQ”不在本目录项的 fields 里"),
        Defect("an unknown check across fields", penalty, "kind: notAfterToday", "kind: beforeToday", at: "beforeToday", says: "只能是 notAfterToday、ordered、oneOf"),
        Defect("a check of a date on a text", penalty, "{kind: notAfterToday, field: CF_JDRQ}", "{kind: notAfterToday, field: CF_WSH}", at: "notAfterToday", says: "不是日期"),
        Defect("an order of a date and a number", penalty, "notAfter: CF_YXQ", "notAfter: CF_RS", at: "kind: ordered", says: "不能比较"),
        Defect("an order of a field and itself", penalty, "notAfter: CF_YXQ", "notAfter: CF_JDRQ", at: "kind: ordered", says: "两个字段都是"),
        Defect("an order with half its fields", penalty, ", notAfter: CF_YXQ", "", at: "kind: ordered", says: "缺少“notAfter”"),
        Defect("a choice of one field", penalty, "fields: [CF_YXQ, CF_RS]", "fields: [CF_YXQ]", at: "kind: oneOf", says: "至少要写两个字段"),
        Defect("a choice that is always met", penalty, "fields: [CF_YXQ, CF_RS]", "fields: [CF_YXQ, CF_JDRQ]", at: "kind: oneOf", says: "检查没有意义"),
        Defect("a condition on a field that is not there", penalty, "{field: CF_CFLB, contains: 罚款}", "{field: CF_LB, contains: 罚款}", at: "CF_NR_FK", says: "字段“CF_LB”不在本目录项的 fields 里"),
        Defect("a condition on itself", penalty, "{field: CF_CFLB, contains: 罚款}", "{absent: CF_NR_FK}", at: "CF_NR_FK", says: "看的是它自己"),
        Defect("a condition of an unknown value", penalty, "contains: 罚款}", "contains: [罚款, 罚金]}", at: "CF_NR_FK", says: "取值“罚金”不在代码集“penalty-category”里：只能是 警告、罚款、没收违法所得"),
        Defect("a condition without a value", penalty, "{field: CF_CFLB, contains: 罚款}", "{field: CF_CFLB}", at: "CF_NR_FK", says: "缺少取值"),
        Defect("a condition of another sort", penalty, "{field: CF_CFLB, contains: 罚款}", "{field: CF_CFLB, equals: 罚款, above: 3}", at: "CF_NR_FK", says: "没有“above”这一项"),
        Defect("a condition of a value of a date", penalty, "{field: CF_CFLB, contains: 罚款}", "{field: CF_YXQ, equals: 长期}", at: "CF_NR_FK", says: "不是文本或代码"),
        Defect("a condition that never holds", debtor, "{absent: SFZH}", "{absent: AH}", at: "ZJHM, name", says: "条件永远不成立"),
    ]
}

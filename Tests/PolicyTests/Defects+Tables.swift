/// Defects of drawn tables, and of rules that use them.
extension Defect {
    static let ofTables: [Defect] = ofUse + ofDrawings + ofHeads + ofCells + ofRows

    private static let (rule, drawing) = (FixtureBook.drawnRule, FixtureBook.drawing)
    private static let (otherRule, other) = (FixtureBook.otherDrawnRule, FixtureBook.otherDrawing)

    private static let ofUse: [Defect] = [
        Defect("a drawing that is not there", rule, "file: 近期处罚.dmn", "file: 处罚.dmn", at: "table:", says: "没有文件 rules/处罚.dmn").drawing(1),
        Defect("a drawing of elsewhere", rule, "file: 近期处罚.dmn", "file: ../近期处罚.dmn", at: "table:", says: "没有文件 rules/../近期处罚.dmn").drawing(1),
        Defect("a drawing without a file", rule, "{file: 近期处罚.dmn}", "{decision: 是否提示}", at: "table:", says: "缺少“file”"),
        Defect("a drawing under an unknown key", rule, "{file: 近期处罚.dmn}", "{file: 近期处罚.dmn, sheet: 1}", at: "table:", says: "没有“sheet”这一项"),
        Defect("conditions and a drawing", rule, "unless:", "when:\n  all:\n    - {id: c1, if: '处罚次数 >= 3', say: 三次}\nunless:", at: "table:", says: "既有 when 又有 table"),
        Defect("neither conditions nor a drawing", rule, "table: {file: 近期处罚.dmn}\n", "", at: "rule:", says: "规则没有触发条件"),
        Defect("an unknown decision", otherRule, "decision: 是否守信", "decision: 是否守法", at: "table:", says: "没有决策“是否守法”：请改为“是否守信”"),
        Defect("a decision that is no table", otherRule, "decision: 是否守信", "decision: 说明", at: "id=\"_b0\"", in: other, says: "“说明”不是决策表"),
        Defect("two decisions of one name", other, "id=\"_b0\" name=\"说明\"", "id=\"_b0\" name=\"是否守信\"", at: "table:", in: otherRule, says: "2 个决策都叫“是否守信”"),
        Defect("several tables and none named", drawing, "</decision>", "</decision><decision id=\"D2\" name=\"另一张\"><decisionTable/></decision>", at: "table:", in: rule, says: "有 2 张决策表（“是否提示”、“另一张”）：请写明 decision"),
        Defect("a model without a table", drawing, FixtureBook.table, "<literalExpression><text>true</text></literalExpression>", at: nil, says: "模型里没有决策表"),
        Defect("a drawing that nobody uses", "rules/另一张.dmn", nil, FixtureBook.files[FixtureBook.drawing] ?? "", at: nil, says: "没有规则用到这个决策表"),
        Defect("a clause with the id of a row", rule, "id: u1", "id: r2", at: "已在严重失信名单上", says: "条件编号“r2”用了两次"),
    ]

    private static let ofDrawings: [Defect] = [
        Defect("elements that do not end", drawing, "</inputExpression>", "", at: nil, says: "XML 写法有误").atLine(9),
        Defect("XML that is cut off", drawing, "</definitions>", "", at: nil, says: "XML 写法有误").atLine(77),
        Defect("XML that is no model", drawing, FixtureBook.files[FixtureBook.drawing], "<html>\n</html>\n", at: nil, says: "根元素不是 definitions"),
        Defect("XML within itself without end", drawing, FixtureBook.files[FixtureBook.drawing], String(repeating: "<a>\n", count: 100_000), at: nil, says: "嵌套太深").atLine(201),
    ]

    private static let ofHeads: [Defect] = [
        Defect("an unknown indicator", drawing, "<text>处罚次数</text>", "<text>处罚数</text>", at: "<text>处罚数", says: "没有“处罚数”：请改为“处罚次数”"),
        Defect("an indicator of two units", drawing, "<text>处罚次数</text>", "<text>处罚次数 + 罚款金额</text>", at: "处罚次数 + 罚款金额", says: "单位不同"),
        Defect("a heading that does not end", drawing, "<text>处罚次数</text>", "<text>处罚次数\n+ </text>", at: "+ </text>", says: "没有写完"),
        Defect("a heading without an indicator", drawing, "<text>处罚次数</text>", "<text>3</text>", at: "<text>3<", says: "列标题里没有指标"),
        Defect("a heading of the machine's day", drawing, "<text>处罚次数</text>", "<text>today()</text>", at: "today()", says: "列标题"),
        Defect("a column without a heading", drawing, "<text>最近违法行为</text>", "<text> </text>", at: "id=\"InputClause_1t5zq0d\"", says: "第 3 列没有表达式"),
        Defect("a heading twice", drawing, "<text>罚款金额</text>", "<text>处罚次数</text>", at: nil, says: "有两列的标题都是“处罚次数”").atLine(12),
        Defect("a type that is not so", drawing, "typeRef=\"number\"", "typeRef=\"string\"", at: "typeRef=\"string\"", says: "第 1 列标为“string”，实际是数：请把类型改为 number"),
        Defect("a type that nobody defined", other, "<semantic:inputExpression typeRef=\"次数\">", "<semantic:inputExpression typeRef=\"件数\">", at: "typeRef=\"件数\"", says: "类型“件数”没有定义"),
        Defect("another language", drawing, "id=\"InputExpression_1\"", "id=\"InputExpression_1\" expressionLanguage=\"juel\"", at: "juel", says: "表达式语言是“juel”：请在建模工具里改为 FEEL"),
        Defect("a hit policy that gives a list", drawing, "hitPolicy=\"FIRST\"", "hitPolicy=\"COLLECT\"", at: "COLLECT", says: "请改为 UNIQUE、ANY 或 FIRST"),
        Defect("a hit policy by priority", drawing, "hitPolicy=\"FIRST\"", "hitPolicy=\"PRIORITY\"", at: "PRIORITY", says: "请改为 UNIQUE、ANY 或 FIRST"),
        Defect("an output that is no condition", drawing, "typeRef=\"boolean\"", "typeRef=\"string\"", at: "id=\"Output_1\"", says: "输出标为“string”，实际是真假值"),
        Defect("two outputs", drawing, "typeRef=\"boolean\" />", "typeRef=\"boolean\" />\n<output id=\"Output_2\" name=\"measure\" typeRef=\"string\" />", at: "Output_2", says: "有 2 个输出"),
        Defect("a default that triggers", other, "<semantic:defaultOutputEntry><semantic:text>false", "<semantic:defaultOutputEntry><semantic:text>true", at: "defaultOutputEntry", says: "默认输出是“true”"),
        Defect("a decision that says it is a text", other, "name=\"是否守信\" typeRef=\"feel:boolean\"", "name=\"是否守信\" typeRef=\"feel:string\"", at: "id=\"_c1\"", says: "决策标为“feel:string”"),
    ]

    private static let ofCells: [Defect] = [
        Defect("a cell that is ill-formed", drawing, "<text>[3..5)</text>", "<text>[3..</text>", at: "<text>[3..", says: "单元格“[3..”第"),
        Defect("a cell of another type", drawing, "<text>[3..5)</text>", "<text>\"三次\"</text>", at: "三次\"<", says: "单元格“\"三次\"”"),
        Defect("a cell that computes", drawing, "<text>[3..5)</text>", "<text>&gt;= 2 + 1</text>", at: "2 + 1", says: "不能写运算：请把运算写进列标题的表达式"),
        Defect("a cell that names an indicator", drawing, "<text>[3..5)</text>", "<text>&lt; 罚款金额</text>", at: "&lt; 罚款金额", says: "不能写名称“罚款金额”"),
        Defect("a text without quotes", drawing, "<text>not(\"轻微\")</text>", "<text>not(轻微)</text>", at: "not(轻微)", says: "请放在英文引号里"),
        Defect("a cell with a question mark", drawing, "<text>[3..5)</text>", "<text>? &gt; 3</text>", at: "? &gt; 3", says: "单元格里不能写“?”"),
        Defect("a cell of null", drawing, "<text>[3..5)</text>", "<text>null</text>", at: "null", says: "单元格里不能写 null"),
        Defect("a cell of a list", drawing, "<text>[3..5)</text>", "<text>[3, 4]</text>", at: "[3, 4]", says: "请去掉方括号"),
        Defect("texts by their order", drawing, "<text>not(\"轻微\")</text>", "<text>&lt; \"轻微\"</text>", at: "&lt; \"轻微\"", says: "文本的大小次序不是等级的高低"),
        Defect("an interval the wrong way round", drawing, "<text>[3..5)</text>", "<text>[5..1]</text>", at: "[5..1]", says: "没有任何值能满足"),
        Defect("a cell that leaves nothing", drawing, "<text>not(\"轻微\")</text>", "<text>not(\"轻微\", \"无证经营\", \"虚假宣传\")</text>", at: "not(\"轻微\"", says: "没有任何值能满足"),
        Defect("a value that the column cannot have", drawing, "<text>not(\"轻微\")</text>", "<text>not(\"较轻\")</text>", at: "较轻", says: "\"较轻\" 不在这一列允许的值里"),
        Defect("allowed values that are no values", drawing, "<text>\"轻微\",\"无证经营\",\"虚假宣传\"</text>", "<text>轻微</text>", at: "<text>轻微", says: "允许的值“轻微”第 1 个字符"),
    ]

    private static let ofRows: [Defect] = [
        Defect("a row without a cell", other, "<semantic:inputEntry id=\"_f3\"><semantic:text>true</semantic:text></semantic:inputEntry>\n", "\n", at: "id=\"_f0\"", says: "r2 有 2 个输入单元格，列却有 3 个"),
        Defect("an output that is neither", drawing, "<text>true</text>", "<text>\"提示\"</text>", at: "id=\"LiteralExpression_1uhuhsu\"", says: "r2 的输出是“\"提示\"”：只能是 true 或 false"),
        Defect("an output that is empty", drawing, "<text>true</text>", "<text></text>", at: "id=\"LiteralExpression_1uhuhsu\"", says: "r2 的输出是“”：只能是 true 或 false"),
        Defect("a row that says nothing", drawing, "<description>五次以上处罚</description>", "", at: "id=\"DecisionRule_0h2xg7l\"", says: "r3 触发规则，却没有写明理由"),
        Defect("an annotation that says nothing", other, "<semantic:text>没有处罚</semantic:text>", "<semantic:text> </semantic:text>", at: "id=\"_e0\"", says: "r1 触发规则，却没有写明理由"),
        Defect("rows that overlap", other, "<semantic:text>1, 2</semantic:text>", "<semantic:text>0, 1</semantic:text>", at: "id=\"_f0\"", says: "r2 和 r1（第 40 行）会同时成立，例如 处罚次数 = 0、(罚款金额 * 10000) = 4999、(在列数 = 0) = true：UNIQUE 表的各行不得重叠"),
        Defect("overlapping rows that disagree", other, "hitPolicy=\"UNIQUE\"", "hitPolicy=\"ANY\"", at: "id=\"_g0\"", says: "").replacing("&gt; 2", "&gt; 1").says("r3 和 r2（第 47 行）会同时成立，例如 处罚次数 = 2、(罚款金额 * 10000) = 4999、(在列数 = 0) = true：ANY 表里重叠的行输出须相同"),
        Defect("a row that is never reached", drawing, "<text>\"轻微\"</text>", "<text></text>", at: "id=\"DecisionRule_1c6cmnv\"", says: "r2 永远轮不到：前面的 r1（第 24 行）已经包括了它的全部情形"),
        Defect("a table that never triggers", other, "<semantic:outputEntry id=\"_e4\"><semantic:text>true", "<semantic:outputEntry id=\"_e4\"><semantic:text>false", at: "<semantic:decisionTable", says: "").replacing("<semantic:outputEntry id=\"_f4\"><semantic:text>true", "<semantic:outputEntry id=\"_f4\"><semantic:text>false").says("没有一行输出 true"),
        Defect("a row for everybody", drawing, FixtureBook.table, FixtureBook.everybody, at: "<rule>", says: "r1 没有任何条件，所有主体都会触发"),
        Defect("rows without end", drawing, "</decisionTable>", String(repeating: "<rule/>", count: 200) + "</decisionTable>", at: "<decisionTable", says: "决策表有 203 行，最多 200 行"),
    ]
}

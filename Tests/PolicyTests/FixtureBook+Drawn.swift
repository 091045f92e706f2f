import Foundation

/// Rules whose trigger is drawn, with the drawings as public modelling tools save them.
extension FixtureBook {
    static let drawnRule = "rules/warning-drawn.yaml"
    static let drawing = "rules/近期处罚.dmn"
    static let otherDrawnRule = "rules/reward-drawn.yaml"
    static let otherDrawing = "rules/守信.dmn"

    static let drawn: [String: String] = [
        drawnRule: """
            rule: warning.drawn
            version: 1
            kind: warning
            title: 近期处罚较多或较重
            issuer: 驻马店市市场监督管理局
            basis:
              - {document: penalty-law, article: 第四十八条}
            applies: organisation
            from: 2022-03-01
            to:
            table: {file: 近期处罚.dmn}
            unless:
              - {id: u1, if: '在列数 >= 1', say: 已在严重失信名单上}
            on_unknown: manual
            tests:
              - {in: {处罚次数: 3, 罚款金额: 2, 最近违法行为: 无证经营, 在列数: 0}, out: met, fired: [r2]}
              - {in: {处罚次数: 5, 罚款金额: 20, 最近违法行为: 虚假宣传, 在列数: 0}, out: met, fired: [r3]}
              - {in: {处罚次数: 5, 罚款金额: 20, 在列数: 0}, out: manual, fired: []}
              - {in: {处罚次数: 4, 罚款金额: 2, 最近违法行为: 轻微, 在列数: 0}, out: not_met, fired: []}
              - {in: {处罚次数: 3, 罚款金额: 2, 最近违法行为: 无证经营, 在列数: 1}, out: not_met, fired: [r2, u1]}
              - {in: {处罚次数: 3, 罚款金额: 2, 在列数: 0}, out: manual, fired: []}
            """,
        drawing: dmnJS,
        otherDrawnRule: """
            rule: reward.drawn
            version: 1
            kind: reward
            title: 守信的适用绿色通道
            issuer: 驻马店市市场监督管理局
            basis:
              - {document: penalty-law, article: 第四十八条}
            applies: organisation
            from: 2022-03-01
            to:
            table: {file: 守信.dmn, decision: 是否守信}
            on_unknown: not_met
            measure: LS
            tests:
              - {in: {处罚次数: 0, 在列数: 0}, out: met, fired: [r1]}
              - {in: {处罚次数: 2, 罚款金额: 0.5, 在列数: 0}, out: met, fired: [r2]}
              - {in: {处罚次数: 2, 罚款金额: 5, 在列数: 0}, out: not_met, fired: []}
              - {in: {处罚次数: 0}, out: not_met, fired: []}
            """,
        otherDrawing: prefixed,
    ]

    /// The table within `drawing`.
    static let table: String = {
        guard let start = dmnJS.range(of: "<decisionTable"), let end = dmnJS.range(of: "</decisionTable>") else { return "" }
        return String(dmnJS[start.lowerBound..<end.upperBound])
    }()

    /// A table whose only row asks nothing.
    static let everybody = """
        <decisionTable>
        <input><inputExpression><text>处罚次数</text></inputExpression></input>
        <output/>
        <rule>
        <description>所有主体</description><inputEntry/><outputEntry><text>true</text></outputEntry>
        </rule>
        </decisionTable>
        """

    /// As the editor of bpmn.io saves it: the default namespace of DMN 1.3, ids of its own, a description for each row, a diagram.
    private static let dmnJS = """
        <?xml version="1.0" encoding="UTF-8"?>
        <definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:biodi="http://bpmn.io/schema/dmn/biodi/2.0" id="Definitions_0fxk3ri" name="近期处罚" namespace="http://camunda.org/schema/1.0/dmn" exporter="Camunda Modeler" exporterVersion="5.21.0">
          <decision id="Decision_1l0q8nf" name="是否提示">
            <decisionTable id="DecisionTable_0x2h7ja" hitPolicy="FIRST">
              <input id="Input_1" label="次数" biodi:width="192">
                <inputExpression id="InputExpression_1" typeRef="number">
                  <text>处罚次数</text>
                </inputExpression>
              </input>
              <input id="InputClause_0v6x2nb" label="罚款">
                <inputExpression id="LiteralExpression_1kq0h4z" typeRef="number">
                  <text>罚款金额</text>
                </inputExpression>
              </input>
              <input id="InputClause_1t5zq0d">
                <inputExpression id="LiteralExpression_0a7r5bm" typeRef="string">
                  <text>最近违法行为</text>
                </inputExpression>
                <inputValues id="UnaryTests_0u1s0lk">
                  <text>"轻微","无证经营","虚假宣传"</text>
                </inputValues>
              </input>
              <output id="Output_1" label="提示" name="trigger" typeRef="boolean" />
              <rule id="DecisionRule_0k9y8vu">
                <description>轻微的不提示</description>
                <inputEntry id="UnaryTests_03d9kd2">
                  <text>&lt; 5</text>
                </inputEntry>
                <inputEntry id="UnaryTests_1j3pd3e">
                  <text></text>
                </inputEntry>
                <inputEntry id="UnaryTests_0q4dqmv">
                  <text>"轻微"</text>
                </inputEntry>
                <outputEntry id="LiteralExpression_0z8ihfe">
                  <text>false</text>
                </outputEntry>
              </rule>
              <rule id="DecisionRule_1c6cmnv">
                <description>三次以上处罚，罚款较多</description>
                <inputEntry id="UnaryTests_0t8m6cr">
                  <text>[3..5)</text>
                </inputEntry>
                <inputEntry id="UnaryTests_1e5lmgx">
                  <text><![CDATA[> 1.5]]></text>
                </inputEntry>
                <inputEntry id="UnaryTests_05m6q9y">
                  <text>not("轻微")</text>
                </inputEntry>
                <outputEntry id="LiteralExpression_1uhuhsu">
                  <text>true</text>
                </outputEntry>
              </rule>
              <rule id="DecisionRule_0h2xg7l">
                <description>五次以上处罚</description>
                <inputEntry id="UnaryTests_1y0vkr4">
                  <text>&gt;= 5</text>
                </inputEntry>
                <inputEntry id="UnaryTests_0npb4i8">
                  <text>&gt;= 10</text>
                </inputEntry>
                <inputEntry id="UnaryTests_1vq1l2w">
                  <text></text>
                </inputEntry>
                <outputEntry id="LiteralExpression_0f1dpxc">
                  <text>true</text>
                </outputEntry>
              </rule>
            </decisionTable>
          </decision>
          <dmndi:DMNDI>
            <dmndi:DMNDiagram id="DMNDiagram_1">
              <dmndi:DMNShape id="DMNShape_1" dmnElementRef="Decision_1l0q8nf">
                <dc:Bounds height="80" width="180" x="160" y="100" />
              </dmndi:DMNShape>
            </dmndi:DMNDiagram>
          </dmndi:DMNDI>
        </definitions>
        """

    /// As tools with prefixes save it: DMN 1.5, attributes of their own, input data, annotations in their columns, types with a prefix or by an item definition.
    private static let prefixed = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <semantic:definitions xmlns:semantic="https://www.omg.org/spec/DMN/20230324/MODEL/" xmlns:feel="https://www.omg.org/spec/DMN/20230324/FEEL/" xmlns:triso="http://www.trisotech.com/2015/triso/modeling" xmlns="http://www.trisotech.com/definitions/_5f2b" id="_5f2b" name="守信" namespace="http://www.trisotech.com/definitions/_5f2b" exporter="DMN Modeler" exporterVersion="12.3.1" expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/" triso:logoChoice="Default">
            <semantic:itemDefinition label="次数" name="次数">
                <semantic:typeRef>feel:number</semantic:typeRef>
            </semantic:itemDefinition>
            <semantic:inputData id="_a1" name="处罚次数">
                <semantic:variable id="_a2" name="处罚次数" typeRef="次数"/>
            </semantic:inputData>
            <semantic:decision id="_b0" name="说明">
                <semantic:variable id="_b1" name="说明" typeRef="feel:string"/>
                <semantic:literalExpression id="_b2">
                    <semantic:text>"守信"</semantic:text>
                </semantic:literalExpression>
            </semantic:decision>
            <semantic:decision id="_c0" name="是否守信" triso:name="另一名称">
                <semantic:variable id="_c1" name="是否守信" typeRef="feel:boolean"/>
                <semantic:informationRequirement id="_c2">
                    <semantic:requiredInput href="#_a1"/>
                </semantic:informationRequirement>
                <semantic:decisionTable hitPolicy="UNIQUE" outputLabel="是否守信" typeRef="feel:boolean" id="_d0">
                    <semantic:input id="_d1" label="处罚次数">
                        <semantic:inputExpression typeRef="次数">
                            <semantic:text>处罚次数</semantic:text>
                        </semantic:inputExpression>
                    </semantic:input>
                    <semantic:input id="_d2" label="罚款（元）">
                        <semantic:inputExpression typeRef="feel:number">
                            <semantic:text>罚款金额 * 10000</semantic:text>
                        </semantic:inputExpression>
                    </semantic:input>
                    <semantic:input id="_d3" label="不在名单上">
                        <semantic:inputExpression typeRef="feel:boolean">
                            <semantic:text>在列数 = 0</semantic:text>
                        </semantic:inputExpression>
                    </semantic:input>
                    <semantic:output id="_d4">
                        <semantic:defaultOutputEntry><semantic:text>false</semantic:text></semantic:defaultOutputEntry>
                    </semantic:output>
                    <semantic:annotation name="说明"/>
                    <semantic:rule id="_e0">
                        <semantic:inputEntry id="_e1"><semantic:text>0</semantic:text></semantic:inputEntry>
                        <semantic:inputEntry id="_e2"><semantic:text>-</semantic:text></semantic:inputEntry>
                        <semantic:inputEntry id="_e3"><semantic:text>true</semantic:text></semantic:inputEntry>
                        <semantic:outputEntry id="_e4"><semantic:text>true</semantic:text></semantic:outputEntry>
                        <semantic:annotationEntry><semantic:text>没有处罚</semantic:text></semantic:annotationEntry>
                    </semantic:rule>
                    <semantic:rule id="_f0">
                        <semantic:inputEntry id="_f1"><semantic:text>1, 2</semantic:text></semantic:inputEntry>
                        <semantic:inputEntry id="_f2"><semantic:text>&lt;= 5000</semantic:text></semantic:inputEntry>
                        <semantic:inputEntry id="_f3"><semantic:text>true</semantic:text></semantic:inputEntry>
                        <semantic:outputEntry id="_f4"><semantic:text>true</semantic:text></semantic:outputEntry>
                        <semantic:annotationEntry><semantic:text>处罚不多，罚款很少</semantic:text></semantic:annotationEntry>
                    </semantic:rule>
                    <semantic:rule id="_g0">
                        <semantic:inputEntry id="_g1"><semantic:text>&gt; 2</semantic:text></semantic:inputEntry>
                        <semantic:inputEntry id="_g2"><semantic:text>-</semantic:text></semantic:inputEntry>
                        <semantic:inputEntry id="_g3"><semantic:text>-</semantic:text></semantic:inputEntry>
                        <semantic:outputEntry id="_g4"><semantic:text>false</semantic:text></semantic:outputEntry>
                        <semantic:annotationEntry><semantic:text/></semantic:annotationEntry>
                    </semantic:rule>
                </semantic:decisionTable>
            </semantic:decision>
        </semantic:definitions>
        """
}

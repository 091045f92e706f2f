// What programs ask for is checked, since they should hear of their faults.
extension FormFields {
    /// The page number of a program, which should hear of its fault.
    /// - Throws: `Problem` 400.
    func statedPage() throws(Problem) -> Int {
        guard let text = self["page"] else { return 1 }
        guard let number = Int(text), Self.pages.contains(number) else {
            throw .badRequest(
                "bad-page", "页码有误", "page 须是 1 到 \(Self.pages.upperBound) 的整数。", cure: "请改正后重新查询；结果太多时请缩小范围。",
                inputs: [.init(name: "page", message: "1 到 \(Self.pages.upperBound)")])
        }
        return number
    }
}

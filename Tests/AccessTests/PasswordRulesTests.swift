import Testing

@testable import Access

@Suite("Password rules") struct PasswordRulesTests {
    @Test("2,000 passwords that we give are ones that we take, and no two are the same")
    func given() {
        var seen: Set<String> = []
        for _ in 0..<2000 {
            let password = OneTimePassword.make()
            #expect(PasswordRules.fault(password, login: "zhang.san", name: "张三") == nil, "\(password)")
            #expect(seen.insert(password).inserted)
            #expect(password.utf8.count == 29 && !password.contains { "il1oO0I".contains($0) }, "\(password)")
        }
    }

    @Test("a sound password with the login in any case, or the name, anywhere in it is refused")
    func own() {
        var random = Seeded(7)
        let base = Array("Xb7#Kq9!Wm2$Rt5%")
        for _ in 0..<200 {
            let place = Int.random(in: 0...base.count, using: &random)
            let login = ["li.si", "Li.Si", "LI.SI"].randomElement(using: &random) ?? ""
            let with = String(base[..<place]) + login + String(base[place...])
            #expect(PasswordRules.fault(with, login: "li.si", name: "") == "口令不能包含账号名", "\(with)")
            let named = String(base[..<place]) + "李四" + String(base[place...])
            #expect(PasswordRules.fault(named, login: "", name: "李四") == "口令不能包含姓名", "\(named)")
            #expect(PasswordRules.fault(String(base), login: "li.si", name: "李四") == nil)
        }
    }

    @Test("five neighbours of a row of keys are refused wherever they stand, four are not")
    func runs() {
        for row in ["0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm"] {
            let keys = Array(row)
            for start in 0...keys.count - 5 {
                let five = String(keys[start..<start + 5])
                for password in ["\(five)-Wm2$Rt8%K", "Wm2$Rt8%K-\(five)", "Wm2$\(five.uppercased())-Rt8%K"] {
                    #expect(PasswordRules.fault(password, login: "", name: "") != nil, "\(password)")
                }
                let four = String(keys[start..<start + 4])
                // "qwerty" is refused as a word of its own; four letters of it are not.
                #expect(PasswordRules.fault("Wm2$\(four)-Rt8%K", login: "", name: "") == nil, "\(four)")
            }
        }
    }

    @Test("table", arguments: [
        ("Hua3-kai!fu-gui", nil), ("正确的马-电池 2Staple", nil), ("Xb7#Kq9!Wm2$", nil),
        ("", "12 至 128"), ("Xb7#Kq9!Wm2", "12 至 128"), (String(repeating: "Xb7#Kq9!Wm", count: 13), "12 至 128"),
        ("aaaaaaBBBB11", "重复的字符太多"), ("xbkqwmrtyphs", "三类"), ("XBKQWMRT7294", "三类"), ("xbkqwmrt7294", "三类"),
        ("Tianzhong-2926x", "常用词"), ("zhumadian#X7k2", "常用词"), ("My-Password-71x", "常用词"), ("P@ssw0rd-71x#", "常用词"), ("ADMIN-xk71-Qz", "常用词"),
        ("1qaz2wsx#EDCx", "常用词"), ("Xk-12345-Qzmw", "连续的键"), ("Xk-98765-Qzmw", "连续的键"), ("Xk-abcde-7zmw", "连续的键"), ("Xk-ASDFG-7zmw", "连续的键"),
    ] as [(String, String?)])
    func table(password: String, fault: String?) {
        let found = PasswordRules.fault(password, login: "zhang.san", name: "张三")
        if let fault { #expect(found?.contains(fault) == true, "\(password): \(found ?? "taken")") } else { #expect(found == nil, "\(password)") }
    }

    @Test("lengths at the edges count characters, not bytes")
    func lengths() {
        let base = "Xb7#Kq9!Wm2$"
        #expect(base.unicodeScalars.count == 12)
        #expect(PasswordRules.fault(base, login: "", name: "") == nil)
        let han = "天中信用平台口令Xb7#Kq9!"
        #expect(PasswordRules.fault(han, login: "", name: "") == nil)
        var long = base
        while long.unicodeScalars.count < 128 { long += "k" }
        #expect(PasswordRules.fault(long, login: "", name: "") == nil)
        #expect(PasswordRules.fault(long + "k", login: "", name: "") != nil)
    }
}

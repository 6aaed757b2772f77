import Testing

@testable import Syntax

@Suite struct ExpressionTests {
    @Test(arguments: [
        Example("1 + 2 * 3", "(+ 1 (* 2 3))"),
        Example("(1 + 2) * 3", "(* (+ 1 2) 3)"),
        Example("1 - 2 - 3", "(- (- 1 2) 3)"),
        Example("2 ** 3 ** 2", "(** 2 (** 3 2))"),
        Example("-x ** 2", "(- (** x 2))"),
        Example("2 ** -1", "(** 2 (- 1))"),
        Example("- -x", "(- (- x))"),
        Example("-x.y[0]", "(- (index (. x y) 0))"),
        Example("a @ b + c", "(+ (@ a b) c)"),
        Example("a // b % c", "(% (// a b) c)"),
        Example("a | b ^ c & d", "(| a (^ b (& c d)))"),
        Example("a & b + 1", "(& a (+ b 1))"),
        Example("a | b == c", "(== (| a b) c)"),
        Example("0..<n + 1", "(..< 0 (+ n 1))"),
        Example("x in 0...9", "(in x (... 0 9))"),
        Example("x not in xs and y", "(and (not in x xs) y)"),
        Example("not a == b", "(not (== a b))"),
        Example("not not a", "(not (not a))"),
        Example("not a and b or c", "(or (and (not a) b) c)"),
        Example("a or b and c", "(or a (and b c))"),
        Example("a < b and b < c", "(and (< a b) (< b c))"),
        Example("x |> f |> g(1)", "(|> (|> x f) (call g 1))"),
        Example("a or b |> f", "(|> (or a b) f)"),
        Example("x => x + 1", "(=> (x) (+ x 1))"),
        Example("(a, b) => a * b", "(=> (a b) (* a b))"),
        Example("() => 1", "(=> () 1)"),
        Example("(a, b = 2) => a", "(=> (a (b = 2)) a)"),
        Example("x => y => x |> y", "(=> (x) (=> (y) (|> x y)))"),
        Example("xs |> map(x => x |> f)", "(|> xs (call map (=> (x) (|> x f))))"),
        Example("f(1)(2)[3].g", "(. (index (call (call f 1) 2) 3) g)"),
        Example("f(a, name: b, in: 3, model: 4)", "(call f a name: b in: 3 model: 4)"),
        Example("f(\n  a,\n  b,\n)", "(call f a b)"),
        Example("[1, 2,\n 3]", "(list 1 2 3)"),
        Example("[]", "(list)"),
        Example("+1", "(+ 1)"),
        Example("1.5e3 + 1e-3 + 0xff + 1_000 + 0b11", "(+ (+ (+ (+ 1500.0 0.001) 255) 1000) 3)"),
        Example("1.max(2)", "(call (. 1 max) 2)"),
        Example("nil == true", "(== nil true)"),
        Example("größe_α2", "größe_α2"),
    ])
    func precedence(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("x[0]", "(index x 0)"),
        Example("x[-1]", "(index x (- 1))"),
        Example("x[1:3, :, ...]", "(index x (: 1 3 _) (: _ _ _) ...)"),
        Example("x[::2]", "(index x (: _ _ 2))"),
        Example("x[1:]", "(index x (: 1 _ _))"),
        Example("x[:n + 1:2]", "(index x (: _ (+ n 1) 2))"),
        Example("x[..., 0]", "(index x ... 0)"),
        Example("x[1...3]", "(index x (... 1 3))"),
        Example("x[mask]", "(index x mask)"),
    ])
    func indexing(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("{}", "(map)"),
        Example("{rate: 0.01, \"two words\": 2}", "(map (rate 0.01) ([\"two words\"] 2))"),
        Example("{\n  a: 1,\n  b: 2,\n}", "(map (a 1) (b 2))"),
        Example("{1: 2, [k + 1]: 3, in: 4}", "(map ([1] 2) ([(+ k 1)] 3) (in 4))"),
        Example("{\"{a}\": 1}", "(map ([(string (value a))] 1))"),
        Example("{ a }", "(do a)"),
        Example("let x = { f(1); 2 }", "(let x (do (call f 1) 2))"),
        Example("f({a: 1})", "(call f (map (a 1)))"),
        Example("no_grad { net(x) }", "(call no_grad (=> () (do (call net x))))"),
        Example("f(1) { 2 }", "(call f 1 (=> () (do 2)))"),
        Example("each(xs) { x => print(x) }", "(call each xs (=> (x) (do (call print x))))"),
        Example("f { (a, b) =>\n  a\n  b\n}", "(call f (=> (a b) (do a b)))"),
        Example("f {}", "(call f (=> () (do)))"),
        Example("x => {a: 1}", "(=> (x) (map (a 1)))"),
        Example("x => { a }", "(=> (x) (do a))"),
        Example("m.f { 1 }.g", "(. (call (. m f) (=> () (do 1))) g)"),
        Example("if f { 1 }", "(if f (do 1))"),
        Example("if g(f { 1 }) { 2 }", "(if (call g (call f (=> () (do 1)))) (do 2))"),
        Example("while x in f(a) { b { 1 } }", "(while (in x (call f a)) (do (call b (=> () (do 1)))))"),
    ])
    func braces(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("if a { 1 } else { 2 }", "(if a (do 1) (do 2))"),
        Example("if a { 1 } else if b { 2 } else { 3 }", "(if a (do 1) (if b (do 2) (do 3)))"),
        Example("let y = if a { 1 } else { 2 }", "(let y (if a (do 1) (do 2)))"),
        Example("for x in xs { f(x) }", "(for x xs (do (call f x)))"),
        Example("for [i, x] in pairs { break }", "(for [i x] pairs (do (break)))"),
        Example("while true { continue }", "(while true (do (continue)))"),
        Example("try { f() } catch problem { nil }", "(try (do (call f)) problem (do nil))"),
        Example("try { f() } catch { nil }", "(try (do (call f)) _ (do nil))"),
        Example("return", "(return)"),
        Example("return x |> f", "(return (|> x f))"),
        Example("raise \"no\"", "(raise \"no\")"),
        Example("assert a == 1, \"why\"", "(assert (== a 1) \"why\")"),
        Example("assert a", "(assert a)"),
        Example("f(assert a, 2)", "(call f (assert a) 2)"),
        Example("x or return 1", "(or x (return 1))"),
    ])
    func control(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }

    @Test(arguments: [
        Example("match v { 0 => \"none\", [a, b] => a, _ => \"other\" }", "(match v (arm '0 \"none\") (arm [a b] a) (arm _ \"other\"))"),
        Example("match v {\n  -1 => a\n  1...3 => b\n  \"x\" => c\n  nil => d\n}", "(match v (arm '(- 1) a) (arm '(... 1 3) b) (arm '\"x\" c) (arm 'nil d))"),
        Example("match v { n if n > 3 => n, n if ok => 2 }", "(match v (arm n (if (> n 3)) n) (arm n (if ok) 2))"),
        Example("match v { Case(id, _) => id }", "(match v (arm (Case id _) id))"),
        Example("match v { {dice, hd95: h} => h }", "(match v (arm {dice: dice hd95: h} h))"),
        Example("match v { [first, ...rest] => { rest } }", "(match v (arm [first ...rest] (do rest)))"),
        Example("match f(x) { _ =>\n 1 }", "(match (call f x) (arm _ 1))"),
    ])
    func match(_ example: Example) {
        #expect(dump(example.text) == example.expected)
    }
}

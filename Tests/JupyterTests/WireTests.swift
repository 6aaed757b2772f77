import Foundation
import Testing

@testable import Jupyter

/// Messages as frames.
struct WireTests {
    private func header(_ date: String = "2026-01-02T03:04:05.123456Z") -> [UInt8] {
        Array(#"{"msg_id": "a_1", "msg_type": "execute_request", "session": "s", "username": "u", "version": "5.4", "date": "\#(date)"}"#.utf8)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func signed(_ parts: [[UInt8]], key: String = "secret") -> [[UInt8]] {
        [bytes("client"), bytes("<IDS|MSG>"), Signature(key: key).text(of: parts)] + parts
    }

    /// RFC 4231, cases 1 and 2, and 6, whose key is longer than a block.
    @Test func signaturesAreThoseOfTheStandard() {
        #expect(
            Signature(key: String(repeating: "\u{0B}", count: 20)).text(of: [bytes("Hi There")])
                == bytes("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"))
        #expect(
            Signature(key: "Jefe").text(of: [bytes("what do ya want "), bytes("for nothing?")])
                == bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        #expect(Signature(key: "").text(of: [bytes("x")]).isEmpty)
        #expect(Signature(key: "").accepts(bytes("anything"), of: []))
    }

    @Test func whatIsWrittenIsRead() throws {
        let parts = [header(), bytes("{}"), bytes("{}"), bytes(#"{"code": "1"}"#)]
        var wire = Wire(key: "secret")
        let request = try wire.read(signed(parts) + [bytes("a buffer")], from: .shell)
        #expect(request.identities == [bytes("client")] && request.type == "execute_request" && request.content == parts[3])
        let frames = try wire.write(.reply(to: request, ["status": "ok"]))
        #expect(frames[0] == bytes("client") && frames[1] == bytes("<IDS|MSG>") && frames[4] == parts[0])
        #expect(Signature(key: "secret").accepts(frames[2], of: Array(frames[3...6])))
        #expect(String(decoding: frames[3], as: UTF8.self).contains(#""msg_type":"execute_reply""#) && frames[6] == bytes(#"{"status":"ok"}"#))
    }

    @Test func whatIsNotAsItMustBeIsRefused() {
        let good = [header(), bytes("{}"), bytes("{}"), bytes("{}")]
        var wrong = signed(good)
        wrong[3][5] ^= 1
        let utf16 = #"{"msg_id": "a", "msg_type": "b"}"#.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let unreadable = [bytes("[]"), bytes(""), bytes("{"), bytes(#"{"msg_id": 1, "msg_type": "b"}"#), [0xFF, 0xFE], utf16]
        let messages =
            [[], [[]], [bytes("<IDS|MSG>")], Array(signed(good).dropLast()), Array(signed(good).dropFirst(2)), signed(good, key: "other"), wrong]
            + unreadable.map { signed([$0] + good.dropFirst()) }
        for message in messages {
            var wire = Wire(key: "secret")
            #expect(throws: Wire.Refusal.self) { try wire.read(message, from: .shell) }
        }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let message = (0..<Int.random(in: 0...9)).map { _ in (0..<Int.random(in: 0...40)).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
            var wire = Wire(key: "secret")
            #expect(throws: Wire.Refusal.self) { try wire.read(message, from: .shell) }
        }
    }

    /// Who records a signed message and sends it again must not run its cell twice; without a key nothing tells the two apart.
    @Test func aSignedMessageIsTakenOnce() throws {
        let parts = [header(), bytes("{}"), bytes("{}"), bytes(#"{"code": "1"}"#)]
        var wire = Wire(key: "secret")
        _ = try wire.read(signed(parts), from: .shell)
        #expect(throws: Wire.Refusal.self) { try wire.read(signed(parts), from: .shell) }
        // Nor by another channel, or under another identity, which is not signed.
        #expect(throws: Wire.Refusal.self) { try wire.read([bytes("other")] + signed(parts).dropFirst(), from: .control) }
        let next = [header("2026-01-02T03:04:06Z")] + parts.dropFirst()
        _ = try wire.read(signed(next), from: .shell)
        var open = Wire(key: "")
        for _ in 0..<2 { _ = try open.read(signed(parts, key: ""), from: .shell) }
    }

    @Test func theLatestSignaturesAreRemembered() {
        var taken = TakenSignatures()
        let code = { (number: Int) in [UInt8(number & 255), UInt8(number >> 8 & 255), UInt8(number >> 16)] }
        let numbers = Array(0..<TakenSignatures.most)
        let first = numbers.map { taken.insert(code($0)) }
        #expect(!first.contains(false))
        // The oldest is forgotten for one that is new.
        let next = [0, TakenSignatures.most, 0, TakenSignatures.most, 2].map { taken.insert(code($0)) }
        #expect(next == [false, true, true, false, false])
    }

    @Test func datesAreReadAsClientsWriteThem() throws {
        for (text, fraction) in [
            ("2026-01-02T03:04:05.123456Z", 0.123456), ("2026-01-02T03:04:05.123Z", 0.123), ("2026-01-02T03:04:05Z", 0),
            ("2026-01-02T03:04:05.123456+00:00", 0.123456), ("2026-01-02T04:04:05.5+01:00", 0.5),
        ] {
            var wire = Wire(key: "")
            let request = try wire.read([bytes("<IDS|MSG>"), [], header(text), bytes("{}"), bytes("{}"), bytes("{}")], from: .shell)
            #expect(abs((request.date?.timeIntervalSince1970 ?? 0) - 1_767_323_045 - fraction) < 1e-6, "\(text)")
        }
        var wire = Wire(key: "")
        let request = try wire.read([bytes("<IDS|MSG>"), [], header("yesterday"), bytes("{}"), bytes("{}"), bytes("{}")], from: .shell)
        #expect(request.date == nil)
    }

    @Test func placesAreCountedInCodePoints() {
        let text = "a漢😀é"
        #expect((0...5).map { TextPlace.offset(of: $0, in: text) } == [0, 1, 4, 8, 10, 10])
        #expect([0, 1, 4, 8, 10, 99].map { TextPlace.count(upTo: $0, in: text) } == [0, 1, 2, 3, 4, 4])
        #expect(TextPlace.offset(of: -3, in: text) == 0)
    }
}

import CZeroMQ

/// HMAC-SHA256 over the parts of a message (RFC 2104), in hexadecimal digits as Jupyter writes it. Without a key nothing is
/// signed, and every message is taken.
struct Signature {
    let key: [UInt8]

    init(key: String) { self.key = Array(key.utf8) }

    /// 64 digits, none without a key.
    func text(of parts: [[UInt8]]) -> [UInt8] {
        guard !key.isEmpty else { return [] }
        var state = crypto_auth_hmacsha256_state()
        crypto_auth_hmacsha256_init(&state, key, key.count)
        for part in parts { crypto_auth_hmacsha256_update(&state, part, UInt64(part.count)) }
        var code = [UInt8](repeating: 0, count: 32)
        crypto_auth_hmacsha256_final(&state, &code)
        let digits = Array("0123456789abcdef".utf8)
        return code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    }

    /// Whether a signature is that of the parts; it takes the same time wherever a wrong one differs.
    func accepts(_ signature: [UInt8], of parts: [[UInt8]]) -> Bool {
        if key.isEmpty { return true }
        let right = text(of: parts)
        return signature.count == right.count && sodium_memcmp(signature, right, right.count) == 0
    }
}

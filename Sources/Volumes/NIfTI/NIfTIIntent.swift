import CFiles

/// What a NIfTI header says its values mean: a code of the standard, a name, and the first parameter.
public struct NIfTIIntent: Equatable, Sendable {
    /// 0 says nothing; 1006 a displacement vector, 1007 a vector.
    public var code: Int
    /// At most 15 letters.
    public var name: String
    public var parameter: Double

    public init(code: Int = 0, name: String = "", parameter: Double = 0) {
        (self.code, self.name, self.parameter) = (code, name, parameter)
    }

    init(_ raw: cf_nifti_header) {
        code = Int(raw.intent_code)
        parameter = raw.intent_p1
        name = withUnsafeBytes(of: raw.intent_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    func put(into raw: inout cf_nifti_header) {
        raw.intent_code = Int32(clamping: code)
        raw.intent_p1 = parameter
        withUnsafeMutableBytes(of: &raw.intent_name) { memory in
            for (place, byte) in name.utf8.prefix(15).enumerated() { memory[place] = byte }
        }
    }
}

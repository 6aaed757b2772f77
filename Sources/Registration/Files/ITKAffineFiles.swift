import Base
import Foundation
import Tensors
import Volumes

/// One transform as ITK stores it: the class's name, its parameters, and its fixed parameters (the centre).
struct StoredTransform {
    var type: String
    var parameters: [Double]
    var fixedParameters: [Double]

    init(type: String, parameters: [Double] = [], fixedParameters: [Double] = []) {
        (self.type, self.parameters, self.fixedParameters) = (type, parameters, fixedParameters)
    }

    /// The map of points in RAS+ as ITK stores one: a matrix and a shift in LPS+, with the centre at the origin.
    init(_ affine: Affine) {
        let turned = Self.turn * affine * Self.turn
        self.init(
            type: "AffineTransform_double_3_3", parameters: (0..<3).flatMap { turned.rows[$0].prefix(3) } + turned.translation,
            fixedParameters: [0, 0, 0])
    }

    /// Between RAS+ and LPS+.
    static let turn = Affine(scale: [-1, -1, 1])

    /// The map of points in RAS+: y = M (x − c) + t + c in LPS+, with both sides turned.
    func affine(_ path: String) throws -> Affine {
        let name = String(type.prefix { $0 != "_" })
        let (matrix, shift): ([[Double]], [Double])
        switch (name, parameters.count) {
        case ("AffineTransform", 12), ("MatrixOffsetTransformBase", 12):
            matrix = (0..<3).map { Array(parameters[(3 * $0)..<(3 * $0 + 3)]) }
            shift = Array(parameters[9..<12])
        case ("TranslationTransform", 3):
            matrix = Self.identity
            shift = parameters
        case ("IdentityTransform", _):
            matrix = Self.identity
            shift = [0, 0, 0]
        case ("Euler3DTransform", 6):
            let isZYX = fixedParameters.count > 3 && fixedParameters[3] != 0
            matrix = Self.euler(parameters[0], parameters[1], parameters[2], isZYX: isZYX)
            shift = Array(parameters[3..<6])
        case ("VersorRigid3DTransform", 6), ("VersorTransform", 3):
            matrix = Self.versor(parameters[0], parameters[1], parameters[2])
            shift = parameters.count == 6 ? Array(parameters[3..<6]) : [0, 0, 0]
        case ("Similarity3DTransform", 7):
            matrix = Self.versor(parameters[0], parameters[1], parameters[2]).map { $0.map { $0 * parameters[6] } }
            shift = Array(parameters[3..<6])
        case ("ScaleTransform", 3):
            matrix = Self.diagonal(parameters)
            shift = [0, 0, 0]
        case ("ScaleVersor3DTransform", 9), ("ScaleSkewVersor3DTransform", 15):
            // The scales, and the six skews beside the diagonal, are added to the rotation, as ITK does.
            var sum = Self.versor(parameters[0], parameters[1], parameters[2])
            for axis in 0..<3 { sum[axis][axis] += parameters[6 + axis] - 1 }
            if parameters.count == 15 {
                for (skew, place) in zip(parameters[9...], [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]) { sum[place.0][place.1] += skew }
            }
            matrix = sum
            shift = Array(parameters[3..<6])
        case ("ComposeScaleSkewVersor3DTransform", 12):
            // Rotation after scaling after skew.
            let skew = [[1, parameters[9], parameters[10]], [0, 1, parameters[11]], [0, 0, 1]]
            matrix = Self.product(
                Self.product(Self.versor(parameters[0], parameters[1], parameters[2]), Self.diagonal(Array(parameters[6..<9]))), skew)
            shift = Array(parameters[3..<6])
        default:
            let kind = name.hasPrefix("DisplacementField") || name.hasPrefix("BSpline") ? "a displacement" : "another kind"
            throw Failure(
                "file",
                "\(path) must hold an affine, rigid, similarity, scaling or translation transform in three dimensions, but holds \(kind), \(type) with \(parameters.count) parameters",
                help: "a field on the still image's grid can be read: in Python, SimpleITK.WriteImage(SimpleITK.TransformToDisplacementField("
                    + "SimpleITK.ReadTransform(\"\(path)\"), SimpleITK.sitkVectorFloat64, image.GetSize(), image.GetOrigin(), "
                    + "image.GetSpacing(), image.GetDirection()), \"field.nii.gz\")",
                argument: "path")
        }
        guard fixedParameters.isEmpty || fixedParameters.count >= 3 else {
            throw FileAccess.failure(
                path, mustBe: "an ITK transform with a centre of three numbers", but: "its centre has \(fixedParameters.count)",
                help: "the file may have been cut short")
        }
        let centre = fixedParameters.count >= 3 ? Array(fixedParameters.prefix(3)) : [0, 0, 0]
        let offset = (0..<3).map { row in
            shift[row] + centre[row] - (0..<3).reduce(0) { $0 + matrix[row][$1] * centre[$1] }
        }
        let stored = Affine(columns: (0..<3).map { column in matrix.map { $0[column] } }, translation: offset)
        let affine = Self.turn * stored * Self.turn
        guard affine.inverse != nil else {
            throw Failure("file", "\(path) must hold a map that can be inverted, but its matrix is \(matrix)", argument: "path")
        }
        return affine
    }

    private static func diagonal(_ scales: [Double]) -> [[Double]] {
        (0..<3).map { row in (0..<3).map { row == $0 ? scales[row] : 0 } }
    }

    private static let identity: [[Double]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]

    /// Rotation about Y, then X, then Z, as ITK's Euler3DTransform composes them, or about X, then Y, then Z where the file
    /// says so by its fourth fixed parameter (`ComputeZYX`).
    private static func euler(_ x: Double, _ y: Double, _ z: Double, isZYX: Bool) -> [[Double]] {
        let aboutX = [[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]]
        let aboutY = [[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]]
        let aboutZ = [[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]]
        return isZYX ? product(product(aboutZ, aboutY), aboutX) : product(product(aboutZ, aboutX), aboutY)
    }

    /// Rotation of a unit quaternion of which the vector part is given.
    private static func versor(_ x: Double, _ y: Double, _ z: Double) -> [[Double]] {
        let w = max(0, 1 - x * x - y * y - z * z).squareRoot()
        return [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    }

    private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        (0..<3).map { row in (0..<3).map { column in (0..<3).reduce(0) { $0 + a[row][$1] * b[$1][column] } } }
    }
}

/// The transforms of an ITK text file (`#Insight Transform File V1.0`), in the order of the file.
func readITKText(_ text: String, _ path: String) throws -> [StoredTransform] {
    var found: [StoredTransform] = []
    func numbers(_ text: Substring) throws -> [Double] {
        try text.split(whereSeparator: \.isWhitespace).map { word in
            guard let number = Double(word), number.isFinite else {
                throw Failure("file", "the parameters in \(path) must be numbers, but one is \"\(word)\"", argument: "path")
            }
            return number
        }
    }
    for line in text.split(whereSeparator: \.isNewline) {
        guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("#") else { continue }
        let value = line[line.index(after: colon)...]
        switch line[..<colon].trimmingCharacters(in: .whitespaces) {
        case "Transform":
            let type = value.trimmingCharacters(in: .whitespaces)
            if !type.hasPrefix("CompositeTransform") {
                found.append(StoredTransform(type: type))
            }
        case "Parameters" where !found.isEmpty: found[found.count - 1].parameters = try numbers(value)
        case "FixedParameters" where !found.isEmpty: found[found.count - 1].fixedParameters = try numbers(value)
        default: continue
        }
    }
    guard !found.isEmpty else { throw Failure("file", "\(path) must hold a transform, but holds none", argument: "path") }
    return found
}

/// An affine map as an ITK text file. Numbers are written in full, so that reading gives the same ones.
func formatITKText(_ affine: Affine) -> String {
    let stored = StoredTransform(affine)
    func line(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: " ") }
    return """
        #Insight Transform File V1.0
        #Transform 0
        Transform: \(stored.type)
        Parameters: \(line(stored.parameters))
        FixedParameters: \(line(stored.fixedParameters))

        """
}

/// The transform of an ITK binary file: two matrices in MATLAB's version 4 form, the first named by the class, the second
/// by `fixed`.
func readITKBinary(_ bytes: [UInt8], _ path: String) throws -> [StoredTransform] {
    let matrices = try MATLABMatrix.read(bytes, path)
    guard let first = matrices.first else {
        throw FileAccess.failure(path, mustBe: "an ITK transform", but: "it holds no matrix")
    }
    return [
        StoredTransform(
            type: first.name, parameters: first.values,
            fixedParameters: matrices.first { $0.name == "fixed" }?.values ?? [])
    ]
}

/// An affine map as an ITK binary file.
func formatITKBinary(_ affine: Affine) -> [UInt8] {
    let stored = StoredTransform(affine)
    return MATLABMatrix(name: stored.type, values: stored.parameters).bytes
        + MATLABMatrix(name: "fixed", values: stored.fixedParameters).bytes
}

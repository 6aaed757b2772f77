import Base
import Builtins
import Machine

extension Session {
    /// One name of the session, worded for a table.
    public struct Variable {
        public let name: String
        public let type: String
        /// Memory that it keeps alive, `48 KB`; empty for what takes none to speak of.
        public let size: String
        /// What it is, in some words.
        public let summary: String
    }

    /// The names that were bound here, values before functions, in alphabetical order; results are not among them.
    public func variables() -> [Variable] {
        let names = scope.names.filter { !$0.hasPrefix("_") || Int($0.dropFirst()) == nil && $0 != "_" }
        let found = names.sorted().compactMap { name in scope.value(of: name).map { (name, $0) } }
        let rows = found.map { name, value -> (isFunction: Bool, Variable) in
            let bytes = ValueSize(of: value).bytes
            let isFunction = value.object is ClosureObject || value.object is RecordType
            return (
                isFunction,
                Variable(
                    name: name, type: value.typeName, size: bytes == 0 ? "" : ByteSize.decimal(bytes),
                    summary: Session.summary(of: value)))
        }
        return rows.filter { !$0.isFunction }.map(\.1) + rows.filter(\.isFunction).map(\.1)
    }

    private static func summary(of value: Value) -> String {
        switch value.object {
        case let object as TensorObject:
            let tensor = object.tensor
            return tensor.count == 1 ? value.representation : "\(tensor.shape) \(tensor.dtype.name)"
        case let object as VolumeObject:
            return "\(object.volume.shape.map(String.init).joined(separator: "×")) \(object.volume.data.dtype.name)"
        case let list as ListObject where list.items.count > 20: return "\(list.items.count) items"
        case let map as MapObject where map.items.count > 20: return "\(map.items.count) items"
        case let closure as ClosureObject: return closure.signature
        case let type as RecordType: return type.signature
        default:
            return value.representation.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        }
    }
}

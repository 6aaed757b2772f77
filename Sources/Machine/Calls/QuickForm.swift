/// A primitive's common case, for what scripts call in their innermost loops. It works on the machine's registers; when the
/// arguments are any other than those it was made for it declines, and the primitive's usual form checks them and words the
/// errors.
public struct QuickForm {
    /// How many arguments it takes, all of them positional.
    let count: Int
    /// The arguments lie after `slot`, and may be taken from there; the result goes to `slot`. False: declined, with nothing
    /// changed.
    let run: (_ slot: UnsafeMutablePointer<Value>) -> Bool

    /// `len(x)` of a list, map or string.
    public static let length = QuickForm(count: 1) { slot in
        guard case .object(let object) = slot[1], object.kind != .other, let count = object.count else { return false }
        slot.set(count)
        return true
    }

    /// `append(list, item)`, unless it is time to ask whether there is room.
    public static let append = QuickForm(count: 2) { slot in
        guard let list = (slot + 1).list,
            list._withUnsafeGuaranteedRef({ list in
                guard list.items.count < 1 << 22 || list.items.count < list.items.capacity else { return false }
                list.items.append((slot + 2).move())
                (slot + 2).initialize(to: .none)
                return true
            })
        else { return false }
        slot.take(from: slot + 1)
        return true
    }

    /// `get(map, key, default)`.
    public static let get = QuickForm(count: 3) { slot in
        guard let map = (slot + 1).map else { return false }
        if map.copyValue(of: slot + 2, to: slot) { return true }
        guard UnsafePointer(slot + 2).keyHash != nil else { return false }
        slot.take(from: slot + 3)
        return true
    }

    /// `str(x)` of a number or string.
    public static let text = QuickForm(count: 1) { slot in
        switch slot[1] {
        case .integer(let number): slot.pointee = .string(String(number))
        case .float(let number): slot.pointee = .string(formatFloat(number))
        case .object(let object) where object.kind == .string: slot.take(from: slot + 1)
        default: return false
        }
        return true
    }

    /// `float(x)` of a number.
    public static let float = QuickForm(count: 1) { slot in
        switch slot[1] {
        case .integer(let number): slot.set(Double(number))
        case .float(let number): slot.set(number)
        default: return false
        }
        return true
    }

    /// `int(x)` of a number that fits.
    public static let integer = QuickForm(count: 1) { slot in
        switch slot[1] {
        case .integer(let number): slot.set(number)
        case .float(let number) where abs(number) < 9.2e18: slot.set(Int(number))
        default: return false
        }
        return true
    }
}

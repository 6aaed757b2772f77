import CBase

extension FileAccess {
    /// Locks one byte of an open file for this open file alone, without waiting: true when it is locked now, false while another
    /// thread or process holds it, nil (with errno) when the file cannot be locked. The system frees the lock when the file is
    /// closed, and so when its process dies.
    public static func lock(byte place: Int64, of file: Int32) -> Bool? {
        let status = cb_lock_byte(file, place)
        return status < 0 ? nil : status == 1
    }
}

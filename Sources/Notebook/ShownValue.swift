import Machine

/// A value's forms, as those who write pages ask for them.
struct ShownValue {
    let forms: [MIMEItem]

    /// What stands for the value where nothing but text can be shown.
    var text: String { content("text/plain") ?? "" }
    /// A table as HTML. Only RS4's own kinds of value make it, out of escaped text.
    var html: String? { content("text/html") }
    /// The value as a picture: a drawing where there is one, else a bitmap.
    var picture: (bytes: [UInt8], type: String, width: Double?)? {
        for type in ["image/svg+xml", "image/png"] {
            guard let form = forms.first(where: { $0.type == type }) else { continue }
            switch form.content {
            case .text(let text): return (Array(text.utf8), type, form.width)
            case .data(let bytes): return (bytes, type, form.width)
            }
        }
        return nil
    }

    /// What a picture shows, in words: `Figure "Dice": 3 series of up to 200 points`.
    var alternative: String {
        let text = self.text
        return text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : text
    }

    private func content(_ type: String) -> String? {
        for form in forms where form.type == type {
            if case .text(let text) = form.content { return text }
        }
        return nil
    }
}

/// What Jupyter's frontends are told of the language, by the kernel and in notebooks: JupyterLab calls a notebook changed as
/// soon as it is opened when the two differ.
public enum LanguageInfo {
    public static let fields: [String: String] = [
        "name": "rs4", "version": Versions.rs4, "mimetype": "text/x-rs4", "file_extension": ".rs4", "pygments_lexer": "rs4",
        // No editor in a browser knows RS4; R's comments, texts and braces are those of RS4.
        "codemirror_mode": "r", "nbconvert_exporter": "script",
    ]
}

/// Names that other languages have for what RS4 calls or writes otherwise.
public enum ForeignNames {
    /// Functions and methods, and the functions of RS4 that do the same.
    static let functions = [
        "length": "len", "push": "append", "push_back": "append", "add": "append",
        "sort": "sorted", "reverse": "reversed", "println": "print", "echo": "print", "printf": "print", "puts": "print",
        "toString": "str", "to_string": "str", "toUpperCase": "upper", "toLowerCase": "lower", "strip": "trim",
        "indexOf": "find", "startsWith": "starts_with", "startswith": "starts_with",
        "endsWith": "ends_with", "endswith": "ends_with", "includes": "contains", "concatenate": "cat", "typeof": "type",
        "foreach": "each", "forEach": "each", "concat": "cat", "hstack": "cat", "vstack": "cat", "listdir": "list_files",
        "ls": "list_files", "dir": "list_files", "open": "read_text", "imshow": "show",
        "dice_score": "dice", "dice_coefficient": "dice", "dice_coef": "dice", "dsc": "dice", "iou": "jaccard", "jaccard_index": "jaccard",
        "hausdorff_distance": "hausdorff", "hausdorff95": "hd95", "average_surface_distance": "asd",
        "read_nifti": "read_volume", "load_nifti": "read_volume", "read_nii": "read_volume", "load_nii": "read_volume",
        "load_volume": "read_volume", "read_image": "read_volume", "load_image": "read_volume", "imread": "read_volume",
        "ReadImage": "read_volume", "LoadImage": "read_volume", "load_labels": "read_labels", "load_label": "read_labels",
        "write_nifti": "write_volume", "save_nifti": "write_volume", "write_nii": "write_volume", "save_nii": "write_volume",
        "save_volume": "write_volume", "write_image": "write_volume", "save_image": "write_volume", "WriteImage": "write_volume",
        "load_arrays": "read_arrays", "load_npz": "read_arrays", "load_hdf5": "read_arrays", "save_arrays": "write_arrays",
        "manual_seed": "seed", "registration": "register", "apply_transform": "warp",
        "rand_int": "randint", "asarray": "tensor", "as_tensor": "tensor", "from_numpy": "tensor",
    ]

    /// What a function is called here that another library has under a name of its own behind a prefix: `nib.load`.
    static let members = [
        "nib.load": "read_volume", "nibabel.load": "read_volume", "nib.save": "write_volume", "nibabel.save": "write_volume",
        "np.load": "read_arrays", "numpy.load": "read_arrays", "np.save": "write_arrays", "np.array": "tensor", "np.savez": "write_arrays",
        "torch.load": "load_weights", "torch.save": "save_weights", "h5py.File": "read_arrays", "np.random": "rand",
        "plt.show": "show", "plt.imshow": "show", "plt.hist": "histogram", "plt.savefig": "save",
        "ants.registration": "register", "ants.image_read": "read_volume", "ants.image_write": "write_volume",
    ]

    private static let libraries: Set<String> = [
        "np", "numpy", "torch", "nn", "F", "nib", "nibabel", "sitk", "SimpleITK", "itk", "ants", "monai", "plt", "matplotlib", "os",
        "math", "random", "scipy", "ndimage", "skimage", "h5py", "jnp", "tio", "torchio", "cv2", "imageio",
    ]

    /// True for the names by which programs in Python know the libraries of the field.
    public static func isLibrary(_ name: String) -> Bool { libraries.contains(name) }

    /// What `member` of a library in Python is called here, where that is another name; nil when it is none of those.
    public static func function(_ member: String, of library: String) -> String? { members["\(library).\(member)"] ?? functions[member] }

    private static let statements = ["pass": "an empty block is written `{ }`", "range": "a range is written `0..<10`"]

    private static let dtypes: Set<String> = [
        "float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "complex64", "complex128",
    ]

    /// True for what other libraries call the type of a tensor's elements.
    public static func isDtype(_ name: String) -> Bool { dtypes.contains(name) }

    /// Methods and fields of tensors and images elsewhere, and where the same is here.
    private static let fields = [
        "size": "the sizes are `.shape`", "ndim": "the number of dimensions is `.rank`", "numpy": "`to_list(x)` gives plain numbers",
        "tolist": "did you mean `to_list(x)`?", "cuda": "`to(x, \"cuda\")` moves a tensor there", "cpu": "`to(x, \"cpu\")` moves a tensor there",
        "get_fdata": "the numbers of a volume are `.data`", "array": "the numbers of a volume are `.data`",
        "GetSpacing": "did you mean `.spacing`?", "GetOrigin": "did you mean `.origin`?", "GetSize": "the sizes are `.shape`",
    ]

    private static let types = [
        "int": "Int", "integer": "Int", "str": "String", "string": "String", "float": "Float", "double": "Float",
        "bool": "Bool", "boolean": "Bool", "Boolean": "Bool", "list": "List", "array": "List", "Array": "List",
        "dict": "Map", "map": "Map", "object": "Any", "any": "Any", "None": "Nil", "nil": "Nil", "void": "Nil",
        "number": "Number", "tensor": "Tensor", "ndarray": "Tensor", "volume": "Volume", "callable": "Function",
        "function": "Function",
    ]

    private static let parameters = [
        "axis": ["dim", "dims"], "axes": ["dims", "dim"], "keepdims": ["keepdim"], "lr": ["rate"], "learning_rate": ["rate"],
        "fixed": ["onto"], "target": ["onto"], "reference": ["like"], "num_classes": ["classes"], "n_classes": ["classes"],
        "size": ["shape"], "roi_start": ["start"], "roi_size": ["shape"], "fill": ["value", "outside"], "interpolation": ["mode"],
    ]

    /// What another library calls a parameter, among the names of those that a function has.
    public static func parameter(_ name: String, among names: [String]) -> String? { parameters[name]?.first(where: names.contains) }

    /// The type of RS4 that an annotation of another language means; nil for names that are none of those.
    public static func type(_ name: String) -> String? { types[name] }

    /// A help line for a name that nothing has and that is written otherwise; nil for all others.
    public static func help(for name: String) -> String? {
        if let known = statements[name] { return known }
        if dtypes.contains(name) { return "a dtype is named by a text: `\"\(name)\"`" }
        if name.hasSuffix("Error") || name.hasSuffix("Exception"), name.first?.isUppercase ?? false {
            return "a failure is raised with its reason: `raise \"why\"`"
        }
        return nil
    }

    /// A help line for a function of tensors that was given a list; nil when lists have none of that meaning.
    public static func help(forList function: String) -> String? {
        switch function {
        case "sort": return "lists have `sorted(list)`"
        case "flip": return "lists have `reversed(list)`"
        default: return nil
        }
    }

    /// A help line for a method or field that tensors or images have elsewhere.
    public static func help(forTensorField name: String) -> String? { fields[name] }

    /// A help line for a field that no value has, because it is a function: `len(x)` for `x.length`.
    public static func help(forField name: String) -> String? {
        if let function = functions[name] { return "did you mean `\(function)(x)`?" }
        return nil
    }
}

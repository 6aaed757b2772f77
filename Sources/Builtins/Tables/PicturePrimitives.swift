import Figures
import Machine
import Plotting

/// Figures of images, of their labels, and of what transforms do to them.
let picturePrimitives: [Primitive] = [
    Primitive(
        "overlay(image, labels = nil, slice = nil, axis = nil, alpha: Float = 0.4, contour: Bool = true, names = nil, "
            + "title: String = \"\")",
        "A figure of a slice with its labels in colour.",
        details: "`image` is a volume, or a tensor [H, W] or [Z, H, W]; a list gives one panel each. `labels` lie on the same "
            + "grid; a map such as `{truth: a, predicted: b}` gives one panel a name. `slice` is a number or a list of them; "
            + "without it the slice nearest the middle is shown that has at least half as many labelled voxels as the fullest. "
            + "Each label has a colour of its own, up to 24 of them; where a figure has more than 8, their numbers stand in it and in "
            + "the legend as well. Labels below 0 are unknown, in grey. `axis` is the axis cut across: without it the one with the "
            + "thickest slices, else feet to head, else the first. `names` are the classes' names, `{[1]: \"RV\"}` or a list "
            + "that starts with class 1; without it labels bring their own. Volumes read from files are shown as radiologists do, the patient's right at the left.",
        example: "overlay(zeros([8, 8]), ones([8, 8]), title: \"One slice\").title  # => \"One slice\""
    ) { call in
        var builder = OverlayFigure()
        builder.alpha = try call.float(4)
        builder.outlined = try call.bool(5)
        let pairs = try imagePairs(call, images: 0, labels: 1)
        builder.names = try classNames(call, 6, for: pairs)
        return .figure(
            try builder.overlay(
                pairs, slices: try call.optional(2, call.ints), axis: try call.optional(3, call.int),
                title: try call.string(7)))
    },
    Primitive(
        "show(item, labels = nil, at = nil, title: String = \"\", names = nil, montage: Int? = nil, axis = nil)",
        "Three slices through a volume at right angles, or many side by side; a figure is drawn for you to see.",
        details: "`at` is the voxel [i, j, k] that the slices meet in; without it the middle, or slices as `overlay` chooses them. `montage: n` "
            + "gives n slices across `axis` instead, evenly spread over those with labels, or over all where none has any. A figure "
            + "opens in a window where there is a display and gnuplot has one (qt, wxt or x11), else it is drawn in the terminal: as "
            + "pixels where the terminal knows sixel, else with characters. `RS4_GRAPHICS=window`, `sixel` or `blocks` decides.",
        example: "show(zeros([8, 8, 8]), montage: 4)  # => <Figure \"slice 1\": 4 images>"
    ) { call in
        if let object = call[0].object as? FigureObject {
            try object.show(by: call.machine)
            return .none
        }
        var builder = OverlayFigure()
        let point = try call.optional(2, call.ints)
        if let point, point.count != 3 {
            throw call.mismatch(2, expected: "three voxel indices", found: "\(point.count)")
        }
        let pairs = try imagePairs(call, images: 0, labels: 1)
        guard let pair = pairs.first, pairs.count == 1 else {
            throw call.mismatch(0, expected: "one volume", help: "`overlay` takes several")
        }
        builder.names = try classNames(call, 4, for: pairs)
        let (montage, axis) = (try call.optional(5, call.int), try call.optional(6, call.int))
        guard let montage else {
            if axis != nil { throw call.mismatch(6, expected: "left out unless `montage` is given") }
            return .figure(try builder.orthogonal(pair, at: point, title: try call.string(3)))
        }
        guard (1...100).contains(montage) else {
            throw call.mismatch(5, expected: "from 1 to 100 slices", found: String(montage))
        }
        if point != nil { throw call.mismatch(2, expected: "left out where `montage` is given") }
        return .figure(try builder.montage(pair, count: montage, axis: axis, title: try call.string(3)))
    },
    Primitive(
        "compare(a, b, mode: \"both\" | \"checkerboard\" | \"difference\" = \"both\", slice = nil, axis = nil, squares: Int = 8, title: String = \"\") -> Figure",
        "A figure of two volumes on one grid: a checkerboard of both, and their difference.",
        details: "Edges that run on across the squares of the checkerboard lie in one place in both; each image has its own grey window. "
            + "The difference a − b is red where `a` is greater, blue where `b` is, on a scale alike to both sides of zero. "
            + "`squares` is how many go along the longer side, from 2 to 64; `slice` (or a "
            + "list of them, the middle one without it) and `axis` are as in `overlay`.",
        example: "compare(zeros([8, 8]), ones([8, 8]), title: \"Before and after\")  # => <Figure \"Before and after\": 2 images>"
    ) { call in
        let mode = try call.string(2)
        let squares = try call.int(5)
        guard (2...64).contains(squares) else { throw call.mismatch(5, expected: "from 2 to 64", found: String(squares)) }
        return .figure(
            try CompareFigure(SliceSource(call[0], call, 0), SliceSource(call[1], call, 1), squares: squares).figure(
                slices: try call.optional(3, call.ints), axis: try call.optional(4, call.int), checkerboard: mode != "difference",
                difference: mode != "checkerboard", title: try call.string(6)))
    },
    Primitive(
        "deformation_grid(transform: Transform, image = nil, spacing = nil, slice = nil, axis = nil, local: Bool = false, "
            + "title: String = \"\") -> Figure",
        "A figure of a regular grid, bent as the transform moves its points.",
        details: "Lines are `spacing` mm apart (without it sixteen across) on slices of the grid that the transform leads onto, and "
            + "show the part of the movement within the slice. `image`, a volume on that grid, is drawn underneath. `slice` is a "
            + "number or a list of them, the middle one without it; `axis` is the axis cut across, as in `overlay`. `local: true` "
            + "leaves the affine part out, so that the bending alone is seen. Without an image slices lie as radiologists see "
            + "them, the patient's right at the left.",
        example: deformationExample + "deformation_grid(shift, spacing: 2.0, title: \"a shift\").title  # => \"a shift\""
    ) { call in
        let figure = try DeformationFigure(
            try call.transform(0), image: try call.optional(1, call.volume), localOnly: try call.bool(5))
        return .figure(
            try figure.grid(
                slices: try call.optional(3, call.ints), axis: try call.optional(4, call.int),
                spacing: try call.optional(2, call.float), title: try call.string(6)))
    },
    Primitive(
        "displacement(transform: Transform, slice = nil, axis = nil, arrows: Bool = false, local: Bool = false, "
            + "title: String = \"\") -> Figure",
        "A figure of how far the transform moves each point, in mm, as colours.",
        details: "Between the points of the grid led onto and those that they take their values from. `arrows: true` adds arrows in "
            + "their true lengths, the part of the movement within the slice. `slice`, `axis` and `local` are as in "
            + "`deformation_grid`.",
        example: deformationExample + "displacement(shift, arrows: true, title: \"a shift\").title  # => \"a shift\""
    ) { call in
        let figure = try DeformationFigure(try call.transform(0), image: nil, localOnly: try call.bool(4))
        return .figure(
            try figure.lengths(
                slices: try call.optional(1, call.ints), axis: try call.optional(2, call.int), arrows: try call.bool(3),
                title: try call.string(5)))
    },
]

/// A shift of 2 mm.
private let deformationExample = """
    let a = volume(rand([8, 8, 8]))
    write_text("/tmp/rs4-example-moved.txt", "1 0 0 2\\n0 1 0 0\\n0 0 1 0\\n0 0 0 1\\n")
    let shift = read_transform("/tmp/rs4-example-moved.txt", moving: a, onto: a)

    """

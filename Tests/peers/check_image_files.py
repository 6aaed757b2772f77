"""Images and transforms of forms that RS4 does not read: named for what they are, with a conversion that works."""
import nibabel
import numpy as np
import SimpleITK as sitk

from kit import check, each

ARRAY = np.arange(24, dtype="f4").reshape(2, 3, 4)


@each(file=[
    ("a.mha", "MetaImage"), ("a.mhd", "MetaImage"), ("a.nrrd", "NRRD"), ("a.mgz", "MGH"), ("a.mgh", "MGH"), ("a.png", "PNG"),
])
def images_of_other_forms_are_named(kit, file):
    path, name = file
    if name == "MGH":
        nibabel.save(nibabel.MGHImage(ARRAY, np.eye(4)), path)
    else:
        sitk.WriteImage(sitk.GetImageFromArray(ARRAY.astype("u1")[0] if name == "PNG" else ARRAY), path)
    for problem in kit.refusals(f'read_volume("{path}")', f'read_labels("{path}")', f'read_arrays("{path}")'):
        assert name in problem["message"] and path in problem["message"], problem
        help = problem["help"] or ""
        assert "read_volume" not in help and "read_arrays" not in help, f"the help sends to another function: {help}"
        # What the help says is done in Python, as a person would.
        if name != "PNG":
            start = "SimpleITK." if name != "MGH" else "nibabel."
            call = help[help.index(start):].split(" makes ")[0].rstrip("`")
            exec(call, {"SimpleITK": sitk, "nibabel": nibabel})
            assert kit.run('print(to_json([read_volume("a.nii.gz").shape]))'), "what was converted is read"


@check
def the_composite_transform_of_ITK_in_HDF5_is_read_or_named(kit):
    sitk.WriteTransform(sitk.CompositeTransform([sitk.AffineTransform(3), sitk.Euler3DTransform()]), "composite.h5")
    call = 'let a = volume(rand([6, 6, 6]))\nread_transform("composite.h5", moving: a, onto: a)'
    problem, = kit.refusals(call)
    if problem is None:
        return
    assert "ITK" in problem["message"] and "HDF5" in problem["message"], problem
    assert ".tfm" in problem["help"], problem


@check
def transforms_of_ITK_with_scales_are_read_or_named(kit):
    made = sitk.ScaleVersor3DTransform()
    made.SetScale((1.1, 0.9, 1.0))
    sitk.WriteTransform(made, "scaled.tfm")
    problem, = kit.refusals('let a = volume(rand([6, 6, 6]))\nread_transform("scaled.tfm", moving: a, onto: a)')
    assert problem is None or "ScaleVersor3DTransform" in problem["message"] and problem["help"], problem

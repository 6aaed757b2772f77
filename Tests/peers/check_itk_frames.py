"""Transforms of ITK for images whose headers ITK reads otherwise than nibabel: they lie in ITK's frame of the files."""
import nibabel
import numpy as np
import SimpleITK as sitk

from kit import each, same

# ITK remarks on the headers that are the very point here.
sitk.ProcessObject.SetGlobalWarningDisplay(False)

A = np.diag([2.0, 2, 5, 1])
A[:3, 3] = -10, -20, -30
B = A.copy()
B[0, 3] += 7
TURNED = A.copy()
TURNED[:3, :3] = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]]) @ A[:3, :3]
SPLAYED = A.copy()
SPLAYED[0, 1] = 0.4


def write(name, q, q_code, s, s_code, pixdim=(2, 2, 5)):
    places = np.stack(np.meshgrid(*[np.arange(n) for n in (24, 20, 12)], indexing="ij"), -1)
    array = (100 * np.exp(-(((places - [10, 7, 6]) / [4, 3, 2.0]) ** 2).sum(-1))).astype("f4")
    made = nibabel.Nifti1Image(array, s if s_code else None)
    if s_code or q_code:
        made.set_qform(q, q_code)
        made.set_sform(s, s_code)
    made.header["pixdim"][1:4] = pixdim
    nibabel.save(made, name)


def frame_of_ITK(image):
    """The affine to RAS of an image as ITK places it."""
    affine = np.eye(4)
    affine[:3, :3] = np.diag([-1, -1, 1]) @ np.reshape(image.GetDirection(), (3, 3)) @ np.diag(image.GetSpacing())
    affine[:3, 3] = np.multiply([-1, -1, 1], image.GetOrigin())
    return affine


@each(header=[
    ("one place", A, 1, A, 1), ("no codes", None, 0, None, 0, (1.5, 1.5, 10)), ("two places, codes 2", A, 2, B, 2),
    ("two places, codes 1 and 4", A, 1, B, 4), ("two places, codes 1 and 1", A, 1, B, 1), ("qform alone", B, 1, None, 0),
    ("sform of code 2 alone", None, 0, B, 2), ("turned qform", TURNED, 1, A, 2), ("pixdim beside the sform", None, 0, A, 1, (3, 3, 5)),
])
def transforms_lie_in_the_frame_of_ITK(kit, header):
    write("in.nii", *header[1:])
    image = sitk.ReadImage("in.nii")
    transform = sitk.Euler3DTransform()
    transform.SetTranslation((1.0, 4 * image.GetSpacing()[1], 0.0))
    transform.SetRotation(0, 0, 0.2)
    transform.SetCenter(image.TransformContinuousIndexToPhysicalPoint([(n - 1) / 2 for n in image.GetSize()]))
    sitk.WriteTransform(transform, "theirs.tfm")
    theirs = sitk.GetArrayFromImage(sitk.Resample(image, image, transform)).T
    kit.run("""
let image = read_volume("in.nii", orientation: nil)
let transform = read_transform("theirs.tfm", moving: image, onto: image)
write_transform(transform, "ours.tfm", moving: image, onto: image)
write_arrays({carried: warp(image, transform).data}, "out.npz")
""")
    # Where the two frames of a file differ, whoever reads it is told.
    differs = not np.allclose(frame_of_ITK(image), nibabel.load("in.nii").affine, atol=1e-3)
    assert ("ITK" in kit.warned) == differs, f"frames {'differ' if differs else 'agree'}, and it was said: {kit.warned!r}"
    same(np.load("out.npz")["carried"], theirs, 0.02, "the image carried by SimpleITK's transform")
    back = sitk.GetArrayFromImage(sitk.Resample(image, image, sitk.ReadTransform("ours.tfm"))).T
    same(back, theirs, 0.02, "the image that SimpleITK carries by RS4's transform")

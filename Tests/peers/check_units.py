"""Headers that count in other units than millimetres."""
import nibabel
import numpy as np
import SimpleITK as sitk

from check_headers import affine_of
from kit import each, same

SHAPE = (10, 12, 6)
TO_MM = {"meter": 1000.0, "mm": 1.0, "micron": 0.001, "unknown": 1.0}


@each(unit=list(TO_MM))
def distances_are_millimetres(kit, unit):
    scale = TO_MM[unit]
    affine = affine_of("LPS", (1.25, 1.5, 2.5), SHAPE, (0.1, 0, 0.2), (4, -8, 12))
    stored = affine.copy()
    stored[:3] /= scale
    array = np.random.default_rng(7).random(SHAPE).astype("f4")
    made = nibabel.Nifti1Image(array, stored)
    made.set_qform(stored, 1)
    made.set_sform(stored, 1)
    made.header.set_xyzt_units(unit)
    nibabel.save(made, "in.nii.gz")
    (found,), = kit.run("""
let image = read_volume("in.nii.gz", orientation: nil)
print(to_json([image.affine]))
write_volume(read_volume("in.nii.gz"), "out.nii.gz")
""")
    same(found, affine, 1e-4, "the affine in mm")
    theirs, ours = sitk.ReadImage("in.nii.gz"), sitk.ReadImage("out.nii.gz")
    same(theirs.GetSpacing(), (1.25, 1.5, 2.5), 1e-4, "ITK's spacing of what was read")
    for of in ("GetSpacing", "GetOrigin", "GetDirection"):
        same(getattr(ours, of)(), getattr(theirs, of)(), 1e-4, f"ITK's {of} of what was written")

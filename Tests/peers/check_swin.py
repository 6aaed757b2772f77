"""Checkpoints of a Swin Transformer under the names of its authors and under timm's, of random values."""
import numpy as np
import safetensors.numpy

from kit import each, same

WIDTH, DEPTHS, HEADS, WINDOW = 12, (2, 2, 6, 2), (1, 2, 4, 8), 4


def checkpoint(style):
    """All weights of a small Swin; a merging of patches closes a stage in its authors' names and opens one in timm's."""
    rng = np.random.default_rng(5)
    made = {}

    def layer(name, *shape, bias=True):
        made[f"{name}.weight"] = rng.normal(size=shape).astype("f4")
        if bias:
            made[f"{name}.bias"] = rng.normal(size=shape[:1]).astype("f4")

    layer("patch_embed.proj", WIDTH, 3, 4, 4)
    layer("patch_embed.norm", WIDTH)
    for stage, (depth, heads) in enumerate(zip(DEPTHS, HEADS)):
        width, window = WIDTH * 2 ** stage, min(WINDOW, 16 >> stage)  # of 16 patches along a side of 64 pixels
        for block in range(depth):
            at = f"layers.{stage}.blocks.{block}"
            for name, shape in {"norm1": (width,), "attn.qkv": (3 * width, width), "attn.proj": (width, width), "norm2": (width,),
                                "mlp.fc1": (4 * width, width), "mlp.fc2": (width, 4 * width)}.items():
                layer(f"{at}.{name}", *shape)
            made[f"{at}.attn.relative_position_bias_table"] = rng.normal(size=((2 * window - 1) ** 2, heads)).astype("f4")
        if stage < 3:
            at = f"layers.{stage + (style == 'timm')}.downsample"
            layer(f"{at}.norm", 4 * width)
            layer(f"{at}.reduction", 2 * width, 4 * width, bias=False)
    layer("norm", 8 * WIDTH)
    layer("head.fc" if style == "timm" else "head", 1000, 8 * WIDTH)
    return made


@each(style=["authors", "timm"])
def every_part_of_the_encoder_is_filled(kit, style):
    made = checkpoint(style)
    safetensors.numpy.save_file(made, "swin.safetensors")
    told, = kit.run("""
use swin_unet
use swin_weights
let net = SwinUNet(size: 64, embedding: 12, heads: [1, 2, 4, 8], window: 4)
let result = fill_from_swin(net, "swin.safetensors")
print(to_json({misfits: result.misfits, kept: result.kept}))
save_weights(net, "net.safetensors")
""")
    net = safetensors.numpy.load_file("net.safetensors")
    # The encoder's own, under the names of Swin's authors, which are those of the network.
    theirs = checkpoint("authors")
    encoder = [name for name in net if name.startswith(("patch_embed.", "layers.", "norm.")) and name in theirs]
    assert len(encoder) == 5 + 3 * 3 + 8 * 13 + 1 and all(f"layers.{n}.downsample.reduction.weight" in encoder for n in range(3)), len(encoder)
    for name in encoder:
        same(net[name], theirs[name], 0, name)
    assert told["misfits"] == [] and not any(name in encoder for name in told["kept"]), told["misfits"]
    assert "keep" not in kit.warned, kit.warned


@each(style=["authors", "timm"])
def what_stays_unfilled_is_said(kit, style):
    made = {name: array for name, array in checkpoint(style).items() if "downsample" not in name}
    safetensors.numpy.save_file(made, "swin.safetensors")
    kit.run("""
use swin_unet
use swin_weights
fill_from_swin(SwinUNet(size: 64, embedding: 12, heads: [1, 2, 4, 8], window: 4), "swin.safetensors")
""")
    assert "downsample" in kit.warned, f"nothing was said on the screen: {kit.warned!r}"

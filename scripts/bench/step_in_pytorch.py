"""One cross-teaching step in eager PyTorch, to time beside RS4's: `scripts/bench/step` runs both.

    step_in_pytorch.py float32|bfloat16 STEPS    prints the seconds of each step, after one that is not counted
"""
import sys
import time

import torch
from torch import nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, drop=0.0):
        super().__init__()
        self.conv_conv = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.LeakyReLU(), nn.Dropout(drop),
            nn.Conv2d(outputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.LeakyReLU())

    def forward(self, x):
        return self.conv_conv(x)


class Down(nn.Module):
    def __init__(self, inputs, outputs, drop):
        super().__init__()
        self.maxpool_conv = nn.Sequential(nn.MaxPool2d(2), Block(inputs, outputs, drop))

    def forward(self, x):
        return self.maxpool_conv(x)


class Up(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1x1 = nn.Conv2d(inputs, outputs, 1)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.conv = Block(2 * outputs, outputs)

    def forward(self, deep, skip):
        return self.conv(torch.cat([skip, self.up(self.conv1x1(deep))], 1))


class UNet(nn.Module):
    def __init__(self, classes=4, channels=(16, 32, 64, 128, 256), drops=(.05, .1, .2, .3, .5)):
        super().__init__()
        c = channels
        self.encoder = nn.Module()
        self.encoder.in_conv = Block(1, c[0], drops[0])
        for i in range(1, 5):
            setattr(self.encoder, f"down{i}", Down(c[i - 1], c[i], drops[i]))
        self.decoder = nn.Module()
        for i in range(1, 5):
            setattr(self.decoder, f"up{i}", Up(c[5 - i], c[4 - i]))
        self.decoder.out_conv = nn.Conv2d(c[0], classes, 3, padding=1)

    def forward(self, x):
        levels = [self.encoder.in_conv(x)]
        for i in range(1, 5):
            levels.append(getattr(self.encoder, f"down{i}")(levels[-1]))
        x = levels[4]
        for i in range(1, 5):
            x = getattr(self.decoder, f"up{i}")(x, levels[4 - i])
        return self.decoder.out_conv(x)


def windows_of(x, size):
    b, h, w, c = x.shape
    return x.view(b, h // size, size, w // size, size, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, size * size, c)


def image_of(windows, size, side):
    n = side // size
    c = windows.shape[-1]
    return windows.view(-1, n, n, size, size, c).permute(0, 1, 3, 2, 4, 5).reshape(-1, side, side, c)


def positions(size):
    grid = torch.stack(torch.meshgrid(torch.arange(size), torch.arange(size), indexing="ij")).flatten(1)
    offset = grid[:, :, None] - grid[:, None, :] + size - 1
    return offset[0] * (2 * size - 1) + offset[1]


def mask_of(side, size, shift):
    parts = torch.zeros(1, side, side, 1)
    bounds = [(0, side - size), (side - size, side - shift), (side - shift, side)]
    for i, (a, b) in enumerate(bounds):
        for j, (c, d) in enumerate(bounds):
            parts[:, a:b, c:d] = 3 * i + j
    w = windows_of(parts, size).squeeze(-1)
    return (w[:, None] != w[:, :, None]).float() * -100.0


class Attention(nn.Module):
    def __init__(self, channels, window, heads):
        super().__init__()
        self.heads, self.scale = heads, (channels // heads) ** -0.5
        self.relative_position_bias_table = nn.Parameter(torch.randn((2 * window - 1) ** 2, heads) * 0.02)
        self.register_buffer("relative_position_index", positions(window))
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x, mask=None):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attn = (q * self.scale) @ k.transpose(-2, -1)
        bias = self.relative_position_bias_table[self.relative_position_index.view(-1)].view(n, n, -1)
        attn = attn + bias.permute(2, 0, 1).contiguous()[None]
        if mask is not None:
            w = mask.shape[0]
            attn = attn.view(b // w, w, self.heads, n, n) + mask[None, :, None]
            attn = attn.view(-1, self.heads, n, n)
        return self.proj((attn.softmax(-1) @ v).transpose(1, 2).reshape(b, n, c))


class Mlp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, 4 * channels), nn.Linear(4 * channels, channels)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class SwinBlock(nn.Module):
    def __init__(self, channels, side, heads, window, shift, drop):
        super().__init__()
        self.side, self.size = side, min(side, window)
        self.shift = shift if side > window else 0
        self.drop = drop
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.attn = Attention(channels, self.size, heads)
        self.mlp = Mlp(channels)
        self.register_buffer("attn_mask", mask_of(side, self.size, self.shift) if self.shift else None)

    def dropped(self, x):
        if self.drop == 0 or not self.training:
            return x
        keep = torch.bernoulli(torch.full((x.shape[0], 1, 1), 1 - self.drop)) / (1 - self.drop)
        return x * keep

    def forward(self, x):
        b, l, c = x.shape
        y = self.norm1(x).view(b, self.side, self.side, c)
        if self.shift:
            y = torch.roll(y, (-self.shift, -self.shift), (1, 2))
        y = image_of(self.attn(windows_of(y, self.size), self.attn_mask), self.size, self.side)
        if self.shift:
            y = torch.roll(y, (self.shift, self.shift), (1, 2))
        x = x + self.dropped(y.reshape(b, l, c))
        return x + self.dropped(self.mlp(self.norm2(x)))


class Merging(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        self.side = side
        self.reduction, self.norm = nn.Linear(4 * channels, 2 * channels, bias=False), nn.LayerNorm(4 * channels)

    def forward(self, x):
        b, _, c = x.shape
        x = x.view(b, self.side, self.side, c)
        x = torch.cat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], -1)
        return self.reduction(self.norm(x.view(b, -1, 4 * c)))


class Expanding(nn.Module):
    def __init__(self, channels, side, factor=2, outputs=None):
        super().__init__()
        self.side, self.factor, self.kept = side, factor, outputs or channels // 2
        self.expand, self.norm = nn.Linear(channels, factor * factor * self.kept, bias=False), nn.LayerNorm(self.kept)

    def forward(self, x):
        b, f = x.shape[0], self.factor
        x = self.expand(x).view(b, self.side, self.side, f, f, self.kept).permute(0, 1, 3, 2, 4, 5)
        return self.norm(x.reshape(b, -1, self.kept))


class Stage(nn.Module):
    def __init__(self, channels, side, heads, window, drops, downsample=None, upsample=None):
        super().__init__()
        self.blocks = nn.ModuleList(
            [SwinBlock(channels, side, heads, window, (i % 2) * (window // 2), d) for i, d in enumerate(drops)])
        self.downsample, self.upsample = downsample, upsample

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        if self.downsample is not None:
            x = self.downsample(x)
        if self.upsample is not None:
            x = self.upsample(x)
        return x


class SwinUNet(nn.Module):
    def __init__(self, classes=4, size=224, embedding=96, heads=(3, 6, 12, 24), window=7, drop=0.1):
        super().__init__()
        self.size, self.embedding = size, embedding
        side, e = size // 4, embedding
        drops = [drop * i / 7 for i in range(8)]
        self.patch_embed = nn.Module()
        self.patch_embed.proj, self.patch_embed.norm = nn.Conv2d(3, e, 4, 4), nn.LayerNorm(e)
        self.layers, self.layers_up, self.concat_back_dim = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level in range(4):
            c, here = e * 2 ** level, side // 2 ** level
            self.layers.append(Stage(c, here, heads[level], window, drops[2 * level:2 * level + 2],
                                     downsample=Merging(c, here) if level < 3 else None))
        self.layers_up.append(Expanding(8 * e, side // 8))
        self.concat_back_dim.append(nn.Identity())
        for step in range(1, 4):
            level = 3 - step
            c, here = e * 2 ** level, side // 2 ** level
            self.layers_up.append(Stage(c, here, heads[level], window, drops[2 * level:2 * level + 2],
                                        upsample=Expanding(c, here) if step < 3 else None))
            self.concat_back_dim.append(nn.Linear(2 * c, c))
        self.norm, self.norm_up = nn.LayerNorm(8 * e), nn.LayerNorm(e)
        self.up = Expanding(e, side, 4, e)
        self.output = nn.Conv2d(e, classes, 1, bias=False)

    def forward(self, x):
        if x.shape[1] == 1:
            x = x.repeat(1, 3, 1, 1)
        y = self.patch_embed.norm(self.patch_embed.proj(x).flatten(2).transpose(1, 2))
        skips = []
        for stage in self.layers:
            skips.append(y)
            y = stage(y)
        y = self.layers_up[0](self.norm(y))
        for step in range(1, 4):
            y = self.layers_up[step](self.concat_back_dim[step](torch.cat([y, skips[3 - step]], -1)))
        y = self.up(self.norm_up(y)).view(-1, self.size, self.size, self.embedding).permute(0, 3, 1, 2)
        return self.output(y)


def dice_loss(p, labels, classes=4):
    truth = F.one_hot(labels, classes).permute(0, 3, 1, 2).float()
    loss = 0.0
    for c in range(classes):
        a, b = p[:, c], truth[:, c]
        loss = loss + 1 - (2 * (a * b).sum() + 1e-5) / ((a * a).sum() + (b * b).sum() + 1e-5)
    return loss / classes


def step(nets, optimizers, images, labels, weight, kind=None):
    half = len(labels)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=kind == "bfloat16"):
        logits = [net(images) for net in nets]
    logits = [one.float() for one in logits]
    soft = [one.softmax(1) for one in logits]
    supervised = [0.5 * (F.cross_entropy(one[:half], labels) + dice_loss(p[:half], labels))
                  for one, p in zip(logits, soft)]
    pseudo = [p[half:].detach().argmax(1) for p in soft]
    cross = [dice_loss(soft[0][half:], pseudo[1]), dice_loss(soft[1][half:], pseudo[0])]
    loss = sum(supervised) + weight * sum(cross)
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    return loss.item()


def main(kind, steps):
    torch.manual_seed(1)
    nets = [UNet(), SwinUNet()]
    optimizers = [torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4) for net in nets]
    images, labels = torch.randn(4, 1, 224, 224), torch.randint(0, 4, (2, 224, 224))
    step(nets, optimizers, images, labels, 0.1, kind)
    for _ in range(steps):
        started = time.perf_counter()
        step(nets, optimizers, images, labels, 0.1, kind)
        print(f"{time.perf_counter() - started:.4f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

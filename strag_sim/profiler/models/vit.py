"""ViT-B/16: a transformer on 196 patches of an image, large matrix products and few kernels.

Dosovitskiy et al., "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
ICLR 2021. Departs from the paper as most implementations do: the head is one linear layer, as in
its fine-tuning. Parameters have the names that torchvision gives them, so that its files of
weights fit.
"""

import torch
from torch import nn
from torch.nn import functional

PIXELS = 224
_PATCH, _WIDTH, _HEADS, _BLOCKS = 16, 768, 12, 12


class ViT(nn.Module):
    """ViT-B/16 from images of 224 pixels to logits."""

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.class_token = nn.Parameter(torch.zeros(1, 1, _WIDTH))
        self.conv_proj = nn.Conv2d(3, _WIDTH, _PATCH, stride=_PATCH)
        self.encoder = _Encoder()
        self.heads = nn.ModuleDict({"head": nn.Linear(_WIDTH, classes)})

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (batch, classes) of images (batch, 3, 224, 224)."""
        patches = self.conv_proj(images).flatten(2).transpose(1, 2)
        tokens = torch.cat((self.class_token.expand(len(images), -1, -1), patches), dim=1)
        return self.heads["head"](self.encoder(tokens)[:, 0])


class _Encoder(nn.Module):
    """Positions are added, then come the blocks."""

    def __init__(self) -> None:
        super().__init__()
        positions = 1 + (PIXELS // _PATCH) ** 2
        self.pos_embedding = nn.Parameter(torch.empty(1, positions, _WIDTH).normal_(std=0.02))
        blocks = {f"encoder_layer_{i}": _Block() for i in range(_BLOCKS)}
        self.layers = nn.ModuleDict(blocks)
        self.ln = nn.LayerNorm(_WIDTH, eps=1e-6)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self.pos_embedding
        for block in self.layers.values():
            tokens = block(tokens)
        return self.ln(tokens)


class _Block(nn.Module):
    """Attention and two linear layers, each normalised before and beside a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(_WIDTH, eps=1e-6)
        self.self_attention = _Attention()
        self.ln_2 = nn.LayerNorm(_WIDTH, eps=1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(_WIDTH, 4 * _WIDTH),
            nn.GELU(),
            nn.Dropout(0.0),
            nn.Linear(4 * _WIDTH, _WIDTH),
        )

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        tokens = tokens + self.self_attention(self.ln_1(tokens))
        return tokens + self.mlp(self.ln_2(tokens))


class _Attention(nn.Module):
    """Each token gathers from all, with twelve heads."""

    def __init__(self) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(3 * _WIDTH, _WIDTH))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * _WIDTH))
        self.out_proj = nn.Linear(_WIDTH, _WIDTH)
        nn.init.xavier_uniform_(self.in_proj_weight)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        projected = functional.linear(tokens, self.in_proj_weight, self.in_proj_bias)
        queries, keys, values = projected.unflatten(2, (3, _HEADS, -1)).permute(2, 0, 3, 1, 4)
        gathered = functional.scaled_dot_product_attention(queries, keys, values)
        return self.out_proj(gathered.transpose(1, 2).flatten(2))

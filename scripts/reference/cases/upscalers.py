"""The upscalers of upscalers.py: small networks of the ESRGAN family, by every layout of their names."""

# Made by the classes of spandrel with these arguments, and renamed to the layout.
# With random weights, an image would be dark noise: the last bias puts it in the middle, and the last weight
# makes it differ from that.
MIDDLE = 0.5
GAIN = 0.9

NETWORKS = {
    "old-x4": {"kind": "rrdb", "layout": "old", "arguments": {"num_filters": 8, "num_blocks": 2, "scale": 4}},
    "old-x1": {"kind": "rrdb", "layout": "old", "arguments": {"num_filters": 8, "num_blocks": 1, "scale": 1}},
    "plus-x2": {
        "kind": "rrdb",
        "layout": "old",
        "arguments": {"num_filters": 8, "num_blocks": 1, "scale": 2, "plus": True},
    },
    "new-x4": {"kind": "rrdb", "layout": "new", "arguments": {"num_filters": 8, "num_blocks": 2, "scale": 4}},
    "new-x8": {"kind": "rrdb", "layout": "new", "arguments": {"num_filters": 8, "num_blocks": 1, "scale": 8}},
    "bsrgan-x2": {
        "kind": "rrdb",
        "layout": "bsrgan",
        "arguments": {"num_filters": 8, "num_blocks": 1, "scale": 2},
    },
    # RealESRGAN_x2plus has this form: 12 channels go in.
    "unshuffle-x2": {
        "kind": "rrdb",
        "layout": "new",
        "arguments": {"num_filters": 8, "num_blocks": 1, "scale": 4, "in_nc": 12, "shuffle_factor": 2},
    },
    "unshuffle-x1": {
        "kind": "rrdb",
        "layout": "new",
        "arguments": {"num_filters": 8, "num_blocks": 1, "scale": 4, "in_nc": 48, "shuffle_factor": 4},
    },
    "compact-x4": {"kind": "compact", "arguments": {"num_feat": 8, "num_conv": 3, "upscale": 4}},
    "compact-x2": {"kind": "compact", "arguments": {"num_feat": 8, "num_conv": 2, "upscale": 2}},
    "compact-x1": {"kind": "compact", "arguments": {"num_feat": 8, "num_conv": 2, "upscale": 1}},
}

# Width and height of the image that is enlarged; odd ones have to be filled up for an unshuffle.
SIZES = {"old-x1": (40, 32), "unshuffle-x2": (25, 19), "unshuffle-x1": (38, 30), "compact-x1": (40, 32)}
USUAL_SIZE = (16, 12)

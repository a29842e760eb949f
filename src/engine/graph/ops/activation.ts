import type { Builder } from '../builder';
import type { Value } from '../graph';
import { elementwise } from './layout';
import { mul } from './arithmetic';

/** The activations of diffusers' `get_activation` (models/activations.py) and of CLIP's text models. */
export const ACTIVATIONS = ['silu', 'swish', 'mish', 'gelu', 'relu', 'quick_gelu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

export function activation(b: Builder, x: Value, kind: Activation): Value {
  return elementwise(b, [x], (value) => activated(b, value, kind));
}

function activated(b: Builder, x: Value, kind: Activation): Value {
  switch (kind) {
    case 'silu':
    case 'swish':
      return sigmoidGate(b, x, 1);
    case 'quick_gelu':
      return sigmoidGate(b, x, 1.702);
    case 'gelu':
      return b.node(b.device.quirks.hasGelu ? 'Gelu' : 'com.microsoft::Gelu', [x], x.shape);
    case 'relu':
      return b.node('Relu', [x], x.shape);
    case 'mish':
      return b.node('Mish', [x], x.shape);
  }
}

/** x · sigmoid(alpha · x): SiLU with 1, CLIP's quick GELU with 1.702. */
function sigmoidGate(b: Builder, x: Value, alpha: number): Value {
  if (b.device.quirks.hasQuickGelu)
    return b.node('QuickGelu', [x], x.shape, { alpha: { float: alpha } });
  const scaled = alpha === 1 ? x : mul(b, x, b.numbers([alpha], [1]));
  return mul(b, x, b.node('Sigmoid', [scaled], x.shape));
}

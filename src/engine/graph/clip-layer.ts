import type { Builder } from './builder';
import type { ClipLayerConfig } from './clip-layer-config';
import type { Value } from './graph';
import { activation } from './ops/activation';
import { add } from './ops/arithmetic';
import { attention, type AttentionOptions } from './ops/attention';
import { linear } from './ops/linear';
import { layerNorm } from './ops/normalization';

/** CLIPEncoderLayer (transformers, modeling_clip.py) on x [B, T, D]. */
export function clipLayer(
  b: Builder,
  { hiddenSize, intermediateSize, heads, activation: kind, layerNormEps: eps }: ClipLayerConfig,
  x: Value,
  { causal }: Required<Pick<AttentionOptions, 'causal'>>,
): Value {
  const normal = layerNorm(b.at('layer_norm1'), x, eps);
  const self = b.at('self_attn');
  const [query, key, value] = ['q_proj', 'k_proj', 'v_proj'].map((name) =>
    linear(self.at(name), normal, hiddenSize),
  );
  const mixed = attention(self, query!, key!, value!, { heads, causal });
  const attended = add(b, x, linear(self.at('out_proj'), mixed, hiddenSize));

  const mlp = b.at('mlp');
  const wide = linear(
    mlp.at('fc1'),
    layerNorm(b.at('layer_norm2'), attended, eps),
    intermediateSize,
  );
  const narrow = linear(mlp.at('fc2'), activation(mlp, wide, kind), hiddenSize);
  return add(b, attended, narrow);
}

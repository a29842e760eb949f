import type { JsonObject } from '../../../../core/json';

/**
 * The usual name of a UNet's family, such as `SD 1.x`. It needs only config.json, so that damaged models can
 * be listed too.
 * @returns an empty string if the family is unknown
 */
export function unetLabel(config: JsonObject): string {
  const { cross_attention_dim: dims, addition_embed_type: added } = config;
  const width: unknown = Array.isArray(dims) ? dims[0] : dims;
  const isXl = added === 'text_time';
  const base = isXl ? (width === 1280 ? 'SDXL refiner' : 'SDXL') : labelOfTextWidth(width);
  if (typeof config.time_cond_proj_dim === 'number') return base === 'SDXL' ? 'SDXL LCM' : 'LCM';
  return base && config.in_channels === 9 ? `${base} inpainting` : base;
}

/** The family, from the width of the text features: CLIP ViT-L, OpenCLIP ViT-H, or both encoders of SDXL. */
export function labelOfTextWidth(width: unknown): string {
  if (width === 768) return 'SD 1.x';
  if (width === 1024) return 'SD 2.x';
  if (width === 2048) return 'SDXL';
  return '';
}

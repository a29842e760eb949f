/**
 * The family that parts such as ControlNets are made for: that of a model without what it is for, such as
 * `SD 1.x` for `SD 1.x inpainting` and for `LCM`.
 * @param family as models are described
 * @returns an empty string where it is not known
 */
export function baseFamily(family: string): string {
  // The refiner has text features of another width.
  if (family === 'SDXL refiner') return family;
  const base = /^(SD 1\.x|SD 2\.x|SDXL)\b/.exec(family)?.[0];
  return base ?? (family === 'LCM' ? 'SD 1.x' : '');
}

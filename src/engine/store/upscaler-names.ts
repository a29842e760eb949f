import path from 'node:path';

/** Names of upscalers' files, and of the folders that other programs keep them in. */
export const UPSCALER_NAME =
  /esrgan|realesr|upscal|bsrgan|(?:^|[^a-z0-9])(?:[1248]x|x[1248])(?!\d)/i;
const FOLDER = /esrgan|upscale/i;

/** Whether a file's name, or that of its folder, says that it is an upscaler as a PyTorch file. */
export function isUpscalerName(file: string): boolean {
  if (!/\.pth?$/i.test(file)) return false;
  return UPSCALER_NAME.test(path.basename(file)) || FOLDER.test(path.basename(path.dirname(file)));
}

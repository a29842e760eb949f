/** The folders of its adapters: for SD 1.5 and for SDXL. Each also holds an image encoder. */
export const IP_ADAPTER_FOLDERS = ['models', 'sdxl_models'] as const;

/** OpenCLIP's ViT-H and ViT-bigG, as folders of the repository. */
export const IMAGE_ENCODER_FOLDERS = ['models/image_encoder', 'sdxl_models/image_encoder'] as const;

/** What is downloaded where no adapter is named: the plain one for SD 1.5. */
const USUAL = 'models/ip-adapter_sd15.safetensors';

/** The adapter of a repository that is laid out like that of the authors, if it is. @param paths of all its files */
export function usualIpAdapter(paths: readonly string[]): string | undefined {
  return paths.find((path) => path === USUAL);
}

/**
 * The folder of the image encoder that an adapter of such a repository was taught with, as its name tells: ViT-bigG for
 * `vit-G` and for SDXL without `vit-h`, else ViT-H. Undefined for other files.
 */
export function imageEncoderOf(file: string): string | undefined {
  const [folder, name, ...deeper] = file.split('/');
  const isAdapter = IP_ADAPTER_FOLDERS.some((one) => one === folder);
  if (!isAdapter || !name?.startsWith('ip-adapter') || deeper.length > 0) return undefined;
  const isLarge = /vit-g/i.test(name) || (folder === 'sdxl_models' && !/vit-h/i.test(name));
  return IMAGE_ENCODER_FOLDERS[isLarge ? 1 : 0];
}

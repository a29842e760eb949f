import type { ModelLayout } from '../layouts/layout';
import type { Model } from '../model';

/** A family of models: diffusers' pipelines that work in the same way. */
export interface ModelFamily {
  /** Pipeline classes. The request decides between text to image, image to image and inpainting. */
  readonly pipelines: readonly string[];
  /**
   * Reads a model. No weights are loaded.
   * @throws EaselError `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-model`,
   *   `unsupported-config`
   */
  open(layout: ModelLayout): Promise<Model>;
}

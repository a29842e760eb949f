import type { ModelLayout } from '../layouts/layout';
import type { Model } from '../model';

/** A family of models: pipelines of diffusers that draw in one way. */
export interface ModelFamily {
  /** Pipeline classes; what a request asks for decides between their variants. */
  readonly pipelines: readonly string[];
  /** Reads a model, nothing of which is loaded. @throws EaselError as `openModel` */
  open(layout: ModelLayout): Promise<Model>;
}

import type { JsonObject } from '../../../store/model-folder';
import type { OnnxComponent } from './component';

/** A folder of exported ONNX graphs, as the kinds of components read it. */
export interface ExportedFolder {
  readonly id: string;
  /** The pipeline's class, without the prefix of exports. */
  readonly pipeline: string;
  /** Whether a component's folder holds a graph. */
  has(name: string): Promise<boolean>;
  /** @throws EaselError `model-incomplete` or `bad-file` */
  open(name: string): Promise<OnnxComponent>;
  /** A component's config.json; empty where there is none. */
  config(name: string): Promise<JsonObject>;
}

import type { JsonObject } from '../../../../core/json';
import type { OnnxComponent } from './component';

/** A folder of exported ONNX graphs. */
export interface ExportedFolder {
  readonly id: string;
  /** The pipeline's class in diffusers, without the prefixes of exports (`Onnx`, `ORT`). */
  readonly pipeline: string;
  /** Whether a component's folder has a graph. */
  has(name: string): Promise<boolean>;
  /** @throws EaselError `model-incomplete` or `bad-file` */
  open(name: string): Promise<OnnxComponent>;
  /** A component's config.json; empty if there is no such file. */
  config(name: string): Promise<JsonObject>;
}

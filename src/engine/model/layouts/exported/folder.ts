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
  /**
   * A JSON file of a component; empty if there is no such file.
   * @param file Default: `config.json`
   */
  config(name: string, file?: string): Promise<JsonObject>;
}

/** Reads a value of an export's config.json: a whole number above 0, or undefined for anything else. */
export function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Reads a list of whole numbers above 0; undefined for anything else. */
export function wholeNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((entry): entry is number => wholeNumber(entry) !== undefined)
    ? value
    : undefined;
}

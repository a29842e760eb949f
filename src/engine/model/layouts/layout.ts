import type { JsonObject } from '../../../core/json';
import type { WeightSource } from '../../weights/source';
import type { ExportedFolder } from './exported/folder';

export interface OpenOptions {
  /** Does not read pickles, of which only the size is known then. For lists of models. */
  readonly skipPickles?: boolean;
  /** Which weights of a diffusers folder: see `openComponentWeights`. */
  readonly variant?: string | undefined;
}

/** Reads the files of a model. There is one layout each for diffusers folders, exported graphs and single files. */
export interface ModelLayout {
  readonly id: string;
  /** The model's folder; for a single file, the folder that contains it. */
  readonly folder: string;
  /** The single file, where the model is one. */
  readonly file?: string;
  /** The name in the single file's metadata. */
  readonly title?: string | undefined;
  /**
   * The path of the folder or file, the variant of its weights, and the paths of networks that take the place of its
   * own. It identifies the model's sessions.
   */
  readonly place: string;
  /** Names of a UNet that takes the place of the model's own. They can say that it draws in a few steps. */
  readonly unetNames?: readonly string[];
  /** The pipeline's class in diffusers, without the prefixes of exports (`Onnx`, `ORT`). */
  readonly pipeline: string;
  /** The fields of model_index.json; empty for a single file. */
  readonly index: JsonObject;
  /**
   * scheduler_config.json; `_class_name` is the class that model_index.json names, if it names one.
   * @param name of the component. Default: `scheduler`
   * @throws EaselError `model-incomplete`, `bad-file`
   */
  schedulerConfig(name?: string): Promise<JsonObject>;
  /**
   * Opens a component: reads its config and locates its weights.
   * @param name as in model_index.json, such as `text_encoder`
   * @throws EaselError `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-model` or
   *   `unsupported-config`, each naming the file or field
   */
  component<T>(name: string, kind: ComponentKind<T>): Promise<T>;
  tokenizer<T>(name: string, kind: TokenizerKind<T>): Promise<T>;
}

/** A kind of network, and how it is read from each layout. */
export interface ComponentKind<T> {
  /** Classes of diffusers or transformers that it reads. */
  readonly classes: readonly string[];
  read(files: ComponentFiles): T | Promise<T>;
  /** From graphs that were exported. */
  exported(folder: ExportedFolder, name: string): Promise<T>;
}

/** The files of a component. */
export interface ComponentFiles {
  /** As in model_index.json. */
  readonly name: string;
  /** The class in model_index.json; undefined for a single file, where the config decides. */
  readonly className: string | undefined;
  readonly config: JsonObject;
  /** The config's path, for messages. */
  readonly where: string;
  readonly openWeights: () => Promise<WeightSource>;
  /** The component's own folder; undefined for a single file. */
  readonly folder: string | undefined;
}

export interface TokenizerKind<T> {
  readonly classes: readonly string[];
  /**
   * @param folder with the tokenizer's files
   * @param root the model's folder: links out of it are refused
   */
  read(folder: string, root?: string): Promise<T>;
  /**
   * The published tokenizer, for single files, which have no vocabulary.
   * @param padding the token that fills up a short prompt
   */
  published(padding: string): Promise<T>;
}

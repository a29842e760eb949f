import type { JsonObject } from '../../store/model-folder';
import type { WeightSource } from '../../weights/source';
import type { ExportedFolder } from './exported/folder';

/** How the files of a model lie: a diffusers folder, a folder of exported graphs, or a single file. */
export interface ModelLayout {
  readonly id: string;
  /** The folder of the model; for a single file the one that the file lies in. */
  readonly folder: string;
  /** The model's place: tells loaded sessions of different models apart. */
  readonly place: string;
  /** The pipeline's class, as diffusers names it for models with weights. */
  readonly pipeline: string;
  /** The fields of model_index.json; none where there is no such file. */
  readonly index: JsonObject;
  /** scheduler_config.json. */
  schedulerConfig(): Promise<JsonObject>;
  /**
   * Opens a component: its config and where its weights lie.
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

/** A component as it lies on disk. */
export interface ComponentFiles {
  /** As in model_index.json. */
  readonly name: string;
  /** The class that the index names; undefined where the config tells it. */
  readonly className: string | undefined;
  readonly config: JsonObject;
  /** The config's path, for messages. */
  readonly where: string;
  readonly openWeights: () => Promise<WeightSource>;
  /** The component's own folder, where it has one. */
  readonly folder: string | undefined;
}

export interface TokenizerKind<T> {
  readonly classes: readonly string[];
  /** @param folder with the tokenizer's files */
  read(folder: string): Promise<T>;
  /** For checkpoints in a single file, which have no vocabulary. @param padding the token behind a prompt */
  published(padding: string): Promise<T>;
}

import { EaselError } from '../core/errors';
import {
  findServedModel,
  isOpenAiModel,
  lastPart,
  nameModels,
  type ServedModel,
} from '../core/serve/models';
import type { ModelEntry } from '../protocol/engine';

/** Milliseconds for which a list is used again. Reading it opens every model of the cache. */
const FRESH_MS = 2000;

/** The model of a request. */
export interface ChosenModel {
  /** For clients. */
  readonly name: string;
  /** For the engine. */
  readonly id: string;
  /** Absent where the store does not list it. */
  readonly entry?: ModelEntry;
}

/** The models that clients may name. */
export class ServedModels {
  private listing: Promise<readonly ServedModel<ModelEntry>[]> | undefined;
  private listedAt = 0;

  constructor(private readonly list: () => Promise<readonly ModelEntry[]>) {}

  /** All models and adapters of this machine, with their names for clients. */
  all(): Promise<readonly ServedModel<ModelEntry>[]> {
    const now = performance.now();
    if (this.listing === undefined || now - this.listedAt > FRESH_MS) {
      this.listedAt = now;
      this.listing = this.list().then(nameModels);
      // The next request tries again.
      this.listing.catch(() => (this.listing = undefined));
    }
    return this.listing;
  }

  /** Those that draw. */
  async pipelines(): Promise<readonly ServedModel<ModelEntry>[]> {
    const models = await this.all();
    return models.filter(({ stored }) => stored.kind === 'pipeline' && stored.runnable);
  }

  /**
   * The model that a client names, or the default one.
   * @param usual the id or path of the default model
   * @throws EaselError `model-not-found`, `unsupported-model`
   */
  async choose(name: string | null | undefined, usual: string): Promise<ChosenModel> {
    const models = await this.all();
    const own = models.find(({ stored }) => stored.id === usual);
    const usualName = own?.name ?? lastPart(usual);
    const asked = name?.trim() ?? '';
    const isListed = models.some((model) => model.name === asked);
    if (asked === '' || asked === usualName || (isOpenAiModel(asked) && !isListed)) {
      return { name: usualName, id: usual, ...(own && { entry: own.stored }) };
    }
    const { name: found, stored } = findServedModel(models, asked);
    return { name: found, id: stored.id, entry: stored };
  }

  /** An error without paths of this machine, which clients need not know. */
  async hidePaths(error: EaselError): Promise<EaselError> {
    const models = await this.all().catch(() => []);
    const message = models.reduce(
      (text, { name, stored }) => text.replaceAll(stored.path, name).replaceAll(stored.id, name),
      error.message,
    );
    if (message === error.message) return error;
    return new EaselError(error.code, message, error.data, { cause: error });
  }
}

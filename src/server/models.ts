import { EaselError } from '../core/errors';
import {
  findServedModel,
  isOpenAiModel,
  lastPart,
  nameModels,
  servedControls,
  type ServedControl,
  type NamedIn,
  type ServedModel,
} from '../core/serve/models';
import type { ModelEntry } from '../protocol/engine';
import type { UpscalerEntry } from '../protocol/store';

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

/** A list that is used again for a moment. */
class FreshList<T> {
  private listing: Promise<T> | undefined;
  private listedAt = 0;

  constructor(private readonly list: () => Promise<T>) {}

  get(): Promise<T> {
    const now = performance.now();
    if (this.listing === undefined || now - this.listedAt > FRESH_MS) {
      this.listedAt = now;
      this.listing = this.list();
      // The next request tries again.
      this.listing.catch(() => (this.listing = undefined));
    }
    return this.listing;
  }
}

/** The models that clients may name. */
export class ServedModels {
  private readonly models: FreshList<readonly ServedModel<ModelEntry>[]>;
  private readonly enlargers: FreshList<readonly UpscalerEntry[]>;

  constructor(
    list: () => Promise<readonly ModelEntry[]>,
    listUpscalers: () => Promise<readonly UpscalerEntry[]>,
  ) {
    this.models = new FreshList(async () => nameModels(await list()));
    this.enlargers = new FreshList(listUpscalers);
  }

  /** All models and adapters of this machine, with their names for clients. */
  all(): Promise<readonly ServedModel<ModelEntry>[]> {
    return this.models.get();
  }

  /** The ControlNets, T2I-Adapters and IP-Adapters of this machine. */
  async controls(): Promise<readonly ServedControl[]> {
    return servedControls(await this.all());
  }

  /** The upscalers of this machine, by the names that clients use. */
  upscalers(): Promise<readonly UpscalerEntry[]> {
    return this.enlargers.get();
  }

  /** Those that draw. */
  async pipelines(): Promise<readonly ServedModel<ModelEntry>[]> {
    const models = await this.all();
    return models.filter(({ stored }) => stored.kind === 'pipeline' && stored.runnable);
  }

  /**
   * The model that a client names, or the default one.
   * @param usual the id or path of the default model
   * @param namedIn for messages. Default: as in OpenAI's API
   * @throws EaselError `model-not-found`, `unsupported-model`
   */
  async choose(
    name: string | null | undefined,
    usual: string,
    namedIn?: NamedIn,
  ): Promise<ChosenModel> {
    const models = await this.all();
    const own = models.find(({ stored }) => stored.id === usual);
    const usualName = own?.name ?? lastPart(usual);
    const asked = name?.trim() ?? '';
    const isListed = models.some((model) => model.name === asked);
    if (asked === '' || asked === usualName || (isOpenAiModel(asked) && !isListed)) {
      return { name: usualName, id: usual, ...(own && { entry: own.stored }) };
    }
    const { name: found, stored } = findServedModel(models, asked, namedIn);
    return { name: found, id: stored.id, entry: stored };
  }

  /** An error without paths of this machine. */
  async hidePaths(error: EaselError): Promise<EaselError> {
    const message = await this.hidePathsIn(error.message);
    if (message === error.message) return error;
    return new EaselError(error.code, message, error.data, { cause: error });
  }

  /** A text without paths of this machine, which clients need not know: with the names that they use. */
  async hidePathsIn(text: string): Promise<string> {
    const models = await this.all().catch(() => []);
    const upscalers = await this.upscalers().catch(() => []);
    const hidden = [
      ...models.flatMap(({ name, stored }) => [stored.path, stored.id].map((id) => ({ id, name }))),
      ...upscalers,
    ];
    return hidden.reduce((shown, { id, name }) => shown.replaceAll(id, name), text);
  }
}

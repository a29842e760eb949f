import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { cancelled, EaselError } from '../../core/errors';
import { controlNetworks, withoutNetworks } from '../../core/request/controls';
import { otherNetworks } from '../../core/request/other-networks';
import type { GenerationRequestInput } from '../../core/request/request';
import type { ModelEntry } from '../../protocol/engine';
import { isInsidePath } from '../files/real-path';
import type { Endpoints } from '../endpoints/endpoints';
import type { Settings } from '../settings';
import type { ModelStore } from './model-store';
import { STARTER } from './model-words';

/**
 * Decides which files of this computer a request may name. A request can come from the recipe in an image of
 * a stranger, or from an agent: neither may have any path opened, or tell which files exist.
 */
export class ModelAccess {
  /** Such files outside of the user's folders that the user has allowed, until the window closes. */
  private readonly allowed = new Set<string>();
  /** The models of the last listing, which looks into every model. */
  private listed: readonly ModelEntry[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly store: Pick<ModelStore, 'list' | 'cacheFolder'>,
    private readonly endpoints: Pick<Endpoints, 'find'>,
  ) {}

  /**
   * The request, if its model is one that the user chose or that is listed. LoRAs, embeddings, ControlNets,
   * IP-Adapters, upscalers, refiners, UNets and autoencoders are taken from the user's own folders; for others the user is asked, and can leave them out.
   * @param fromForm the user sees in a form which model draws and where, and may choose an endpoint there; nothing
   *   else can, not even one of the user's
   * @throws EaselError `model-not-found` for another model; `cancelled` when the question is dismissed
   */
  async check(
    request: GenerationRequestInput,
    { fromForm = false }: { readonly fromForm?: boolean } = {},
  ): Promise<GenerationRequestInput> {
    const { model, endpoint, loras, embeddings } = request;
    const named = endpoint === undefined ? model : `${model ?? ''}@${endpoint}`;
    const isChosen = fromForm && named !== undefined && (await this.endpoints.find(named));
    if (named !== undefined && !isChosen && !(await this.isListed(named))) {
      throw new EaselError(
        'model-not-found',
        vscode.l10n.t(
          'That model is not among yours. Choose one of your models, or add that one first.',
        ),
      );
    }
    const adapters = [...(loras ?? []), ...(embeddings ?? [])].map(({ path: file }) => file);
    const files = new Set([...adapters, ...controlNetworks(request), ...otherModelsOf(request)]);
    const refused = new Set<string>();
    for (const file of files) if (!(await this.mayOpen(file))) refused.add(file);
    if (refused.size === 0) return request;
    const { hiresUpscaler, upscale, refiner, unet, vae } = request;
    const isRefused = (file: string) => refused.has(file);
    const isKept = ({ path: file }: { readonly path: string }) => !refused.has(file);
    return {
      ...request,
      ...(loras && { loras: loras.filter(isKept) }),
      ...(embeddings && { embeddings: embeddings.filter(isKept) }),
      ...withoutNetworks(request, isRefused),
      ...(isRefused(hiresUpscaler ?? '') && { hiresUpscaler: undefined }),
      ...(isRefused(upscale?.model ?? '') && { upscale: undefined }),
      // The model then draws alone, to the end.
      ...(isRefused(refiner ?? '') && { refiner: undefined, denoisingEnd: undefined }),
      ...(isRefused(unet ?? '') && { unet: undefined }),
      ...(isRefused(vae ?? '') && { vae: undefined }),
    };
  }

  /** Whether a model is the one that the user chose, or one of those of this machine that Easel lists. */
  async isListed(model: string): Promise<boolean> {
    if (model === STARTER || model === this.settings.read().model) return true;
    return this.lists(({ id }) => id === model);
  }

  /** @throws EaselError `cancelled` when the question is dismissed */
  private async mayOpen(file: string): Promise<boolean> {
    if (this.allowed.has(file) || (await this.isOwn(file))) return true;
    const { t } = vscode.l10n;
    const [open, leave] = [t('Open It'), t('Draw Without It')];
    const answer = await vscode.window.showWarningMessage(
      t('A file outside your model folders is to be opened. Open it?'),
      { modal: true, detail: file.slice(0, 500) },
      open,
      leave,
    );
    if (answer === undefined) throw cancelled();
    if (answer === open) this.allowed.add(file);
    return answer === open;
  }

  /** Whether a file is in the cache, in a folder of `easel.modelPaths` or `easel.loraPaths`, or listed by its id. */
  private async isOwn(file: string): Promise<boolean> {
    return (
      (path.isAbsolute(file) && (await this.isInOwnFolder(file))) ||
      this.lists(
        ({ id, path: place, ipAdapters = [] }) =>
          id === file || place === file || ipAdapters.some((one) => one.id === file),
      )
    );
  }

  private async isInOwnFolder(file: string): Promise<boolean> {
    const { modelPaths, loraPaths } = this.settings.read();
    const folders = [await this.store.cacheFolder(), ...modelPaths, ...loraPaths];
    // By its text first: on Windows, only to look at \\host\share would send a password there.
    for (const folder of folders.filter((one) => isBelow(file, one))) {
      const [real, root] = await Promise.all([file, folder].map(realPathOrNone));
      if (real && root && isBelow(real, root)) return true;
    }
    return false;
  }

  /** Whether a model of this kind is listed. A new listing is made only where the last one has none. */
  private async lists(isMeant: (entry: ModelEntry) => boolean): Promise<boolean> {
    if (this.listed.some(isMeant)) return true;
    this.listed = await this.store.list();
    return this.listed.some(isMeant);
  }
}

/** The other models and networks that a request names. */
function otherModelsOf(request: GenerationRequestInput): readonly string[] {
  const { hiresUpscaler, upscale, refiner } = request;
  const { unet, vae } = otherNetworks(request);
  return [hiresUpscaler, upscale?.model, refiner, unet, vae].filter((name) => name !== undefined);
}

/** Empty for what does not exist. */
function realPathOrNone(place: string): Promise<string> {
  return realpath(place).catch(() => '');
}

function isBelow(file: string, folder: string): boolean {
  return path.relative(folder, file) !== '' && isInsidePath(file, folder);
}

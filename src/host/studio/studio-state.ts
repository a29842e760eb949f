import * as vscode from 'vscode';
import { toEaselError } from '../../core/errors';
import { pickFields } from '../../core/request/fields';
import { SETTING_FIELDS } from '../../core/request/settings';
import { DEFAULT_STYLES, type Style } from '../../core/request/styles';
import type { DeviceReport, ModelEntry } from '../../protocol/engine';
import type {
  ModelOffer,
  StudioEndpoint,
  StudioImage,
  StudioSettings,
  StudioState,
} from '../../protocol/studio';
import { needsFaces } from '../../core/catalogue/ip-adapters';
import { hostOf, isLoopback, mayUse, splitEndpointModel } from '../../core/endpoints/endpoint';
import { oneLine } from '../../core/shown-text';
import { endpointFailure } from '../endpoints/endpoint-words';
import { nameOf } from '../files/image-files';
import { bestOffer } from '../doubts/model-offer';
import type { HostServices } from '../services';
import type { Gallery } from './gallery';
import type { StudioJobs } from './jobs';
import type { SpeedLog } from '../drawing/speeds';

/** What the studio's page shows, gathered from the services. Lists that take time are kept. */
export class StudioPageState implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;
  private models: readonly ModelEntry[] | undefined;
  private controlnets: StudioState['controlnets'] = [];
  private ipAdapters: StudioState['ipAdapters'] = [];
  private upscalers: StudioState['upscalers'] = [];
  private loras: readonly ModelEntry[] = [];
  private devices: DeviceReport | undefined;
  private offer: ModelOffer | undefined;
  /** What has changed since the last push. */
  private readonly dirty = new Set<keyof StudioState>();
  private pushing: NodeJS.Immediate | undefined;

  /** @param push receives what changes */
  constructor(
    private readonly webview: vscode.Webview,
    private readonly services: HostServices,
    private readonly parts: { gallery: Gallery; jobs: StudioJobs; speeds: SpeedLog },
    private readonly push: (change: Partial<StudioState>) => void,
  ) {
    const { gallery, jobs } = parts;
    const { inserter, settings, store, history, endpointModels } = services;
    this.subscriptions = vscode.Disposable.from(
      jobs.onDidChange(() => this.mark('jobs', 'speeds')),
      gallery.onDidChange(() => this.mark('images', 'removed')),
      inserter.onDidChangeTarget(() => this.mark('target')),
      history.onDidChange(() => this.mark('prompts')),
      settings.onDidChange((changed) => {
        this.mark('settings');
        // Another Node can have other devices.
        if (changed('nodePath')) void this.loadDevices();
      }),
      endpointModels.onDidChange(() => this.mark('endpoints')),
      store.onDidChangeModels(() => void this.loadModels()),
      services.watch.start(),
    );
  }

  /** The model that is offered now. */
  get offered(): ModelOffer | undefined {
    return this.offer;
  }

  /** The whole state, with the models and devices as they were last known. */
  get whole(): StudioState {
    const { read } = this;
    return {
      jobs: read.jobs(),
      speeds: read.speeds(),
      images: read.images(),
      removed: read.removed(),
      target: read.target(),
      settings: read.settings(),
      prompts: read.prompts(),
      offer: read.offer(),
      models: read.models(),
      controlnets: read.controlnets(),
      ipAdapters: read.ipAdapters(),
      loras: read.loras(),
      upscalers: read.upscalers(),
      endpoints: read.endpoints(),
      devices: read.devices(),
    };
  }

  private readonly read: { readonly [K in keyof StudioState]: () => StudioState[K] } = {
    jobs: () => this.parts.jobs.all,
    speeds: () => this.parts.speeds.all(),
    images: () => this.images(),
    removed: () => this.removed(),
    target: () => this.target(),
    settings: () => this.settings(),
    prompts: () => this.services.history.recent(),
    offer: () => this.offer ?? null,
    models: () => this.models ?? [],
    controlnets: () => this.controlnets,
    ipAdapters: () => this.ipAdapters,
    loras: () => this.loras,
    upscalers: () => this.upscalers,
    endpoints: () => this.endpoints(),
    devices: () => this.devices,
  };

  /** Pushes what these fields hold then, with all else that changes in this turn, as one message. */
  private mark(...fields: (keyof StudioState)[]): void {
    for (const field of fields) this.dirty.add(field);
    this.pushing ??= setImmediate(() => this.flush());
  }

  /** Pushes at once what has changed. */
  flush(): void {
    clearImmediate(this.pushing);
    this.pushing = undefined;
    if (this.dirty.size === 0) return;
    const change = Object.fromEntries([...this.dirty].map((field) => [field, this.read[field]()]));
    this.dirty.clear();
    this.push(change);
  }

  /** Asks for the models and devices again, and pushes each when it is there. */
  async load(): Promise<void> {
    await Promise.all([this.loadModels(), this.loadDevices(), this.loadEndpoints()]);
  }

  dispose(): void {
    clearImmediate(this.pushing);
    this.subscriptions.dispose();
  }

  /** Asks for the models again; the page has what changed when this is done. */
  async loadModels(): Promise<void> {
    await this.logErrors(async () => {
      const entries = await this.services.store.list();
      this.models = entries.filter(({ kind }) => kind === 'pipeline');
      this.controlnets = entries
        .filter(({ kind }) => kind === 'controlnet')
        .map(({ id, family }) => ({ id, family }));
      this.ipAdapters = entries.flatMap(ipAdaptersOf);
      this.loras = entries.filter(({ kind }) => kind === 'lora');
      this.mark('models', 'controlnets', 'ipAdapters', 'loras');
      this.flush();
      await Promise.all([this.loadOffer(), this.loadUpscalers()]);
    });
  }

  private async loadUpscalers(): Promise<void> {
    const entries = await this.services.store.upscalers();
    this.upscalers = entries.map(({ id, name }) => ({ id, name }));
    this.mark('upscalers');
  }

  private async loadDevices(): Promise<void> {
    await this.logErrors(async () => {
      this.devices = await this.services.engine.devices();
      this.mark('devices');
      await this.loadOffer();
    });
  }

  /** Servers that the user has not agreed to use are not asked before one of their models is chosen. */
  private async loadEndpoints(): Promise<void> {
    const { endpointModels, settings } = this.services;
    const chosen = splitEndpointModel(settings.read().model)?.endpoint;
    await endpointModels.refresh((endpoint) => mayUse(endpoint) || endpoint.name === chosen);
  }

  private endpoints(): StudioEndpoint[] {
    const { endpointModels } = this.services;
    return endpointModels.all.map(({ endpoint, models, report, trouble }) => ({
      name: endpoint.name,
      host: oneLine(hostOf(endpoint), 200),
      isLoopback: isLoopback(endpoint),
      models,
      abilities: report?.abilities,
      abilitiesOf: endpointModels.ownAbilities(models),
      trouble: trouble && (endpointFailure(trouble) ?? trouble.message),
    }));
  }

  /** It is another one with other models, and its time is known once the devices are. */
  private async loadOffer(): Promise<void> {
    const { models, devices } = this;
    if (!models) return;
    const offer = await bestOffer(this.services, models, devices);
    // An answer from before the models or the devices were known may come later.
    if (models !== this.models || devices !== this.devices) return;
    this.offer = offer;
    this.mark('offer');
  }

  /** The page draws without these lists; if drawing fails too, it shows that error. */
  private async logErrors(load: () => Promise<void>): Promise<void> {
    try {
      await load();
    } catch (thrown) {
      this.services.log.warn(`The studio could not list models or devices: ${String(thrown)}`);
    }
  }

  private images(): StudioImage[] {
    const { webview } = this;
    const { gallery } = this.parts;
    return gallery.images.map(({ uri, time, request, unasked, ...entry }) => ({
      ...entry,
      id: uri.toString(),
      name: nameOf(uri),
      // The time makes the URL of a new file differ from that of a deleted one with its name.
      src: webview
        .asWebviewUri(uri)
        .with({ query: String(time) })
        .toString(),
      uri: windowUri(webview, uri).toString(),
      request,
      // What an image was drawn from is known while the window is open.
      unasked:
        request.strength === undefined || gallery.requestOf(uri.toString()) ? unasked : undefined,
    }));
  }

  private removed(): string | null {
    const { removed } = this.parts.gallery;
    return removed ? nameOf(removed.entry.uri) : null;
  }

  private target(): string | null {
    const document = this.services.inserter.target;
    return document ? nameOf(document.uri) : null;
  }

  private settings(): StudioSettings {
    const { settings, inserter } = this.services;
    const scope = inserter.target?.uri;
    const values = settings.read(scope);
    return {
      ...pickFields(values, SETTING_FIELDS),
      style: values.style,
      styles: this.styles(scope),
      liveDrawing: values.liveDrawing,
    };
  }

  /** An invalid `easel.styles` must not keep the page from working; drawing with a style reports it. */
  private styles(scope: vscode.Uri | undefined): readonly Style[] {
    const { settings, log } = this.services;
    try {
      return settings.styles(scope);
    } catch (thrown) {
      log.warn(toEaselError(thrown).message);
      return DEFAULT_STYLES;
    }
  }
}

/** The IP-Adapters of an entry: itself, or those of its folder. */
function ipAdaptersOf({ kind, id, family, ipAdapters }: ModelEntry): StudioState['ipAdapters'] {
  if (kind !== 'ip-adapter') return [];
  return (ipAdapters ?? [{ id, family }]).filter((one) => !needsFaces(one.id));
}

/**
 * The URI of a file as the editor's window knows it, for dragging it there. An extension that runs on a
 * remote machine has `file:` URIs for that machine, which in the window would mean the local one. The remote
 * authority is in the host name of webview URIs, with special characters as `-` and four hex digits.
 */
function windowUri(webview: vscode.Webview, uri: vscode.Uri): vscode.Uri {
  if (uri.scheme !== 'file') return uri;
  const encoded = /^vscode-remote\+([^.]+)\./.exec(webview.asWebviewUri(uri).authority)?.[1];
  if (encoded === undefined) return uri;
  const authority = encoded.replace(/-([0-9a-f]{4})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return uri.with({ scheme: 'vscode-remote', authority });
}

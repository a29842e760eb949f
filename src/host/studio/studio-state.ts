import * as vscode from 'vscode';
import { toEaselError } from '../../core/errors';
import { pickFields } from '../../core/request/fields';
import { SETTING_FIELDS } from '../../core/request/settings';
import { DEFAULT_STYLES, type Style } from '../../core/request/styles';
import type { DeviceReport, ModelEntry } from '../../protocol/engine';
import type { StudioImage, StudioSettings, StudioState } from '../../protocol/studio';
import { nameOf } from '../files/image-files';
import type { HostServices } from '../services';
import type { Gallery } from './gallery';
import type { StudioJobs } from './jobs';
import type { SpeedLog } from './speeds';

/** What the studio's page shows, gathered from the services. Lists that take time are kept. */
export class StudioPageState implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;
  private models: readonly ModelEntry[] = [];
  private devices: DeviceReport | undefined;

  /** @param push receives what changes */
  constructor(
    private readonly webview: vscode.Webview,
    private readonly services: HostServices,
    private readonly parts: { gallery: Gallery; jobs: StudioJobs; speeds: SpeedLog },
    private readonly push: (change: Partial<StudioState>) => void,
  ) {
    const { gallery, jobs, speeds } = parts;
    const { inserter, settings, store } = services;
    this.subscriptions = vscode.Disposable.from(
      jobs.onDidChange(() => push({ jobs: jobs.all, speeds: speeds.all() })),
      gallery.onDidChange(() => push({ images: this.images() })),
      inserter.onDidChangeTarget(() => push({ target: this.target() })),
      settings.onDidChange((changed) => {
        push({ settings: this.settings() });
        // Another Node can have other devices.
        if (changed('nodePath')) void this.loadDevices();
      }),
      store.onDidChangeModels(() => void this.loadModels()),
    );
  }

  /** The whole state, with the models and devices as they were last known. */
  get whole(): StudioState {
    const { jobs, speeds } = this.parts;
    return {
      jobs: jobs.all,
      speeds: speeds.all(),
      images: this.images(),
      target: this.target(),
      settings: this.settings(),
      models: this.models,
      devices: this.devices,
    };
  }

  /** Asks for the models and devices again, and pushes each when it is there. */
  async load(): Promise<void> {
    await Promise.all([this.loadModels(), this.loadDevices()]);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async loadModels(): Promise<void> {
    await this.logErrors(async () => {
      const entries = await this.services.store.list();
      this.models = entries.filter(({ kind }) => kind === 'pipeline');
      this.push({ models: this.models });
    });
  }

  private async loadDevices(): Promise<void> {
    await this.logErrors(async () => {
      this.devices = await this.services.engine.devices();
      this.push({ devices: this.devices });
    });
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
    return this.parts.gallery.images.map(({ uri, time, request, width, height }) => ({
      id: uri.toString(),
      name: nameOf(uri),
      // The time makes the URL of a new file differ from that of a deleted one with its name.
      src: webview
        .asWebviewUri(uri)
        .with({ query: String(time) })
        .toString(),
      uri: windowUri(webview, uri).toString(),
      request,
      width,
      height,
    }));
  }

  private target(): string | undefined {
    const document = this.services.inserter.target;
    return document && nameOf(document.uri);
  }

  private settings(): StudioSettings {
    const { settings, inserter } = this.services;
    const scope = inserter.target?.uri;
    const values = settings.read(scope);
    return {
      ...pickFields(values, SETTING_FIELDS),
      style: values.style,
      styles: this.styles(scope),
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

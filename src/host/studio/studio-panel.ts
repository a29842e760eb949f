import * as vscode from 'vscode';
import type { DeviceReport, ModelEntry } from '../../protocol/engine';
import type { CallContext, Handlers } from '../../protocol/peer';
import type { Picture, StudioEvent, StudioMethods, StudioState } from '../../protocol/studio';
import { toEaselError } from '../../core/errors';
import { pickFields } from '../../core/request/fields';
import { SETTING_FIELDS } from '../../core/request/settings';
import { DEFAULT_STYLES, type Style } from '../../core/request/styles';
import type { HostServices } from '../services';
import type { Settings } from '../settings';
import type { Gallery } from './gallery';
import { pageRoots, studioHtml, studioStrings } from './html';
import { studioExamples } from './examples';
import type { StudioJobs } from './jobs';
import { PageConnection } from './page-connection';
import { nameOf, readWorkspacePicture, type PictureVerbs } from './picture-verbs';
import type { SpeedLog } from './speeds';
import { runAction } from './actions';
import { windowUri } from './window-uri';

export interface StudioParts {
  readonly services: HostServices;
  readonly gallery: Gallery;
  readonly jobs: StudioJobs;
  readonly speeds: SpeedLog;
  readonly verbs: PictureVerbs;
}

type Push = (event: StudioEvent) => void;

/** What is handed to the page once, as soon as it listens. */
export type HandedOver = Extract<StudioEvent, { event: 'sketch' | 'recipe' }>;

/** The studio's webview: gives the page its state whenever it comes to life, and what changes after. */
export class StudioPanel implements vscode.Disposable {
  private readonly connection: PageConnection;
  private readonly subscriptions: vscode.Disposable[] = [];
  private push: Push | undefined;
  private waiting: HandedOver[] = [];
  private models: readonly ModelEntry[] = [];
  private devices: DeviceReport | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: StudioParts,
  ) {
    const { services, gallery, jobs } = parts;
    const { webview } = panel;
    const { extensionUri } = services.context;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    webview.options = { enableScripts: true, localResourceRoots: this.roots() };
    this.connection = new PageConnection(
      {
        post: (message) => void webview.postMessage(message),
        onMessage: (listener) => this.subscriptions.push(webview.onDidReceiveMessage(listener)),
      },
      this.handlers(),
      (reason) => services.log.warn(`Refused a message of the studio page: ${reason}`),
    );
    this.subscriptions.push(
      jobs.onDidChange(() => this.tell({ jobs: jobs.all, speeds: parts.speeds.all() })),
      jobs.onDidPreview((event) => this.push?.(event)),
      gallery.onDidChange(() => this.tell({ pictures: this.pictures() })),
      services.inserter.onDidChangeTarget(() => this.tell({ target: this.target() })),
      services.settings.onDidChange(() => {
        this.tell({ settings: this.settings() });
        void this.loadEngineState();
      }),
    );
    webview.html = studioHtml(webview, extensionUri, {
      strings: studioStrings(),
      examples: studioExamples(webview, extensionUri),
      language: vscode.env.language,
    });
  }

  /** Gives the page a picture to draw over or a recipe, now or when the page is there. */
  handOver(event: HandedOver): void {
    // A hidden page is about to be made anew, and hears nothing until then.
    if (this.push && this.panel.visible) this.push(event);
    else this.waiting.push(event);
  }

  dispose(): void {
    this.connection.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private handlers(): Handlers<StudioMethods> {
    const { jobs, verbs, services } = this.parts;
    return {
      connect: (_params, context) => this.connect(context),
      draw: ({ request }) => Promise.resolve({ job: jobs.draw(request) }),
      cancel: ({ job }) => {
        jobs.cancel(job);
        return Promise.resolve(null);
      },
      dismiss: ({ job }) => {
        jobs.dismiss(job);
        return Promise.resolve(null);
      },
      insert: ({ picture }) => verbs.insert(picture),
      saveAs: ({ picture }) => verbs.saveAs(picture),
      copyMarkdown: ({ picture }) => verbs.copyMarkdown(picture),
      open: ({ picture }) => verbs.open(picture),
      remove: ({ picture }) => verbs.remove(picture),
      read: ({ picture }) => verbs.read(picture),
      readFile: ({ uri }) => readWorkspacePicture(uri),
      act: async ({ action }) => {
        await runAction(action);
        if (action === 'chooseModel') await this.loadEngineState();
        services.log.debug(`Studio: ${action}`);
        return null;
      },
    };
  }

  /** Lasts as long as the page lives; whatever it missed while hidden is in the first push. */
  private connect({ emit, signal }: CallContext<StudioEvent>): Promise<null> {
    const push: Push = (event) => emit(event);
    this.push = push;
    const { jobs, speeds } = this.parts;
    push({
      event: 'state',
      state: {
        jobs: jobs.all,
        speeds: speeds.all(),
        pictures: this.pictures(),
        target: this.target(),
        settings: this.settings(),
        models: this.models,
        devices: this.devices,
      },
    });
    for (const preview of jobs.previews) push(preview);
    for (const event of this.waiting.splice(0)) push(event);
    void this.parts.gallery.refresh();
    void this.loadEngineState();
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        if (this.push === push) this.push = undefined;
        resolve(null);
      });
    });
  }

  /** Models and devices come from the engine, each when it is known. */
  private async loadEngineState(): Promise<void> {
    const { engine, log } = this.parts.services;
    const quietly = async (load: () => Promise<void>) => {
      try {
        await load();
      } catch (thrown) {
        // The page draws without them; a drawing that fails says why.
        log.warn(`The studio could not ask the engine: ${String(thrown)}`);
      }
    };
    await Promise.all([
      quietly(async () => {
        this.models = (await engine.models()).filter(({ kind }) => kind === 'pipeline');
        this.tell({ models: this.models });
      }),
      quietly(async () => {
        this.devices = await engine.devices();
        this.tell({ devices: this.devices });
      }),
    ]);
  }

  private tell(state: Partial<StudioState>): void {
    if (state.pictures) this.allowNewRoots();
    this.push?.({ event: 'state', state });
  }

  private pictures(): Picture[] {
    const { webview } = this.panel;
    return this.parts.gallery.pictures.map(({ uri, time, recipe, width, height }) => ({
      id: uri.toString(),
      name: nameOf(uri),
      // The time tells a new file from a deleted one of the same name.
      src: webview
        .asWebviewUri(uri)
        .with({ query: String(time) })
        .toString(),
      uri: windowUri(webview, uri).toString(),
      recipe,
      width,
      height,
    }));
  }

  private target(): string | undefined {
    const document = this.parts.services.inserter.target;
    return document && nameOf(document.uri);
  }

  private settings(): StudioState['settings'] {
    const { settings, inserter, log } = this.parts.services;
    const scope = inserter.target?.uri;
    const values = settings.read(scope);
    return {
      ...pickFields(values, SETTING_FIELDS),
      style: values.style,
      styles: usableStyles(settings, scope, log),
    };
  }

  /** The page may load its own files and the folders that pictures were saved in. */
  private roots(): vscode.Uri[] {
    const { services, gallery } = this.parts;
    const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
    const roots = [...pageRoots(services.context.extensionUri), ...folders];
    for (const { uri } of gallery.pictures) {
      if (roots.some((root) => isBelow(uri, root))) continue;
      roots.push(vscode.Uri.joinPath(uri, '..'));
    }
    return roots;
  }

  private allowNewRoots(): void {
    const { webview } = this.panel;
    const roots = this.roots();
    const allowed = new Set(webview.options.localResourceRoots?.map(String));
    // Setting the options loads the page again, so only a new root is worth it.
    if (roots.every((root) => allowed.has(root.toString()))) return;
    webview.options = { ...webview.options, localResourceRoots: roots };
  }
}

function isBelow(uri: vscode.Uri, root: vscode.Uri): boolean {
  return uri.scheme === root.scheme && uri.authority === root.authority && uri.path.startsWith(`${root.path}/`); // prettier-ignore
}

/** A setting that is not right must not keep the page from drawing; a picture drawn with it says why. */
function usableStyles(
  settings: Settings,
  scope: vscode.Uri | undefined,
  log: vscode.LogOutputChannel,
): readonly Style[] {
  try {
    return settings.styles(scope);
  } catch (thrown) {
    log.warn(toEaselError(thrown).message);
    return DEFAULT_STYLES;
  }
}

import * as vscode from 'vscode';
import type { CallContext, Handlers } from '../../protocol/peer';
import type {
  ImageMenuAction,
  StudioAction,
  StudioEvent,
  StudioMethods,
  StudioState,
} from '../../protocol/studio';
import type { CommandId } from '../command-ids';
import { readWorkspaceImage } from '../files/image-files';
import { takeOffer } from '../doubts/model-offer';
import { manageEndpoints } from '../endpoints/manage-endpoints';
import { openSettings } from '../open-settings';
import { getControlnet } from '../models/get-controlnet';
import { getIpAdapter } from '../models/get-ip-adapter';
import { getRefiner } from '../models/get-refiner';
import type { HostServices } from '../services';
import type { Gallery } from './gallery';
import type { ImageActions } from './image-actions';
import type { StudioJobs } from './jobs';
import type { LiveDrawing } from './live-drawing';
import { PageConnection } from './page-connection';
import { pageRoots, studioHtml } from './page-html';
import type { SpeedLog } from '../drawing/speeds';
import { StudioPageState } from './studio-state';

export interface StudioParts {
  readonly services: HostServices;
  readonly gallery: Gallery;
  readonly jobs: StudioJobs;
  readonly speeds: SpeedLog;
  readonly actions: ImageActions;
  readonly live: LiveDrawing;
}

/** What is passed to the page once, as soon as it listens. */
export type PendingEvent = Extract<StudioEvent, { event: 'sketch' | 'recipe' }>;

const run = (command: CommandId) => () => vscode.commands.executeCommand(command);
const ACTIONS: Readonly<Record<StudioAction, () => Thenable<unknown>>> = {
  chooseModel: run('easel.chooseModel'),
  chooseDevice: run('easel.chooseDevice'),
  manageEndpoints: run('easel.manageEndpoints'),
  whyNotGraphicsCard: run('easel.whyNotGraphicsCard'),
  showLog: run('easel.showLog'),
  openSettings: () => openSettings('easel.'),
  openPalette: () => openSettings('easel.palette'),
  openLoraPaths: () => openSettings('easel.loraPaths'),
};

/** The studio's webview: sends the page its state whenever it is loaded, and the changes after that. */
export class StudioPanel implements vscode.Disposable {
  private readonly connection: PageConnection;
  private readonly state: StudioPageState;
  private readonly subscriptions: vscode.Disposable[] = [];
  private push: ((event: StudioEvent) => void) | undefined;
  private pending: PendingEvent[] = [];
  /** Whether the page was loaded before. */
  private wasOpened = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: StudioParts,
  ) {
    const { services, jobs } = parts;
    const { webview } = panel;
    const { extensionUri } = services.context;
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    webview.options = { enableScripts: true, localResourceRoots: this.roots() };
    this.state = new StudioPageState(webview, services, parts, (change) => this.post(change));
    this.connection = new PageConnection(
      {
        post: (message) => void webview.postMessage(message),
        onMessage: (listener) => this.subscriptions.push(webview.onDidReceiveMessage(listener)),
      },
      this.handlers(),
      (reason) => services.log.warn(`Refused a message of the studio page: ${reason}`),
    );
    this.subscriptions.push(jobs.onDidPreview((event) => this.push?.(event)));
    webview.html = studioHtml(webview, extensionUri);
  }

  /** Gives the page an image to draw over or a recipe, now or when the page is loaded. */
  handOver(event: PendingEvent): void {
    // A hidden page has been unloaded by the editor and hears nothing until it is shown.
    if (this.push && this.panel.visible) this.push(event);
    else this.pending.push(event);
  }

  /** Lets the page do what its buttons do, so that it tells the user the result where they look. */
  runOnImage(action: ImageMenuAction, image: string): void {
    // A menu takes the focus away, and without it the page may not write to the clipboard.
    this.panel.reveal();
    this.push?.({ event: 'menu', action, image });
  }

  dispose(): void {
    this.connection.dispose();
    this.state.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private handlers(): Handlers<StudioMethods> {
    const { services, jobs, actions, live } = this.parts;
    return {
      connect: (_params, context) => this.connect(context),
      draw: ({ request }) => {
        const job = jobs.draw(request);
        // The page shows the job as soon as it has the answer, so it has to know it by then.
        this.state.flush();
        return Promise.resolve({ job });
      },
      drawLive: ({ request }, { signal }) => live.draw(request, signal),
      keepLive: () => live.keep(),
      drawExactly: async ({ image }) => {
        const job = await jobs.drawExactly(image);
        this.state.flush();
        return { job };
      },
      cancel: ({ job, all }) =>
        Promise.resolve({ cancelled: all ? jobs.cancelAll() : jobs.cancel(job) }),
      dismiss: ({ job }) => {
        jobs.dismiss(job);
        return Promise.resolve(null);
      },
      insert: ({ image }) => actions.insert(image),
      saveAs: ({ image }) => actions.saveAs(image),
      copyMarkdown: ({ image }) => actions.copyMarkdown(image),
      open: ({ image }) => actions.open(image),
      reveal: ({ image }) => actions.reveal(image),
      upscale: async ({ image }) => {
        const made = await actions.upscale(image);
        // The page shows the new image as soon as it has the answer, so it has to know it by then.
        this.state.flush();
        return made;
      },
      remove: ({ image }) => actions.remove(image),
      undoRemove: () => actions.undoRemove(),
      setFavourite: ({ image, favourite }) =>
        Promise.resolve(actions.setFavourite(image, favourite)),
      read: ({ image }) => actions.read(image),
      readFile: ({ uri }) => readWorkspaceImage(uri),
      act: async ({ action }) => {
        await ACTIONS[action]();
        return null;
      },
      askEndpoint: async ({ model }) => {
        await services.endpointModels.askAbout(model);
        return null;
      },
      setEndpointKey: async ({ endpoint }) => ({
        isSet: (await manageEndpoints(services, { endpoint, action: 'key' })) === true,
      }),
      getControlnet: async ({ model }) => {
        const controlnet = await getControlnet(services, model);
        if (controlnet !== undefined) await this.state.loadModels();
        return { controlnet: controlnet ?? null };
      },
      getIpAdapter: async ({ model }) => {
        const ipAdapter = await getIpAdapter(services, model);
        if (ipAdapter !== undefined) await this.state.loadModels();
        return { ipAdapter: ipAdapter ?? null };
      },
      getRefiner: async () => {
        const refiner = await getRefiner(services);
        if (refiner !== undefined) await this.state.loadModels();
        return { refiner: refiner ?? null };
      },
      takeOffer: async () => {
        const { offered } = this.state;
        if (offered) await takeOffer(services, offered);
        return null;
      },
    };
  }

  /** Lasts as long as the page is loaded. The first push has whatever it missed before. */
  private connect({ emit, signal }: CallContext<StudioEvent>): Promise<null> {
    const push = (event: StudioEvent) => emit(event);
    this.push = push;
    push({ event: 'state', state: this.state.whole });
    if (!this.wasOpened) push({ event: 'opened' });
    this.wasOpened = true;
    for (const preview of this.parts.jobs.previews) push(preview);
    for (const event of this.pending.splice(0)) push(event);
    void this.parts.gallery.refresh();
    void this.state.load();
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        if (this.push === push) this.push = undefined;
        resolve(null);
      });
    });
  }

  private post(state: Partial<StudioState>): void {
    if (state.images) this.allowNewRoots();
    this.push?.({ event: 'state', state });
  }

  /** The page may load its own files and the folders that images were saved in. */
  private roots(): vscode.Uri[] {
    const { services, gallery } = this.parts;
    const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
    const roots = [...pageRoots(services.context.extensionUri), ...folders];
    for (const { uri } of gallery.images) {
      if (roots.some((root) => isBelow(uri, root))) continue;
      roots.push(vscode.Uri.joinPath(uri, '..'));
    }
    return roots;
  }

  private allowNewRoots(): void {
    const { webview } = this.panel;
    const roots = this.roots();
    const allowed = new Set(webview.options.localResourceRoots?.map(String));
    // Setting the options reloads the page, so it is done only for a new root.
    if (roots.every((root) => allowed.has(root.toString()))) return;
    webview.options = { ...webview.options, localResourceRoots: roots };
  }
}

function isBelow({ scheme, authority, path }: vscode.Uri, root: vscode.Uri): boolean {
  return scheme === root.scheme && authority === root.authority && path.startsWith(`${root.path}/`);
}

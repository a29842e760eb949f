import * as vscode from 'vscode';
import * as v from 'valibot';
import { EaselError } from '../../core/errors';
import type { Recipe } from '../../core/recipe';
import type { ImageMenuAction } from '../../protocol/studio';
import { nameOf, readImage } from '../files/image-files';
import type { HostServices } from '../services';
import { Gallery } from './gallery';
import { StudioJobs } from './jobs';
import { ImageActions, registerImageDrop } from './image-actions';
import { LiveDrawing } from './live-drawing';
import { savedEntry } from './saved-entry';
import { SpeedLog } from '../drawing/speeds';
import { StudioPanel, type StudioParts } from './studio-panel';

const VIEW_TYPE = 'easel.studio';

/** *Easel: Open Studio*: at most one panel, made on first use, restored with the window. */
export class Studio implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private parts: StudioParts | undefined;
  private panel: StudioPanel | undefined;
  private readonly subscriptions: { dispose(): unknown }[];

  constructor(private readonly services: HostServices) {
    this.subscriptions = [
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      // Images of the other commands are in the filmstrip too.
      services.saver.onDidSave((saved) => {
        this.getParts().gallery.add(savedEntry(saved, Date.now()));
      }),
    ];
  }

  /** Shows the studio, beside the active editor. */
  open(): StudioPanel {
    if (this.panel) {
      this.panel.panel.reveal();
      return this.panel;
    }
    const column = vscode.window.activeTextEditor
      ? vscode.ViewColumn.Beside
      : vscode.ViewColumn.Active;
    const title = vscode.l10n.t('Easel Studio');
    return this.adopt(vscode.window.createWebviewPanel(VIEW_TYPE, title, column));
  }

  /** Opens the studio with an image on its canvas. @param resource the file, from a context menu */
  async useAsSketch(resource: unknown): Promise<void> {
    if (!(resource instanceof vscode.Uri)) {
      throw new EaselError('bad-request', vscode.l10n.t('Choose an image in the explorer first.'));
    }
    const bytes = await readImage(resource);
    this.open().handOver({ event: 'sketch', bytes, name: nameOf(resource) });
  }

  /** Opens the studio with every setting of a recipe. @param name of the image, shown to the user */
  restore(recipe: Recipe, name: string): void {
    const { request, notes } = recipe;
    const messages = notes.map(({ message }) => message);
    this.open().handOver({ event: 'recipe', request, name, notes: messages });
  }

  /** An entry of an image's context menu. @param context what the page says of the image: unchecked */
  runOnImage(action: ImageMenuAction, context: unknown): void {
    const parsed = v.safeParse(v.object({ image: v.string() }), context);
    if (!parsed.success || !this.panel) {
      throw new EaselError('bad-request', vscode.l10n.t('Choose an image in the studio first.'));
    }
    this.panel.runOnImage(action, parsed.output.image);
  }

  /**
   * The file of an image in the studio.
   * @param context what the page says of the image: unchecked
   * @throws EaselError `bad-request` for anything that is not in the gallery
   */
  imageOf(context: unknown): vscode.Uri {
    const parsed = v.safeParse(v.object({ image: v.string() }), context);
    const entry = parsed.success ? this.getParts().gallery.find(parsed.output.image) : undefined;
    if (entry) return entry.uri;
    throw new EaselError('bad-request', vscode.l10n.t('Choose an image in the studio first.'));
  }

  /** The editor brings back a panel that was open when the window was closed. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.panel.dispose();
    this.adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.panel?.panel.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private adopt(panel: vscode.WebviewPanel): StudioPanel {
    const studio = new StudioPanel(panel, this.getParts());
    this.panel = studio;
    panel.onDidDispose(() => {
      studio.dispose();
      if (this.panel === studio) this.panel = undefined;
    });
    return studio;
  }

  /** Made once, when the studio is first used or the first image is saved. */
  private getParts(): StudioParts {
    if (this.parts) return this.parts;
    const { services } = this;
    const { workspaceState, globalState } = services.context;
    const gallery = new Gallery(workspaceState);
    const speeds = new SpeedLog(globalState);
    const jobs = new StudioJobs(services, gallery, speeds);
    const actions = new ImageActions(services, gallery);
    this.subscriptions.push(gallery, jobs, registerImageDrop(gallery, services.inserter));
    const live = new LiveDrawing(services, gallery);
    this.parts = { services, gallery, jobs, speeds, actions, live };
    return this.parts;
  }
}

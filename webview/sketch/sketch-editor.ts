import { toEaselError } from '../../src/core/errors';
import type { Announcer } from '../controls/announcer';
import { h, setAttribute } from '../controls/dom';
import { allowDrop, droppedUri, imageFile } from '../controls/image-files';
import { StateStore } from '../state/store';
import { t } from '../l10n';
import { SketchCanvas } from './canvas';
import type { SketchDocument } from './document';
import { ImageStore } from './images';
import { LiveView } from './live-view';
import { sketchToolbar } from './toolbar';
import { INITIAL_TOOLS, type ToolState } from './tools';

const MASK_TOOLS = '[data-tool=mask], [data-tool=unmask]';

/** What the editor needs of the page. */
export interface SketchEditorActions {
  /** Shows the editor. */
  readonly show: () => void;
  /** Restores the settings from an image file's metadata. @returns false where it has none */
  readonly restore: (bytes: Uint8Array, name: string) => boolean;
  /** Reads an image file of the workspace. */
  readonly readFile: (
    uri: string,
  ) => Promise<{ readonly bytes: Uint8Array; readonly name: string }>;
  /** Saves the image that follows the sketch. */
  readonly keepLive: () => void;
}

/** The *Sketch* tab: the canvas, the image that follows it, the toolbar, and the import of images. */
export class SketchEditor {
  readonly canvas: SketchCanvas;
  readonly live: LiveView;
  readonly element: HTMLElement;
  private readonly tools = new StateStore<ToolState>(INITIAL_TOOLS);
  private readonly images = new ImageStore();
  /** The size of the canvas, as `<width>x<height>`. */
  private size = '';

  constructor(
    private readonly document: SketchDocument,
    private readonly announcer: Announcer,
    private readonly actions: SketchEditorActions,
  ) {
    this.canvas = new SketchCanvas(document, this.tools, this.images, announcer.say);
    this.live = new LiveView(actions.keepLive);
    const hint = h('p', { class: 'sketch-hint', 'aria-hidden': 'true' }, {}, t('sketchHint'));
    const toolbar = sketchToolbar({
      sketch: document,
      canvas: this.canvas,
      tools: this.tools,
      announce: announcer.say,
      importFile: (file) => void this.import(file),
    });
    this.element = h(
      'div',
      { class: 'desk' },
      {},
      h(
        'div',
        { class: 'boards' },
        {},
        h('div', { class: 'easel' }, {}, this.canvas.element, hint),
        this.live.element,
      ),
      toolbar,
    );
    const showHint = () => (hint.hidden = document.visible.length > 0);
    document.watch(showHint);
    showHint();
    void this.canvas.refresh();
    this.listen();
  }

  /** Sets the size of the image in pixels. */
  resize({ width, height }: { width: number; height: number }): void {
    const size = `${width}x${height}`;
    if (size === this.size) return;
    this.size = size;
    this.canvas.resize(width, height);
  }

  /** Whether a mask can be drawn. @param reason why not; undefined where it can */
  showMaskable(reason: string | undefined): void {
    for (const tool of this.element.querySelectorAll<HTMLButtonElement>(MASK_TOOLS)) {
      const label = tool.getAttribute('aria-label') ?? '';
      tool.disabled = reason !== undefined;
      tool.title = reason ?? label;
      setAttribute(tool, 'aria-description', reason);
    }
    if (reason !== undefined && ['mask', 'unmask'].includes(this.tools.value.tool)) {
      this.tools.update({ tool: 'pen' });
    }
  }

  /** Adds an image to the sketch. @returns false where the file cannot be read */
  async import(file: Blob): Promise<boolean> {
    try {
      const src = await this.images.import(file);
      this.document.add({ kind: 'picture', src });
    } catch {
      this.announcer.show(t('importFailed'));
      return false;
    }
    this.announcer.say(t('imported'));
    return true;
  }

  undo(): void {
    if (this.document.undo()) this.announcer.say(t('undone'));
  }

  redo(): void {
    if (this.document.redo()) this.announcer.say(t('redone'));
  }

  /** Restores the settings of an image that has a recipe; imports any other, and all dropped on the canvas. */
  private async take(file: File, onCanvas: boolean): Promise<void> {
    const { restore, show } = this.actions;
    if (!onCanvas && restore(new Uint8Array(await file.arrayBuffer()), file.name)) return;
    show();
    await this.import(file);
  }

  private async takeUri(uri: string, onCanvas: boolean): Promise<void> {
    try {
      const { bytes, name } = await this.actions.readFile(uri);
      await this.take(new File([bytes as Uint8Array<ArrayBuffer>], name), onCanvas);
    } catch (thrown) {
      this.announcer.show(toEaselError(thrown).message);
    }
  }

  private listen(): void {
    document.addEventListener('paste', (event) => {
      const file = imageFile(event.clipboardData);
      if (!file) return;
      event.preventDefault();
      void this.take(file, true);
    });
    document.addEventListener('drop', (event) => {
      const file = imageFile(event.dataTransfer);
      const uri = file ? undefined : droppedUri(event.dataTransfer);
      if (!file && uri === undefined) return;
      event.preventDefault();
      const onCanvas = event.target instanceof Node && this.canvas.element.contains(event.target);
      void (file ? this.take(file, onCanvas) : this.takeUri(uri ?? '', onCanvas));
    });
    document.addEventListener('dragover', allowDrop);
  }
}

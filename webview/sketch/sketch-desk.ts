import { toEaselError } from '../../src/core/errors';
import type { Announcer } from '../controls/announcer';
import { h } from '../controls/dom';
import { Store } from '../state/store';
import { t } from '../words';
import { SketchCanvas } from './canvas';
import { SketchDocument } from './document';
import { DROPPED, droppedAddress, imageFile, PictureStore } from './pictures';
import { sketchToolbar } from './toolbar';
import { FIRST_TOOLS, type ToolState } from './tools';

/** What the desk asks of the page. */
export interface DeskActions {
  /** Shows the desk, when a picture was put on it. */
  readonly bringUp: () => void;
  /** Takes over the settings that a picture's file tells. @returns whether it tells any */
  readonly restore: (bytes: Uint8Array, name: string) => boolean;
  /** A picture of the workspace, by its address. */
  readonly readFile: (
    uri: string,
  ) => Promise<{ readonly bytes: Uint8Array; readonly name: string }>;
}

/** The drawing table: the paper, its tools, and pictures put on it. */
export class SketchDesk {
  readonly document = new SketchDocument();
  readonly canvas: SketchCanvas;
  readonly element: HTMLElement;
  private readonly tools = new Store<ToolState>(FIRST_TOOLS);
  private readonly pictures = new PictureStore();
  private size = '';

  constructor(
    private readonly announcer: Announcer,
    saved: unknown,
    private readonly actions: DeskActions,
  ) {
    this.canvas = new SketchCanvas(this.document, this.tools, this.pictures, announcer.say);
    const hint = h('p', { class: 'sketch-hint', 'aria-hidden': 'true' }, {}, t('sketchHint'));
    const toolbar = sketchToolbar({
      sketch: this.document,
      canvas: this.canvas,
      tools: this.tools,
      announce: announcer.say,
      importFile: (file) => void this.import(file),
    });
    this.element = h(
      'div',
      { class: 'desk' },
      {},
      h('div', { class: 'easel' }, {}, this.canvas.element, hint),
      toolbar,
    );
    this.document.watch(() => (hint.hidden = this.document.visible.length > 0));
    this.document.restore(saved);
    void this.canvas.refresh();
    this.listen();
  }

  resize({ width, height }: { width: number; height: number }): void {
    const size = `${width}x${height}`;
    if (size === this.size) return;
    this.size = size;
    this.canvas.resize(width, height);
  }

  /** Puts a picture on the paper. @returns whether it could be read */
  async import(file: Blob): Promise<boolean> {
    try {
      const src = await this.pictures.import(file);
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

  /** A picture with a recipe brings its settings, unless it was put on the paper itself. */
  private async take(file: File, onPaper: boolean): Promise<void> {
    const { restore, bringUp } = this.actions;
    if (!onPaper && restore(new Uint8Array(await file.arrayBuffer()), file.name)) return;
    bringUp();
    await this.import(file);
  }

  private async takeAddress(uri: string, onPaper: boolean): Promise<void> {
    try {
      const { bytes, name } = await this.actions.readFile(uri);
      await this.take(new File([bytes as Uint8Array<ArrayBuffer>], name), onPaper);
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
      const address = file ? undefined : droppedAddress(event.dataTransfer);
      if (!file && address === undefined) return;
      event.preventDefault();
      const onPaper = event.target instanceof Node && this.canvas.element.contains(event.target);
      void (file ? this.take(file, onPaper) : this.takeAddress(address ?? '', onPaper));
    });
    document.addEventListener('dragover', (event) => {
      const types = event.dataTransfer?.types ?? [];
      if (!event.dataTransfer || !DROPPED.some((type) => types.includes(type))) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    });
  }
}

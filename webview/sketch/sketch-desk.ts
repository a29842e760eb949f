import type { Announcer } from '../announcer';
import { h } from '../dom';
import { Store } from '../store';
import { t } from '../words';
import { SketchCanvas } from './canvas';
import { SketchDocument } from './document';
import { imageFile, PictureStore } from './pictures';
import { sketchToolbar } from './toolbar';
import { FIRST_TOOLS, type ToolState } from './tools';

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
    /** Shows the desk, when a picture was put on it. */
    private readonly bringUp: () => void,
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

  private listen(): void {
    const take = (event: Event, transfer: DataTransfer | null) => {
      const file = imageFile(transfer);
      if (!file) return;
      event.preventDefault();
      this.bringUp();
      void this.import(file);
    };
    document.addEventListener('paste', (event) => take(event, event.clipboardData));
    document.addEventListener('drop', (event) => take(event, event.dataTransfer));
    document.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    });
  }
}

import type { StudioImage } from '../../src/protocol/studio';
import { h, iconButton, rove, textButton } from '../controls/dom';
import { t } from '../l10n';

export type ImageAction = (image: StudioImage) => void;

/** What the user can do with an image. */
export interface ImageActions {
  readonly insert: ImageAction;
  readonly saveAs: ImageAction;
  readonly copyMarkdown: ImageAction;
  readonly useAsSketch: ImageAction;
  readonly reuse: ImageAction;
  readonly open: ImageAction;
  readonly remove: ImageAction;
}

/** The toolbar of the image on the stage. */
export class ImageToolbar {
  readonly element = h('div', {
    class: 'picture-actions',
    role: 'toolbar',
    'aria-label': t('imageActions'),
    hidden: true,
  });
  private readonly insert: HTMLButtonElement;
  private readonly reuse: HTMLButtonElement;
  private image: StudioImage | undefined;

  constructor(actions: ImageActions) {
    const run = (action: ImageAction) => () => this.image && action(this.image);
    const withText = (name: string, label: string, style: string, action: ImageAction) =>
      textButton({ name, label, class: style, onClick: run(action) });
    const small = (name: string, label: string, action: ImageAction) =>
      iconButton({ name, label, onClick: run(action) });
    this.insert = withText('insert', t('insert'), 'primary', actions.insert);
    const sketch = withText('wand', t('useAsSketch'), 'secondary', actions.useAsSketch);
    // A narrow stage hides the text, so the button needs a name of its own.
    sketch.setAttribute('aria-label', t('useAsSketch'));
    sketch.title = t('useAsSketch');
    this.reuse = small('history', t('reuse'), actions.reuse);
    this.element.append(
      this.insert,
      sketch,
      this.reuse,
      small('markdown', t('copyMarkdown'), actions.copyMarkdown),
      small('save-as', t('saveAs'), actions.saveAs),
      small('go-to-file', t('openImage'), actions.open),
      small('trash', t('remove'), actions.remove),
    );
    rove(this.element, 'button');
  }

  /** @param target the name of the document that *Insert* writes into; undefined for none */
  show(image: StudioImage | undefined, target: string | undefined): void {
    this.image = image;
    this.element.hidden = !image;
    const label = target ? t('insertInto', target) : t('insert');
    const text = this.insert.querySelector('.button-text');
    if (text) text.textContent = label;
    this.insert.title = target ? label : t('insertNowhere');
    this.insert.setAttribute('aria-disabled', String(!target));
    this.reuse.hidden = !image?.request?.model;
  }
}

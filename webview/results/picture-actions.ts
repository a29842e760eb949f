import type { Picture } from '../../src/protocol/studio';
import { h, iconButton, rove, textButton } from '../controls/dom';
import { t } from '../words';

export interface PictureVerbs {
  readonly insert: (picture: Picture) => void;
  readonly saveAs: (picture: Picture) => void;
  readonly copyMarkdown: (picture: Picture) => void;
  readonly useAsSketch: (picture: Picture) => void;
  readonly reuse: (picture: Picture) => void;
  readonly open: (picture: Picture) => void;
  readonly remove: (picture: Picture) => void;
}

/** The row of things to do with the picture on the stage. */
export class PictureActions {
  readonly element = h('div', {
    class: 'picture-actions',
    role: 'toolbar',
    'aria-label': t('pictureActions'),
    hidden: true,
  });
  private readonly insert: HTMLButtonElement;
  private readonly reuse: HTMLButtonElement;
  private picture: Picture | undefined;

  constructor(verbs: PictureVerbs) {
    const run = (verb: (picture: Picture) => void) => () => this.picture && verb(this.picture);
    const words = (name: string, label: string, extra: string, verb: PictureVerbs['open']) =>
      textButton({ name, label, class: extra, onClick: run(verb) });
    const small = (name: string, label: string, verb: PictureVerbs['open']) =>
      iconButton({ name, label, onClick: run(verb) });
    this.insert = words('insert', t('insert'), 'primary', verbs.insert);
    const sketch = words('wand', t('useAsSketch'), 'secondary', verbs.useAsSketch);
    // In a narrow stage only the icon is left, so the name must not depend on the words.
    sketch.setAttribute('aria-label', t('useAsSketch'));
    sketch.title = t('useAsSketch');
    this.reuse = small('history', t('reuse'), verbs.reuse);
    this.element.append(
      this.insert,
      sketch,
      this.reuse,
      small('markdown', t('copyMarkdown'), verbs.copyMarkdown),
      small('save-as', t('saveAs'), verbs.saveAs),
      small('go-to-file', t('openPicture'), verbs.open),
      small('trash', t('remove'), verbs.remove),
    );
    rove(this.element, 'button');
  }

  show(picture: Picture | undefined, target: string | undefined): void {
    this.picture = picture;
    this.element.hidden = !picture;
    const label = target ? t('insertInto', target) : t('insert');
    const text = this.insert.querySelector('.button-text');
    if (text) text.textContent = label;
    this.insert.title = target ? label : t('insertNowhere');
    this.insert.setAttribute('aria-disabled', String(!target));
    this.reuse.hidden = !picture?.request?.model;
  }
}

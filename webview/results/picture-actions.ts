import type { Picture } from '../../src/protocol/studio';
import { h, rove, textButton } from '../dom';
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
    const button = (name: string, label: string, run: (picture: Picture) => void, extra = '') => {
      const made = textButton({
        name,
        label,
        class: extra || 'secondary',
        onClick: () => this.picture && run(this.picture),
      });
      made.title = label;
      return made;
    };
    this.insert = button('insert', t('insert'), verbs.insert, 'primary');
    this.reuse = button('history', t('reuse'), verbs.reuse, 'secondary compact');
    this.element.append(
      this.insert,
      button('wand', t('useAsSketch'), verbs.useAsSketch),
      this.reuse,
      button('markdown', t('copyMarkdown'), verbs.copyMarkdown, 'secondary compact'),
      button('save-as', t('saveAs'), verbs.saveAs, 'secondary compact'),
      button('go-to-file', t('openPicture'), verbs.open, 'secondary compact'),
      button('trash', t('remove'), verbs.remove, 'secondary compact'),
    );
    for (const compact of this.element.querySelectorAll('.secondary')) {
      compact.setAttribute('aria-label', compact.textContent);
    }
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
    this.reuse.hidden = !picture?.recipe?.model;
  }
}

import type { Job, StudioBoot, StudioImage } from '../../src/protocol/studio';
import { h, icon, rove, setAttribute, setTabStop, textButton } from '../controls/dom';
import { t } from '../l10n';
import { variationWords } from '../state/variation-words';
import type { Cell } from './cells';
import { recoveryActions, type RecoveryAction } from './recovery-actions';
import { hasCommandKey, makeDraggable, setContextMenu } from './image-element';
import { imageTitle } from '../state/image-words';

export interface ResultActions {
  /** @param isToCompare whether Ctrl or Command was held */
  readonly select: (image: StudioImage, isToCompare: boolean) => void;
  readonly recover: (job: Job, action: RecoveryAction) => void;
  readonly dismiss: (job: Job) => void;
  readonly drawExample: (prompt: string) => void;
}

/** The *Result* tab: images side by side, or an error with recovery actions, or the examples. */
export class ResultStage {
  readonly element = h('div', { class: 'result' });
  private readonly grid = h('div', { class: 'grid', role: 'group', 'aria-label': t('result') });
  private readonly cells = new Map<string, CellView>();
  private readonly empty: HTMLElement;
  /** The number of the failed job that is shown. */
  private failed: number | undefined;
  private composes: (model: string) => boolean = () => false;

  constructor(
    examples: StudioBoot['examples'],
    private readonly actions: ResultActions,
  ) {
    this.empty = emptyStage(examples, actions);
    rove(this.grid, 'button');
  }

  /** @param composes whether a model composes images: only then does a variation change something */
  show(
    cells: readonly Cell[],
    selected: string | undefined,
    failed: Job | undefined,
    composes: (model: string) => boolean,
  ): void {
    this.composes = composes;
    if (failed) this.showFailure(failed);
    else {
      this.failed = undefined;
      if (cells.length === 0) this.put(this.empty);
      else this.showGrid(cells, selected);
    }
  }

  private showGrid(cells: readonly Cell[], selected: string | undefined): void {
    const keys = new Set(cells.map(({ key }) => key));
    for (const key of this.cells.keys()) if (!keys.has(key)) this.cells.delete(key);
    const views = cells.map((cell) => {
      let view = this.cells.get(cell.key);
      if (!view) this.cells.set(cell.key, (view = new CellView(this.actions.select)));
      const isSelected = cell.image !== undefined && cell.image.id === selected;
      view.show(cell, isSelected, { several: cells.length > 1, composes: this.composes });
      return view;
    });
    const wanted = views.map(({ element }) => element);
    const same =
      wanted.length === this.grid.children.length &&
      wanted.every((element, index) => this.grid.children[index] === element);
    if (!same) this.grid.replaceChildren(...wanted);
    this.grid.dataset.count = String(Math.min(cells.length, 9));
    const buttons = views.map(({ element }) => element);
    const stop = buttons.find((button) => button.getAttribute('aria-pressed') === 'true');
    if (!this.grid.contains(document.activeElement)) setTabStop(buttons, stop ?? buttons[0]);
    this.put(this.grid);
  }

  private showFailure(job: Job): void {
    if (this.failed === job.id) return;
    this.failed = job.id;
    const buttons = recoveryActions(job).map((action, index) =>
      textButton({
        name: action.icon,
        label: action.label,
        class: index === 0 ? '' : 'secondary',
        onClick: () => this.actions.recover(job, action),
      }),
    );
    const dismiss = textButton({
      name: 'close',
      label: t('dismiss'),
      class: 'secondary',
      onClick: () => this.actions.dismiss(job),
    });
    this.put(
      h(
        'div',
        { class: 'failure', role: 'alert' },
        {},
        icon('error'),
        h('h2', {}, {}, t('failedTitle')),
        h('p', {}, {}, job.error?.message ?? ''),
        h('div', { class: 'buttons' }, {}, ...buttons, dismiss),
      ),
    );
  }

  private put(child: HTMLElement): void {
    if (this.element.firstChild !== child) this.element.replaceChildren(child);
  }
}

class CellView {
  private readonly img = h('img', { alt: '' });
  private readonly caption = h('span', { class: 'caption' });
  readonly element: HTMLButtonElement;
  private image: Cell['image'];

  constructor(select: ResultActions['select']) {
    this.element = h(
      'button',
      { type: 'button', class: 'cell' },
      {
        click: (event) => {
          if (this.image) select(this.image, hasCommandKey(event));
        },
      },
      h('span', { class: 'frame' }, {}, this.img),
      this.caption,
    );
    makeDraggable(this.element, () => this.image);
  }

  /** @param several whether there are other cells, so that this one can be selected */
  show(
    cell: Cell,
    selected: boolean,
    { several, composes }: { several: boolean; composes: (model: string) => boolean },
  ): void {
    this.image = cell.image;
    const { element, img } = this;
    if (cell.src && img.src !== cell.src) img.src = cell.src;
    img.hidden = !cell.src;
    setContextMenu(element, cell.image);
    element.dataset.state = cell.state;
    element.style.setProperty('--ratio', String((cell.width ?? 1) / (cell.height ?? 1)));
    setAttribute(element, 'aria-pressed', several ? String(selected) : undefined);
    const { request } = cell;
    const seed = request?.seed === undefined ? '' : t('seedOf', request.seed);
    const varied = request && composes(request.model) ? variationWords(request) : '';
    const caption = [varied, seed].filter(Boolean).join(' · ');
    this.caption.textContent = caption;
    this.caption.title = caption;
    element.setAttribute('aria-label', describe(cell, caption));
  }
}

function describe({ image, state }: Cell, seed: string): string {
  if (image) return [imageTitle(image), seed].filter(Boolean).join(', ');
  return [state === 'waiting' ? t('waiting') : t('preview', ''), seed].join(' ');
}

function emptyStage(examples: StudioBoot['examples'], actions: ResultActions): HTMLElement {
  const cards = examples.map(({ prompt, src }) =>
    h(
      'button',
      { type: 'button', class: 'example', 'aria-label': t('exampleTitle', prompt) },
      { click: () => actions.drawExample(prompt) },
      h('span', { class: 'frame' }, {}, h('img', { src, alt: '' })),
      h('span', { class: 'caption' }, {}, prompt),
    ),
  );
  return h(
    'div',
    { class: 'empty' },
    {},
    h('h2', {}, {}, t('emptyTitle')),
    h('p', {}, {}, t('emptyText')),
    h('div', { class: 'examples' }, {}, ...cards),
  );
}

import type { StudioImage } from '../../src/protocol/studio';
import { h } from '../controls/dom';
import { menuButton } from '../controls/menu';
import { t } from '../l10n';
import type { Addition, Form } from '../state/form';
import type { Loras } from '../state/loras';
import type { StyleBy } from '../state/style-image';
import { additionTitle } from '../state/addition-texts';
import { FIELD_ADDITION_NAMES, type FieldAddition } from '../state/field-additions';
import { fieldCards, type FieldCardActions, type FieldCardsOf } from './field-cards';
import { LoraList, type LoraActions } from './lora-list';
import { styleImageField, type StyleImageActions } from './style-image-field';

export interface AdditionActions extends StyleImageActions, LoraActions, FieldCardActions {
  /** Shows the controls of an addition. */
  readonly add: (addition: Addition) => void;
  /** Follows the lines of the sketch, which is to be drawn where there is none. */
  readonly followLines: () => void;
}

/** What the additions are about. */
export interface AdditionsOf {
  readonly styleBy: StyleBy;
  readonly loras: Loras;
  readonly fields: FieldCardsOf;
  /** Why the lines of a sketch cannot be followed; undefined where they can. */
  readonly linesRefused: string | undefined;
  /** The image that the page shows; undefined for none. */
  readonly result: StudioImage | undefined;
}

/** The icon of each addition that is a field of a request. */
const ICONS: Readonly<Record<FieldAddition, string>> = {
  hires: 'zoom-in',
  seamless: 'symbol-array',
  variations: 'versions',
  refiner: 'wand',
  secondPrompts: 'comment-discussion',
  pag: 'compass',
  freeu: 'settings',
  guidanceRescale: 'color-mode',
  clipSkip: 'fold',
};

/** The additions that begin a group of the menu. */
const GROUPS: readonly FieldAddition[] = ['hires', 'refiner'];

const CONTROLS =
  'button:not([hidden]), select:not([hidden]), input:not([hidden]), textarea:not([hidden])';

/** The menu *Add control*, and what it has added. What is not added takes no room. */
export class Additions {
  readonly element: HTMLElement;
  private readonly style;
  private readonly loras: LoraList;
  private readonly fields;
  private readonly menu: HTMLElement;
  private about: AdditionsOf | undefined;
  /** What was added last, and gets the focus as soon as it is shown. */
  private awaited: Addition | undefined;

  constructor(actions: AdditionActions) {
    this.style = styleImageField({
      ...actions,
      removeStyleImage: () => this.remove(actions.removeStyleImage),
    });
    this.loras = new LoraList({
      ...actions,
      removeLoras: () => this.remove(actions.removeLoras),
    });
    this.fields = fieldCards({
      ...actions,
      removeField: (addition) => this.remove(() => actions.removeField(addition)),
    });
    const add = (addition: Addition) => () => {
      this.awaited = addition;
      actions.add(addition);
      this.focusAwaited();
    };
    const items = [
      {
        label: t('styleImage'),
        icon: 'file-media',
        run: add('styleImage'),
        refused: () => this.about?.styleBy.refused,
      },
      {
        label: t('lora'),
        icon: 'layers',
        run: add('loras'),
        refused: () => this.about?.loras.refused,
      },
      {
        label: t('linesOfSketch'),
        icon: 'edit',
        run: actions.followLines,
        refused: () => this.about?.linesRefused,
      },
      ...FIELD_ADDITION_NAMES.map((addition) => ({
        label: additionTitle(addition),
        icon: ICONS[addition],
        run: add(addition),
        begins: GROUPS.includes(addition),
        refused: () => this.about?.fields.refused[addition],
      })),
    ];
    this.menu = menuButton(t('addControl'), 'add', items, { text: true });
    this.element = h(
      'div',
      { class: 'additions' },
      {},
      this.style.element,
      this.loras.element,
      ...this.fields.map(({ element }) => element),
      this.menu,
    );
  }

  show(form: Form, about: AdditionsOf): void {
    this.about = about;
    this.style.show(form, about.styleBy, about.result);
    this.loras.show(form, about.loras);
    for (const card of this.fields) card.show(form, about.fields);
    this.focusAwaited();
  }

  private focusAwaited(): void {
    const { awaited } = this;
    if (awaited === undefined) return;
    const card = this.cardOf(awaited);
    if (!card || card.hidden) return;
    this.awaited = undefined;
    card.querySelector<HTMLElement>(`.added-own :is(${CONTROLS})`)?.focus();
  }

  private cardOf(addition: Addition): HTMLElement | undefined {
    if (addition === 'styleImage') return this.style.element;
    if (addition === 'loras') return this.loras.element;
    return this.fields.find((card) => card.addition === addition)?.element;
  }

  /** The focus goes to the menu: what had it is gone. */
  private remove(run: () => void): void {
    run();
    this.menu.querySelector('button')?.focus();
  }
}

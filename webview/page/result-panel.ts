import type { Job, StudioBoot, StudioImage, StudioState } from '../../src/protocol/studio';
import { hasFocusWithin } from '../controls/dom';
import type { Cell } from '../results/cells';
import { ComparisonBar } from '../results/comparison-bar';
import { ComparisonStage, type ComparedImages } from '../results/comparison-stage';
import { DoubtLine, type DoubtActions } from '../results/doubt-line';
import { ImageToolbar, type ImageActions } from '../results/image-toolbar';
import { OriginLine } from '../results/origin-line';
import { PlaceLine } from '../results/place-line';
import { PrecisionLine } from '../results/precision-line';
import { ResultStage, type ResultActions } from '../results/result-stage';
import type { Comparison } from '../state/comparison';
import type { Comparing } from './comparing';

export interface ResultPanelActions extends ResultActions, DoubtActions {
  readonly ofImage: ImageActions;
  readonly drawExactly: (image: StudioImage) => void;
  readonly comparing: Pick<Comparing, 'compare' | 'swap' | 'another' | 'back' | 'move'>;
}

export interface ShownResults {
  readonly cells: readonly Cell[];
  /** The image that the toolbar acts on. */
  readonly selected: StudioImage | undefined;
  /** The job that failed, where that is shown. */
  readonly failed: Job | undefined;
  /** The job that runs, where that is shown. */
  readonly running: Job | undefined;
  readonly comparison: Comparison | undefined;
  readonly state: Pick<StudioState, 'images' | 'target' | 'offer'>;
  /** Whether a model composes images. */
  readonly composes: (model: string) => boolean;
}

/** The *Result* tab: the images with what is said of them, or two of them that are compared. */
export class ResultPanel {
  private readonly results: ResultStage;
  private readonly comparison: ComparisonStage;
  private readonly place = new PlaceLine();
  private readonly origin: OriginLine;
  private readonly precision: PrecisionLine;
  private readonly doubt: DoubtLine;
  private readonly toolbar: ImageToolbar;
  private readonly bar: ComparisonBar;
  readonly elements: readonly HTMLElement[];

  constructor(examples: StudioBoot['examples'], actions: ResultPanelActions) {
    const { comparing } = actions;
    this.results = new ResultStage(examples, actions);
    this.comparison = new ComparisonStage((divider) => comparing.move(divider));
    this.origin = new OriginLine((original, image) => comparing.compare(original, image));
    this.precision = new PrecisionLine(actions.drawExactly);
    this.doubt = new DoubtLine(actions);
    this.toolbar = new ImageToolbar(actions.ofImage);
    this.bar = new ComparisonBar(comparing);
    this.elements = [
      this.results.element,
      this.comparison.element,
      this.place.element,
      this.origin.element,
      this.precision.element,
      this.doubt.element,
      this.toolbar.element,
      this.bar.element,
    ];
  }

  /** The divider gets the focus as soon as images are compared. */
  focusDivider(): void {
    this.comparison.focusWhenShown();
  }

  /** @returns whether the focus was in a comparison that is no longer shown, and had to go elsewhere */
  show({ state, comparison, selected, ...shown }: ShownResults): boolean {
    const compared = comparedImages(comparison, state.images);
    const had = [this.comparison.element, this.bar.element].some((element) =>
      hasFocusWithin(element),
    );
    const one = compared ? undefined : selected;
    this.results.element.hidden = compared !== undefined;
    this.results.show(shown.cells, one?.id, shown.failed, shown.composes);
    this.comparison.show(compared);
    this.place.show(one);
    this.origin.show(one, state.images);
    this.precision.show(compared ? undefined : shown.running, one);
    this.doubt.show(one, state.offer ?? undefined);
    this.toolbar.show(comparison ? undefined : one, state.target, state.images.length > 1);
    this.bar.show(comparison, state.images);
    return had && !comparison && !this.toolbar.focusCompare();
  }
}

function comparedImages(
  comparison: Comparison | undefined,
  images: readonly StudioImage[],
): ComparedImages | undefined {
  const find = (wanted: string | undefined) => images.find(({ id }) => id === wanted);
  const [left, right] = [find(comparison?.left), find(comparison?.right)];
  return comparison && left && right && { left, right, divider: comparison.divider };
}

import type { StudioImage } from '../../src/protocol/studio';
import { t } from '../l10n';
import { imageTitle } from '../state/image-words';
import { chooseFor, compare, missingOf, stepBack, swapped } from '../state/comparison';
import type { Announcements } from '../state/job-follower';
import type { PageState } from './page-state';

/** What a comparison needs of the page. */
export interface ComparingParts {
  readonly announcer: Announcements;
  /** The image that the toolbar acts on. */
  readonly selected: () => StudioImage | undefined;
  /** Shows one image, in the place of a comparison. */
  readonly showImage: (image: StudioImage) => void;
  /** The divider gets the focus as soon as it is shown. */
  readonly focusDivider: () => void;
  /** The results get the focus, to choose another one than this. */
  readonly focusResults: (image: string) => void;
}

/** Comparing two images on the stage: choosing them, and what ends it. */
export class Comparing {
  constructor(
    private readonly page: PageState,
    private readonly parts: ComparingParts,
  ) {
    page.studio.watch(({ images }, before) => {
      if (images !== before.images) this.endWithout(images, before.images);
    });
  }

  private get comparison() {
    return this.page.view.value.comparison;
  }

  /** Lets the user choose what an image is compared with. */
  readonly start = (image: StudioImage): void => this.choose(image);

  /** Lets the user choose another image for the right side. */
  readonly another = (): void => {
    const { comparison } = this;
    const left = this.find(comparison?.left);
    if (comparison && left) this.choose(left, comparison.right, comparison.divider);
  };

  private choose(left: StudioImage, right?: string, divider?: number): void {
    const { page, parts } = this;
    if (page.studio.value.images.length < 2) {
      parts.announcer.show(t('compareNone'));
      return;
    }
    page.view.update({ tab: 'result', comparison: chooseFor(left.id, right, divider) });
    // The bar under the stage shows it.
    parts.announcer.say(t('compareChoose', imageTitle(left)));
    parts.focusResults(left.id);
  }

  /**
   * An image was clicked: it is compared where the user is choosing one, or wants it; else it is shown.
   * @param isToCompare whether Ctrl or Command was held: the image is compared with the one on the stage
   */
  readonly pick = (image: StudioImage, isToCompare: boolean): void => {
    const { comparison, parts } = this;
    const isWanted = isToCompare || comparison?.isChoosing === true;
    const left = isWanted ? (this.find(comparison?.left) ?? parts.selected()) : undefined;
    if (!left) parts.showImage(image);
    else if (left.id !== image.id) this.compare(left, image, comparison?.divider);
    else parts.announcer.show(t('compareSame'));
  };

  /** Shows two images on top of each other. */
  readonly compare = (left: StudioImage, right: StudioImage, divider?: number): void => {
    const { page, parts } = this;
    page.view.update({ tab: 'result', comparison: compare(left.id, right.id, divider) });
    parts.focusDivider();
    // The divider, which gets the focus, has a name that says what is compared.
    parts.announcer.show(t('comparing'));
  };

  readonly swap = (): void => {
    const { comparison } = this;
    if (comparison) this.page.view.update({ comparison: swapped(comparison) });
  };

  /** @param divider in percent of the width */
  readonly move = (divider: number): void => {
    const { comparison } = this;
    if (comparison) this.page.view.update({ comparison: { ...comparison, divider } });
  };

  /** Gives up a choice, or ends the comparison. */
  readonly back = (): void => {
    const { comparison } = this;
    if (comparison) this.page.view.update({ comparison: stepBack(comparison) });
  };

  private find(id: string | undefined): StudioImage | undefined {
    return this.page.studio.value.images.find((image) => image.id === id);
  }

  /** Ends a comparison of which an image was deleted, and shows the other one. */
  private endWithout(images: readonly StudioImage[], before: readonly StudioImage[]): void {
    const { comparison } = this;
    const { view } = this.page;
    const missing = comparison ? missingOf(comparison, images) : [];
    if (!comparison || missing.length === 0) return;
    const rest = [comparison.left, comparison.right].find(
      (id) => id !== undefined && !missing.includes(id),
    );
    const isDrawing = view.value.shown.kind === 'job';
    view.update({
      comparison: undefined,
      ...(rest !== undefined &&
        !isDrawing && { shown: { kind: 'pictures', ids: [rest] }, selected: rest }),
    });
    const gone = before.find(({ id }) => id === missing[0]);
    if (gone) this.parts.announcer.show(t('compareEnded', gone.name));
  }
}

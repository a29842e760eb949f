import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import type { FrameLocator, Locator } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What is needed of a canvas; the tests are compiled without a browser's types. */
interface Paper {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
}

/** Waits until the paper shows that many marks. */
export async function marks(studio: FrameLocator, count: number): Promise<void> {
  await studio.locator(`.paper[data-marks="${count}"]`).waitFor();
}

/** A picture of the filmstrip, the newest being the first. */
export function thumb(studio: FrameLocator, place: number, state = ''): Locator {
  return studio.locator(`.film .frame:nth-child(${place}) .thumb${state}`);
}

/** Waits for a note, which stays in sight for a few seconds only, while something else goes on. */
export async function noted<T>(
  studio: FrameLocator,
  text: string,
  during: Promise<T>,
): Promise<void> {
  await Promise.all([studio.locator('.note').filter({ hasText: text }).waitFor(), during]);
}

/** Pixels that a line across the paper is thick in its middle. */
export function thickness(studio: FrameLocator, y: number): Promise<number> {
  return studio.locator('.paper').evaluate((paper: Paper, at: number) => {
    const { width, height } = paper;
    const context = paper.getContext('2d');
    const { data } = context.getImageData(width / 2, height * (at - 0.1), 1, height * 0.2);
    return data.filter((value, index) => index % 4 === 0 && value < 128).length;
  }, y);
}

/** What axe-core finds wrong in the studio's page. */
export async function violations(studio: FrameLocator): Promise<string[]> {
  const body = await studio.locator('body').elementHandle();
  const frame = await body.ownerFrame();
  assert.ok(frame, 'the studio has no frame');
  await frame.evaluate(AXE);
  const found: AxeViolation[] = await frame.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 120) ?? ''}`,
  );
}

/** What is needed of the page's window; the tests are compiled without a browser's types. */
interface PageBody {
  readonly ownerDocument: {
    querySelector(selector: string): { getBoundingClientRect(): Rect } | null;
    querySelectorAll(selector: string): Iterable<PageControl>;
    readonly scrollingElement: {
      scrollTop: number;
      scrollLeft: number;
    } & Record<'scrollWidth' | 'scrollHeight', number>;
    readonly defaultView: { readonly innerWidth: number; readonly innerHeight: number };
  };
}
interface PageControl {
  readonly className: string;
  getBoundingClientRect(): Rect;
  closest(selector: string): unknown;
}
type Rect = Readonly<Record<'left' | 'top' | 'right' | 'bottom' | 'width' | 'height', number>>;

/**
 * What of the page is not wholly in sight: each of the elements, and any button beyond the left or right edge but
 * in the strip and among the chips, which scroll. And whether the page itself scrolls.
 */
export function outOfSight(studio: FrameLocator, selectors: readonly string[]): Promise<string[]> {
  return studio.locator('body').evaluate((body: PageBody, wanted) => {
    const page = body.ownerDocument;
    const { innerWidth, innerHeight } = page.defaultView;
    const found: string[] = [];
    for (const selector of wanted) {
      const box = page.querySelector(selector)?.getBoundingClientRect();
      // An image of less than 40 pixels is in the page, but nobody sees what it shows.
      const least = /stage|paper|frame|img/.test(selector) ? 40 : 10;
      if (!box || box.width < least || box.height < least) found.push(`${selector} is not shown`);
      else if (
        box.left < -1 ||
        box.top < -1 ||
        box.right > innerWidth + 1 ||
        box.bottom > innerHeight + 1
      ) {
        const { left, top, right, bottom } = box;
        found.push(`${selector} is at ${[left, top, right, bottom].map(Math.round).join(', ')}`);
      }
    }
    for (const control of page.querySelectorAll('button, input, select, textarea')) {
      const box = control.getBoundingClientRect();
      if (box.width === 0 || control.closest('.film, .chips')) continue;
      if (box.left < -1 || box.right > innerWidth + 1)
        found.push(`${control.className} is cut off`);
    }
    const root = page.scrollingElement;
    root.scrollTop = 1000;
    root.scrollLeft = 1000;
    if (root.scrollTop > 0 || root.scrollLeft > 0) found.push('the page scrolls');
    if (root.scrollHeight > innerHeight) found.push(`the page is ${root.scrollHeight} high`);
    if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} wide`);
    return found;
  }, selectors);
}

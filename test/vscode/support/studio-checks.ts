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

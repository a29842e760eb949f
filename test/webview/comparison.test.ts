import { strict as assert } from 'node:assert';
import type { Job, StudioImage } from '../../src/protocol/studio';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import { setLanguage } from '../../webview/l10n';
import { Comparing } from '../../webview/page/comparing';
import { PageState } from '../../webview/page/page-state';
import { differences, textOf } from '../../webview/results/differences';
import {
  chooseFor,
  compare,
  moveDivider,
  restoreComparison,
  sharedRatio,
  stepBack,
  swapped,
} from '../../webview/state/comparison';
import { JobFollower } from '../../webview/state/job-follower';

const request = { prompt: 'a fox', negativePrompt: '', model: 'starter', seed: 7, steps: 4 };
const image = (id: string, more: Partial<StudioImage> = {}): StudioImage => ({
  ...{ id, name: `${id}.png`, src: id, uri: id, request, width: 64, height: 32 },
  ...more,
});
const [a, b, c] = [image('a'), image('b'), image('c')];

/** A page with three images, of which the first is on the stage, and what it has done. */
function studio(saved?: unknown) {
  const page = new PageState(saved);
  const did: string[] = [];
  const comparing = new Comparing(page, {
    announcer: { say: (text) => did.push(text), show: (text) => did.push(text) },
    selected: () => page.studio.value.images.find(({ id }) => id === page.view.value.selected),
    showImage: ({ id }) => {
      const shown = { kind: 'pictures', ids: [id] } as const;
      page.view.update({ shown, selected: id, comparison: undefined });
    },
    focusDivider: () => did.push('divider'),
    focusResults: (id) => did.push(`results but ${id}`),
  });
  page.update({ images: [a, b, c] });
  return { page, comparing, did, compared: () => page.view.value.comparison };
}

before(() => setLanguage(STUDIO_STRINGS, 'en'));

describe('comparing two images', () => {
  it('lets the user choose the other one, and gives the divider the focus', () => {
    const { comparing, compared, did } = studio();
    comparing.start(a);
    assert.deepEqual(compared(), chooseFor('a'));
    assert.deepEqual(did, ['Choose the image to compare with “a fox”.', 'results but a']);
    comparing.pick(a, false);
    assert.equal(did.at(-1), STUDIO_STRINGS.compareSame);
    comparing.pick(c, false);
    assert.deepEqual(compared(), compare('a', 'c'));
    assert.ok(did.includes('divider'));
  });

  it('compares what is on the stage with what is clicked with Ctrl held', () => {
    const { comparing, compared } = studio();
    comparing.pick(b, true);
    assert.deepEqual(compared(), compare('a', 'b'));
    comparing.move(80);
    comparing.pick(c, true);
    assert.deepEqual(compared(), compare('a', 'c', 80));
  });

  it('ends with a plain click, which shows the image', () => {
    const { page, comparing, compared } = studio();
    comparing.compare(a, b);
    comparing.pick(c, false);
    assert.deepEqual([compared(), page.view.value.selected], [undefined, 'c']);
  });

  it('can be given another image, and gives up that choice before itself', () => {
    const { comparing, compared } = studio();
    comparing.compare(a, b, 30);
    comparing.another();
    assert.deepEqual(compared(), chooseFor('a', 'b', 30));
    comparing.back();
    assert.deepEqual(compared(), compare('a', 'b', 30));
    comparing.back();
    assert.equal(compared(), undefined);
    assert.equal(stepBack(chooseFor('a')), undefined);
  });

  it('says that there is nothing to compare with', () => {
    const { page, comparing, compared, did } = studio();
    page.update({ images: [a] });
    comparing.start(a);
    assert.deepEqual([compared(), did.at(-1)], [undefined, STUDIO_STRINGS.compareNone]);
  });

  it('ends when one of the two is deleted, says so and shows the other one', () => {
    for (const [gone, left] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      // prettier-ignore
      const { page, comparing, compared, did } = studio();
      comparing.compare(a, b);
      page.update({ images: [a, b, c].filter(({ id }) => id !== gone) });
      assert.deepEqual([compared(), page.view.value.selected], [undefined, left]);
      assert.equal(did.at(-1), `${gone}.png is gone, so the comparison has ended.`);
    }
  });

  it('stays while others are deleted and while new ones are drawn, which are shown after it', () => {
    const { page, comparing, compared } = studio();
    const announcer = { say: () => undefined, show: () => undefined };
    new JobFollower(page.studio, page.view, announcer);
    comparing.compare(a, b);
    const drawing: Job = {
      ...{ id: 1, state: 'drawing', request, numImages: 1, ahead: 0, stepsDone: 1, stepsTotal: 2 },
      ...{ warnings: [], images: [] },
    };
    page.update({ images: [a, b] });
    page.update({ jobs: [drawing] });
    page.update({ images: [c, a, b], jobs: [{ ...drawing, state: 'done', images: ['c'] }] });
    assert.deepEqual(compared(), compare('a', 'b'));
    comparing.back();
    const { shown, selected } = page.view.value;
    assert.deepEqual([shown, selected], [{ kind: 'job', id: 1 }, 'c']);
    comparing.compare(a, b);
    page.update({ jobs: [{ ...drawing, id: 2 }] });
    page.update({ jobs: [{ ...drawing, id: 2, state: 'failed' }] });
    assert.equal(compared(), undefined, 'a failure is shown');
  });

  it('comes back after a reload, with its divider, and not without its images', () => {
    const { page, comparing } = studio();
    comparing.compare(a, b, 33);
    const saved: unknown = JSON.parse(JSON.stringify(page.save()));
    const again = studio(saved);
    assert.deepEqual(again.compared(), compare('a', 'b', 33));
    again.page.showNewest();
    assert.deepEqual(again.compared(), compare('a', 'b', 33));
    const other = new PageState(saved);
    assert.deepEqual(other.view.value.comparison, compare('a', 'b', 33));
    comparing.another();
    page.view.update({ comparison: chooseFor('a') });
    const choosing: unknown = JSON.parse(JSON.stringify(page.save()));
    assert.deepEqual(studio(choosing).compared(), chooseFor('a'));
    for (const bad of [undefined, 5, {}, { left: 1 }]) {
      assert.equal(restoreComparison(bad), undefined);
    }
    assert.equal(restoreComparison({ left: 'a', right: 'b', divider: 400 })?.divider, 50);
  });

  it('swaps its sides, and what is seen of each stays', () => {
    assert.deepEqual(swapped(compare('a', 'b', 30)), compare('b', 'a', 70));
  });
});

describe('the divider', () => {
  it('is moved by keys, within the images', () => {
    assert.equal(moveDivider(50, 'ArrowRight'), 52);
    assert.equal(moveDivider(50, 'ArrowLeft'), 48);
    assert.equal(moveDivider(50, 'ArrowRight', true), 60);
    assert.equal(moveDivider(50, 'PageDown'), 40);
    assert.equal(moveDivider(99, 'ArrowUp'), 100);
    assert.equal(moveDivider(1, 'ArrowDown'), 0);
    assert.equal(moveDivider(50, 'Home'), 0);
    assert.equal(moveDivider(50, 'End'), 100);
    assert.equal(moveDivider(50, 'x'), undefined);
  });

  it('is in a box that cuts both images by as much', () => {
    assert.equal(sharedRatio(2, 2), 2);
    assert.equal(sharedRatio(4, 1), 2);
    assert.equal(sharedRatio(1, 4), 2);
  });
});

describe('what tells two images apart', () => {
  const told = (left: StudioImage, right: StudioImage) => differences(left, right).map(textOf);

  it('is what differs in how they were drawn', () => {
    const other = image('b', { request: { ...request, steps: 12 } });
    assert.deepEqual(told(a, other), ['steps 4', 'steps 12']);
    const fast = { ...request, model: 'org/turbo', guidanceScale: 0, scheduler: 'EulerDiscreteScheduler' }; // prettier-ignore
    const exact = { ...request, guidanceScale: 7.5, scheduler: 'DDIMScheduler' };
    const [left, right] = told(image('a', { request: fast }), image('b', { request: exact }));
    assert.match(left ?? '', /^turbo · guidance 0 · Euler/);
    assert.match(right ?? '', /^Starter · guidance 7\.5 · DDIM/);
  });

  it('is what else only one of them has', () => {
    const others = (...list: string[]) => image('b', { request: { ...request, others: list } });
    assert.deepEqual(told(a, others('pag-scale 3')), ['a.png', 'b.png · pag-scale 3']);
    const [left, right] = told(others('lora ink:0.5', 'seamless xy'), others('lora ink:1', 'seamless xy')); // prettier-ignore
    assert.deepEqual([left, right], ['lora ink:0.5', 'lora ink:1']);
  });

  it('is the prompt first, where that differs', () => {
    const other = image('b', { request: { ...request, prompt: 'a cat', seed: 8 } });
    assert.deepEqual(told(a, other), ['a fox · seed 7', 'a cat · seed 8']);
  });

  it('is how one was made larger', () => {
    const by = image('b', { width: 128, height: 64, upscaled: { factor: 2, by: 'ESRGAN' } });
    assert.deepEqual(told(a, by), ['64 × 32', '2 × by ESRGAN · 128 × 64']);
    const plain = image('c', { width: 128, height: 64, upscaled: { factor: 2 } });
    assert.deepEqual(told(by, plain), ['2 × by ESRGAN', '2 × resampled']);
  });

  it('is the name of the file where nothing else is known, or only of one of them', () => {
    assert.deepEqual(told(a, b), ['a.png', 'b.png']);
    const unknown = image('b', { request: { ...request, steps: undefined } });
    assert.deepEqual(told(a, unknown), ['a.png', 'b.png']);
    const sketched = image('b', { request: { ...request, strength: 0.5 } });
    assert.deepEqual(told(a, sketched), ['a.png', 'b.png · strength 0.5']);
  });
});

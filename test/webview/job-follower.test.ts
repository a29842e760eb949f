import assert from 'node:assert/strict';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import type { Job, StudioImage, StudioState } from '../../src/protocol/studio';
import { JobFollower } from '../../webview/state/job-follower';
import { StateStore } from '../../webview/state/store';
import { restoreView } from '../../webview/state/view';
import { setLanguage } from '../../webview/l10n';

const drawing: Job = {
  id: 1,
  state: 'drawing',
  request: { prompt: 'a fox', model: 'starter' } as Job['request'],
  numImages: 1,
  ahead: 0,
  stepsDone: 1,
  stepsTotal: 2,
  warnings: [],
  images: [],
};

function follow(...states: readonly Job[]) {
  return followWith([], states);
}

function followWith(images: readonly StudioImage[], states: readonly Job[]) {
  const said: string[] = [];
  const shown: string[] = [];
  const state = new StateStore({ jobs: [], images } as unknown as StudioState);
  const view = new StateStore(restoreView({}));
  new JobFollower(state, view, {
    say: (text) => said.push(text),
    show: (text) => shown.push(text),
  });
  for (const job of states) state.update({ jobs: [job] });
  return { said, shown, view };
}

describe('the end of a job', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  it('is announced, and its image selected', () => {
    const done: Job = { ...drawing, state: 'done', images: ['fox.png'] };
    const { said, shown, view } = follow(drawing, done);
    assert.match(said.at(-1) ?? '', /a fox/);
    assert.deepEqual(shown, []);
    assert.equal(view.value.selected, 'fox.png');
  });

  it('is announced with its precision where that is not exact', () => {
    const images = [{ id: 'a', unasked: 'int8' } as unknown as StudioImage];
    const done: Job = { ...drawing, state: 'done', images: ['a'] };
    assert.match(followWith(images, [drawing, done]).said.at(-1) ?? '', /Computed in int8/);
    const exact = [{ id: 'a' } as unknown as StudioImage];
    assert.doesNotMatch(followWith(exact, [drawing, done]).said.at(-1) ?? '', /Computed/);
  });

  it('comes after what its weights take was said once for each part', () => {
    const preparing = (component: string, share: number): Job => ({
      ...drawing,
      ...{ state: 'loading', component },
      preparing: { share, size: '9 MB', folder: '/c' },
    });
    const jobs = [preparing('unet', 0), preparing('unet', 0.5), preparing('vae', 0), drawing];
    const said = follow(...jobs).said.filter((text) => text.includes('prepared'));
    assert.equal(said.length, 2);
    assert.match(said[0] ?? '', /unet.*9 MB, kept in \/c/);
  });

  it('is announced with what the starter may not know of its images, each once', () => {
    const doubts = [{ subject: 'walrus', level: 'unknown', nearest: ['seal'] } as const];
    const images = ['a', 'b'].map((id) => ({ id, doubts }) as unknown as StudioImage);
    const other = [{ subject: 'yak', level: 'unknown', nearest: [] } as const];
    images.push({ id: 'c', doubts: other } as unknown as StudioImage);
    const done: Job = { ...drawing, state: 'done', images: ['a', 'b'] };
    const { said } = followWith(images, [drawing, done]);
    assert.match(
      said.at(-1) ?? '',
      /2 images The starter may not know "walrus"\. It knows: seal\.$/,
    );
  });

  it('is shown with the warnings of the engine', () => {
    const warnings = ['The prompt was cut after 77 tokens.'];
    const done: Job = { ...drawing, state: 'done', images: ['fox.png'], warnings };
    const { shown } = follow(drawing, done);
    assert.match(shown[0] ?? '', /a fox.*The prompt was cut after 77 tokens\.$/);
  });

  it('is told once for jobs that are cancelled together, and one by one for others', () => {
    const shown: string[] = [];
    const jobs = [1, 2, 3].map((id): Job => ({ ...drawing, id }));
    const state = new StateStore({ jobs, images: [] } as unknown as StudioState);
    const view = new StateStore(restoreView({}));
    const follower = new JobFollower(state, view, {
      say: () => undefined,
      show: (text) => shown.push(text),
    });
    follower.muteCancelled(jobs.slice(0, 2));
    state.update({ jobs: jobs.map((job): Job => ({ ...job, state: 'cancelled' })) });
    assert.deepEqual(shown, ['Cancelled.']);
  });
});

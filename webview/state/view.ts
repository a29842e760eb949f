import * as v from 'valibot';
import type { Job, StudioImage } from '../../src/protocol/studio';
import { restoreComparison, type Comparison } from './comparison';
import { isLive } from './job-status';

/** What the *Result* tab shows. */
export type Shown =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'job'; readonly id: number }
  /** Images side by side: one of the filmstrip, or all of a finished job. */
  | { readonly kind: 'pictures'; readonly ids: readonly string[] };

export interface View {
  readonly tab: 'sketch' | 'result';
  readonly shown: Shown;
  /** The id of the image that the toolbar acts on. */
  readonly selected: string | undefined;
  /** Lies over what is shown, which goes on below it. */
  readonly comparison: Comparison | undefined;
}

const SavedSchema = v.object({
  tab: v.fallback(v.picklist(['sketch', 'result']), 'result'),
  ids: v.fallback(v.array(v.string()), []),
  selected: v.fallback(v.optional(v.string()), undefined),
  comparison: v.optional(v.unknown()),
});

const EMPTY: v.InferOutput<typeof SavedSchema> = { tab: 'result', ids: [], selected: undefined };

/**
 * The view as JSON. A job is saved as the ids of its images, because job numbers change after a reload.
 * @param idsOf the ids of a job's images
 */
export function saveView(view: View, idsOf: (job: number) => readonly string[]) {
  const { shown, tab, selected, comparison } = view;
  const ids = shown.kind === 'pictures' ? shown.ids : shown.kind === 'job' ? idsOf(shown.id) : [];
  return { tab, ids, selected, comparison };
}

/** The view from `saveView`; invalid parts get their default. */
export function restoreView(saved: unknown): View {
  const parsed = v.safeParse(SavedSchema, saved);
  const { tab, ids, selected, comparison } = parsed.success ? parsed.output : EMPTY;
  return {
    tab,
    shown: ids.length > 0 ? { kind: 'pictures', ids } : { kind: 'nothing' },
    selected,
    comparison: restoreComparison(comparison),
  };
}

/** The view with the newest image selected. If it is among the images that are shown, they stay. */
export function showNewest(view: View, images: readonly StudioImage[]): View {
  const newest = images[0]?.id;
  const { shown } = view;
  if (newest === undefined || shown.kind === 'job') return view;
  const ids = shown.kind === 'pictures' && shown.ids.includes(newest) ? shown.ids : [newest];
  return { ...view, shown: { kind: 'pictures', ids }, selected: newest };
}

/** The view with the newest image instead of nothing, where what it showed was deleted or has ended. */
export function withoutGap(view: View, jobs: readonly Job[], images: readonly StudioImage[]): View {
  const { shown } = view;
  const there = (id: string) => images.some((image) => image.id === id);
  if (shown.kind === 'pictures' && shown.ids.some(there)) return view;
  if (shown.kind === 'job') {
    const job = jobs.find(({ id }) => id === shown.id);
    if (job && (job.state === 'failed' || isLive(job) || job.images.some(there))) return view;
  }
  if (shown.kind === 'nothing' && images.length === 0) return view;
  return showNewest({ ...view, shown: { kind: 'nothing' } }, images);
}

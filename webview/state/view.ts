import * as v from 'valibot';

/** What the stage shows beside the sketch. */
export type Shown =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'job'; readonly id: number }
  /** Pictures side by side: one from the filmstrip, or all of a finished job. */
  | { readonly kind: 'pictures'; readonly ids: readonly string[] };

export interface View {
  readonly tab: 'sketch' | 'result';
  readonly shown: Shown;
  /** The picture that the actions are about. */
  readonly selected: string | undefined;
}

const SavedSchema = v.object({
  tab: v.fallback(v.picklist(['sketch', 'result']), 'result'),
  ids: v.fallback(v.array(v.string()), []),
  selected: v.fallback(v.optional(v.string()), undefined),
});

/** Job numbers mean nothing after a reload, so a view is kept by its pictures. */
export function saveView(view: View, idsOf: (job: number) => readonly string[]) {
  const { shown, tab, selected } = view;
  const ids = shown.kind === 'pictures' ? shown.ids : shown.kind === 'job' ? idsOf(shown.id) : [];
  return { tab, ids, selected };
}

export function restoreView(saved: unknown): View {
  const parsed = v.safeParse(SavedSchema, saved);
  if (!parsed.success) return { tab: 'result', shown: { kind: 'nothing' }, selected: undefined };
  const { tab, ids, selected } = parsed.output;
  return { tab, shown: ids.length > 0 ? { kind: 'pictures', ids } : { kind: 'nothing' }, selected };
}

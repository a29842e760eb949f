import { describeComposition } from '../../core/composition/describe';
import type { LocalSummary } from '../../protocol/engine';
import type { ComposedJob } from './plan-composition';

/** What the summary of a job says about its composed images; nothing where none is composed. */
export function describeComposed({ images }: ComposedJob): Pick<LocalSummary, 'composed'> {
  const composed = images.flatMap(({ varied }) =>
    varied ? [describeComposition(varied.composition)] : [],
  );
  if (composed.length === 0) return {};
  const drawings = images.reduce((sum, { draws }) => sum + draws.length, 0);
  return { composed: { images: composed, drawings } };
}

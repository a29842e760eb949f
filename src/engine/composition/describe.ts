import { describeComposition } from '../../core/composition/describe';
import type { GenerationSummary } from '../../protocol/engine';
import type { ComposedJob } from './plan-composition';

/** What the summary of a job says about its composed images, one line each; nothing where none is composed. */
export function describeComposed({ images }: ComposedJob): Pick<GenerationSummary, 'composed'> {
  const lines = images.flatMap(({ varied }) =>
    varied ? [describeComposition(varied.composition)] : [],
  );
  return lines.length > 0 ? { composed: lines } : {};
}

import { describeBytes, REPORTED_MEMORY_BYTES } from '../../core/quantities';
import type { GenerationEvent } from '../../protocol/engine';

export type MemoryEvent = Extract<GenerationEvent, { event: 'memory' }>;

/** What a job needs of memory, in words; undefined where that is little, or more than there is. */
export function memoryFact({ bytes, availableBytes }: MemoryEvent): string | undefined {
  if (bytes < REPORTED_MEMORY_BYTES || bytes > availableBytes) return undefined;
  return `Needs about ${describeBytes(bytes)} of memory; ${describeBytes(availableBytes)} are free.`;
}

/** What people should know of it: too little of it is left, or what is done to need less. */
export function memoryWarnings({ bytes, availableBytes, tiled }: MemoryEvent): readonly string[] {
  const warnings: string[] = [];
  if (bytes > availableBytes) {
    warnings.push(
      `This needs about ${describeBytes(bytes)} of memory, and ${describeBytes(availableBytes)} are free. ` +
        'Close other programs, or choose a smaller size or model; else it may become very slow.',
    );
  }
  if (tiled) {
    warnings.push(
      'The picture is decoded in tiles, since the whole at once would take too much memory ' +
        '(--vae-tiling off decodes it whole).',
    );
  }
  return warnings;
}

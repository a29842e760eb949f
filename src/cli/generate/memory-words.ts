import { describeBytes, REPORTED_MEMORY_BYTES } from '../../core/quantities';
import type { GenerationEvent } from '../../protocol/engine';

export type MemoryEvent = Extract<GenerationEvent, { event: 'memory' }>;

/** The memory that a job needs, as a text; undefined where that is little, or more than is free. */
export function memoryFact({ bytes, availableBytes }: MemoryEvent): string | undefined {
  if (bytes < REPORTED_MEMORY_BYTES || bytes > availableBytes) return undefined;
  return `Needs about ${describeBytes(bytes)} of memory; ${describeBytes(availableBytes)} are free.`;
}

/** Warnings about memory: too little is free, or the image is decoded in tiles to need less. */
export function memoryWarnings({ bytes, availableBytes, tiled }: MemoryEvent): readonly string[] {
  const warnings: string[] = [];
  if (bytes > availableBytes) {
    warnings.push(
      `This needs about ${describeBytes(bytes)} of memory, and ${describeBytes(availableBytes)} are free. ` +
        'Close other programs, or choose a smaller size or model. Otherwise it may be very slow.',
    );
  }
  if (tiled) {
    warnings.push(
      'The image is decoded in tiles, because decoding it at once needs too much memory. ' +
        'To decode it at once: --vae-tiling off.',
    );
  }
  return warnings;
}

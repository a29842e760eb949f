import { deviceProfile } from '../core/devices';
import type { EaselError } from '../core/errors';
import type { GenerationEvent, GenerationSummary } from '../protocol/engine';
import { describeBytes, REPORTED_MEMORY_BYTES } from '../core/quantities';

/** What `easel generate` prints, and every command's errors. */
export interface Output {
  event(event: GenerationEvent): void;
  image(image: { path: string; seed: number; width: number; height: number }): void;
  done(summary: GenerationSummary): void;
  error(error: EaselError): void;
}

/** JSON lines on standard output. Progress goes to standard error as text. */
export class JsonOutput implements Output {
  private readonly text = new TextOutput(process.stderr, process.stderr);
  /** Added to each `loading` event. */
  private memory: Readonly<Record<'neededBytes' | 'availableBytes', number>> | undefined;

  event(event: GenerationEvent): void {
    this.text.event(event);
    switch (event.event) {
      case 'image': // `image()` prints it with its path, when it is saved
        return;
      case 'step': {
        const { index, total, seconds, image } = event;
        this.line({ event: 'step', index, total, seconds, image });
        return;
      }
      case 'memory':
        this.memory = { neededBytes: event.bytes, availableBytes: event.availableBytes };
        for (const message of memoryWarnings(event)) this.line({ event: 'warning', message });
        return;
      case 'loading':
        this.line({ ...event, ...this.memory });
        return;
      case 'queued':
      case 'warning':
        this.line(event);
    }
  }

  image(image: { path: string; seed: number; width: number; height: number }): void {
    this.line({ event: 'image', ...image });
  }

  done(summary: GenerationSummary): void {
    this.line({ event: 'done', ...summary });
  }

  error({ code, message }: EaselError): void {
    this.line({ event: 'error', code, message });
  }

  private line(value: object): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }
}

/** Text for users: results on one stream, progress on another. */
export class TextOutput implements Output {
  constructor(
    private readonly results: NodeJS.WriteStream = process.stdout,
    private readonly progress: NodeJS.WriteStream = process.stderr,
  ) {}

  event(event: GenerationEvent): void {
    switch (event.event) {
      case 'loading':
        this.status(`loading ${event.component} on ${event.device}`);
        return;
      case 'memory':
        this.memory(event);
        return;
      case 'queued':
        this.status(`waiting for ${event.ahead} other job(s)`);
        return;
      case 'warning':
        this.note(event.message);
        return;
      case 'step': {
        const left = (event.total - event.index) * event.seconds;
        const image = event.image > 0 ? ` of image ${event.image + 1}` : '';
        this.status(
          `step ${event.index}/${event.total}${image}, ${event.seconds.toFixed(2)} s each, ` +
            `about ${Math.ceil(left)} s left`,
        );
        return;
      }
      case 'image':
        this.clear();
    }
  }

  image(image: { path: string }): void {
    this.clear();
    this.results.write(`${image.path}\n`);
  }

  done({ model, device, deviceReason, seconds, settings }: GenerationSummary): void {
    this.clear();
    this.progress.write(
      `Drawn by ${model} in ${settings.steps} steps on ${device} in ${seconds.total.toFixed(1)} s, ` +
        `seed ${settings.seed}.\n`,
    );
    const { isFallback, label } = deviceProfile(device);
    if (isFallback && deviceReason) this.progress.write(`Why the ${label}: ${deviceReason}.\n`);
  }

  error({ code, message }: EaselError): void {
    this.clear();
    // The user has cancelled and needs no message.
    if (code !== 'cancelled') process.stderr.write(`easel: ${message}\n`);
  }

  private memory(event: MemoryEvent): void {
    const fact = memoryFact(event);
    this.clear();
    if (fact !== undefined) this.progress.write(`${fact}\n`);
    for (const warning of memoryWarnings(event)) this.note(warning);
  }

  private note(message: string): void {
    this.clear();
    this.progress.write(`Note: ${message}\n`);
  }

  /** A line that the next one replaces. Only on terminals, so that logs stay readable. */
  private status(text: string): void {
    if (this.progress.isTTY) this.progress.write(`\r\u001b[K${text}`);
  }

  private clear(): void {
    if (this.progress.isTTY) this.progress.write('\r\u001b[K');
  }
}

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

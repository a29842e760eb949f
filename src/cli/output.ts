import { describeDoubt, doubts, type SubjectKnowledge } from '../core/composition/knowledge';
import { deviceProfile, withCard } from '../core/devices';
import { unaskedPrecision } from '../core/request/precision';
import type { Flagged } from '../core/request/safety';
import type { EaselError } from '../core/errors';
import {
  isElsewhere,
  type EndpointSummary,
  type GenerationEvent,
  type GenerationSummary,
  type LocalSummary,
  type UpscaledImage,
} from '../protocol/engine';
import { describeBytes, describeSteps, REPORTED_MEMORY_BYTES } from '../core/quantities';
import { oneLine, plainText } from '../core/shown-text';
import { printJson, stderr, stdout, type TextStream } from './streams';

/** A saved image, as it is reported. */
export interface SavedImage {
  readonly path: string;
  /** Absent: an endpoint drew it that takes no seed. */
  readonly seed?: number;
  readonly width: number;
  readonly height: number;
  /** How well the model knows what it drew, where it says so. */
  readonly knowledge?: readonly SubjectKnowledge[];
  /** What was done to it after the model's safety checker flagged it. Absent: it was not flagged. */
  readonly flagged?: Flagged;
}

/** How an image was made larger. */
export type UpscaledSummary = Omit<UpscaledImage, 'width' | 'height' | 'bytes'>;

/** What `easel generate` prints, and every command's errors. */
export interface Output {
  event(event: GenerationEvent): void;
  image(image: SavedImage): void;
  done(summary: GenerationSummary): void;
  upscaled(summary: UpscaledSummary): void;
  error(error: EaselError): void;
}

/** JSON lines on standard output. Progress goes to standard error as text. */
export class JsonOutput implements Output {
  private readonly text = new TextOutput(stderr, stderr);
  /** Added to each `loading` event. */
  private memory: Readonly<Record<'neededBytes' | 'availableBytes', number>> | undefined;

  event(event: GenerationEvent): void {
    this.text.event(event);
    switch (event.event) {
      case 'image': // `image()` prints it with its path, when it is saved
        return;
      case 'step': {
        const { index, total, seconds, image } = event;
        printJson({ event: 'step', index, total, seconds, image });
        return;
      }
      case 'memory':
        this.memory = { neededBytes: event.bytes, availableBytes: event.availableBytes };
        for (const message of memoryWarnings(event)) printJson({ event: 'warning', message });
        return;
      case 'loading':
        printJson({ ...event, ...this.memory });
        return;
      case 'preparing':
      case 'queued':
      case 'sent':
      case 'tile':
      case 'warning':
        printJson(event);
    }
  }

  image(image: SavedImage): void {
    printJson({ event: 'image', ...image });
  }

  done(summary: GenerationSummary): void {
    printJson({ event: 'done', ...summary });
  }

  upscaled(summary: UpscaledSummary): void {
    printJson({ event: 'done', ...summary });
  }

  error({ code, message }: EaselError): void {
    printJson({ event: 'error', code, message });
  }
}

/** What can be done where the model does not know what it drew. */
const BETTER = 'A larger model may know it: --model, after easel models.';

/** Text for users: results on one stream, progress on another. */
export class TextOutput implements Output {
  private readonly noted = new Set<string>();

  constructor(
    private readonly results: TextStream = stdout,
    private readonly progress: TextStream = stderr,
  ) {}

  event(event: GenerationEvent): void {
    switch (event.event) {
      case 'loading':
        this.status(`loading ${event.component} on ${event.device}`);
        return;
      case 'preparing':
        if (event.share === 0) {
          this.clear();
          this.progress.write(`${preparingFact(event)}\n`);
        }
        this.status(`preparing weights of ${event.component}, ${Math.floor(event.share * 100)} %`);
        return;
      case 'memory':
        this.memory(event);
        return;
      case 'queued':
        this.status(`waiting for ${event.ahead} other job(s)`);
        return;
      case 'sent':
        this.status(`drawing on ${event.host}`);
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
      case 'tile':
        this.status(`making it larger: part ${event.index}/${event.total}`);
        return;
      case 'image':
        this.clear();
        for (const doubt of doubts(event.knowledge)) {
          this.noteOnce(`${describeDoubt(doubt)} ${BETTER}`);
        }
    }
  }

  image(image: { path: string }): void {
    this.clear();
    // Scripts need the path as it is; a terminal must not obey it.
    this.results.write(`${this.results.isTTY ? oneLine(image.path) : image.path}\n`);
  }

  done(summary: GenerationSummary): void {
    this.clear();
    if (isElsewhere(summary)) {
      this.progress.write(`${elsewhereFact(summary)}\n`);
      return;
    }
    const { model, device, card, deviceReason, seconds, settings, composed } = summary;
    for (const image of new Set(composed?.images)) {
      this.progress.write(`Composed: ${oneLine(image)}.\n`);
    }
    if (composed?.drawings === 0) {
      const { seed } = settings;
      this.progress.write(`Made without a model in ${seconds.total.toFixed(1)} s, seed ${seed}.\n`);
      return;
    }
    this.progress.write(
      `Drawn by ${oneLine(model)} in ${describeSteps(settings.steps)} on ${oneLine(withCard(device, card))} in ${seconds.total.toFixed(1)} s, ` +
        `seed ${settings.seed}.\n`,
    );
    const { isFallback, label } = deviceProfile(device);
    if (isFallback && deviceReason)
      this.progress.write(`Why the ${label}: ${plainText(deviceReason)}.\n`);
    const nearly = precisionFact(summary);
    if (nearly !== undefined) this.progress.write(`${nearly}\n`);
  }

  upscaled({ upscaler, factor, device, seconds }: UpscaledSummary): void {
    this.clear();
    const by = upscaler === undefined ? 'by resampling' : `by ${oneLine(upscaler)}`;
    const on = device === undefined ? '' : ` on ${device}`;
    this.progress.write(`Made ${factor} times as large ${by}${on} in ${seconds.toFixed(1)} s.\n`);
  }

  error({ code, message }: EaselError): void {
    this.clear();
    // The user has cancelled and needs no message.
    if (code !== 'cancelled') stderr.write(`easel: ${shownMessage(message)}\n`);
  }

  private memory(event: MemoryEvent): void {
    const fact = memoryFact(event);
    this.clear();
    if (fact !== undefined) this.progress.write(`${fact}\n`);
    for (const warning of memoryWarnings(event)) this.note(warning);
  }

  /** Images of one prompt share their doubts. */
  private noteOnce(message: string): void {
    if (this.noted.has(message)) return;
    this.noted.add(message);
    this.note(message);
  }

  private note(message: string): void {
    this.clear();
    this.progress.write(`Note: ${shownMessage(message)}\n`);
  }

  /** A line that the next one replaces. Only on terminals, so that logs stay readable. */
  private status(text: string): void {
    if (this.progress.isTTY) this.progress.write(`\r\u001b[K${text}`);
  }

  private clear(): void {
    if (this.progress.isTTY) this.progress.write('\r\u001b[K');
  }
}

/** Characters of a message at most: some quote a value of a file. */
const MAX_MESSAGE = 2000;

/** A message without what a terminal would obey, of limited length. */
export function shownMessage(message: string): string {
  const text = plainText(message.slice(0, 2 * MAX_MESSAGE));
  return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;
}

/** What the weights take that become bytes, before it is done. */
export function preparingFact({
  component,
  bytes,
  folder,
}: Extract<GenerationEvent, { event: 'preparing' }>): string {
  const size = describeBytes(bytes);
  return folder === undefined
    ? `Prepares the weights of ${component} for int8, for this job: ${size}.`
    : `Prepares the weights of ${component} for int8, once: ${size}, kept in ${oneLine(folder)}.`;
}

/** That an image is not exact and what draws the exact one; undefined where it is, or where that was asked for. */
export function precisionFact({
  precision,
  precisionReason: reason,
  settings,
}: Pick<LocalSummary, 'precision' | 'precisionReason' | 'settings'>): string | undefined {
  const unasked = unaskedPrecision({ precision, reason });
  if (unasked === undefined) return undefined;
  return (
    `Computed in ${unasked}, nearly exact: ${plainText(reason)}. ` +
    `To draw it exactly: --precision full --seed ${settings.seed}.`
  );
}

/** Where an image was drawn, by what and how long it took. */
function elsewhereFact({ model, endpoint, seconds, settings, cost }: EndpointSummary): string {
  const { steps, seed } = settings;
  const by = model === '' ? '' : ` by ${oneLine(model)}`;
  const inSteps = steps === undefined ? '' : ` in ${describeSteps(steps)}`;
  const withSeed = seed === undefined ? '' : `, seed ${seed}`;
  const costs = cost === undefined ? '' : ` Cost: ${oneLine(cost)}.`;
  return (
    `Drawn${by}${inSteps} at ${endpoint.host} (${endpoint.name}) in ` +
    `${seconds.total.toFixed(1)} s${withSeed}.${costs}`
  );
}

export type MemoryEvent = Extract<GenerationEvent, { event: 'memory' }>;

/** The memory that a job needs, as a text; undefined where that is little, or more than is free. */
export function memoryFact({ bytes, availableBytes, card }: MemoryEvent): string | undefined {
  if (bytes < REPORTED_MEMORY_BYTES || bytes > availableBytes) return undefined;
  if (card !== undefined)
    return `Needs about ${describeBytes(bytes)} of the memory of ${oneLine(card)}, which has ${describeBytes(availableBytes)}.`;
  return `Needs about ${describeBytes(bytes)} of memory; ${describeBytes(availableBytes)} are free.`;
}

/** Warnings about memory: too little is free, or the image is decoded in tiles to need less. */
export function memoryWarnings({
  bytes,
  availableBytes,
  tiled,
  card,
}: MemoryEvent): readonly string[] {
  const warnings: string[] = [];
  if (bytes > availableBytes && card !== undefined) {
    warnings.push(
      `This needs about ${describeBytes(bytes)} of memory, and ${oneLine(card)} has ${describeBytes(availableBytes)}. ` +
        'Easel tries it, and goes on with less where it does not fit. A smaller size or model is faster.',
    );
  } else if (bytes > availableBytes) {
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

import { EaselError, toEaselError } from '../core/errors';
import type { GenerationRequestInput } from '../core/request/request';
import type { DrawingMethods, GenerationEvent, GenerationSummary } from '../protocol/engine';
import type { Caller, CallOptions, Methods } from '../protocol/peer';
import type { StoreMethods } from '../protocol/store';

/** Something that answers typed calls, wherever it runs. */
export interface Service<T extends Methods<T>> extends Pick<Caller<T>, 'call'> {
  /** Ends it at once, whatever it is doing. Open calls reject as `cancelled`. */
  dispose(): void;
}

/**
 * The engine as the command line, the editor and the agents' tools see it. The engine process on this
 * machine (`openEngine`) is one implementation. One on another machine is a second: a `Caller` over
 * another `Transport`. Such an implementation has to solve three things that are free on one machine:
 * - Paths. `model`, `loras[].path` and `embeddings[].path` of a request name files of the caller's
 *   machine. They have to be uploaded, or refused with an error that names the field.
 * - Credentials. A request carries none. They belong to the connection, and never into a request, a log
 *   or the recipe that is written into an image.
 * - Devices. `devices` reports the devices of the machine that runs the engine. What is known of this
 *   machine (memory, the device used last, measured speeds) does not hold for another one.
 */
export type Engine = Service<DrawingMethods>;

/** The models of a machine, and downloads. */
export type Store = Service<StoreMethods>;

/** A finished image as the engine sends it. */
export type ImageEvent = Extract<GenerationEvent, { event: 'image' }>;

interface Drawn {
  /** Warnings of the engine, such as a prompt that was cut off. */
  readonly warnings: readonly string[];
  /** Absent where the engine failed after it had sent an image; `warnings` then say how. */
  readonly summary?: GenerationSummary;
}

export interface OneImage extends Drawn {
  readonly image: ImageEvent;
}

export interface DrawnImages extends Drawn {
  /** At least one. */
  readonly images: readonly [ImageEvent, ...ImageEvent[]];
}

/** Runs a generation request: an engine, or what keeps track of one's jobs. */
export interface Generator<O extends CallOptions<GenerationEvent>> {
  generate(request: GenerationRequestInput, options?: O): Promise<GenerationSummary>;
}

/** An engine whose jobs nobody keeps track of. */
export function generatorOf(engine: Engine): Generator<CallOptions<GenerationEvent>> {
  return {
    generate: (request, options) => engine.call('generate', { request }, options),
  };
}

/**
 * Draws the images of a request and collects them from the events of its job. Images that have come are kept,
 * even if the engine fails after them.
 * @throws EaselError; `cancelled` after an abort
 */
export async function drawImages<O extends CallOptions<GenerationEvent>>(
  generator: Generator<O>,
  request: GenerationRequestInput,
  options: NoInfer<O>,
): Promise<DrawnImages> {
  const images: ImageEvent[] = [];
  const warnings: string[] = [];
  const onEvent = (event: GenerationEvent) => {
    if (event.event === 'image') images.push(event);
    if (event.event === 'warning') warnings.push(event.message);
    options.onEvent?.(event);
  };
  try {
    const summary = await generator.generate(request, { ...options, onEvent });
    const [first, ...more] = images;
    if (!first) throw new EaselError('internal', 'The engine answered without an image.');
    return { images: [first, ...more], warnings, summary };
  } catch (thrown) {
    const [first, ...more] = images;
    if (!first || options.signal?.aborted) throw thrown;
    return { images: [first, ...more], warnings: [...warnings, toEaselError(thrown).message] };
  }
}

/** As `drawImages`, for a request of one image. */
export async function drawOneImage<O extends CallOptions<GenerationEvent>>(
  generator: Generator<O>,
  request: GenerationRequestInput,
  options: NoInfer<O>,
): Promise<OneImage> {
  const { images, ...drawn } = await drawImages(generator, request, options);
  return { image: images[0], ...drawn };
}

import {
  deviceLabel,
  deviceProfile,
  FALLBACK_DEVICE,
  type DeviceName,
  type Precision,
} from '../core/devices';
import { EaselError, toEaselError } from '../core/errors';
import { requireFormatSize, tooLargeFor } from '../core/image/format-size';
import { spreadColours } from '../core/image/spread-colours';
import { cropMiddle, withOpacity, withoutOpacity } from '../core/image/layers';
import type { DrawnImage, RgbaImage, RgbImage } from '../core/image/pixels';
import type { Size } from '../core/image/resize';
import { readRecipe, type Recipe } from '../core/recipe';
import { UPSCALED } from '../core/recipe/readers/easel';
import type { PrecisionDecision } from '../core/request/precision';
import type { PixelFormat, UpscaleRequest } from '../core/upscale';
import type { UpscaledImage, UpscaleEvent } from '../protocol/engine';
import type { CallContext } from '../protocol/peer';
import { encodeUpscaled } from './images/image-file';
import {
  fileFacts,
  openFile,
  rgbaPixels,
  unreadableImage,
  type FileFacts,
} from './images/sharp-image';
import { openUpscaler, type Upscaler } from './model/components/upscaler/upscaler';
import { JobClock } from './pipeline/job-clock';
import { JobNetworks } from './pipeline/networks';
import { choosePrecision } from './pipeline/precision';
import { countTiles, inShadesOfGrey, planUpscaling, upscaleImage, upscalingMemory, type UpscalePlan } from './pipeline/upscaling/upscale-image'; // prettier-ignore
import { upscalingNotes } from './pipeline/upscaling/requested';
import { tileReporter } from './pipeline/upscaling/tile-reporter';
import type { DeviceDecision, DeviceSelector } from './probe/device-selector';
import { memoryAvailable, requireMemory } from './runtime/memory';
import type { SessionCache } from './runtime/session-cache';
import { isOutOfMemory } from './spare-memory';

interface UpscaleTools {
  readonly devices: Pick<DeviceSelector, 'decide' | 'markFailed' | 'tryHalf'>;
  readonly sessions: SessionCache;
  /** As in `PrecisionNeeds`. */
  readonly precisions?: readonly Precision[] | undefined;
}

interface UpscaleJob extends UpscaleTools {
  readonly request: UpscaleRequest;
  readonly plan: UpscalePlan;
  readonly image: DrawnImage;
  readonly context: CallContext<UpscaleEvent>;
}

type Computed = Pick<UpscaledImage, 'device' | 'precision'> & { readonly image: DrawnImage };

/**
 * Makes an image file larger, by a network or a plain resampler. Its recipe is kept, and says what was done.
 * @throws EaselError `bad-request` for an animation; `bad-file`, `bad-size`, `not-enough-memory`, `cancelled`; and as
 *   `openUpscaler`, `DeviceSelector.decide` and `choosePrecision`
 */
export async function upscaleFile(
  request: UpscaleRequest,
  tools: UpscaleTools,
  context: CallContext<UpscaleEvent>,
): Promise<UpscaledImage> {
  const started = performance.now();
  const { file, model } = request;
  const facts = await fileFacts(file);
  refuseFrames(facts);
  const upscaler = model === undefined ? undefined : await openUpscaler(model);
  const plan = planUpscaling(facts, upscaler, request.factor);
  const { format, note } = formatOf(request, facts, plan);
  const notes = [...notesOf(facts, request), ...(note === undefined ? [] : [note])];
  for (const message of notes) context.emit({ event: 'warning', message });
  const image = await readImage(file);
  const job: UpscaleJob = { ...tools, request, plan, image, context };
  const made: Computed = upscaler
    ? await compute(await tools.devices.decide(request.device), upscaler, job)
    : { image: await upscaleImage(image, plan) };
  const { isGrey } = facts;
  const whole = withAlpha(isGrey ? inShadesOfGrey(made.image) : made.image);
  const { crop } = request;
  const part = crop ? cropMiddle(whole, partWithin(whole, crop)) : whole;
  const encoded = await encodeUpscaled(part, {
    format,
    isGrey,
    recipe: recipeOf(file, plan),
  });
  const { device, precision } = made;
  return {
    ...encoded,
    ...(upscaler && { upscaler: upscaler.name }),
    ...(device && { device }),
    ...(precision && { precision }),
    factor: plan.factor,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The format of the new file, and why it is not that of the old one where it would be too large for that. */
function formatOf(
  { format: asked, crop: part = { width: Infinity, height: Infinity } }: UpscaleRequest,
  { format: own = 'png' }: FileFacts,
  { size }: UpscalePlan,
): { readonly format: PixelFormat; readonly note?: string } {
  const made = partWithin(size, part);
  if (asked !== undefined) {
    requireFormatSize(asked, made);
    return { format: asked };
  }
  const why = tooLargeFor(own, made);
  return why === undefined
    ? { format: own }
    : { format: 'png', note: `${why} It is saved as png.` };
}

/** Only its first frame could be made larger, which would lose the others. */
function refuseFrames({ frames }: FileFacts): void {
  if (frames <= 1) return;
  throw new EaselError(
    'bad-request',
    `The image has ${frames} frames or pages. Easel makes still images larger: save one of them as a file of its own.`,
    { image: 'image', frames },
  );
}

function notesOf({ isDeep }: FileFacts, { model }: UpscaleRequest): readonly string[] {
  return [
    ...(isDeep ? ['The image has 16 bits for each channel. The new one has 8.'] : []),
    ...upscalingNotes({ upscale: { model } }),
  ];
}

/** The pixels of a file. What is fully opaque has no opacity; what cannot be seen has the colours beside it. */
async function readImage(file: Uint8Array): Promise<DrawnImage> {
  let image: RgbaImage;
  try {
    image = await rgbaPixels(await openFile(file));
  } catch (thrown) {
    throw unreadableImage(thrown);
  }
  const { data } = image;
  const opacity = new Uint8Array(data.length / 4);
  for (let i = 0; i < opacity.length; i++) opacity[i] = data[4 * i + 3]!;
  if (opacity.every((value) => value === 255)) return withoutOpacity(image);
  return { ...withoutOpacity(spreadColours(image)), opacity };
}

function withAlpha({ opacity, ...image }: DrawnImage): RgbImage | RgbaImage {
  if (!opacity) return image;
  const whole = withOpacity(image);
  for (const [i, value] of opacity.entries()) whole.data[4 * i + 3] = value;
  return whole;
}

/** The size of a part that is asked for, as far as there is so much of a size. */
function partWithin({ width, height }: Size, part: Size): Size {
  return { width: Math.min(width, part.width), height: Math.min(height, part.height) };
}

/** The recipe of the file, with what was done to it; undefined where it has none. */
function recipeOf(file: Uint8Array, { upscaler, factor }: UpscalePlan): Recipe | undefined {
  const recipe = readRecipe(file);
  const how = upscaler ? `by ${upscaler.name}` : 'by resampling';
  return recipe && { ...recipe, details: { ...recipe.details, [UPSCALED]: `${factor} × ${how}` } };
}

/** Tiles of these sides are tried where a card's memory is full, one after the other; first what suits the network. */
const TILES = [undefined, 128, 64] as const;

/** Computes on a device; where its memory is full, with smaller tiles, and where it fails, on the processor. */
async function compute(
  decision: DeviceDecision,
  upscaler: Upscaler,
  job: UpscaleJob,
  nth = 0,
): Promise<Computed> {
  const { device } = decision;
  const { devices, sessions, request, context } = job;
  try {
    return await onDevice(decision, upscaler, job, TILES[nth]);
  } catch (thrown) {
    if (thrown instanceof EaselError || deviceProfile(device).isFallback) throw thrown;
    await sessions.clear();
    const isFull = isOutOfMemory(device, thrown);
    const [line = ''] = toEaselError(thrown).message.split('\n');
    const detail = isFull ? 'its memory is full' : line;
    const warn = (next: string) =>
      context.emit({
        event: 'warning',
        message: `The device ${device} failed: ${detail}. ${next}`,
      });
    if (isFull && nth + 1 < TILES.length) {
      warn('Easel goes on in smaller tiles.');
      return compute(decision, upscaler, job, nth + 1);
    }
    if (request.device !== 'auto') {
      const message = `The device ${device} failed: ${detail}. Use --device ${FALLBACK_DEVICE}.`;
      throw new EaselError('device-failed', message, { device }, { cause: thrown });
    }
    if (!isFull) devices.markFailed(device, detail);
    warn(`Easel goes on with the ${deviceLabel(FALLBACK_DEVICE)}.`);
    return onDevice({ device: FALLBACK_DEVICE, reason: detail }, upscaler, job);
  }
}

async function onDevice(
  { device, card, attention }: DeviceDecision,
  upscaler: Upscaler,
  job: UpscaleJob,
  tile?: number,
): Promise<Computed> {
  const { sessions, plan, image, context } = job;
  const { emit, signal } = context;
  const { precision } = await decidePrecision(device, upscaler, job);
  const place = card ? 'card' : 'processor';
  const bytes = upscalingMemory(plan, { precision, place });
  if (!card) requireMemory(bytes, `An image of ${plan.size.width} × ${plan.size.height}`);
  const free = card ? (card.freeBytes ?? card.memoryBytes) : memoryAvailable();
  const onCard = card && { card: card.name };
  emit({ event: 'memory', bytes, availableBytes: free, tiled: false, ...onCard });
  const networks = new JobNetworks({
    ...{ device, precision, attention, sessions, signal },
    // An image is made larger once: nothing needs to stay.
    keepLoaded: false,
    sessionKey: upscaler.key,
    clock: new JobClock(),
    onLoading: (component) => emit({ event: 'loading', component, device }),
    onWarning: (message) => emit({ event: 'warning', message }),
  });
  const onTile = tileReporter(countTiles(plan, image.opacity !== undefined, tile), 0, context);
  return { image: await upscaleImage(image, plan, { networks, onTile, tile }), device, precision };
}

function decidePrecision(
  device: DeviceName,
  { weightCount }: Upscaler,
  { devices, request, precisions }: UpscaleJob,
): Promise<PrecisionDecision> {
  return choosePrecision({
    asked: request.precision,
    ...{ device, weightCount, precisions, runs: 1 },
    // Upscalers have no weights in bytes.
    tryIntegers: () => Promise.resolve({ exact: false, fast: false }),
    tryHalf: () => devices.tryHalf(device),
    hasBytes: () => Promise.resolve(false),
  });
}

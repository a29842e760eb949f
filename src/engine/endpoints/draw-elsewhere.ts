import { fitRequest, type EndpointAbilities } from '../../core/endpoints/abilities';
import { nearestSize } from '../../core/endpoints/fixed-sizes';
import { EaselError } from '../../core/errors';
import type { DrawnImage, RgbaImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { drawnRecipe } from '../../core/recipe/index';
import { FIELD_NAMES, pickFields } from '../../core/request/fields';
import {
  parseRequest,
  randomSeed,
  type GenerationRequest,
  type GenerationRequestInput,
} from '../../core/request/request';
import { requestForModel, styledPrompts } from '../../core/request/styles';
import { VERSION } from '../../core/version';
import type { EndpointMethods } from '../../protocol/endpoints';
import type { EndpointSummary, GenerationEvent } from '../../protocol/engine';
import type { CallContext } from '../../protocol/peer';
import { encodeWithRecipe } from '../images/image-file';
import { openFile, resizeToCover, rgbaPixels } from '../images/sharp-image';
import type { EndpointConnection } from './connection';
import type { EndpointProtocol, RemoteImage, RemoteRequest } from './protocol';

/** Sides that are chosen here are multiples of this: every model takes them. */
const MULTIPLE = 64;
/** Longest side of a preview that is shown for a moment. */
const PREVIEW_SIDE = 512;

/** What a request must have, and an endpoint need not. */
const NO_MODEL = 'default';

type DrawParams = EndpointMethods['draw']['params'];

export interface EndpointServer {
  readonly connection: EndpointConnection;
  readonly protocol: EndpointProtocol;
}

/**
 * Draws a request at an endpoint and finishes its images here: background, size, format and recipe.
 * @throws EaselError
 */
export async function drawElsewhere(
  { connection, protocol }: EndpointServer,
  { request: input, leaveOut }: Pick<DrawParams, 'request' | 'leaveOut'>,
  { signal, emit }: CallContext<GenerationEvent>,
): Promise<EndpointSummary> {
  const { endpoint } = connection;
  const begun = performance.now();
  const model = input.model ?? endpoint.model;
  // Before the server is asked for anything.
  parseRequest({ ...input, model: model ?? NO_MODEL });
  const { abilities } = await protocol.report(connection, signal, model);
  const fitting = { endpoint: endpoint.name, ...(leaveOut && { leaveOut }) };
  const { request: fitted, leftOut } = fitRequest(input, abilities, fitting);
  if (leftOut !== undefined) emit({ event: 'warning', message: leftOut });
  const own = { ...fitted, model };
  // No composition, no effect: these belong to the models of this machine.
  const parsed = requestForModel(parseRequest({ ...own, model: model ?? NO_MODEL }), false);
  const can = (field: (typeof abilities.fields)[number]) => abilities.fields.includes(field);
  const seed = can('seed') ? (parsed.seed ?? randomSeed()) : undefined;
  const { size, fit } = chosenSize(await sizeOf(parsed, protocol, abilities), parsed, abilities);
  const request = { ...parsed, fit: parsed.fit ?? fit };
  if (fit) emit({ event: 'warning', message: fittedWords(connection.host, size, fit) });
  const remote: RemoteRequest = {
    ...pickFields(request, ['steps', 'guidanceScale', 'scheduler', 'strength', 'loras']),
    ...pickFields(request, ['clipSkip', 'variationSeed', 'variationStrength', 'numImages']),
    ...pickFields(request, ['imageGuidanceScale']),
    ...pickFields(request, ['promptSyntax', 'transparent', 'preview']),
    ...styledPrompts(request),
    ...(model !== undefined && { model }),
    ...size,
    seed,
    ...(request.initImage && {
      initImage: await asPng(request.initImage, size, request.background, 'initial image'),
    }),
    ...(request.mask && { mask: await asPng(request.mask, size, '#000000', 'mask') }),
  };
  const asked = { ...own, ...size, seed, ...(request.fit && { fit: request.fit }) };
  let drawn = 0;
  let firstSize: Size | undefined;
  const drawing = await protocol.draw(connection, {
    request: remote,
    abilities,
    signal,
    emit,
    step: stepTeller(emit),
    image: async (image) => {
      const nth = drawn++;
      const imageSeed = image.seed ?? (seed === undefined ? undefined : seed + nth);
      const recorded = honoured(asked, abilities);
      const file = await finish(image, request, {
        ...{ model: model ?? '', protocol: protocol.name },
        request: { ...recorded, ...(imageSeed !== undefined && { seed: imageSeed }) },
      });
      firstSize ??= { width: file.width, height: file.height };
      emit({
        event: 'image',
        image: nth,
        ...(imageSeed !== undefined && { seed: imageSeed }),
        ...file,
      });
    },
  });
  if (drawn === 0) throw new EaselError('endpoint-failed', `${connection.host} sent no image.`);
  // Some servers draw one image whatever they are asked, and a job can be interrupted there.
  if (drawn < request.numImages) {
    const message = `${connection.host} sent ${drawn} of ${request.numImages} images.`;
    emit({ event: 'warning', message });
  }
  const { computedSeconds, cost } = drawing;
  const total = (performance.now() - begun) / 1000;
  const { steps, guidanceScale, scheduler } = remote;
  return {
    model: drawing.model ?? model ?? '',
    endpoint: { name: endpoint.name, protocol: protocol.name, host: connection.host },
    settings: {
      ...firstSize,
      ...(steps !== undefined && { steps }),
      ...(guidanceScale !== undefined && { guidanceScale }),
      ...(scheduler !== undefined && { scheduler }),
      ...(seed !== undefined && { seed }),
    },
    seconds: { total, ...(computedSeconds !== undefined && { computed: computedSeconds }) },
    ...(cost !== undefined && { cost }),
  };
}

/**
 * The size that is asked for: the request's; else that of the image to start from; else the usual number of pixels
 * in the shape that the file is to have. None: the endpoint's own.
 */
async function sizeOf(
  { width, height, fit, initImage }: GenerationRequest,
  { usualPixels }: EndpointProtocol,
  { fields }: EndpointAbilities,
): Promise<Partial<Size>> {
  if (!fields.includes('width') || !fields.includes('height')) return {};
  if (width !== undefined && height !== undefined) return { width, height };
  const shape = fit ?? (initImage && (await uprightSize(initImage)));
  if (!shape) {
    // One side alone: a square.
    const side = width ?? height;
    return side === undefined ? {} : { width: side, height: side };
  }
  const ratio = shape.width / shape.height;
  const area = initImage && !fit ? shape.width * shape.height : usualPixels;
  const rounded = (side: number) => Math.max(MULTIPLE, Math.round(side / MULTIPLE) * MULTIPLE);
  return {
    width: width ?? rounded(height === undefined ? Math.sqrt(area * ratio) : height * ratio),
    height: height ?? rounded(width === undefined ? Math.sqrt(area / ratio) : width / ratio),
  };
}

/**
 * The size that is asked for at a service with sizes of its own, and where that is another one than was wanted, the
 * size that the image is then fitted to.
 */
function chosenSize(
  wanted: Partial<Size>,
  { fit }: GenerationRequest,
  { sizes }: EndpointAbilities,
): { readonly size: Partial<Size>; readonly fit?: Size } {
  const { width, height } = wanted;
  if (!sizes || width === undefined || height === undefined) return { size: wanted };
  const size = nearestSize(sizes, { width, height });
  const isSame = size.width === width && size.height === height;
  return { size, ...(!isSame && !fit && { fit: { width, height } }) };
}

function fittedWords(host: string, { width, height }: Partial<Size>, fit: Size): string {
  return (
    `${host} draws in sizes of its own: the image is drawn at ${width} × ${height} ` +
    `and fitted to ${fit.width} × ${fit.height}.`
  );
}

async function uprightSize(file: Uint8Array): Promise<Size> {
  const { autoOrient } = await (await openFile(file, 'initial image')).metadata();
  return autoOrient;
}

/** An image as a PNG file of the size that is asked for, without transparent parts. */
async function asPng(
  file: Uint8Array,
  size: Partial<Size>,
  background: string,
  what: string,
): Promise<Uint8Array> {
  const image = (await openFile(file, what)).flatten({ background });
  return resizeToCover(image, size).png().toBuffer();
}

/** What of a request the endpoint was told, for the recipe. */
function honoured(
  request: GenerationRequestInput,
  { fields }: EndpointAbilities,
): GenerationRequestInput {
  const kept = new Set<string>([...fields, 'prompt', 'style', 'fit', 'format', 'transparent']);
  return {
    ...pickFields(
      request,
      FIELD_NAMES.filter((field) => kept.has(field)),
    ),
    prompt: request.prompt,
  };
}

interface Recorded {
  readonly request: GenerationRequestInput;
  readonly model: string;
  readonly protocol: string;
}

async function finish(
  { file }: RemoteImage,
  request: GenerationRequest,
  { request: recorded, model, protocol }: Recorded,
): ReturnType<typeof encodeWithRecipe> {
  const image = drawnImage(await rgbaPixels(await openFile(file, 'image of the endpoint')));
  // Some servers round the size that they were asked for.
  const { width, height } = image;
  const recipe = drawnRecipe({
    request: recorded,
    settings: {
      ...pickFields(recorded, ['steps', 'guidanceScale']),
      ...(recorded.width !== undefined && { width, height }),
    },
    ...(recorded.scheduler !== undefined && { scheduler: recorded.scheduler }),
    ...(recorded.seed !== undefined && { seed: recorded.seed }),
    model,
    endpoint: protocol,
    version: VERSION,
  });
  return encodeWithRecipe(image, { request }, request.metadata ? recipe : undefined);
}

/** An image without its opacity where that is whole. */
function drawnImage({ width, height, data }: RgbaImage): DrawnImage {
  const pixels = width * height;
  const colours = new Uint8Array(pixels * 3);
  const opacity = new Uint8Array(pixels);
  for (let at = 0; at < pixels; at++) {
    colours.set(data.subarray(at * 4, at * 4 + 3), at * 3);
    opacity[at] = data[at * 4 + 3]!;
  }
  const isWhole = opacity.every((value) => value === 255);
  return { width, height, data: colours, ...(!isWhole && { opacity }) };
}

/** Tells the steps in the order in which they came; previews take a moment to be made. */
function stepTeller(
  emit: CallContext<GenerationEvent>['emit'],
): Parameters<EndpointProtocol['draw']>[1]['step'] {
  let last = performance.now();
  let lastIndex = 0;
  return ({ index, total, image, preview }) => {
    const now = performance.now();
    const seconds = (now - last) / 1000 / Math.max(1, index - lastIndex);
    const step = { event: 'step' as const, index, total, seconds, image };
    [last, lastIndex] = [now, index];
    if (!preview) emit(step);
    else {
      void smallPng(preview).then(
        (shown) => emit({ ...step, preview: shown }),
        () => emit(step),
      );
    }
  };
}

async function smallPng(
  file: Uint8Array,
): Promise<{ readonly width: number; readonly height: number; readonly png: Uint8Array }> {
  const { data, info } = await (
    await openFile(file)
  )
    .resize({ width: PREVIEW_SIDE, height: PREVIEW_SIDE, fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, png: data };
}

import { hasShape, sizeWithin } from '../../core/image/control/fit';
import type { Size } from '../../core/image/resize';
import type { GenerationRequestInput } from '../../core/request/request';
import type { ControlUnit } from '../../core/serve/a1111-controlnet';
import type { ControlModule } from '../../core/serve/a1111-control-modules';
import { bad } from '../../core/serve/a1111-fields';
import { requireAreasWithinLimits } from '../../core/serve/limits';
import { findServedControl, type ServedControl } from '../../core/serve/models';
import type { ServerContext } from '../context';
import { requireFewPixels, sentSize } from '../control-images';
import { decodeFile } from '../base64-file';

/** What the units of a request are for the engine. */
export interface PreparedControls {
  readonly fields: Partial<GenerationRequestInput>;
  /** For the user. */
  readonly warnings: readonly string[];
}

/** As the engine has it: lines, poses and depths are bright on black. */
const BEHIND_MAPS = '#000000';

/** A unit with its model and its images. */
interface OpenUnit extends ControlUnit {
  readonly control: ServedControl;
  readonly files: readonly Uint8Array[];
}

/**
 * Finds the models of units, and makes of their images what the engine takes.
 * @param request what is drawn, with its initial image and its mask
 * @param drawn the size that is drawn; undefined where nobody knows
 * @throws EaselError `bad-request`, `bad-file`, `model-not-found`
 */
export async function prepareControls(
  context: ServerContext,
  units: readonly ControlUnit[],
  request: GenerationRequestInput,
  drawn: Size | undefined,
): Promise<PreparedControls> {
  if (units.length === 0) return { fields: {}, warnings: [] };
  const controls = await context.models.controls();
  const inpainted = await ownInpainting(context, units, request, drawn);
  const opened = units.map((unit) => openUnit(unit, controls, { ...request, ...inpainted.fields }));
  const warnings = opened.flatMap((unit) => [
    ...unit.warnings,
    ...(unit.where === inpainted.where ? [] : unusedMask(unit)),
  ]);
  await requireFewPixels(
    context,
    opened.flatMap(({ where, files }) => files.map((file) => ({ field: `${where}.image`, file }))),
  );
  const nets = opened.flatMap((unit) => (unit.module ? [{ ...unit, module: unit.module }] : []));
  const given = [];
  for (const unit of nets) given.push(await controlImage(context, unit, request, drawn));
  const fields = {
    ...inpainted.fields,
    ...(nets.length > 0 && {
      controlnets: nets.map(({ control }) => control.id),
      controlImages: given.map(({ image }) => image),
      controlPreprocess: given.map(({ preprocess }) => preprocess),
      controlnetConditioningScale: nets.map(({ weight }) => weight),
      controlGuidanceStart: nets.map(({ start }) => start),
      controlGuidanceEnd: nets.map(({ end }) => end),
    }),
    ...imagePrompts(opened.filter(({ module }) => module === undefined)),
  };
  return { fields, warnings };
}

function openUnit(
  unit: ControlUnit,
  controls: readonly ServedControl[],
  { initImage, mask }: GenerationRequestInput,
): OpenUnit {
  const { where, module, images } = unit;
  const control = findServedControl(controls, `${where}.model`, unit.model);
  if (module && control.kind === 'ip-adapter') {
    throw bad(
      `${where}.module`,
      `${control.name} is an IP-Adapter. Send "ip-adapter-auto" as the module.`,
    );
  }
  if (!module && control.kind === 'controlnet') {
    throw bad(`${where}.module`, `${control.name} is no IP-Adapter, which this module is for.`);
  }
  if (module?.preprocess === 'inpaint' && !mask) {
    throw bad(
      `${where}.module`,
      `${module.name} needs a mask of what is drawn anew: in the unit, or in the body of /sdapi/v1/img2img.`,
    );
  }
  const sent = images.map(({ image }) => decodeFile(image, `${where}.image`));
  const files = sent.length === 0 && initImage ? [initImage] : sent;
  if (files.length === 0) throw bad(`${where}.image`, 'is missing.');
  if (module && files.length > 1) {
    throw bad(`${where}.image`, 'a ControlNet follows one image, not several.');
  }
  return { ...unit, control, files };
}

/**
 * What is drawn anew of an image where a unit says it, and not the body: `inpaint_only` keeps the rest of its image
 * (`inpaint_only_post_processing` of the extension). From a prompt alone, the masked part begins as noise.
 */
async function ownInpainting(
  context: ServerContext,
  units: readonly ControlUnit[],
  { mask: asked, initImage }: GenerationRequestInput,
  drawn: Size | undefined,
): Promise<{ readonly where?: string; readonly fields: Partial<GenerationRequestInput> }> {
  const unit = asked ? undefined : units.find(isMasked);
  const [sent] = unit?.images ?? [];
  if (!unit || !sent?.mask) return { fields: {} };
  const { where, module, fit } = unit;
  if (module?.name !== 'inpaint_only') {
    throw bad(
      `${where}.mask`,
      'what a unit masks is drawn anew by the module inpaint_only alone. Or send the mask in the body of img2img.',
    );
  }
  const mask = decodeFile(sent.mask, `${where}.mask`);
  if (initImage) return { where, fields: { mask } };
  const image = decodeFile(sent.image, `${where}.image`);
  await requireFewPixels(context, [
    { field: `${where}.image`, file: image },
    { field: `${where}.mask`, file: mask },
  ]);
  const framed = async (file: Uint8Array) => {
    if (fit === 'stretch' || !drawn) return file;
    if (hasShape(await sentSize(context, file), drawn)) return file;
    if (fit === 'fill') {
      throw bad(`${where}.resize_mode`, 'an image that is drawn anew in part is not filled. Send 0 or 1.'); // prettier-ignore
    }
    const how = { preprocess: 'none', behind: BEHIND_MAPS, fit: { ...drawn, how: fit } } as const;
    return (await context.options.engine.call('controlMap', { file, ...how })).bytes;
  };
  const fields = { initImage: await framed(image), mask: await framed(mask), strength: 1 };
  return { where, fields };
}

function isMasked({ module, images }: ControlUnit): boolean {
  return module?.preprocess === 'inpaint' && images.some(({ mask }) => mask);
}

/** The mask of a unit counts in the extension for inpainting alone, and not beside that of the body. */
function unusedMask({ where, images }: ControlUnit): string[] {
  return images.some(({ mask }) => mask) ? [`Not used here: ${where}.mask.`] : [];
}

/** The control image of a unit, and what the engine makes of it. */
async function controlImage(
  context: ServerContext,
  unit: OpenUnit & { readonly module: ControlModule },
  { background = '#ffffff' }: GenerationRequestInput,
  drawn: Size | undefined,
) {
  const { engine, limits } = context.options;
  const { where, module, files, tuning, resolution, fit } = unit;
  const { preprocess } = module;
  const [file] = files as readonly [Uint8Array];
  const plain = { image: file, preprocess };
  // A QR code is drawn anew in the middle of any shape.
  const how = preprocess === 'qr' ? 'stretch' : fit;
  if (!tuning && resolution === undefined && how === 'stretch') return plain;
  if (!drawn) {
    throw bad(where, 'needs the width and the height of the image in the body.');
  }
  const size = await sentSize(context, file);
  const asItIs = how === 'stretch' || hasShape(size, drawn);
  const shape = how === 'crop' ? drawn : size;
  const own = how === 'fill' ? sizeWithin(size, drawn) : drawn;
  const at = resolution === undefined ? own : shorterSide(shape, resolution);
  const isUsual = at.width === drawn.width && at.height === drawn.height;
  if (!tuning && asItIs && isUsual) return plain;
  requireAreasWithinLimits(`${where}.processor_res`, [at], limits);
  const isMask = preprocess === 'inpaint';
  const made = isMask ? 'none' : preprocess;
  const behind = preprocess === 'none' ? BEHIND_MAPS : background;
  const map = await engine.call('controlMap', {
    ...{ file, preprocess: made, behind, at },
    ...(tuning && { tuning }),
    fit: { ...drawn, how },
  });
  // What the mask says is left out of it when it is drawn.
  return { image: map.bytes, preprocess: isMask ? preprocess : ('none' as const) };
}

/** A size of the same shape whose shorter side has so many pixels. */
export function shorterSide({ width, height }: Size, pixels: number): Size {
  const scale = pixels / Math.min(width, height);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** IP-Adapters: a single one takes several images, each of several takes one. */
function imagePrompts(units: readonly OpenUnit[]): Partial<GenerationRequestInput> {
  if (units.length === 0) return {};
  for (const { where, start, end, files } of units) {
    if (start > 0 || end < 1) {
      const field = start > 0 ? 'guidance_start' : 'guidance_end';
      throw bad(`${where}.${field}`, 'an IP-Adapter counts in all steps. Leave it out.');
    }
    if (units.length > 1 && files.length > 1) {
      throw bad(`${where}.image`, 'of several IP-Adapters, each takes one image.');
    }
  }
  return {
    ipAdapters: units.map(({ control }) => control.id),
    ipAdapterImages: units.flatMap(({ files }) => files),
    ipAdapterScale: units.map(({ weight }) => weight),
  };
}

import { sizeToDraw } from '../../core/agent/edit-image';
import { hasShape } from '../../core/image/control/fit';
import type { GenerationRequestInput } from '../../core/request/request';
import { bad } from '../../core/serve/a1111-fields';
import { requireSizesWithinLimits } from '../../core/serve/limits';
import { findServedControl } from '../../core/serve/models';
import { sizeOf, type EditBody, type GenerationBody } from '../../core/serve/openai';
import { listOf, namedControls } from '../../core/serve/openai-controls';
import { decodeFile } from '../base64-file';
import type { ServerContext } from '../context';
import { requireFewPixels, sentSize } from '../control-images';
import type { ChosenModel } from '../models';

/** What a body asks to be drawn, and the control images that were sent as files beside it. */
interface ControlledJob {
  readonly body: GenerationBody | EditBody;
  readonly files?: readonly Uint8Array[];
  readonly model: ChosenModel;
  readonly request: GenerationRequestInput;
}

/**
 * A request with the ControlNets of its body.
 * @throws EaselError `bad-request`, `bad-file`, `model-not-found`
 */
export async function withControls(
  context: ServerContext,
  { body, files = [], model, request }: ControlledJob,
): Promise<GenerationRequestInput> {
  const field = 'control_image';
  const images = [...files, ...listOf(body.control_image).map((text) => decodeFile(text, field))];
  const named = namedControls(body, images.length);
  const [first] = images;
  if (!first) return request;
  const served = await context.models.controls();
  const controlnets = named.map(({ model: name }) => {
    const { kind, id } = findServedControl(served, 'controlnet', name);
    if (kind === 'controlnet') return id;
    throw bad('controlnet', 'is an IP-Adapter. POST /sdapi/v1/txt2img takes those.');
  });
  if (!request.mask && named.some(({ preprocess }) => preprocess === 'inpaint')) {
    throw bad(
      'control_preprocess',
      'inpaint needs a mask. Send the image and a mask to POST /v1/images/edits.',
    );
  }
  await requireFewPixels(
    context,
    images.map((file) => ({ field, file })),
  );
  const scales = named.flatMap(({ scale }) => scale ?? []);
  return {
    ...request,
    ...(await sizeFor(context, model, request, first)),
    controlnets,
    controlImages: await Promise.all(images.map((file) => cropped(context, body, request, file))),
    controlPreprocess: named.map(({ preprocess }) => preprocess),
    controlGuidanceStart: named.map(({ start }) => start),
    controlGuidanceEnd: named.map(({ end }) => end),
    ...(scales.length > 0 && { controlnetConditioningScale: scales }),
  };
}

/** A control image in the shape of an edit that has another one than its image, which is cropped too. */
async function cropped(
  context: ServerContext,
  body: ControlledJob['body'],
  { initImage }: GenerationRequestInput,
  file: Uint8Array,
): Promise<Uint8Array> {
  const size = initImage && sizeOf(body);
  if (!size || hasShape(await sentSize(context, file), size)) return file;
  return (await context.options.engine.call('convert', { file, format: 'png', ...size })).bytes;
}

/** The size that suits the model, which would else be that of the control image. @throws EaselError over a limit */
async function sizeFor(
  context: ServerContext,
  { entry }: ChosenModel,
  { fit, initImage }: GenerationRequestInput,
  control: Uint8Array,
) {
  if (initImage) return {};
  const own = entry?.defaults;
  if (!own) {
    requireSizesWithinLimits([await sentSize(context, control)], context.options.limits);
    return {};
  }
  const { width, height } = own;
  return fit?.width && fit.height
    ? sizeToDraw({ width: fit.width, height: fit.height }, own)
    : { width, height };
}

import type { GenerationRequest } from '../../core/request/request';
import { styleRequest, type StyledRequest } from '../../core/request/styles';
import { frameSource, type Frame } from '../composition/frame';
import { planComposition, refuseEnlarging, subjectWords } from '../composition/plan-composition';
import { drawStart, startComposition } from '../composition/start-ground';
import type { Model } from '../model/model';
import { openControls } from './control-images';
import { openImagePrompts } from './image-prompts';
import { planJob, type JobPlan } from './plan';
import { openSource } from './source-image';
import { openRequestedUpscalers } from './upscaling/requested';

/**
 * Plans a job of a model that composes: subjects on a ground, or an initial image brought into the shape that
 * the model knows.
 * @throws EaselError as `planJob`, `planComposition`, `openSource` and `frameSource`
 */
export async function planComposed(
  styled: StyledRequest,
  asked: GenerationRequest,
  model: Model,
): Promise<JobPlan> {
  refuseEnlarging(asked, model);
  const source = await openSource(asked);
  if (!source)
    return planJob(styled, model, undefined, { composed: planComposition(asked, model) });
  const frame = await frameSource(source, asked, model.nativeSize);
  const isDetail = frame !== undefined && isSmallPart(frame);
  const request = styleRequest({ ...asked, prompt: subjectWords(asked, isDetail) });
  if (!frame) return planJob(request, model, source);
  return planJob(request, model, { ...source, ...frame.drawn }, { frame });
}

/**
 * Plans a job of any other model, or one with ControlNets or IP-Adapters, whose images say what the image shows. Where
 * the request names a ground, the model starts from it.
 * @throws EaselError as `planJob`, `openSource`, `openControls`, `openImagePrompts` and `openRequestedUpscalers`
 */
export async function planDrawn(
  styled: StyledRequest,
  asked: GenerationRequest,
  { model, refiner }: { readonly model: Model; readonly refiner?: Model | undefined },
): Promise<JobPlan> {
  const start = startComposition(asked);
  const given = {
    upscaling: await openRequestedUpscalers(asked),
    controls: await openControls(asked),
    imagePrompts: await openImagePrompts(asked),
    refiner,
  };
  if (!start) return planJob(styled, model, await openSource(asked), given);
  // Planned without the ground to learn its size. Nothing is decoded or drawn for that.
  const { width, height } = planJob(styled, model, undefined, given).first;
  const strength = styled.strength ?? model.defaults.strength;
  const pixels = () => drawStart(start, asked, { width, height });
  const source = { image: { width, height, pixels }, mask: undefined, notes: [] };
  return planJob({ ...styled, width, height, strength }, model, source, { start, ...given });
}

/** Less of the image than this is a detail of it. */
const DETAIL = 0.5;

function isSmallPart({ part, size }: Frame): boolean {
  return part.width * part.height < DETAIL * size.width * size.height;
}

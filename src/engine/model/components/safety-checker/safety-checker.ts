import path from 'node:path';
import { requireFinite } from '../../../../core/diffusion/finite';
import { EaselError } from '../../../../core/errors';
import { clipPixels } from '../../../../core/image/clip-pixels';
import type { RgbImage } from '../../../../core/image/pixels';
import { isRepoId } from '../../../../core/repository-id';
import { parseClipVisionConfig } from '../../../graph/clip-vision-config';
import { buildSafetyChecker } from '../../../graph/safety-checker';
import { readOptionalJsonObject } from '../../../store/model-folder';
import type { Feed, NetworkSession } from '../../../runtime/session';
import { weightMemory, type WeightPlace } from '../../../weights/source';
import type { ComponentFiles, ComponentKind, ModelLayout } from '../../layouts/layout';
import { graphNetwork, type Networks, type NetworkUse } from '../../network';
import type { NotChecked, SafetyChecker } from './checker';
import { openExportedChecker } from './exported';
import { parseImageProcessor, publishedProcessing } from './image-processor';
import { decideSafety, type SafetyVerdict } from './verdict';

/** The component's name, in model_index.json and of its folder. */
const NAME = 'safety_checker';

const SAFETY_CHECKER: ComponentKind<SafetyChecker | NotChecked> = {
  classes: ['StableDiffusionSafetyChecker'],
  read: readChecker,
  exported: openExportedChecker,
};

/** Whether a model names a safety checker: diffusers writes `[null, null]` where it has none. */
export function namesSafetyChecker({ index }: Pick<ModelLayout, 'index'>): boolean {
  const { [NAME]: named } = index;
  return Array.isArray(named) && typeof named[1] === 'string';
}

/**
 * Opens the safety checker of a model that names one. No weights are loaded.
 * @returns why not, where its files are not there, or where it is of another kind
 * @throws EaselError `unsupported-config`, `bad-file`, `unsafe-file`
 */
export async function openSafetyChecker(layout: ModelLayout): Promise<SafetyChecker | NotChecked> {
  try {
    return await layout.component(NAME, SAFETY_CHECKER);
  } catch (thrown) {
    if (!(thrown instanceof EaselError)) throw thrown;
    if (thrown.code === 'model-incomplete') return 'missing';
    if (thrown.code === 'unsupported-model') return 'other kind';
    const { code, message, data } = thrown;
    const advice = `${message} To draw without the safety checker: --safety-checker off, or the setting easel.safetyChecker.`;
    throw new EaselError(code, advice, { ...data, field: 'safetyChecker' }, { cause: thrown });
  }
}

/** A warning for the user. @param model its id or path */
export function describeNotChecked(model: string, why: NotChecked): string {
  const off = 'Without this note: --safety-checker off.';
  if (why === 'other kind') {
    return `Images of ${model} are not checked: Easel does not run its safety checker, which is of another kind. ${off}`;
  }
  const advice = isRepoId(model) ? ` To get it: easel models download ${model} --complete.` : '';
  return `Images of ${model} are not checked: its safety checker is not there.${advice} ${off}`;
}

async function readChecker({
  config: json,
  where,
  openWeights,
  folder = '',
}: ComponentFiles): Promise<SafetyChecker> {
  const config = parseClipVisionConfig(json, where);
  const processor = path.join(
    path.dirname(folder),
    'feature_extractor',
    'preprocessor_config.json',
  );
  const found = await readOptionalJsonObject(processor, path.dirname(folder));
  const weights = await openWeights();
  const options = { component: 'safety checker', key: `safety checker ${folder}`, weights };
  return {
    processing: found
      ? parseImageProcessor(found, processor, config.imageSize)
      : publishedProcessing(config.imageSize),
    network: graphNetwork({ ...options, needsFloat32: true }, (target) =>
      buildSafetyChecker(config, weights, { target }),
    ),
    memoryBytes: (place: WeightPlace) =>
      weightMemory(weights, 'float32', { place, isCopied: () => place === 'card' }),
    judge,
  };
}

/** Runs the graph of `buildSafetyChecker`. @throws EaselError `not-finite` */
async function judge(session: NetworkSession, pixels: Feed): Promise<SafetyVerdict> {
  const outputs = await session.run({ pixel_values: pixels });
  const read = (name: string) => {
    const { [`${name}_cosines`]: cosines, [`${name}_thresholds`]: thresholds } = outputs;
    for (const values of [cosines!, thresholds!]) {
      requireFinite(values, { place: 'safety checker' });
    }
    return { cosines: cosines!, thresholds: thresholds! };
  };
  return decideSafety(read('special'), read('concept'));
}

/**
 * Looks at a finished image, like `run_safety_checker` of diffusers' pipelines.
 * @throws EaselError `not-finite`, `cancelled`; errors of opening the network
 */
export async function checkSafety(
  networks: Networks,
  { network, processing, judge: judged }: SafetyChecker,
  image: RgbImage,
  use: NetworkUse,
): Promise<SafetyVerdict> {
  return networks.use(network, use, (session) => {
    const { side } = processing;
    const data = clipPixels(image, side, processing);
    return judged(session, { type: 'float32', data, dims: [1, 3, side, side] }, image);
  });
}

import type { RgbImage } from '../../../../core/image/pixels';
import type { Feed, NetworkSession } from '../../../runtime/session';
import type { ExportedFolder } from '../../layouts/exported/folder';
import { exportedNetwork } from '../../layouts/exported/session';
import type { NotChecked, SafetyChecker } from './checker';
import { parseImageProcessor, publishedProcessing } from './image-processor';
import type { SafetyVerdict } from './verdict';

/** The graph's inputs and its output, as diffusers' conversion script names them. */
const INPUTS: readonly string[] = ['clip_input', 'images'];
const FLAGS = 'has_nsfw_concepts';

const PROCESSOR = ['feature_extractor', 'preprocessor_config.json'] as const;

/**
 * Opens a safety checker that was exported as diffusers' convert_stable_diffusion_checkpoint_to_onnx.py does. The graph
 * decides by itself, without rounding (`StableDiffusionSafetyChecker.forward_onnx`).
 * @returns `other kind` for a graph with other inputs or outputs
 * @throws EaselError `model-incomplete`, `bad-file`, `unsupported-config`
 */
export async function openExportedChecker(
  folder: ExportedFolder,
  name: string,
): Promise<SafetyChecker | NotChecked> {
  const onnx = await folder.open(name);
  const { inputs, outputs } = onnx.header;
  const image = inputs.find((input) => input.name === INPUTS[0]);
  const isKnown = inputs.every((input) => INPUTS.includes(input.name));
  if (!image || !isKnown || !outputs.some((output) => output.name === FLAGS)) return 'other kind';
  const side = image.shape?.[2];
  const found = await folder.config(...PROCESSOR);
  return {
    processing:
      Object.keys(found).length > 0
        ? parseImageProcessor(found, PROCESSOR.join('/'), side)
        : publishedProcessing(side),
    network: exportedNetwork(onnx, { key: 'safety checker', role: 'safety checker' }),
    memoryBytes: () => onnx.totalBytes,
    judge,
  };
}

/** Like `OnnxStableDiffusionPipeline`, which gives the graph the image, too: it would return it black. */
async function judge(
  session: NetworkSession,
  pixels: Feed,
  { width, height, data }: RgbImage,
): Promise<SafetyVerdict> {
  const images: Feed = {
    type: 'float32',
    data: Float32Array.from(data, (value) => value / 255),
    dims: [1, height, width, 3],
  };
  const { [FLAGS]: flags } = await session.run({ clip_input: pixels, images });
  return { flagged: flags!.some(Boolean) };
}

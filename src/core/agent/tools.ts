import * as v from 'valibot';
import { GenerateImageInputSchema } from './generate-image';

/** A tool as a model sees it. */
export interface AgentTool {
  readonly name: 'generate_image' | 'list_image_models';
  readonly title: string;
  /** For the model: what it does, when to use it, what comes back. */
  readonly description: string;
  readonly input: v.GenericSchema;
  /** Whether it leaves everything as it is. */
  readonly readOnly: boolean;
}

export const GENERATE_IMAGE: AgentTool = {
  name: 'generate_image',
  title: 'Generate Image',
  description:
    "Draws a picture from words with Easel, on the person's own machine (no network, no key), and saves it as a file in the workspace. " +
    'Use it for placeholder art, icons, and illustrations that a document, web page or app needs, such as one that is linked and missing. ' +
    'Do not use it for diagrams, charts, screenshots or pictures with text in them. ' +
    'Returns the path of the new file, a Markdown snippet to paste, the seed (give it again for the same picture), and a small view of the picture: look whether it shows what was meant, and call again with another seed or plainer words if not. ' +
    'Takes seconds with the starter model, up to minutes with larger ones; pictures asked for at once are drawn one after another. Call list_image_models first if a certain model, size or speed matters.',
  input: GenerateImageInputSchema,
  readOnly: false,
};

export const LIST_IMAGE_MODELS: AgentTool = {
  name: 'list_image_models',
  title: 'List Image Models',
  description:
    'Lists the models that generate_image can draw with on this machine: id, family, size on disk, speed, the size and steps they draw with by default, and which one is used if none is named. ' +
    'Use it before naming a model, or when generate_image says that a model is not there. It downloads nothing.',
  input: v.strictObject({}),
  readOnly: true,
};

export const AGENT_TOOLS: readonly AgentTool[] = [GENERATE_IMAGE, LIST_IMAGE_MODELS];
